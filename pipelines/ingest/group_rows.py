"""Values that stand once for several rows: in a row that names a group, or in a group's first row.

Which rows name a group is decided in ``layout``.
"""

import re

import polars as pl

from pipelines.ingest.header import Header
from pipelines.ingest.text_keys import fold
from pipelines.municipality.file_layout import Layout

KIND, FIRST, GROUP = "__kind", "__first", "__group"


def fill_down(
    below: pl.DataFrame, header: Header, columns: list[str], layout: Layout
) -> pl.DataFrame:
    """Carry group values and the columns to fill down to the rows below them."""
    by_key = {fold(name): column for name, column in zip(header.names, columns, strict=True)}
    if layout.group_row:
        values = group_values(below[FIRST], layout.group_row.pattern)
        group = pl.col(FIRST).replace_strict(values, default=None, return_dtype=pl.String)
        below = below.with_columns(group.forward_fill().alias(GROUP))
        own = by_key.get(fold(layout.group_row.column))
        if own:
            below = below.with_columns(pl.coalesce(own, GROUP).alias(own))
    down = [by_key[fold(name)] for name in layout.fill_down if fold(name) in by_key]
    is_data = pl.col(KIND) == "data"
    return below.with_columns(
        pl.when(is_data)
        .then(pl.when(is_data).then(name).forward_fill())
        .otherwise(name)
        .alias(name)
        for name in down
    )


def group_values(texts: pl.Series, pattern: str) -> dict[str, str]:
    """Return the group's value for every text the pattern matches."""
    compiled = re.compile(pattern)
    hits = ((text, compiled.search(text)) for text in texts.drop_nulls().unique().to_list())
    return {text: hit.group(hit.lastindex or 0).strip() for text, hit in hits if hit}
