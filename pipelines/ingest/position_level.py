"""Registers of positions whose percentages are something else, or whose people stand there twice.

Every row of such a register reads well. Positions that are gone from one are judged in
``vanished``; per cent and share of one in the same column are told apart in ``measured_in``.
"""

from statistics import median

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.vanished import is_judged_by_position
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

_FULL_WEEKS = (33.5, 33.6, 35.0, 35.5, 36.0, 37.0, 37.33, 37.5, 38.0, 39.0, 40.0)
"""Hours a week of a full position in Norwegian agreements; no usual part of one in per cent."""

_LEAST = 10
_HALF, _NEARLY_ALL, _ALIKE = 0.5, 0.8, 0.01
_LEAST_CHANGE = 0.1
_MOST_PCT, _LEAST_PERSONS, _MOST_PERSONS = 150.0, 6, 0.2
_SHOWN = 3
_READ = ("position_id", "person_id", "start_date", "end_date")
_BEFORE = """
select p.position_id, cast(max(p.position_pct) as double) as pct_before
from hr.positions as p
where p.delivery_id = (
    select d.delivery_id from ops.deliveries as d
    where d.feed_id = $1 and d.status = 'loaded'
        and exists (select 1 from hr.positions as q where q.delivery_id = d.delivery_id)
    order by d.register_date desc, d.seq desc limit 1
)
group by p.position_id
"""


def judge_positions(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubts about percentages and persons of a register of positions.

    Args:
        delivered: A delivery of any table; only registers of positions are judged.
    """
    if not is_judged_by_position(delivered):
        return ()
    pct = pl.col("position_pct").cast(pl.Float64)
    rows = delivered.taken(delivered.rows.select(*_READ, pct).filter(pct > 0))
    if rows.height < _LEAST:
        return ()
    return (
        *(_hours(rows) or _changed_alike(delivered, rows)),
        *_doubled(delivered, rows),
    )


def _hours(rows: pl.DataFrame) -> tuple[Hold, ...]:
    """Hold a register where nobody has more than a full week's hours, and half have just that."""
    is_week = pl.any_horizontal(((pl.col("position_pct") - h).abs() < _ALIKE) for h in _FULL_WEEKS)
    weeks = rows.filter(is_week)
    top = rows["position_pct"].max()
    if weeks.height < _HALF * rows.height or not isinstance(top, float) or top > _FULL_WEEKS[-1]:
        return ()
    usual = weeks["position_pct"].value_counts(sort=True)["position_pct"].head(_SHOWN)
    found = ", ".join(number_nb(value, 2).rstrip("0").rstrip(",") for value in sorted(usual))
    return (
        Hold(
            "position_hours",
            say(
                "ingest.position_level.may_be_hours",
                top=number_nb(top, 1),
                n_weeks=weeks.height,
                n_rows=rows.height,
                found=found,
            ),
            say("ingest.position_level.deliver_percentages"),
        ),
    )


def _changed_alike(delivered: DeliveredSet, rows: pl.DataFrame) -> tuple[Hold, ...]:
    """Hold a register in which nearly every position has changed by the same factor."""
    before = delivered.con.sql(_BEFORE, params=[delivered.feed.id]).pl()
    both = rows.join(before, on="position_id").filter(pl.col("pct_before") > 0)
    if both.height < _LEAST:
        return ()
    times = both.select(pl.col("position_pct") / pl.col("pct_before")).to_series()
    usual = median(times.to_list())
    alike = int(((times - usual).abs() <= _ALIKE * usual).sum())
    if abs(usual - 1) <= _LEAST_CHANGE or alike < _NEARLY_ALL * both.height:
        return ()
    return (
        Hold(
            "position_level",
            say(
                "ingest.position_level.changed_alike",
                usual=number_nb(usual, 3),
                alike=alike,
                n_both=both.height,
            ),
            say("ingest.position_level.deliver_full_time_as_100"),
        ),
    )


def _doubled(delivered: DeliveredSet, rows: pl.DataFrame) -> tuple[Hold, ...]:
    """Hold a register in which many have positions of far more than a whole one on the same day."""
    day = pl.lit(delivered.register_date)
    is_open = pl.col("end_date").is_null() | (pl.col("end_date") >= day)
    now = rows.filter((pl.col("start_date") <= day) & is_open)
    persons = now.group_by("person_id").agg(pl.col("position_pct").sum())
    many = persons.filter(pl.col("position_pct") > _MOST_PCT).height
    if many < _LEAST_PERSONS or many <= _MOST_PERSONS * persons.height:
        return ()
    return (
        Hold(
            "doubled_positions",
            say(
                "ingest.position_level.persons_twice",
                many=many,
                n_persons=persons.height,
                most_pct=number_nb(_MOST_PCT, 0),
                register_date=delivered.register_date,
            ),
            say("ingest.position_level.export_one_row_per_position"),
        ),
    )
