"""What was read and is shown nowhere, in words: rows, kroner or days, and why.

It is counted in the dbt project (``int_reconciliation_parts``); why which part is said at every run
is in the seed ``reconciliation_parts``. Who runs it is told exactly (``list_not_shown``); readers
of reports are told of few rows neither how many, how much nor when (``list_for_readers``).
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from pipelines.warehouse.left_out import SUMMED_FROM
from pipelines.warehouse.rows import rows_of
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb, number_nb

IS_COUNTED = (
    "select count(*) as n from duckdb_tables() where schema_name = 'intermediate'"
    " and table_name = 'int_reconciliation_parts'"
)
NOT_SHOWN = """
select
    parts.source, parts.feed_id, names.text_nb,
    sum(parts.n_rows) as n_rows, sum(parts.amount) as amount,
    min(parts.period) as first_period, max(parts.period) as last_period
from intermediate.int_reconciliation_parts as parts
inner join staging.reconciliation_parts as names on parts.part = names.part
where names.is_said
    -- sums of months repeat the rows of feeds, and days are added where no row is
    and (parts.feed_id <> '' or parts.measure in ('sick_days', 'agreed_days'))
group by parts.source, parts.feed_id, names.text_nb
order by parts.source, parts.feed_id, names.text_nb
"""


def list_not_shown(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for every kind of row that is read and shown nowhere.

    Args:
        con: The open warehouse; without figures there is nothing to say.
    """
    return [not_shown_nb(row) for row in _found(con)]


def list_for_readers(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the same for readers: rows, kroner and months are told of many rows alone.

    What a row or two hold is one unit's, or one person's; so are days that no row is counted for.

    Args:
        con: The open warehouse; without figures there is nothing to say.
    """
    return [for_readers_nb(row) for row in _found(con)]


def _found(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return rows_of(con, NOT_SHOWN) if con.execute(IS_COUNTED).fetchall()[0][0] else []


def not_shown_nb(row: Mapping[str, Any]) -> str:
    """Return one row of ``NOT_SHOWN`` as a sentence."""
    is_money = row["source"].startswith("ledger.")
    size = [counted_nb(row["n_rows"], "rad", "rader")] if row["n_rows"] else []
    if is_money:
        size.append(f"({number_nb(row['amount'], 0)} kr)")
    elif not row["n_rows"]:
        size.append(f"{number_nb(row['amount'], 1)} dagsverk")
    periods = sorted({row["first_period"], row["last_period"]} - {"", "all"})
    where = ", ".join(part for part in (row["feed_id"], "–".join(periods)) if part)
    told = say("warehouse.not_shown.read_not_shown", size=" ".join(size), text_nb=row["text_nb"])
    return f"{told} ({where})." if where else f"{told}."


def for_readers_nb(row: Mapping[str, Any]) -> str:
    """Return one row of ``NOT_SHOWN`` as the sentence that readers are given."""
    if row["n_rows"] >= SUMMED_FROM:
        return not_shown_nb(row)
    size = say("warehouse.not_shown.few_rows") if row["n_rows"] else say("warehouse.not_shown.days")
    told = say("warehouse.not_shown.read_not_shown", size=size, text_nb=row["text_nb"])
    return f"{told} ({row['feed_id']})." if row["feed_id"] else f"{told}."
