"""Put the configuration tables into the warehouse, so that SQL joins them like data."""

import duckdb

from pipelines.municipality.model import Municipality
from pipelines.municipality.tables import config_tables


def write_config_tables(con: duckdb.DuckDBPyConnection, municipality: Municipality) -> None:
    """Replace every table of the schema ``municipality``, all or nothing.

    Args:
        con: An open warehouse; no transaction may be open.
        municipality: The resolved configuration.
    """
    tables = config_tables(municipality)
    con.execute("begin transaction")
    try:
        con.execute("create schema if not exists municipality")
        for name, frame in tables.items():
            con.register("config_frame", frame)
            con.execute(
                f"create or replace table municipality.{name} as select * from config_frame"
            )
            con.unregister("config_frame")
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
