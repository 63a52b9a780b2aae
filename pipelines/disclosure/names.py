"""One name for figures that are the same sum of measures, whichever metrics tell them.

What is shown of one metric is not hidden of another; and what several hide is one secret, looked
for once. Which figures are the same is in ``measures``.
"""

from dataclasses import replace

import polars as pl

from pipelines.disclosure.atoms import Truth

_CELL = ["level", "group_id", "metric_id", "side", "month"]


def by_name(figures: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """Call every figure by the name that its sum of measures goes by.

    Args:
        figures: With ``metric_id`` and ``side``.
        truth: For the names.

    Returns:
        The same with those two exchanged, and ``name_order`` (the figure that gives the name is
        first), ``is_own``: whether hiding it hides the sum. A count below another's line is hidden
        where the other's is, which says nothing of itself.
    """
    return (
        figures.join(truth.named, on=["metric_id", "side"], maintain_order="left")
        .with_columns(metric_id="as_metric", side="as_side")
        .drop("as_metric", "as_side", "is_pure")
    )


def named_truth(truth: Truth) -> Truth:
    """Return the truth with one cell for each sum, and wholes by the names they go by."""
    cells = by_name(truth.cells, truth).sort("name_order", maintain_order=True)
    names = dict(
        truth.named.filter(pl.col("side") == "numerator")
        .select("metric_id", "as_metric")
        .iter_rows()
    )
    return replace(
        truth,
        cells=cells.unique(_CELL, keep="first", maintain_order=True).drop("name_order", "is_own"),
        metrics=truth.metrics.with_columns(pl.col("split_of").replace(names)),
    )


def pure_names(truth: Truth) -> pl.DataFrame:
    """Return the numerators whose figure is the sum that gives them their name: ``metric_id``."""
    is_first = (pl.col("metric_id") == pl.col("as_metric")) & (pl.col("side") == pl.col("as_side"))
    found = truth.named.filter(is_first & pl.col("is_pure") & (pl.col("side") == "numerator"))
    return found.select("metric_id")
