"""The effect tables written to the warehouse's marts, always with the same columns and types."""

from collections.abc import Mapping

import duckdb
import polars as pl

from pipelines.effects.tables.run import Effects
from pipelines.warehouse.replaced import replace_tables

UNITS_TABLE = "mart_effects"
POOLED_TABLE = "mart_effects_pooled"
CHECKS_TABLE = "mart_effect_checks"
DIAGNOSTICS_TABLE = "mart_effect_diagnostics"

# the last digits of a float depend on the machine's linear algebra and its threads
_DIGITS = 6
_AS_MEASURED = ("mean_before", "mean_after", "naive_delta", "seasonal_delta", "n_pairs")


def write_effects(con: duckdb.DuckDBPyConnection, effects: Effects) -> Mapping[str, int]:
    """Replace the tables, all or nothing.

    Args:
        con: The open warehouse, outside a transaction.
        effects: What was estimated; empty frames give empty tables.

    Returns:
        Rows per table.
    """
    frames = {
        UNITS_TABLE: _one_before(effects.units),
        POOLED_TABLE: effects.pooled,
        CHECKS_TABLE: effects.checks,
        DIAGNOSTICS_TABLE: effects.diagnostics,
    }
    replace_tables(con, "marts", {name: _tidy(frame) for name, frame in frames.items()})
    return {name: frame.height for name, frame in frames.items()}


def _one_before(units: pl.DataFrame) -> pl.DataFrame:
    """Leave levels before and after only where an effect was estimated over those very months.

    Elsewhere the months the estimate would have been about are often others than those the figures
    of ``mart_before_after`` and ``mart_headlines`` are from, and nobody could tell the two apart.
    """
    is_estimated = pl.col("cf_delta").is_not_null()
    return units.with_columns(pl.when(is_estimated).then(pl.col(*_AS_MEASURED)))


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None).round_sig_figs(_DIGITS))
