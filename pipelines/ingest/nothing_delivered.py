"""Whether there is anything to compute from: an empty inbox is said, with where it is.

Raw files may be deleted when they are landed, so an empty inbox stops nothing later on. What a file
in the inbox is, is defined in ``inbox``.
"""

from pipelines.errors import NothingDeliveredError
from pipelines.ingest.inbox import inbox_files, unfinished_files
from pipelines.settings import Paths
from pipelines.words.messages import say

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
        return _about(
            say("ingest.nothing_delivered.none_can_be_read"), [f.name for f in files], paths
        )
    unfinished = unfinished_files(paths)
    if unfinished:
        return _about(
            say("ingest.nothing_delivered.only_unfinished"), [f.name for f in unfinished], paths
        )
    return say("ingest.nothing_delivered.inbox_is_empty", inbox=paths.inbox)


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
            way_out=say("ingest.nothing_delivered.put_files_there", inbox=paths.inbox),
        )


def _about(what: str, names: list[str], paths: Paths) -> str:
    more = (
        say("ingest.nothing_delivered.and_more", n_names=len(names) - _SHOWN)
        if len(names) > _SHOWN
        else ""
    )
    return f"{what}: {', '.join(names[:_SHOWN])}{more} i {paths.inbox}"
