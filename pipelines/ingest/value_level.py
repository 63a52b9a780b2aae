"""Sums of another size than a feed's months usually have, and months that are quarters.

A file in thousands of kroner, in per cent for days or with a quarter's sum in its month reads well
row by row. Counts of rows are judged in ``half_file``; signs of the unit in the cells themselves
in ``measured_in``.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from pipelines.contracts.shapes import Column
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.measured_in import unit_of
from pipelines.ingest.usual_rows import MIN_MONTHS, is_month, month_number, usual
from pipelines.ingest.versions import comparable
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb, number_nb

_LEAST_TIMES = 2.5
"""With history: outside the limits and this many times the usual, or one in so many."""

_PLAIN_TIMES = 20.0
_MIN_UNITS, _FEWEST_UNITS = 5, 2
_FEW_TIMES, _LEAST_SIZE = 6.0, 20.0
"""Where there are fewer units: every one of them with usual sums above chance, with history."""

_QUARTER, _MIN_QUARTERS = 3, 4
_KRONER, _THOUSAND, _HALF = "kroner", 1000.0, 0.5
_NEAR = 1.4
_SERIES = ("measure_id", "definition", "amount_type")
"""Columns that tell what is measured, where one table holds several measures."""

_READINGS = (
    (1000.0, say("ingest.value_level.thousands_and_kroner")),
    (100.0, say("ingest.value_level.percent_share_or_cents")),
    (12.0, say("ingest.value_level.year_and_month")),
    (7.5, say("ingest.value_level.hours_and_days")),
    (3.0, say("ingest.value_level.quarter_and_month")),
)


def judge_sizes(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about sums of another size than usual: one of months, one of single units.

    The size of a month is the median over units of the unit's sum in its own usual sums, so that
    neither a large unit nor a new one decides. A single unit is in doubt when its kroner are a
    thousandth of its usual; where most units are of another size, it is said of the month.

    Args:
        delivered: The delivery.
    """
    if "unit_id" not in delivered.table.column_names:
        return ()
    series = next((name for name in _SERIES if name in delivered.table.column_names), None)
    rows = comparable(delivered.rows, delivered.table_path)
    of_months: list[str] = []
    of_units: list[str] = []
    for column in delivered.table.columns:
        unit = unit_of(column)
        mine = _sizes(delivered, rows, column, series) if unit else None
        if mine is None or mine.is_empty():
            continue
        pool = pl.concat([_sizes_before(delivered, column, series, mine), mine])
        of_months += _odd_months(delivered, column, mine, pool)
        if unit == _KRONER:
            of_units += _odd_units(delivered, column, mine, pool)
    return (*_months_in_doubt(of_months), *_units_in_doubt(of_units))


def _months_in_doubt(told: list[str]) -> Iterator[Hold]:
    if told:
        yield Hold(
            "other_level",
            say("ingest.value_level.sums_of_other_size", told=" ".join(told[:3])),
            say("ingest.value_level.check_unit_of_measure"),
        )


def _units_in_doubt(told: list[str]) -> Iterator[Hold]:
    if not told:
        return
    more = (
        say("ingest.value_level.more_figures", n_told=counted_nb(len(told) - 3, "tall", "tall"))
        if told[3:]
        else ""
    )
    yield Hold(
        "unit_level",
        say("ingest.value_level.units_of_other_size", told=" ".join(told[:3]), more=more),
        say("ingest.value_level.check_thousands"),
    )


def _odd_units(
    delivered: DeliveredSet, column: Column, mine: pl.DataFrame, pool: pl.DataFrame
) -> Iterator[str]:
    key = ["series", "unit_id"]
    usual_size = pl.col("size").median()
    known = (
        pool.group_by(key)
        .agg(usual_size.alias("usual"), pl.len().alias("n"))
        .filter(pl.col("n") > MIN_MONTHS)
    )
    rows = mine.join(known, on=key).with_columns((pl.col("size") / pl.col("usual")).alias("ratio"))
    far = pl.col("ratio").log(10).abs()
    near_thousand = (far - math.log10(_THOUSAND)).abs() < math.log10(_NEAR)
    # where most units are so, it is the month; what swings by itself says nothing
    is_alone = near_thousand.mean().over("series", "period_ym") < _HALF
    odd = rows.filter(near_thousand & is_alone)
    steady = pool.join(odd.select(key).unique(), on=key, how="semi").join(known, on=key)
    others = steady.join(odd, on=[*key, "period_ym"], how="anti")
    swings = others.filter(
        (pl.col("size") / pl.col("usual")).log(10).abs() > math.log10(_PLAIN_TIMES)
    )
    odd = odd.join(swings.select(key).unique(), on=key, how="anti")
    this_month = f"{delivered.received_at:%Y-%m}"
    for row in odd.sort("period_ym", "series", "unit_id").iter_rows(named=True):
        if row["period_ym"] < this_month:
            yield (
                say(
                    "ingest.value_level.odd_unit",
                    period_ym=row["period_ym"],
                    unit_id=row["unit_id"],
                    business_name=column.business_name,
                    ratio=_times(row["ratio"]),
                    ratio_2=_reading(row["ratio"]),
                )
            )


def judge_cadence(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about months that come every third month, at most one.

    Args:
        delivered: The delivery.
    """
    if not any(rule.kind == "first_of_month" for rule in delivered.table.rules):
        return ()
    mine = delivered.taken(delivered.rows.select("period_ym").unique())
    months = _months(mine["period_ym"].to_list())
    if len(months) < 2 or _gaps(months) != {_QUARTER}:  # noqa: PLR2004 - a gap has two ends
        return ()
    rows = delivered.con.execute(
        f'select distinct period_ym from "{delivered.contract.id}"."{delivered.table.name}"'
        " where feed_id = ?",
        [delivered.feed.id],
    ).fetchall()
    before = _months([str(period) for (period,) in rows])
    is_monthly = any(gap < _QUARTER for gap in _gaps(before))
    if not is_monthly and (before or len(months) < _MIN_QUARTERS):
        return ()
    return (
        Hold(
            "quarters",
            say("ingest.value_level.every_third_month"),
            say("ingest.value_level.deliver_months"),
        ),
    )


def _odd_months(
    delivered: DeliveredSet, column: Column, mine: pl.DataFrame, pool: pl.DataFrame
) -> Iterator[str]:
    wanted: dict[str, set[str]] = {}
    for name, period in mine.select("series", "period_ym").unique().iter_rows():
        wanted.setdefault(name, set()).add(period)
    this_month = f"{delivered.received_at:%Y-%m}"
    for name in sorted(wanted):
        levels, few = _levels(pool.filter(pl.col("series") == name))
        for period in sorted(p for p in wanted[name] if p < this_month):
            ratio = _ratio(levels, period, is_few=period in few)
            if ratio is not None:
                label = f"{column.business_name} ({name})" if name else column.business_name
                yield say(
                    "ingest.value_level.column_of_other_size",
                    period=period,
                    label=label,
                    ratio=_times(ratio),
                    ratio_2=_reading(ratio),
                )


def _levels(rows: pl.DataFrame) -> tuple[dict[str, float], frozenset[str]]:
    """Return each month's size: the median over units of their sum in their own median sum.

    Of few units it is the size of the one that is most like itself. Those months are named too.
    """
    middle = pl.col("size").median().over("unit_id")
    large = pl.col("share").filter(pl.col("middle") >= _LEAST_SIZE)
    found = (
        rows.with_columns(middle.alias("middle"), (pl.col("size") / middle).alias("share"))
        .group_by("period_ym")
        .agg(
            pl.col("share").median(),
            large.sort_by(large.log().abs()).first().alias("nearest"),
            large.len().alias("n_large"),
            pl.len().alias("n"),
        )
        .filter((pl.col("n") >= _MIN_UNITS) | (pl.col("n_large") >= _FEWEST_UNITS))
        .select("period_ym", "share", "nearest", "n")
    )
    few = frozenset(found.filter(pl.col("n") < _MIN_UNITS)["period_ym"].to_list())
    levels = {
        period: nearest if period in few else middle
        for period, middle, nearest, _ in found.iter_rows()
    }
    return levels, few


def _ratio(levels: dict[str, float], period: str, *, is_few: bool) -> float | None:
    """Return how many times the usual a month is, when that is too much or too little."""
    found = usual(levels, period) if period in levels else None
    if found is None or (is_few and not found.is_known):
        return None
    level = levels[period]
    times = _FEW_TIMES if is_few else _LEAST_TIMES if found.is_known else _PLAIN_TIMES
    is_far = abs(math.log(level / found.centre)) >= math.log(times)
    is_inside = found.is_known and found.lower <= level <= found.upper
    is_season = any(abs(math.log(level / other)) < math.log(times) for other in found.same_month)
    return level / found.centre if is_far and not is_inside and not is_season else None


def _sizes(
    delivered: DeliveredSet, rows: pl.LazyFrame, column: Column, series: str | None
) -> pl.DataFrame:
    found = delivered.taken(
        rows.select(
            (pl.col(series) if series else pl.lit("")).alias("series"),
            "unit_id",
            "period_ym",
            pl.col(column.name).cast(pl.Float64).abs().alias("size"),
        )
        .drop_nulls()
        .group_by("series", "unit_id", "period_ym")
        .agg(pl.col("size").sum())
    )
    return _of_months(found).filter(pl.col("size") > 0).sort("series", "unit_id", "period_ym")


def _sizes_before(
    delivered: DeliveredSet, column: Column, series: str | None, mine: pl.DataFrame
) -> pl.DataFrame:
    name = f'"{series}"' if series else "''"
    size = f'sum(abs(cast("{column.name}" as double)))'
    asked = (
        f"select {name} as series, unit_id, period_ym, {size} as size"
        f' from "{delivered.contract.id}"."{delivered.table.name}"'
        f" where feed_id = $1 and unit_id is not null and list_contains($2, {name})"
        f" and not list_contains($3, period_ym) group by all having {size} > 0 order by all"
    )
    keys = (mine[key].unique().to_list() for key in ("series", "period_ym"))
    found: pl.DataFrame = delivered.con.sql(asked, params=[delivered.feed.id, *keys]).pl()
    return _of_months(found)


def _of_months(sizes: pl.DataFrame) -> pl.DataFrame:
    months = [p for p in sizes["period_ym"].unique().to_list() if is_month(p)]
    return sizes.filter(pl.col("period_ym").is_in(months))


def _months(periods: list[str]) -> list[int]:
    return sorted(month_number(period) for period in periods if is_month(period))


def _gaps(months: list[int]) -> set[int]:
    return {later - earlier for earlier, later in pairwise(months)}


def _times(ratio: float) -> str:
    return (
        f"{number_nb(ratio, 1)} ganger"
        if ratio >= 1
        else say("ingest.value_level.one_over", value=number_nb(1 / ratio, 0))
    )


def _reading(ratio: float) -> str:
    size = max(ratio, 1 / ratio)
    near = [words for times, words in _READINGS if 1 / _NEAR < size / times < _NEAR]
    return say("ingest.value_level.mixed_reading", near=near[0]) if near else "."
