"""Whether there is anything to compute from: an empty inbox is said, with where it is.

Raw files may be deleted when they are landed, so an empty inbox stops nothing later on. What a file
in the inbox is, is defined in ``inbox``.
"""

from pipelines.errors import NothingDeliveredError
from pipelines.ingest.inbox import inbox_files, unfinished_files
from pipelines.settings import Paths

_SHOWN = 5


def nothing_delivered(paths: Paths) -> str | None:
    """Say why there is nothing to compute from, in bokmål; ``None`` when there is something.

    Args:
        paths: The municipality's folders.
    """
    if any(paths.landing.rglob("*.parquet")):
        return None
    files = inbox_files(paths)
    if any(file.sha256() is not None for file in files):
        return None
    if files:
        return _about("Ingen av filene i innboksen kan leses", [f.name for f in files], paths)
    unfinished = unfinished_files(paths)
    if unfinished:
        return _about("Innboksen har bare uferdige filer", [f.name for f in unfinished], paths)
    return f"Innboksen er tom: {paths.inbox}"


def refuse_nothing(paths: Paths) -> None:
    """Stop a run that has nothing to compute from.

    Args:
        paths: The municipality's folders.

    Raises:
        NothingDeliveredError: Nothing was ever delivered, and nothing that lies there can be read.
    """
    reason = nothing_delivered(paths)
    if reason is not None:
        raise NothingDeliveredError(
            f"{reason}.",
            way_out=f"Legg filene, ferdig kopiert og lesbare, i {paths.inbox}. Kjør så: pukk run",
        )


def _about(what: str, names: list[str], paths: Paths) -> str:
    more = f" og {len(names) - _SHOWN} til" if len(names) > _SHOWN else ""
    return f"{what}: {', '.join(names[:_SHOWN])}{more} i {paths.inbox}"
