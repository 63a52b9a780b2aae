"""Known weaknesses in what is locked, looked up in a database given as a file; no net is asked.

The database is in the OSV format, a JSON file for each advisory, in a folder or a ZIP. A look that
saw nothing is not a look that found nothing: without a database, with an empty one or with one that
is old, it is said to be blind.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from pipelines.errors import PukkError
from pipelines.upkeep.locked import Pin
from pipelines.words.messages import say

_ECOSYSTEM = "PyPI"
OLDEST = timedelta(days=30)
"""A database in which nothing has changed for so long is not kept up."""


@dataclass(frozen=True)
class Weakness:
    """A known weakness in a locked package.

    Attributes:
        pin: The package.
        advisory_id: The advisory.
        summary: What it says, in its own words.
        fixed_in: The versions without it; empty when there is none.
        doubts: The bounds it gives that are no versions; with one it is taken to hit every version.
    """

    pin: Pin
    advisory_id: str
    summary: str
    fixed_in: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looked:
    """What a look found.

    Attributes:
        n_advisories: Advisories of the ecosystem that were read.
        newest: When the newest of them was changed.
        found: Weaknesses, by package.
    """

    n_advisories: int
    newest: datetime
    found: tuple[Weakness, ...]


def look_up(pins: Sequence[Pin], database: Path | None, now: datetime) -> Looked:
    """Hold locked packages against a database of advisories.

    Args:
        pins: What is locked.
        database: A folder or a ZIP of OSV files; ``None`` when none was given.
        now: The present.

    Raises:
        PukkError: It could see nothing: there is no database, it cannot be read, has no advisory
            about Python's packages, or is old.
    """
    if database is None or not database.exists():
        raise _blind(say("upkeep.audit.no_database"), database)
    by_name: dict[str, list[Pin]] = {}
    for pin in pins:
        by_name.setdefault(pin.name, []).append(pin)
    n, newest, found = 0, datetime.min.replace(tzinfo=UTC), list[Weakness]()
    try:
        for advisory in _advisories(database):
            affected = [each for each in advisory.get("affected", ()) if _name_of(each)]
            if not affected:
                continue
            n += 1
            newest = max(newest, _moment(str(advisory["modified"])))
            if not advisory.get("withdrawn"):
                found += _weaknesses(advisory, affected, by_name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        why = say("upkeep.audit.unreadable", name=type(error).__name__)
        raise _blind(why, database) from error
    if n == 0:
        raise _blind(say("upkeep.audit.empty"), database)
    if now - newest > OLDEST:
        raise _blind(say("upkeep.audit.old", newest=newest, days=OLDEST.days), database)
    order = sorted(found, key=lambda each: (each.pin.name, each.pin.version, each.advisory_id))
    return Looked(n, newest, tuple(order))


def _blind(why: str, database: Path | None) -> PukkError:
    return PukkError(
        say("upkeep.audit.blind", why=why),
        where=str(database) if database else None,
        way_out=say("upkeep.audit.fetch_database"),
    )


def _advisories(database: Path) -> Iterator[dict[str, Any]]:
    if database.is_dir():
        for file in sorted(database.rglob("*.json")):
            yield json.loads(file.read_bytes())
        return
    with zipfile.ZipFile(database) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def _name_of(affected: Mapping[str, Any]) -> str:
    package = affected.get("package", {})
    is_ours = package.get("ecosystem") == _ECOSYSTEM
    return str(canonicalize_name(package["name"])) if is_ours else ""


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _weaknesses(
    advisory: Mapping[str, Any],
    affected: Sequence[Mapping[str, Any]],
    by_name: Mapping[str, Sequence[Pin]],
) -> Iterator[Weakness]:
    summary = " ".join(str(advisory.get("summary") or advisory.get("details") or "").split())
    hits: dict[Pin, list[tuple[str, str]]] = {}
    for each in affected:
        bounds = [bound for events in _ranges(each) for bound in events]
        for pin in by_name.get(_name_of(each), ()):
            if _is_hit(pin, each):
                hits.setdefault(pin, []).extend(bounds)
    for pin, bounds in hits.items():
        fixed = dict.fromkeys(at for kind, at in bounds if kind == "fixed")
        doubts = dict.fromkeys(at for kind, at in bounds if not _is_bound(kind, at))
        yield Weakness(pin, str(advisory["id"]), summary[:200], tuple(fixed), tuple(doubts))


def _is_hit(pin: Pin, affected: Mapping[str, Any]) -> bool:
    version, listed, ranges = Version(pin.version), affected.get("versions", ()), _ranges(affected)
    if not listed and not ranges:
        return True  # nothing here says which versions are safe
    if pin.version in listed or any(_parsed(text) == version for text in listed):
        return True
    return any(_is_in(version, events) for events in ranges)


def _ranges(affected: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
    """Return each range as its events; one of commits bounds no version, and is left out."""
    return [
        [(kind, str(at)) for event in each.get("events", ()) for kind, at in event.items()]
        for each in affected.get("ranges", ())
        if each.get("type") != "GIT"
    ]


def _is_in(version: Version, events: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a version lies in a range: each event switches it on or off from its version.

    With a bound that is no version nobody can tell what lies outside: then every version is in it.
    """
    if not all(_is_bound(kind, at) for kind, at in events):
        return True
    steps = [(at, kind) for kind, text in events if (at := _parsed(text)) is not None]
    is_in = not any(kind == "introduced" for _, kind in steps)
    # what ends and begins at the same version begins there
    for at, kind in sorted(steps, key=lambda step: (step[0], step[1] == "introduced")):
        if kind == "introduced":
            is_in = is_in or version >= at
        elif version > at or (version == at and kind != "last_affected"):
            is_in = False
    return is_in


def _is_bound(kind: str, text: str) -> bool:
    # the format's own word for no limit
    return _parsed(text) is not None or (kind, text) == ("limit", "*")


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
