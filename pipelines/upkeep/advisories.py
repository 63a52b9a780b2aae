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
    """

    pin: Pin
    advisory_id: str
    summary: str
    fixed_in: tuple[str, ...]


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
    told = set()
    for each in affected:
        for pin in by_name.get(_name_of(each), ()):
            if pin not in told and _is_hit(pin, each):
                told.add(pin)
                summary = str(advisory.get("summary") or advisory.get("details") or "")
                yield Weakness(
                    pin, str(advisory["id"]), " ".join(summary.split())[:200], _fixed_in(each)
                )


def _is_hit(pin: Pin, affected: Mapping[str, Any]) -> bool:
    if pin.version in affected.get("versions", ()):
        return True
    ranges = [r for r in affected.get("ranges", ()) if r.get("type") == "ECOSYSTEM"]
    return any(_is_in(Version(pin.version), each.get("events", ())) for each in ranges)


def _is_in(version: Version, events: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a version lies in a range: each event switches it on or off from its version."""
    is_in = False
    steps = [(_version(at), kind) for event in events for kind, at in event.items()]
    for at, kind in sorted(steps, key=lambda step: step[0]):
        if kind == "last_affected":
            is_in = is_in and version <= at
        elif version >= at:
            is_in = kind == "introduced"
    return is_in


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        # one that is no version of Python's cannot bound anything: then all are taken as affected
        return Version("0")


def _fixed_in(affected: Mapping[str, Any]) -> tuple[str, ...]:
    events = (event for each in affected.get("ranges", ()) for event in each.get("events", ()))
    return tuple(event["fixed"] for event in events if "fixed" in event)
