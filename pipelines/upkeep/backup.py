"""A backup taken while nobody runs: everything that cannot be made again, with its checksums.

The pages are up meanwhile: people read, sign and write, and each file is copied as it is between
two writes, in an order that lets the log meet all that is copied. A backup is built under another
name and gets its own when it is whole and on the disk. What is in it, and the order, is in
``to_keep``; bringing it back is in ``restore``.
"""

import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.defs.closed import close_home
from pipelines.defs.context import RunContext
from pipelines.defs.keys import keys_of
from pipelines.defs.lock import run_lock
from pipelines.desk.access_log import head
from pipelines.desk.events import log_event
from pipelines.desk.generations import has_remains, standing
from pipelines.desk.on_disk import sha256_of
from pipelines.desk.private_files import is_open
from pipelines.desk.standing_words import words_about
from pipelines.errors import BusyError, ConfigError, DamagedError, PukkError
from pipelines.ingest.catch_up import chained
from pipelines.ingest.pseudonyms import Keys, key_files
from pipelines.settings import Paths
from pipelines.upkeep.manifest import (
    FORMAT,
    Held,
    Manifest,
    copied,
    faults_of,
    write_manifest,
)
from pipelines.upkeep.to_keep import (
    DATA,
    copy_database,
    is_database,
    kept_files,
    log_files,
    may_go,
)
from pipelines.warehouse import records
from pipelines.words.messages import say

SUBJECT = "backup"
"""What the access log calls it."""
_BUILDING = ".part"
_STAMP = "%Y%m%dT%H%M%SZ"
_MB = 1_000_000
_LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class Made:
    """A backup that was made.

    Attributes:
        folder: Where.
        manifest: What it holds.
        removed: Older ones that were deleted.
    """

    folder: Path
    manifest: Manifest
    removed: tuple[str, ...]


def backups_in(target: Path, municipality: str) -> list[Path]:
    """Return a municipality's whole backups in a folder, oldest first.

    Args:
        target: Where they are put.
        municipality: Its id.
    """
    name = re.compile(rf"pukk-{re.escape(municipality)}-\d{{8}}T\d{{6}}Z")
    return sorted(f for f in target.glob("pukk-*") if name.fullmatch(f.name) and f.is_dir())


def make_backup(
    ctx: RunContext, target: Path, *, with_inbox: bool, wait_s: float, keep: int | None
) -> Made:
    """Copy what cannot be made again into a new folder, and read every copy once more.

    Args:
        ctx: The municipality.
        target: Where backups are put; made when missing.
        with_inbox: Whether the home's own inbox is in it.
        wait_s: Seconds to wait for a run that goes on.
        keep: How many of the newest to keep; ``None`` deletes none.

    Raises:
        BusyError: A run goes on longer than that.
        ConfigError: The target lies in the home, or others can read it.
        DamagedError: The home is damaged: a copy of it would take the place of a good one.
        PukkError: There is nothing to copy, no room, or a copy is not what was read.
    """
    _refuse_place(ctx, target)
    with held_alone(ctx.paths, wait_s):
        close_home(ctx)
        _refuse_damaged(ctx)
        now = datetime.now(UTC)
        name = f"pukk-{ctx.identity.id}-{now.strftime(_STAMP)}"
        files = list(kept_files(ctx, with_inbox=with_inbox))
        _refuse_no_room(target, sum(_size_of(f) for _, f in (*files, *log_files(ctx))))
        log_event(ctx.paths.state, "backup", SUBJECT, outcome="started", detail=name)
        building = target / f"{name}{_BUILDING}"
        for left in target.glob(f"pukk-{ctx.identity.id}-*{_BUILDING}"):
            shutil.rmtree(left)
        building.mkdir(0o700)
        held = _all_copied(files, building) | _all_copied(log_files(ctx), building)
        manifest = _told(ctx, now, held, building / DATA / "state")
        sha256 = write_manifest(building, manifest)
        _refuse_unlike(building, manifest)
        made = building.rename(target / name)
        older = backups_in(target, ctx.identity.id)[: -keep or None] if keep else []
        for folder in older:
            shutil.rmtree(folder)
        log_event(
            ctx.paths.state, "backup", SUBJECT, n_rows=len(held), detail=f"{name} sha256:{sha256}"
        )
    return Made(made, manifest, tuple(folder.name for folder in older))


@contextmanager
def held_alone(paths: Paths, wait_s: float) -> Iterator[None]:
    """Hold the run's lock, after waiting for a run that goes on.

    Raises:
        BusyError: It goes on longer.
    """
    deadline = time.monotonic() + wait_s
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(run_lock(paths))
                break
            except BusyError:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_LOOK_EVERY_S)
        yield


def _refuse_place(ctx: RunContext, target: Path) -> None:
    if target.resolve().is_relative_to(ctx.paths.root.resolve()):
        raise ConfigError(
            say("upkeep.backup.in_the_home"),
            where=str(target),
            way_out=say("upkeep.backup.choose_another_disk"),
        )
    if not ctx.paths.root.is_dir():
        raise PukkError(
            say("upkeep.backup.nothing_here"),
            where=str(ctx.paths.root),
            way_out=say("upkeep.backup.set_home"),
        )
    target.mkdir(0o700, parents=True, exist_ok=True)
    if is_open(target) and not ctx.identity.is_constructed:
        raise ConfigError(
            say("upkeep.backup.target_is_open"),
            where=str(target),
            way_out=say("upkeep.backup.close_target", target=target),
        )


def _refuse_damaged(ctx: RunContext) -> None:
    chained(records.files(ctx.paths))
    shown = standing(ctx.paths.published, afresh=True)
    words = words_about(shown) if shown else None
    if words is not None or (shown is None and has_remains(ctx.paths.published)):
        said = words.whole() if words else say("upkeep.edition.none_whole")
        raise DamagedError(
            said, where=str(ctx.paths.published), way_out=say("upkeep.edition.bring_back_or_force")
        )


def _refuse_no_room(target: Path, size_bytes: int) -> None:
    free = shutil.disk_usage(target).free
    if free < size_bytes * 1.05:
        raise PukkError(
            say("upkeep.backup.no_room", free_mb=free // _MB, needed_mb=size_bytes // _MB),
            where=str(target),
            way_out=say("upkeep.backup.make_room"),
        )


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _all_copied(files: Iterable[tuple[str, Path]], building: Path) -> dict[str, Held]:
    held = {}
    for place, file in files:
        try:
            held[place] = copy_of(place, file, building / place)
        except FileNotFoundError:
            if file.exists() or not may_go(place):
                raise
    return held


def copy_of(place: str, source: Path, target: Path) -> Held:
    """Copy one file as it is now, whoever writes to it meanwhile, and return what was written.

    Args:
        place: Its place in the backup.
        source: The file.
        target: A file that is not there yet.

    Raises:
        DamagedError: It is a database, and damaged.
        OSError: It is gone or cannot be read, or there is no room.
    """
    if not is_database(place, source):
        return copied(source, target)
    try:
        copy_database(source, target)
    except sqlite3.Error as error:
        raise DamagedError(
            say("upkeep.backup.database_damaged"),
            where=str(source),
            way_out=say("upkeep.backup.see_doctor"),
        ) from error
    return Held(target.stat().st_size, sha256_of(target))


def _told(ctx: RunContext, now: datetime, held: dict[str, Held], state: Path) -> Manifest:
    shown = standing(ctx.paths.published)
    entries = records.files(ctx.paths)
    keys = _keys(ctx)
    return Manifest(
        format=FORMAT,
        municipality=ctx.identity.id,
        made_at=now.isoformat(timespec="seconds"),
        generation=shown.generation.number if shown else None,
        content_sha256=shown.generation.content_sha256 if shown else "",
        last_entry=records.number_of(entries[-1]) if entries else 0,
        log_head=head(state),
        n_keys=len(keys.chain) if keys else 0,
        key_check=keys.check if keys else "",
        key_is_file=bool(key_files(ctx.paths)),
        files=held,
    )


def _keys(ctx: RunContext) -> Keys | None:
    if not key_files(ctx.paths) and ctx.settings.pseudonym_key is None:
        return None  # asking would make one
    return keys_of(ctx)


def _refuse_unlike(building: Path, manifest: Manifest) -> None:
    for name, why in faults_of(building, manifest):
        raise PukkError(
            why, where=str(building / name), way_out=say("upkeep.backup.look_at_the_disk")
        )
