"""The effect tables written to the warehouse's marts, always with the same columns and types."""

from collections.abc import Mapping

import duckdb
import polars as pl

from pipelines.effects.tables.run import Effects

UNITS_TABLE = "mart_effects"
POOLED_TABLE = "mart_effects_pooled"
CHECKS_TABLE = "mart_effect_checks"
DIAGNOSTICS_TABLE = "mart_effect_diagnostics"

# the last digits of a float depend on the machine's linear algebra and its threads
_DIGITS = 6


def write_effects(con: duckdb.DuckDBPyConnection, effects: Effects) -> Mapping[str, int]:
    """Replace the tables, all or nothing.

    Args:
        con: The open warehouse, outside a transaction.
        effects: What was estimated; empty frames give empty tables.

    Returns:
        Rows per table.
    """
    frames = {
        UNITS_TABLE: effects.units,
        POOLED_TABLE: effects.pooled,
        CHECKS_TABLE: effects.checks,
        DIAGNOSTICS_TABLE: effects.diagnostics,
    }
    con.execute("begin transaction")
    try:
        con.execute("create schema if not exists marts")
        for name, frame in frames.items():
            con.register("effect_frame", _tidy(frame))
            con.execute(f"create or replace table marts.{name} as select * from effect_frame")
            con.unregister("effect_frame")
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    return {name: frame.height for name, frame in frames.items()}


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None).round_sig_figs(_DIGITS))
