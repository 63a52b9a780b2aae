"""A keyed hash of each row that was set aside: the row can be known again, never read."""

import polars as pl

from pipelines.ingest.pseudonyms import fingerprint_of_row
from pipelines.ingest.shapes import SOURCE_ROW, Sheet


def with_row_hashes(problems: pl.DataFrame, sheet: Sheet, key: bytes) -> pl.DataFrame:
    """Return the problems with ``row_sha256`` (String), so that no value is stored.

    Args:
        problems: What was found wrong, by ``source_row``.
        sheet: The file's rows.
        key: The key rows are hashed with.
    """
    content = {row.source_row: row.content for row in sheet.broken}
    wanted = problems[SOURCE_ROW].unique().to_list()
    for row, *cells in sheet.rows.filter(pl.col(SOURCE_ROW).is_in(wanted)).rows():
        content[row] = "\x1f".join(cell or "" for cell in cells)
    hashes = {row: fingerprint_of_row(text, key) for row, text in content.items()}
    hashed = pl.col(SOURCE_ROW).replace_strict(hashes, default=None, return_dtype=pl.String)
    return problems.with_columns(hashed.alias("row_sha256"))
