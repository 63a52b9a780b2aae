"""Rows that name no unit, as when a unit stands once above its rows or its cells are merged.

A table may have such rows (accounts that belong to no unit), so they count, but it is told.
"""

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet
from pipelines.ingest.mapping import shown_name
from pipelines.ingest.shapes import SOURCE_ROW, Note
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

_UNIT = "unit_id"
_LEAST_SHARE = 0.2
"""Fewer than this are the ordinary lines of no unit."""


def told_blank_units(delivered: DeliveredSet) -> tuple[Note, ...]:
    """Return a note when many rows below one with a unit have none, at most one.

    Args:
        delivered: The delivery.
    """
    mapping = delivered.feed.columns.get(_UNIT)
    kroner = next((c.name for c in delivered.table.columns if c.name.endswith("_nok")), None)
    # where no kroner are at stake, an empty unit is how the whole municipality is written
    if mapping is None or not mapping.file_columns or mapping.default is not None or not kroner:
        return ()
    is_blank = pl.col(_UNIT).is_null()
    found = delivered.taken(
        delivered.rows.select(
            pl.len().alias("n_rows"),
            is_blank.sum().alias("n_blank"),
            pl.col(SOURCE_ROW).min().alias("first"),
            pl.col(SOURCE_ROW).filter(is_blank).min().alias("first_blank"),
            pl.col(kroner).filter(is_blank).sum().alias("kroner"),
        )
    ).row(0, named=True)
    is_few = not found["n_blank"] or found["n_blank"] < _LEAST_SHARE * found["n_rows"]
    if is_few or found["first"] == found["first_blank"]:
        return ()
    sums = number_nb(float(found["kroner"]), 0)
    name = shown_name(mapping, delivered.table.column(_UNIT))
    return (
        Note(
            "blank_units",
            say(
                "ingest.blank_units.rows_without_unit",
                n_blank=number_nb(found["n_blank"], 0),
                n_rows=number_nb(found["n_rows"], 0),
                name=name,
                sums=sums,
                blank=found["first_blank"],
                id=delivered.feed.id,
                contract=delivered.feed.contract,
            ),
        ),
    )
