"""What the ledger of a test's warehouse says about its deliveries."""

import duckdb
import polars as pl


def list_deliveries(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return ``ops.deliveries`` in the order they were read."""
    return con.sql("select * from ops.deliveries order by seq").pl()


def list_quarantine(con: duckdb.DuckDBPyConnection, delivery_id: str | None = None) -> pl.DataFrame:
    """Return ``ops.quarantine``, of one delivery if given, in file order."""
    return con.sql(
        "select * from ops.quarantine where $1 is null or delivery_id = $1"
        " order by delivery_id, source_row, rule_id",
        params=[delivery_id],
    ).pl()


def list_warnings(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return ``ops.warnings``."""
    return con.sql("select * from ops.warnings order by delivery_id, code").pl()
