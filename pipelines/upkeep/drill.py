"""A backup brought back into a folder of its own and held there, to see that it can be.

The folder is held for as long as the drill lasts: one nobody holds was left by a drill that was
killed, and has rows of persons that no rule deletes. Bringing back is in ``restore``.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines.defs.context import RunContext
from pipelines.desk.generations import standing
from pipelines.desk.signed import check_signed
from pipelines.errors import DamagedError
from pipelines.municipality.identity import read_identity
from pipelines.publishing.contents import content_sha256, open_generation
from pipelines.settings import Paths, Settings
from pipelines.upkeep.log_held import held_log
from pipelines.upkeep.manifest import Manifest
from pipelines.upkeep.restore import Restored, restore
from pipelines.upkeep.to_keep import CONFIGURATION
from pipelines.words.messages import say

_DRILL = ".drill-"


@contextmanager
def drill(
    settings: Settings, source: Path, key: Path | None, place: Path
) -> Iterator[tuple[Restored, RunContext]]:
    """Restore into a folder of its own for as long as the block runs, and hold what came back.

    The home is neither read nor written.

    Args:
        settings: As in ``restore``; homes lie elsewhere meanwhile.
        source: The backup.
        key: As in ``restore``.
        place: Where the folder is made, which takes as much as the home; nobody else reads it.

    Raises:
        ConfigError: As ``restore``.
        DamagedError: As ``restore``; or the edition, the journal or the log is not whole.
    """
    place.mkdir(0o700, parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=_DRILL, dir=place))
    try:
        with _held(home):
            own = replace(settings, home=home, inbox=None)
            restored = restore(own, source, replaces=False, key=key)
            paths = Paths(restored.root)
            _refuse_other_figures(paths, restored.manifest)
            _refuse_broken_log(paths, restored.manifest.log_head)
            yield restored, RunContext(own, read_identity(source / CONFIGURATION), paths)
    finally:
        shutil.rmtree(home)


def left_by_drills(place: Path) -> list[Path]:
    """Return the folders that killed drills left in a folder; one that goes on is not among them.

    Args:
        place: Where homes lie, or where drills are told to be.
    """
    return [folder for folder in sorted(place.glob(f"{_DRILL}*")) if not _is_held(folder)]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    # let go of by the machine itself when we are killed
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_held(folder: Path) -> bool:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _refuse_other_figures(paths: Paths, manifest: Manifest) -> None:
    shown = standing(paths.published, afresh=True)
    if shown is None:
        found = ""
    else:
        with open_generation(paths.published / shown.generation.file_name) as con:
            found = content_sha256(con)
    if found != manifest.content_sha256:
        raise DamagedError(
            say("upkeep.restore.other_figures"),
            where=str(paths.published),
            way_out=say("upkeep.backup.take_another"),
        )


def _refuse_broken_log(paths: Paths, head: str) -> None:
    held = held_log(paths, head)
    if held.found.broken_at is not None:
        raise DamagedError(
            say("upkeep.restore.log_broken", at=held.found.broken_at),
            where=str(paths.state),
            way_out=say("upkeep.backup.take_another"),
        )
    faults = check_signed(paths.state).faults
    if faults:
        raise DamagedError(
            say("upkeep.restore.signed_lost", n=len(faults), seq=faults[0].seq),
            where=str(faults[0].file),
            way_out=say("upkeep.backup.take_another"),
        )
