"""Months that hold the year so far, and accounts whose signs are turned.

Every amount reads well: in «hittil i år» each month is the sum of those before it, and a year
becomes six and a half. Sizes against a feed's own history are judged in ``value_level``.
"""

from itertools import pairwise

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.usual_rows import is_month
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_SUMS = {
    "ledger.entries": ("amount_nok", "amount_type = 'accounts' and starts_with(art, '0')"),
    "sick_leave.unit_months": ("agreed_days", "true"),
}
"""Tables with sums of months: the column that is steady from month to month, and its rows. Of
accounts it is pay."""

_LEAST_MONTHS, _LEAST_UNITS, _LEAST_CELLS = 4, 2, 3
_MOST_UNITS = 0.8
_GROWN = 0.5
"""A year so far is as many times its January as it has months; half of that is no usual growth."""

_BY_MONTH = """
select unit_id, period_ym, cast(sum({column}) as double) as amount from {rows}
where {is_wanted} and unit_id is not null group by unit_id, period_ym
"""
_BY_MONTH_SCHEMA = {"unit_id": pl.String, "period_ym": pl.String, "amount": pl.Float64}


def judge_running_sums(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubts about sums so far, and about signs, of a delivery, at most one of each.

    Args:
        delivered: A delivery of any table; accounts and ready sums of sick leave are judged.
    """
    if delivered.table_path not in _SUMS:
        return ()
    mine = _by_month(delivered, is_new=True)
    if mine.is_empty():
        return ()
    before = _by_month(delivered, is_new=False).join(mine, on="period_ym", how="anti")
    return (*_so_far(mine, pl.concat([before, mine])), *_signs(mine))


def _by_month(delivered: DeliveredSet, *, is_new: bool) -> pl.DataFrame:
    """Return ``unit_id``, ``period_ym`` and ``amount``: of this delivery, or of what is loaded."""
    column, is_wanted = _SUMS[delivered.table_path]
    if not is_new:
        is_wanted += " and feed_id = $1"
    asked = _BY_MONTH.format(
        column=column,
        is_wanted=is_wanted,
        rows="__delivered" if is_new else delivered.table_path,
    )
    rows = (
        delivered.told(asked)
        if is_new
        else delivered.con.execute(asked, [delivered.feed.id]).fetchall()
    )
    found = pl.DataFrame(rows, schema=_BY_MONTH_SCHEMA, orient="row")
    months = [p for p in found["period_ym"].unique().to_list() if is_month(p)]
    return found.filter(pl.col("period_ym").is_in(months)).sort("unit_id", "period_ym")


def _so_far(mine: pl.DataFrame, every: pl.DataFrame) -> tuple[Hold, ...]:
    years = {period[:4] for period in mine["period_ym"].to_list()}
    found = []
    for year in sorted(years):
        series = [
            amounts
            for _, unit in every.filter(pl.col("period_ym").str.starts_with(year)).group_by(
                "unit_id"
            )
            if (amounts := _from_january(unit.sort("period_ym")))
        ]
        running = sum(map(_is_running, series))
        if running >= _LEAST_UNITS and running >= _MOST_UNITS * len(series):
            longest = max(map(len, series))
            found.append(
                say(
                    "ingest.running_sums.unit_runs",
                    year=year,
                    running=running,
                    n_series=len(series),
                    longest=longest,
                )
            )
    if not found:
        return ()
    return (
        Hold(
            "running_sums",
            say("ingest.running_sums.looks_like_year_to_date", found="; ".join(found)),
            say("ingest.running_sums.deliver_single_months"),
        ),
    )


def _from_january(unit: pl.DataFrame) -> list[float]:
    """Return the amounts of January and on, as far as they follow each other; too few are none."""
    amounts: list[float] = []
    for period, amount in unit.select("period_ym", "amount").iter_rows():
        if int(period[5:]) != len(amounts) + 1:
            break
        amounts.append(amount)
    return amounts if len(amounts) >= _LEAST_MONTHS else []


def _is_running(amounts: list[float]) -> bool:
    rises = all(later > earlier > 0 for earlier, later in pairwise(amounts))
    return rises and amounts[-1] >= _GROWN * len(amounts) * amounts[0]


def _signs(mine: pl.DataFrame) -> tuple[Hold, ...]:
    """Hold a delivery in which what cannot be below zero nearly always is."""
    cells = mine.filter(pl.col("amount") != 0)
    turned = cells.filter(pl.col("amount") < 0)
    n_units = turned["unit_id"].n_unique()
    if (
        turned.height < _LEAST_CELLS
        or n_units < _LEAST_UNITS
        or turned.height < _MOST_UNITS * cells.height
    ):
        return ()
    units = counted_nb(n_units, "enhet", "enheter")
    return (
        Hold(
            "turned_signs",
            say(
                "ingest.running_sums.signs_seem_turned",
                n_turned=turned.height,
                n_cells=cells.height,
                units=units,
            ),
            say("ingest.running_sums.export_expenses_positive"),
        ),
    )
