"""Did it last? Windows after start, the contrast between them, and the class they give."""

from dataclasses import dataclass
from typing import Literal

PersistenceClass = Literal["lasted", "did_not_last", "too_early", "unclear"]

HEADLINE, EARLY, LATE, LATER = (0, 24), (0, 12), (12, 24), (24, 48)
WINDOWS: tuple[tuple[int, int], ...] = ((0, 6), (6, 12), LATE, LATER)
MIN_MONTHS, MIN_UNITS = 18, 5
_MIN_SHARE = 0.75
_HALF = 0.5


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float

    def excludes_zero_towards(self, sign: float) -> bool:
        """Whether the whole interval lies on the side of ``sign``."""
        return self.low > 0 if sign > 0 else self.high < 0


@dataclass(frozen=True)
class Course:
    """First year, second year and second less first; third and fourth year once they are in."""

    early: Interval
    late: Interval
    contrast: Interval
    later: Interval | None = None


def is_covered(window: tuple[int, int], n_months: int) -> bool:
    """Whether enough months of a window have a value for it to be told for one unit."""
    return n_months >= _MIN_SHARE * (window[1] - window[0])


def classify(course: Course | None, good_sign: float, *, enough: bool) -> PersistenceClass:
    """Name what became of an effect; the first that holds.

    Args:
        course: Effects on the model's scale, None if they cannot be estimated.
        good_sign: +1 or -1, the direction that is better.
        enough: At least 18 months after start and, for a group, 5 units with both years.
    """
    if course is None or not enough:
        return "too_early"
    held = good_sign * course.late.estimate >= _HALF * good_sign * course.early.estimate
    if course.late.excludes_zero_towards(good_sign) and held:
        # an effect that fades to nothing in its second year has half of its first left in it
        if course.later is None:
            return "too_early"
        return _after_two_years(course.early, course.later, good_sign)
    faded = course.contrast.excludes_zero_towards(-good_sign)
    if course.early.excludes_zero_towards(good_sign) and faded:
        return "did_not_last"
    return "unclear"


def _after_two_years(early: Interval, later: Interval, good_sign: float) -> PersistenceClass:
    half = _HALF * good_sign * early.estimate
    if later.excludes_zero_towards(good_sign) and good_sign * later.estimate >= half:
        return "lasted"
    most = later.high if good_sign > 0 else -later.low
    return "did_not_last" if most < half else "unclear"
