"""Where a figure that breaks a promise is: the metric, the unit, the month and the files behind it.

Only keys and names are told, never a figure and never a column about a person.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import duckdb

from pipelines.contracts.shapes import Rule
from pipelines.contracts.to_sql import breach
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

SHOWN_ROWS = 5
_SHOWN_FILES = 3
_WORDS = {
    "metric_id": say("quality.broken_rows.metric"),
    "group_id": "enhet",
    "unit_id": "enhet",
    "month": say("quality.broken_rows.month"),
    "year": say("quality.broken_rows.year"),
    "cycle_id": say("quality.broken_rows.spell"),
    "gain_id": "gevinst",
    "scope_id": "omfang",
    "as_of_date": "dato",
    "series_id": "diagram",
}
# the measures of the metric in that unit and month say which deliveries the figure is made of
_FILES = """
select distinct deliveries.file_name
from staging.stg_municipality__metric_measures as parts
inner join intermediate.int_measures_unioned as measures
    on parts.measure_id = measures.measure_id
inner join ops.deliveries as deliveries
    on measures.delivery_id = deliveries.delivery_id
where parts.metric_id = ? and measures.unit_id = ? and measures.month = ?
order by deliveries.file_name
"""


def broken_by(place: str, rule: Rule, floating: Collection[str] = ()) -> str | None:
    """Return the query for the rows of a table that break a rule; ``None`` for rules about no row.

    Args:
        place: Schema and table.
        rule: A rule of the table's contract.
        floating: Columns that can hold NaN.
    """
    if rule.kind == "unique_key":
        keys = ", ".join(f'"{column}"' for column in rule.columns)
        return f"select {keys} from {place} group by {keys} having count(*) > 1"
    broken = breach(rule, floating)
    return f"select * from {place} where {broken}" if broken else None


def places(con: duckdb.DuckDBPyConnection, sql: str, keys: Iterable[str]) -> list[str]:
    """Say where the first rows of a query are, in the order of their keys.

    Args:
        con: The open warehouse.
        sql: Gives the rows that break a promise.
        keys: The table's key; of other columns only those that name a place are told.
    """
    relation = con.sql(sql)
    shown = [c for c in (*keys, *_WORDS) if c in relation.columns]
    columns = list(dict.fromkeys(shown))
    if not columns:
        return []
    names = ", ".join(f'"{column}"' for column in columns)
    rows = con.execute(
        f"select distinct {names} from ({sql}\n) as broken order by all limit {SHOWN_ROWS}"
    ).fetchall()
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [_place(row) + _files(con, row) for row in found]


def _place(row: Mapping[str, object]) -> str:
    told = [
        f"{_WORDS.get(column, column)} {_shown(value)}"
        for column, value in row.items()
        if value is not None and column != "level"
    ]
    return ", ".join(told)


def _files(con: duckdb.DuckDBPyConnection, row: Mapping[str, object]) -> str:
    unit = row.get("unit_id") or row.get("group_id")
    if not (row.get("metric_id") and unit and row.get("month")):
        return ""
    try:
        rows = con.execute(_FILES, [row["metric_id"], unit, row["month"]]).fetchall()
    except duckdb.CatalogException:
        return ""
    return f" ({_listed([name for (name,) in rows])})" if rows else ""


def _listed(names: Sequence[str]) -> str:
    left = len(names) - _SHOWN_FILES
    more = (
        say("quality.broken_rows.more_files", left=counted_nb(left, "fil", "filer"))
        if left > 0
        else ""
    )
    return "fra " + ", ".join(names[:_SHOWN_FILES]) + more


def _shown(value: object) -> str:
    if isinstance(value, date) and value.day == 1:
        return f"{value:%Y-%m}"
    return str(value)
