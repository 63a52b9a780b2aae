"""The attacker's table: hidden figures, and how many follow from what is published."""

import polars as pl

from pipelines.disclosure.attack import Attack

_NOTHING = 1e-6


def summary(found: Attack) -> pl.DataFrame:
    """Count what was found by table, metric and level.

    Returns:
        ``table_name, metric_id, level, n_hidden, n_exact, n_exact_nonzero, n_inside``: inside the
        protection level counts the exact ones too; what only stands below a line is told so.
    """
    is_exact = pl.col("is_exact")
    is_below = pl.col("side") == "denominator"
    name = pl.format("{}/denominator", "metric_id")
    return (
        found.cells.with_columns(metric_id=pl.when(is_below).then(name).otherwise("metric_id"))
        .group_by("table_name", "metric_id", "level")
        .agg(
            n_hidden=pl.len(),
            n_exact=is_exact.sum(),
            n_exact_nonzero=(is_exact & (pl.col("truth").abs() > _NOTHING)).sum(),
            n_inside=(pl.col("is_inside") | is_exact).sum(),
        )
        .sort("table_name", "metric_id", "level")
    )
