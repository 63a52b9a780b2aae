"""Textbook staggered designs on a metric's panel, from diff-diff: shown beside, never the headline.

The only module that knows diff-diff and pandas; both are loaded when something is estimated. What
is estimated on, what is kept and what is said of it live in diagnostics and diagnostic_text.
"""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipelines.effects.beside.estimates import HORIZON, Estimate, Estimator
from pipelines.effects.beside.group_time import averaged
from pipelines.effects.beside.imputation import impute
from pipelines.effects.model.panel import Bools, Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

_Month = tuple[int, float, float]
_MIN_TREATED, _MIN_COMPARISON = 2, 2
_NAMES: dict[Literal["not_yet", "never"], Estimator] = {
    "not_yet": "cs_not_yet",
    "never": "cs_never",
}
# each says how diff-diff treats what we hand it on purpose: cells that are missing or cut off
_EXPECTED_WARNINGS = ("Unbalanced panel detected", ".*could not be estimated")


@dataclass(frozen=True)
class Staggered:
    """Units that start at different times and units that do not start.

    Attributes:
        values: Units x months, NaN where nothing counts; nothing from ``HORIZON`` months on.
        start: Column of the first month with Lean; the number of columns = not within them.
        anticipation: Months just before a start that count as neither before nor after.
    """

    values: Floats
    start: Ints
    anticipation: int = 0

    @property
    def is_treated(self) -> Bools:
        """Units that start within the months."""
        treated: Bools = self.start < self.values.shape[1]
        return treated


def callaway_santanna(design: Staggered, control: Literal["not_yet", "never"]) -> list[Estimate]:
    """Group-time effects against units not yet, or never, started, averaged by months since start.

    Callaway and Sant'Anna (2021), base month = the last before the start (and its anticipation).

    Args:
        design: The panel.
        control: Which units compare.

    Returns:
        The mean over all treated months first, then one per month since start from -HORIZON to
        HORIZON - 1; without the base month. Empty with fewer than two units on either side.
    """
    if not _is_enough(design):
        return []
    found = averaged(design.values, design.start, design.anticipation, is_never=control == "never")
    if found is None:
        return library_callaway_santanna(design, control)
    months = zip(found.months, found.effects, found.errors, strict=True)
    return _collected(design, _NAMES[control], found.overall, months)


def library_callaway_santanna(
    design: Staggered, control: Literal["not_yet", "never"]
) -> list[Estimate]:
    """The same as :func:`callaway_santanna` by diff-diff, for any design."""
    from diff_diff import CallawaySantAnna

    with _quiet():
        found = CallawaySantAnna(
            control_group=f"{control}_treated" if control == "never" else "not_yet_treated",
            anticipation=design.anticipation,
            base_period="universal",
        ).fit(long_frame(design), outcome="y", unit="unit", time="month", first_treat="start")
        by_month = found.aggregate("event_study")
        months = zip(by_month.event_time, by_month.att, by_month.se, strict=True)
    return _collected(design, _NAMES[control], (found.overall_att, found.overall_se), months)


def imputation(design: Staggered) -> list[Estimate]:
    """Effects as values less what unit and month effects of the untreated cells predict.

    Borusyak, Jaravel and Spiess (2024), in closed form; where the untreated cells fall into parts
    that have nothing in common, as diff-diff has it.

    Args:
        design: The panel.

    Returns:
        As :func:`callaway_santanna`, months from 0 on.
    """
    if not _is_enough(design):
        return []
    found = impute(design.values, design.start, design.anticipation)
    if found is None:
        return library_imputation(design)
    months = zip(found.months, found.effects, found.errors, strict=True)
    return _collected(design, "imputation", found.overall, months)


def library_imputation(design: Staggered) -> list[Estimate]:
    """The same as :func:`imputation` by diff-diff, for any design."""
    from diff_diff import ImputationDiD

    with _quiet():
        found = ImputationDiD(anticipation=design.anticipation).fit(
            long_frame(design), outcome="y", unit="unit", time="month", first_treat="start"
        )
        by_month = found.aggregate("event_study")
        months = zip(by_month.event_time, by_month.att, by_month.se, strict=True)
    return _collected(design, "imputation", (found.overall_att, found.overall_se), months)


@dataclass(frozen=True)
class Block:
    """Units that start at once and units that do not, every cell measured.

    Attributes:
        values: Units x months without NaN.
        is_treated: Units that start.
        n_before: Months before the start.
    """

    values: Floats
    is_treated: Bools
    n_before: int


def synthetic_did(block: Block) -> tuple[float, float]:
    """Synthetic difference in differences (Arkhangelsky and others 2021) of one block.

    Args:
        block: Complete cells.

    Returns:
        Estimate and standard error by the jackknife; NaN for the latter with a single unit.
    """
    from diff_diff import SyntheticDiD

    n_units, n_months = block.values.shape
    frame = _frame(
        {
            "unit": np.repeat(np.arange(n_units), n_months),
            "month": np.tile(np.arange(n_months), n_units),
            "y": block.values.ravel(),
            "treated": np.repeat(block.is_treated.astype(int), n_months),
        }
    )
    with _quiet("Jackknife variance requires"):
        # no draws: the jackknife uses none, and the library would spend most of its time on
        # placebos for a word about the fit before the start
        found = SyntheticDiD(variance_method="jackknife", n_bootstrap=0).fit(
            frame,
            outcome="y",
            treatment="treated",
            unit="unit",
            time="month",
            post_periods=list(range(block.n_before, n_months)),
        )
    return float(found.att), float(found.se)


def long_frame(design: Staggered) -> "pd.DataFrame":
    """The measured cells as rows ``unit``, ``month``, ``y``, ``start`` (0 = never)."""
    seen = ~np.isnan(design.values)
    unit, month = np.nonzero(seen)
    starts = np.where(design.is_treated, design.start, 0)
    return _frame({"unit": unit, "month": month, "y": design.values[seen], "start": starts[unit]})


def _frame(columns: dict[str, Any]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(columns)


def _is_enough(design: Staggered) -> bool:
    n_treated = int(design.is_treated.sum())
    return n_treated >= _MIN_TREATED and design.start.size - n_treated >= _MIN_COMPARISON


def _collected(
    design: Staggered, name: Estimator, overall: tuple[float, float], by_month: Iterable[_Month]
) -> list[Estimate]:
    n_treated = int(design.is_treated.sum())
    n_others = int(design.start.size - n_treated)
    estimates = [Estimate(name, None, float(overall[0]), float(overall[1]), n_treated, n_others)]
    for month, att, se in by_month:
        # the base month is 0 by construction and has no standard error
        if -HORIZON <= month < HORIZON and np.isfinite(att) and np.isfinite(se):
            n_units = units_at(design, int(month))
            if n_units >= _MIN_TREATED:
                estimates.append(
                    Estimate(name, int(month), float(att), float(se), n_units, n_others)
                )
    return estimates


def units_at(design: Staggered, month: int) -> int:
    """Count the units that start and have a value ``month`` months after their start."""
    units = np.flatnonzero(design.is_treated)
    columns = design.start[units] + month
    inside = (columns >= 0) & (columns < design.values.shape[1])
    return int((~np.isnan(design.values[units[inside], columns[inside]])).sum())


@contextmanager
def _quiet(*more: str) -> Iterator[None]:
    """Let through every warning but those that only say what was asked for."""
    with warnings.catch_warnings():
        for message in (*_EXPECTED_WARNINGS, *more):
            warnings.filterwarnings("ignore", message=message)
        yield
