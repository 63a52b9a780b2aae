"""Units that have had rows month after month and now have none: a file cut in order of units.

Only where so many are gone that it is the file and not the units; a unit that leaves the register
is judged where registers are.
"""

from collections.abc import Mapping

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.usual_rows import MIN_MONTHS, is_month, month_number
from pipelines.ingest.versions import comparable, kinds_in, same_kinds
from pipelines.words.messages import say

_UNIT = "unit_id"
_STEADY_MONTHS = 3
"""A unit with rows in each of so many months before is expected in the next."""

_MAX_SHARE = 0.2
_MAX_TIMES_BEFORE = 1.5
_MIN_UNITS = 5
_SHOWN = 8

Units = Mapping[int, frozenset[str]]
"""Month number -> units with rows."""


def judge_units(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about months from which steady units are gone, at most one.

    Args:
        delivered: The delivery.
    """
    names = set(delivered.table.column_names)
    if _UNIT not in names:
        return ()
    asked = comparable(delivered.rows, delivered.table_path)
    rows = delivered.taken(
        asked.select("period_ym", _UNIT, *kinds_in(delivered.table_path)).unique()
    )
    mine = _units(rows.select("period_ym", _UNIT))
    months = _before(delivered, rows) | mine
    this_month = month_number(f"{delivered.received_at:%Y-%m}")
    told = [
        sentence
        for month in sorted(mine)
        if month < this_month
        for sentence in _judge(month, months)
    ]
    if not told:
        return ()
    return (
        Hold(
            "units_missing",
            say("ingest.missing_units.units_seem_missing", told=" ".join(told[:3])),
            say("ingest.missing_units.export_with_all_units"),
        ),
    )


def _judge(month: int, months: Units) -> list[str]:
    earlier = [m for m in sorted(months) if m < month]
    if len(earlier) < MIN_MONTHS + _STEADY_MONTHS:
        return []
    steady = _steady(month, months)
    gone = sorted(steady - months[month])
    if len(steady) < _MIN_UNITS or len(gone) <= _MAX_SHARE * len(steady):
        return []
    # how many are gone in an ordinary month says the feed itself
    ordinary = [_share(m, months) for m in earlier[_STEADY_MONTHS:][-24:]]
    if len(gone) / len(steady) <= _MAX_TIMES_BEFORE * max(ordinary):
        return []
    shown = ", ".join(gone[:_SHOWN]) + (" …" if len(gone) > _SHOWN else "")
    return [
        say(
            "ingest.missing_units.units_without_rows",
            month=_label(month),
            n_gone=len(gone),
            n_steady=len(steady),
            shown=shown,
        )
    ]


def _share(month: int, months: Units) -> float:
    steady = _steady(month, months)
    return len(steady - months[month]) / len(steady) if steady else 0.0


def _steady(month: int, months: Units) -> frozenset[str]:
    nearest = [m for m in sorted(months) if m < month][-_STEADY_MONTHS:]
    return frozenset.intersection(*(months[m] for m in nearest)) if nearest else frozenset()


def _units(rows: pl.DataFrame) -> dict[int, frozenset[str]]:
    found = rows.drop_nulls().unique().group_by("period_ym").agg(_UNIT)
    return {
        month_number(period): frozenset(units)
        for period, units in found.iter_rows()
        if is_month(period)
    }


def _before(delivered: DeliveredSet, compared: pl.DataFrame) -> dict[int, frozenset[str]]:
    of_kinds, kinds = same_kinds(compared, delivered.table_path)
    asked = (
        f"select distinct period_ym, {_UNIT} from {delivered.table_path}"
        f" where feed_id = ? and {of_kinds}"
    )
    return _units(delivered.con.sql(asked, params=[delivered.feed.id, *kinds]).pl())


def _label(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
