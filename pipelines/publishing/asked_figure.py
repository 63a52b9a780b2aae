"""Which published figure somebody asks to have explained. What is behind it is ``explained``."""

import re
from dataclasses import dataclass
from datetime import date

from pipelines.errors import PukkError
from pipelines.words.messages import say

_MONTH = re.compile(r"([1-9][0-9]{3})-([0-9]{2})")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_WINDOWS = {"before": "before", "after": "after", "etter": "after"}


@dataclass(frozen=True)
class Asked:
    """Which figure is asked about.

    Attributes:
        unit: The unit's id.
        metric: The metric's id.
        kind: ``month``, ``year``, or one side of the window: ``before`` or ``after``.
        when: What was asked, as written.
        first: Its first month; None for a window until the figure is found.
        last: Its last month.
    """

    unit: str
    metric: str
    kind: str
    when: str
    first: date | None = None
    last: date | None = None


def asked(unit: str, metric: str, when: str) -> Asked:
    """Return which figure is asked about.

    Args:
        unit: The unit's id.
        metric: The metric's id.
        when: ``2017-03``, ``2017``, or one side of the window.

    Raises:
        PukkError: ``when`` is none of them.
    """
    month = _MONTH.fullmatch(when)
    if month and 1 <= int(month[2]) <= 12:  # noqa: PLR2004 - the months of a year
        day = date(int(month[1]), int(month[2]), 1)
        return Asked(unit, metric, "month", when, day, day)
    if _YEAR.fullmatch(when):
        return Asked(unit, metric, "year", when, date(int(when), 1, 1), date(int(when), 12, 1))
    word = when.casefold()
    side = "before" if word == say("publishing.explained.before") else _WINDOWS.get(word)
    if side is None:
        raise PukkError(
            say("publishing.explained.no_such_time", when=when),
            way_out=say("publishing.explained.times_are"),
        )
    return Asked(unit, metric, side, when)
