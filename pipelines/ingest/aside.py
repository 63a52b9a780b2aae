"""Moving rows of a split into quarantine: what the rules of the whole file find after its rows.

Rules about a row alone are judged in ``split``.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipelines.ingest.shapes import SOURCE_ROW
from pipelines.ingest.split import Split

AT = "__at"
"""Place of a row among the valid ones."""


def numbered(result: Split) -> pl.DataFrame:
    """Return the valid rows with ``__at`` (UInt32)."""
    return result.valid.with_row_index(AT)


def set_aside(result: Split, found: Sequence[tuple[pl.DataFrame, pl.DataFrame]]) -> Split:
    """Return the split with more rows in quarantine.

    Args:
        result: The split.
        found: Pairs of rows from ``numbered`` and their problems, in ``PROBLEM_SCHEMA``.
    """
    if not found:
        return result
    places = pl.concat([rows[AT] for rows, _ in found]).unique().to_list()
    valid = numbered(result)
    is_bad = pl.col(AT).is_in(places)
    problems = pl.concat([result.problems, *(told for _, told in found)])
    return replace(
        result,
        valid=valid.filter(~is_bad).drop(AT),
        problems=problems.sort(SOURCE_ROW, maintain_order=True),
        n_quarantined=result.n_quarantined + len(places),
        aside=pl.concat([result.aside, valid.filter(is_bad).select(result.aside.columns)]),
    )
