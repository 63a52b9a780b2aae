"""Everything under ``PUKK_HOME`` is its owner's alone: closed as a run begins and as it ends.

How a file is closed is in ``pipelines.desk.private_files``. An inbox outside ``PUKK_HOME`` belongs
to whoever delivers, and is left as it is.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.defs.context import RunContext, tell
from pipelines.desk.private_files import OpenPath, close, honours_modes, open_paths, why_refused
from pipelines.errors import ConfigError
from pipelines.ingest.pseudonyms import key_files
from pipelines.settings import Paths
from pipelines.words.messages import say


def close_home(ctx: RunContext) -> None:
    """Close what stands open in the municipality's folder, and tell how much it was.

    Args:
        ctx: The run's context; the folders are made when they are missing.

    Raises:
        ConfigError: A key can be read by others, or real data cannot be closed.
    """
    paths = ctx.paths.create()
    if honours_modes(paths.root):
        refuse_open_keys(paths)
    with suppress(OSError):
        _close_the_home_itself(paths)
    if next(open_paths(paths.root, followed=_ours_elsewhere(paths)), None) is None:
        return
    n = close(paths.root, followed=_ours_elsewhere(paths), left=key_files(paths))
    if n:
        tell(say("defs.closed.closed_to_others", n=n, root=paths.root))
    left = [found for found in what_is_open(paths) if found.is_reachable]
    if left and not ctx.identity.is_constructed:
        raise ConfigError(_words(left), where=str(left[0].path), way_out=_way_out(paths))
    if left:
        tell(f"Obs: {_words(left)} {_way_out(paths)}")


def refuse_open_keys(paths: Paths) -> None:
    """Refuse a key that others can read.

    Raises:
        ConfigError: With the command that closes it.
    """
    for file in key_files(paths):
        why = why_refused(file)
        if why:
            raise ConfigError(why, where=str(file))


def what_is_open(paths: Paths) -> list[OpenPath]:
    """Return what others have rights to, but for what was just delivered into a closed folder.

    Args:
        paths: The municipality's folders.
    """
    return [
        found
        for found in open_paths(paths.root, followed=_ours_elsewhere(paths))
        if found.is_reachable or not found.path.is_relative_to(paths.root / "inbox")
    ]


def refuse_open_home(paths: Paths) -> None:
    """Refuse a home in which something stands open to others.

    Raises:
        ConfigError: With the command that closes it.
    """
    found = what_is_open(paths)
    if found:
        raise ConfigError(_words(found), where=str(found[0].path), way_out=_way_out(paths))


def _words(found: Sequence[OpenPath]) -> str:
    what = (
        say("defs.closed.one_file_or_folder")
        if len(found) == 1
        else say("defs.closed.files_and_folders", n_found=len(found))
    )
    return say("defs.closed.others_can_read", what=what)


def _way_out(paths: Paths) -> str:
    links = " ".join(f"{link}/" for link in _ours_elsewhere(paths) if link.is_dir())
    return say("defs.closed.run_chmod", root=paths.root, links=links).rstrip() + say(
        "defs.closed.owned_by_others"
    )


def _ours_elsewhere(paths: Paths) -> list[Path]:
    # moved to another disk by whoever runs us; a link in the inbox may lead to what others own
    ours = (paths.landing, paths.records, paths.published, paths.reports, paths.state)
    return [path for path in (*ours, paths.warehouse, paths.truth) if path.is_symlink()]


def _close_the_home_itself(paths: Paths) -> None:
    # only when it holds nothing but municipalities: it may be somebody's home folder, or a disk
    home = paths.root.parent
    if all((folder / "state").is_dir() for folder in home.iterdir()):
        home.chmod(home.stat().st_mode & 0o700)
