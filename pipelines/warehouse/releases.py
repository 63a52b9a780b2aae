"""What it takes to let something count in spite of a doubt: who, why, until when, by how many.

The same for a held delivery and for a check that stops the night. What is released is decided in
``pipelines.ingest.decisions`` and ``pipelines.quality.releases``; who sits at the machine is found
in ``pipelines.desk.accounts``.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.desk.personal_identifiers import WORDS_NB, identifiers_in
from pipelines.errors import PukkError
from pipelines.warehouse.connection import TIME_ZONE
from pipelines.words.messages import say

LONGEST_DAYS = 366
"""A release is looked at again at least once a year."""


@dataclass(frozen=True)
class Release:
    """What a person says when something is to count all the same.

    Attributes:
        by: Who says it.
        reason: Why, in the person's own words; kept for good and shown.
        expires_on: The last day it counts; ``None`` when it counts for good.
    """

    by: str
    reason: str
    expires_on: date | None = None

    def is_over(self, today: date) -> bool:
        """Tell whether its last day has passed; it counts that day too."""
        return self.expires_on is not None and self.expires_on < today


def today_in_norway() -> date:
    """Return the day that a release's last day is held against."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def checked_reason(reason: str) -> str:
    """Return why somebody decided something, on one line.

    Args:
        reason: In the person's own words; it is kept for good and shown.

    Raises:
        PukkError: it is empty, or holds what an edition would hide (``desk.personal_identifiers``).
    """
    why = " ".join(reason.split())
    if not why:
        raise PukkError(
            say("warehouse.releases.reason_is_empty"),
            way_out=say("warehouse.releases.write_reason"),
        )
    kinds = dict.fromkeys(WORDS_NB[found.kind] for found in identifiers_in(why))
    if kinds:
        raise PukkError(
            say("warehouse.releases.reason_is_personal", kinds=", ".join(kinds)),
            way_out=say("warehouse.releases.write_reason_without_persons"),
        )
    return why


def checked_expiry(text: str | None, today: date) -> date | None:
    """Return the last day a release counts, as it was typed.

    Args:
        text: ``YYYY-MM-DD`` or ``DD.MM.YYYY``; ``None`` when none was given.
        today: The day in Norway.

    Raises:
        PukkError: it is no day, has passed, or is more than a year ahead.
    """
    if text is None:
        return None
    day = _day(text)
    if day is None or not today <= day <= today + timedelta(days=LONGEST_DAYS):
        raise PukkError(
            say("warehouse.releases.no_such_expiry", text=text, today=today, days=LONGEST_DAYS),
            way_out=say("warehouse.releases.write_expiry", last=today + timedelta(days=30)),
        )
    return day


def _day(text: str) -> date | None:
    day, dot, rest = text.strip().partition(".")
    try:
        if dot:
            month, _, year = rest.partition(".")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def seen_by_two(first: Release, second: Release) -> Release:
    """Return the release two persons stand behind: the second's words, the earlier last day.

    Args:
        first: What somebody has asked for already.
        second: What is said now.

    Raises:
        PukkError: the same person says it twice.
    """
    if first.by == second.by:
        raise PukkError(
            say("warehouse.releases.same_person", by=first.by),
            way_out=say("warehouse.releases.another_confirms"),
        )
    days = [day for day in (first.expires_on, second.expires_on) if day is not None]
    return Release(second.by, second.reason, min(days, default=None))
