"""The machine under a home looked over: the disk, the versions, the clock and who listens."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from pipelines.defs.context import RunContext
from pipelines.desk.access_log import entries
from pipelines.desk.generations import list_generations
from pipelines.desk.nights import nights_since
from pipelines.settings import environment
from pipelines.upkeep.finding import Finding, attention, fault, well
from pipelines.upkeep.listening import listeners
from pipelines.upkeep.locked import other_versions, pins_of
from pipelines.words.messages import say

_MB = 1_000_000
_LEAST_MB = 200
_TIMES_A_NIGHT = 3
"""A night writes the warehouse once more, an edition, and what memory has no room for."""
_LEAST_TEMPORARY_MB = 100
_SLACK = timedelta(minutes=5)
_ZONE = "Europe/Oslo"


def disk(ctx: RunContext) -> Iterator[Finding]:
    """Look at whether a night has room, and whether the home can be written in."""
    root = next((f for f in (ctx.paths.root, *ctx.paths.root.parents) if f.exists()), Path("/"))
    files = [ctx.paths.warehouse, *sorted(ctx.paths.published.glob("generation-*.duckdb"))[-1:]]
    size_mb = sum(file.stat().st_size for file in files if file.is_file()) // _MB
    needed = {root: max(_LEAST_MB, _TIMES_A_NIGHT * size_mb)}
    needed.setdefault(Path(tempfile.gettempdir()), _LEAST_TEMPORARY_MB)
    for folder, needed_mb in needed.items():
        free_mb = shutil.disk_usage(folder).free // _MB
        if free_mb < needed_mb:
            said = say("upkeep.disk.too_little", free_mb=free_mb, needed_mb=needed_mb, root=folder)
            yield fault(said, say("upkeep.disk.make_room"))
        elif folder == root:
            yield well(say("upkeep.disk.enough", free_mb=free_mb, needed_mb=needed_mb, root=folder))
    for folder in (ctx.paths.root, ctx.paths.state, ctx.paths.published):
        if folder.is_dir() and not _can_be_written(folder):
            yield fault(
                say("upkeep.disk.cannot_write", folder=folder),
                say("upkeep.disk.give_rights", folder=folder),
            )


def _can_be_written(folder: Path) -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def versions(_ctx: RunContext) -> Iterator[Finding]:
    """Look at whether the libraries are those the program was locked with."""
    try:
        wrong = other_versions(pins_of())
    except (OSError, ValueError):
        yield fault(say("upkeep.versions.no_lock"), say("upkeep.versions.install_anew"))
        return
    if wrong:
        yield fault(
            say("upkeep.versions.others", n=len(wrong), first=", ".join(wrong[:3])),
            say("upkeep.versions.install_anew"),
        )
    else:
        yield well(say("upkeep.versions.as_locked", duckdb=duckdb.__version__))


def clock(ctx: RunContext) -> Iterator[Finding]:
    """Look at whether the clock is behind what was noted, and which zone timers count in."""
    try:
        now = datetime.now(ZoneInfo(_ZONE))
    except ZoneInfoNotFoundError:
        yield fault(say("upkeep.clock.no_zones", zone=_ZONE), say("upkeep.versions.install_anew"))
        return
    noted = _newest_noted(ctx)
    if noted is not None and noted > now + _SLACK:
        yield fault(
            say("upkeep.clock.behind", now=f"{now:%d.%m.%Y %H:%M}", noted=local_moment(noted)),
            say("upkeep.clock.set_it"),
        )
    else:
        yield well(say("upkeep.clock.right", now=f"{now:%d.%m.%Y %H:%M}"))
    if now.utcoffset() != datetime.now().astimezone().utcoffset():
        yield attention(
            say("upkeep.clock.other_zone", zone=environment().get("TZ") or _systems_zone()),
            say("upkeep.clock.name_the_zone"),
        )


def _newest_noted(ctx: RunContext) -> datetime | None:
    noted = [datetime.fromisoformat(g.published_at) for g in list_generations(ctx.paths.published)]
    noted += [night.ended_at for night in nights_since(ctx.paths.state, None)[-1:]]
    noted += [datetime.fromisoformat(entry["at"]) for entry in entries(ctx.paths.state, 1)]
    return max((at if at.tzinfo else at.replace(tzinfo=UTC) for at in noted), default=None)


def local_moment(at: datetime) -> str:
    """Return a moment as the clock in Norway shows it."""
    return f"{at.astimezone(ZoneInfo(_ZONE)):%d.%m.%Y %H:%M}"


def _systems_zone() -> str:
    return datetime.now().astimezone().tzname() or "?"


def exposure(ctx: RunContext) -> Iterator[Finding]:
    """Look at whether other machines reach what this home's programs listen on."""
    found = listeners(ctx.paths.root)
    if found is None:
        yield attention(say("upkeep.exposure.not_told"), say("upkeep.exposure.look_yourself"))
        return
    for each in found:
        if not each.is_for_all:
            continue
        place = f"{each.address}, port {each.port}"
        if each.is_pages and each.has_login:
            yield attention(
                say("upkeep.exposure.pages_with_login", place=place, pid=each.pid),
                say("upkeep.exposure.let_a_proxy_have_it"),
            )
        else:
            yield fault(
                say("upkeep.exposure.open", place=place, pid=each.pid),
                say("upkeep.exposure.close_it"),
            )
    if not any(each.is_for_all for each in found):
        yield well(say("upkeep.exposure.only_here", n=len(found)))
