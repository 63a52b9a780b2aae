"""What the ledger says of rows that are no data: totals, titles, footnotes.

Which rows they are is decided at ingest.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

import duckdb

from pipelines.words.messages import say

KINDS_NB: Mapping[str, str] = {
    "title": "tittel over overskriften",
    "header": "overskrift",
    "group": "gruppelinje",
    "total": "sum, stemmer",
    "total_unchecked": say("warehouse.left_out.total_not_checked"),
    "total_differs": say("warehouse.left_out.total_differs"),
    "footnote": "fotnote",
    "lone_text": say("warehouse.left_out.lone_text"),
    "no_value": say("warehouse.left_out.no_value_in_columns"),
}
"""Kind of dropped row -> what it is called in bokmål."""

SUMMED_FROM = 5
"""So many lines a sum that auditors read is of, at least."""


class DroppedRow(TypedDict):
    """One row that is no data; one without figures has neither column nor amount."""

    source_row: int
    kind: str
    word: str | None
    column_name: str | None
    amount: float | None
    kind_nb: str


class DroppedOfFile(TypedDict):
    """The rows of a kind that are no data, in one file: how many, and the sum of many."""

    delivery_id: str
    file_name: str
    kind: str
    column_name: str | None
    n: int
    amount: float | None
    kind_nb: str


def dropped_rows(con: duckdb.DuckDBPyConnection, delivery_id: str) -> Sequence[DroppedRow]:
    """Return every dropped row of a delivery: row, kind in bokmål, word, column and amount.

    Args:
        con: The warehouse.
        delivery_id: The delivery.
    """
    found = con.sql(
        "select source_row, kind, word, column_name, amount from ops.dropped_rows"
        " where delivery_id = $1 order by source_row, column_name nulls first",
        params=[delivery_id],
    ).pl()
    return [in_words(row) for row in found.to_dicts()]


def dropped_by_file(con: duckdb.DuckDBPyConnection) -> Sequence[DroppedOfFile]:
    """Return dropped rows by delivery, kind and column: count and sum.

    Newest delivery first; a row without figures has no column. Where the lines stand is for those
    who have the file (``dropped_rows``): from a unit's heading to its sum there is a line for each
    of its absences, and the sum of one line is one unit's.

    Args:
        con: The warehouse.
    """
    found = con.sql(
        "select r.delivery_id, d.file_name, r.kind, r.column_name, count(*) as n,"
        f" case when count(*) >= {SUMMED_FROM} then sum(r.amount) end as amount"
        " from ops.dropped_rows as r join ops.deliveries as d using (delivery_id)"
        " group by r.delivery_id, d.file_name, r.kind, r.column_name"
        " order by r.delivery_id desc, r.kind, r.column_name nulls first"
    ).pl()
    return [
        cast("DroppedOfFile", row | {"kind_nb": KINDS_NB[row["kind"]]}) for row in found.to_dicts()
    ]


def in_words(row: Mapping[str, object]) -> DroppedRow:
    """Return a dropped row, as ingest has it, with its kind in bokmål."""
    return cast("DroppedRow", {**row, "kind_nb": KINDS_NB[str(row["kind"])]})
