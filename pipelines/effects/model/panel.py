"""The panel: one metric as a matrix of units by months, with headcount and start of Lean.

Shaping and checking of the input live here; nothing is estimated.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_HEADCOUNT_MONTHS = 24
_MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Panel:
    """One metric for all units.

    Attributes:
        unit_ids: One id per row of ``values``, ascending.
        first_month: The month of column 0.
        values: Units x months, NaN where nothing was measured.
        employees: Mean number of employees per unit before its start, > 0.
        start: Column of the first full month with Lean; the number of columns = not within them.
        noise: Variance of the size-dependent parts per unit where it is known from what is counted,
            relative to a unit in the middle; None where employees tell it.
    """

    unit_ids: tuple[str, ...]
    first_month: date
    values: Floats
    employees: Floats
    start: Ints
    noise: Floats | None = None

    @property
    def n_units(self) -> int:
        """Number of units."""
        return int(self.values.shape[0])

    @property
    def n_months(self) -> int:
        """Number of months."""
        return int(self.values.shape[1])

    @cached_property
    def observed_before(self) -> Bools:
        """Cells with a value before the unit's start, units x months."""
        return ~np.isnan(self.values) & (np.arange(self.n_months) < self.start[:, None])

    @cached_property
    def noise_scale(self) -> Floats:
        """Variance of the size-dependent parts relative to a unit of ten: 10 / employees."""
        return 10.0 / self.employees if self.noise is None else self.noise


def month_index(month: date, first_month: date) -> int:
    """Count months from ``first_month`` to ``month``."""
    return (month.year - first_month.year) * _MONTHS_PER_YEAR + month.month - first_month.month


def mean_employees(headcount: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Average the headcount over the 24 months before start, all months if never started.

    A unit without a headcount in those months gets the mean of all its months.

    Args:
        headcount: ``unit_id``, ``month`` (date, first of month), ``employees`` (persons).
        starts: ``unit_id``, ``lean_start`` (date or null).

    Returns:
        ``unit_id``, ``employees`` (float), one row per unit with any headcount.
    """
    inside = pl.col("lean_start").is_null() | (
        (pl.col("month") < pl.col("lean_start"))
        & (pl.col("month") >= pl.col("lean_start").dt.offset_by(f"-{_HEADCOUNT_MONTHS}mo"))
    )
    return (
        headcount.join(starts.select("unit_id", "lean_start"), on="unit_id")
        .group_by("unit_id")
        .agg(
            pl.coalesce(
                pl.col("employees").filter(inside).mean(), pl.col("employees").mean()
            ).alias("employees")
        )
        .sort("unit_id")
    )


def build_panel(values: pl.DataFrame, units: pl.DataFrame) -> Panel:
    """Turn long rows into a panel; row order of the input never matters.

    Units without employees, and units without any value, are left out: the model needs both.

    Args:
        values: ``unit_id``, ``month`` (date, first of month), ``value`` (float, null = missing);
            one row per unit and month.
        units: ``unit_id``, ``employees`` (float), ``lean_start`` (date or null), one row per unit.

    Returns:
        The panel from the first to the last month that has a value.

    Raises:
        ValueError: A unit and month stands twice, or no unit is left.
    """
    known = units.filter(pl.col("employees") > 0).sort("unit_id")
    rows = values.filter(pl.col("value").is_finite()).join(
        known.select("unit_id"), on="unit_id", how="semi"
    )
    if rows.is_empty():
        raise ValueError("no unit has both employees and values")
    if rows.select(pl.struct("unit_id", "month").is_duplicated().any()).item():
        raise ValueError("a unit and month stands twice")
    known = known.join(rows.select("unit_id").unique(), on="unit_id", how="semi").sort("unit_id")
    first, last = rows.select(pl.col("month").min(), pl.col("month").max().alias("last")).row(0)
    n_months = month_index(last, first) + 1
    (matrix,) = _laid_out(rows, known["unit_id"], (first, n_months), ("value",))
    start = [
        n_months if begin is None else min(max(month_index(begin, first), 0), n_months)
        for begin in known["lean_start"]
    ]
    return Panel(
        unit_ids=tuple(known["unit_id"]),
        first_month=first,
        values=matrix,
        employees=known["employees"].cast(pl.Float64).to_numpy(),
        start=np.array(start, dtype=np.int64),
    )


def counts_beside(values: pl.DataFrame, panel: Panel) -> tuple[Floats, Floats]:
    """Numerators and denominators where the panel has its units and months.

    Args:
        values: ``unit_id``, ``month``, ``numerator`` and ``denominator``; others are left out.
        panel: Whose units and months.

    Returns:
        Two matrices of units x months, NaN where nothing was delivered.
    """
    over, under = _laid_out(
        values,
        pl.Series(panel.unit_ids, dtype=pl.String),
        (panel.first_month, panel.n_months),
        ("numerator", "denominator"),
    )
    return over, under


def _laid_out(
    rows: pl.DataFrame, unit_ids: pl.Series, months: tuple[date, int], columns: tuple[str, ...]
) -> list[Floats]:
    """One matrix per column, units x months from the first; NaN where there is no row."""
    first, n_months = months
    places = pl.DataFrame({"unit_id": unit_ids}).with_row_index("unit_at")
    month = pl.col("month").dt
    cells = (
        rows.with_columns(
            month_at=(month.year().cast(pl.Int64) - first.year) * _MONTHS_PER_YEAR
            + month.month()
            - first.month
        )
        .filter(pl.col("month_at").is_between(0, n_months - 1))
        .join(places, on="unit_id")
    )
    at = (cells["unit_at"].to_numpy(), cells["month_at"].to_numpy())
    found = []
    for name in columns:
        matrix = np.full((len(unit_ids), n_months), np.nan)
        matrix[at] = cells[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        found.append(matrix)
    return found
