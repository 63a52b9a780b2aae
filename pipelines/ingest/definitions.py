"""Two definitions of sick leave for one unit and month: neither is chosen in silence.

HR's own spells, and sums by the definitions of KS, NAV or the British, are defined differently and
are never set together to one line. Which one a unit's line follows, once a person has confirmed
that both are delivered, is decided in the dbt project (``int_sick_leave__delivered_sums``).
"""

import polars as pl

from pipelines.contracts.shapes import Table
from pipelines.ingest.aside import numbered, set_aside
from pipelines.ingest.assemble import PROBLEM_SCHEMA
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.shapes import SOURCE_ROW
from pipelines.ingest.split import Split
from pipelines.words.messages import say, template

_DEFINITION = "definition"
_CELL = ("unit_id", "month")
_OWN_SPELLS = say("ingest.definitions.own_spells")
_SHOWN = 5

_OTHER_SUMS = """
select unit_id, month, string_agg(distinct definition, ', ' order by definition) as other
from sick_leave.unit_months
where not (feed_id = $1 and list_contains($2, period_ym))
group by unit_id, month
"""
_SPELLS = """
select unit_id, cast(date_trunc('month', start_date) as date) as month, $1 as other
from sick_leave.spells
where absence_type in ('self_certified', 'certified')
group by all
"""
_SUMS = "select distinct unit_id, month, definition as other from sick_leave.unit_months"
_SCHEMA = {"unit_id": pl.String, "month": pl.Date, "other": pl.String}


def set_aside_two_definitions(result: Split, table: Table) -> Split:
    """Return the split with the rows in quarantine that give a cell by two definitions.

    Args:
        result: The split.
        table: The contract's table; one without a column ``definition`` is left as it is.
    """
    if not {_DEFINITION, *_CELL} <= set(table.column_names):
        return result
    rows = numbered(result).with_columns(
        pl.col(_DEFINITION).unique().sort().str.join(", ").over(_CELL).alias("both"),
        pl.col(_DEFINITION).n_unique().over(_CELL).alias("n"),
    )
    two = rows.filter(pl.col("n") > 1)
    if two.is_empty():
        return result
    reason = pl.format(
        template("ingest.definitions.row_has_two_definitions"),
        SOURCE_ROW, "unit_id", pl.col("month").dt.strftime("%Y-%m"), "both",
    )  # fmt: skip
    problems = two.select(
        SOURCE_ROW,
        pl.lit(_DEFINITION).alias("column_name"),
        pl.lit("two_definitions").alias("rule_id"),
        reason.alias("reason_nb"),
    ).cast(PROBLEM_SCHEMA)  # type: ignore[arg-type] # polars takes a schema as a mapping
    return set_aside(result, [(two, problems)])


def judge_definitions(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about sick leave that is there by another definition, at most one.

    Args:
        delivered: The delivery; others than of sick leave are not judged.
    """
    if delivered.contract.id != "sick_leave":
        return ()
    if delivered.table.name == "unit_months":
        found = _sums_beside(delivered)
    else:
        found = _spells_beside(delivered)
    if found.is_empty():
        return ()
    cells = found.sort(*_CELL)
    shown = "; ".join(
        say(
            "ingest.definitions.unit_month_definitions",
            unit=unit,
            month=month,
            mine=mine,
            other=other,
        )
        for unit, month, mine, other in cells.head(_SHOWN)
        .select(*_CELL, _DEFINITION, "other")
        .iter_rows()
    )
    more = (
        say("ingest.definitions.and_more", n_cells=cells.height - _SHOWN)
        if cells.height > _SHOWN
        else ""
    )
    return (
        Hold(
            "two_definitions",
            say("ingest.definitions.two_definitions", shown=shown, more=more),
            say("ingest.definitions.deliver_one"),
        ),
    )


def _sums_beside(delivered: DeliveredSet) -> pl.DataFrame:
    mine = delivered.taken(delivered.rows.select(*_CELL, _DEFINITION).unique())
    periods = delivered.taken(delivered.rows.select("period_ym").unique())["period_ym"].to_list()
    others = _read(delivered, _OTHER_SUMS, [delivered.feed.id, periods])
    sums = mine.join(others, on=list(_CELL)).filter(pl.col("other") != pl.col(_DEFINITION))
    spells = _read(delivered, _SPELLS, [_OWN_SPELLS])
    return pl.concat([sums, mine.join(spells, on=list(_CELL)).select(sums.columns)])


def _spells_beside(delivered: DeliveredSet) -> pl.DataFrame:
    own = delivered.rows.filter(
        pl.col("absence_type").is_in(["self_certified", "certified"])
    ).select("unit_id", pl.col("start_date").dt.truncate("1mo").alias("month"))
    mine = delivered.taken(own.unique()).with_columns(pl.lit(_OWN_SPELLS).alias(_DEFINITION))
    return mine.join(_read(delivered, _SUMS, []), on=list(_CELL))


def _read(delivered: DeliveredSet, sql: str, values: list[object]) -> pl.DataFrame:
    rows = delivered.con.execute(sql, values).fetchall()
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
