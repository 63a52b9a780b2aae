"""Clock times behind dates: cut off, and, where a time zone is written, moved to Norwegian time.

``2024-01-31T23:00:00Z`` is the first of February in Norway. A time without a zone is Norwegian
already and changes nothing.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")

_CLOCK = re.compile(
    r"(?P<day>.*\d)[ t](?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<zone>z|utc|gmt|cet|cest|[+-]\d{2}(?::?\d{2})?)(?:\[[a-z0-9_/+-]+\])?)?"
)
_PLAIN_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):00(?::00(?:\.0+)?)?")
_ENOUGH = 3
_NAMED_HOURS = {"z": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2}
_LAST_HOUR, _LAST_MINUTE = 24, 59
_FARTHEST = timedelta(hours=14)


class Clock(NamedTuple):
    """A time of day in a zone east of Greenwich."""

    hour: int
    minute: int
    second: int
    east: timedelta


def split_clock(text: str, *, utc: bool = False) -> tuple[str, Clock | None]:
    """Return a text in small letters without its time of day, and the time if its zone is known.

    Args:
        text: What the cell says.
        utc: A time without a zone is UTC.
    """
    lowered = " ".join(text.casefold().split())
    hit = _CLOCK.fullmatch(lowered)
    if not hit:
        return lowered, None
    hour, minute, second = (int(hit[part] or 0) for part in ("hour", "minute", "second"))
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or second > _LAST_MINUTE:
        return lowered, None
    zone = hit["zone"] or ("utc" if utc else None)
    if zone is None:
        return hit["day"], None
    east = _east(zone)
    if abs(east) > _FARTHEST:
        return lowered, None
    return hit["day"], Clock(hour, minute, second, east)


def seems_utc(texts: Sequence[str]) -> bool:
    """Return whether times without a zone are all what midnight in Norway is called in UTC.

    That is 23:00 in winter and 22:00 in summer, in at least three different texts.
    """
    return len(texts) >= _ENOUGH and all(map(is_midnight_in_utc, texts))


def is_midnight_in_utc(text: str) -> bool:
    """Return whether a time without a zone would be midnight in Norway if it were UTC."""
    hit = _PLAIN_TIME.fullmatch(text.strip())
    if not hit:
        return False
    year, month, day, hour = (int(part) for part in hit.groups())
    try:
        moment = datetime(year, month, day, hour, tzinfo=UTC)
    except ValueError:
        return False
    return moment.astimezone(NORWAY).hour == 0


def local_day(span: tuple[date, date], clock: Clock) -> tuple[date, date]:
    """Return the day in Norway at a clock time on another zone's day."""
    midnight = datetime.combine(span[0], time.min, tzinfo=timezone(clock.east))
    moment = midnight + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
    day = moment.astimezone(NORWAY).date()
    return day, day


def _east(zone: str) -> timedelta:
    if zone in _NAMED_HOURS:
        return timedelta(hours=_NAMED_HOURS[zone])
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size
