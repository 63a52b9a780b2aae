"""Persons whose rows were deleted on request: what is delivered about them later is kept out.

Deleting what is there already is in ``erasure``.
"""

import duckdb
import polars as pl

from pipelines.contracts.shapes import Table
from pipelines.ingest.aside import numbered, set_aside
from pipelines.ingest.assemble import PROBLEM_SCHEMA
from pipelines.ingest.found import has_persons
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.shapes import SOURCE_ROW
from pipelines.ingest.split import Split
from pipelines.words.messages import template

ERASED = "erased_person"
"""The rule of the rows that are kept out."""


def erased_persons(con: duckdb.DuckDBPyConnection, keys: Keys) -> frozenset[str]:
    """Return the pseudonyms, as they are now, of everybody whose rows were deleted.

    Args:
        con: The working warehouse.
        keys: The keys in use.
    """
    rows = con.execute("select person_id, n_keys from ops.erasures").fetchall()
    return frozenset(keys.advanced(made, n_keys) for made, n_keys in rows)


def set_aside_erased(result: Split, table: Table, erased: frozenset[str]) -> Split:
    """Return the split with the rows in quarantine that are about somebody who was deleted.

    Args:
        result: The split.
        table: The contract's table; one without persons is left as it is.
        erased: The pseudonyms of those who were deleted.
    """
    if not erased or not has_persons(table):
        return result
    person = next(c.name for c in table.columns if c.classification == "person")
    rows = numbered(result).filter(pl.col(person).is_in(list(erased)))
    if rows.is_empty():
        return result
    reason = pl.format(
        template("ingest.erased.row_of_erased_person"),
        SOURCE_ROW,
    )
    problems = rows.select(
        SOURCE_ROW,
        pl.lit(None, dtype=pl.String).alias("column_name"),
        pl.lit(ERASED).alias("rule_id"),
        reason.alias("reason_nb"),
    ).cast(PROBLEM_SCHEMA)  # type: ignore[arg-type] # polars takes a schema as a mapping
    return set_aside(result, [(rows, problems)])
