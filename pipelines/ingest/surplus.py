"""Rows of a text file with more fields than the header, settled as the feed says.

Without a setting they are set aside in ``layout``, which also sees rows with too few fields.
"""

from dataclasses import replace

import polars as pl

from pipelines.ingest.header import Header
from pipelines.ingest.shapes import N_FIELDS, Grid
from pipelines.ingest.text_keys import fold
from pipelines.municipality.file_layout import JoinSurplus, Layout


def settle_surplus(grid: Grid, header: Header, layout: Layout) -> Grid:
    """Return the grid with the surplus fields below the header dropped or joined.

    Args:
        grid: The file's cells; a workbook is returned as it is, its rows are equally wide.
        header: The header.
        layout: ``surplus_fields`` says what a surplus field is.
    """
    if grid.typed or layout.surplus_fields == "quarantine" or len(grid.columns) <= header.width:
        return grid
    below = header.first + header.height
    if isinstance(layout.surplus_fields, JoinSurplus):
        place = _place(header, layout.surplus_fields.join)
        return grid if place is None else replace(grid, cells=_joined(grid, below, place))
    is_above = pl.int_range(pl.len()) < below
    return replace(
        grid,
        cells=grid.cells.with_columns(
            pl.when(is_above).then(pl.col(name)).alias(name)
            for name in grid.columns[header.width :]
        ),
    )


def _place(header: Header, name: str) -> int | None:
    keys = [fold(text) for text in header.names]
    return keys.index(fold(name)) if fold(name) in keys else None


def _joined(grid: Grid, below: int, place: int) -> pl.DataFrame:
    """Give the fields that a separator in a text has split back to the text."""
    usual = int(grid.cells[N_FIELDS][below - 1])
    is_wide = grid.cells.select(
        (pl.col(N_FIELDS) > usual) & (pl.int_range(pl.len()) >= below)
    ).to_series()
    rows = []
    for n_fields, *cells in grid.cells.filter(is_wide).select(N_FIELDS, *grid.columns).rows():
        after = place + n_fields - usual + 1
        text = grid.separator.join(cell or "" for cell in cells[place:after])
        fixed = [*cells[:place], text or None, *cells[after:]]
        rows.append((usual, *fixed, *[None] * (len(cells) - len(fixed))))
    names = [N_FIELDS, *grid.columns]
    settled = pl.DataFrame(
        rows, schema={name: grid.cells.schema[name] for name in names}, orient="row"
    )
    positions = is_wide.arg_true()
    return grid.cells.with_columns(
        grid.cells[name].scatter(positions, settled[name]).alias(name) for name in names
    )
