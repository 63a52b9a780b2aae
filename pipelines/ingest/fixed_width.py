"""Files that bring their own columns: fixed-width records (KOSTRA) and Parquet.

Neither has titles, totals or footnotes, so they become sheets without passing ``layout``.
"""

import io
from collections.abc import Sequence

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.clock import NORWAY
from pipelines.ingest.csv_reader import tidy
from pipelines.ingest.encoding import Decoded
from pipelines.ingest.shapes import SOURCE_ROW, BrokenRow, Grid, Sheet
from pipelines.ingest.xlsx_reader import repair_cells
from pipelines.municipality.file_layout import FixedColumn
from pipelines.words.messages import say

_PARQUET_MARK = b"PAR1"
_MOST = 0.5


def read_fixed_width(
    decoded: Decoded, columns: Sequence[FixedColumn], record_length: int | None
) -> Sheet:
    """Return the records of a fixed-width text.

    Args:
        decoded: The file's text.
        columns: Name, first character (1-based) and length of each field.
        record_length: Characters in a whole record; None takes the end of the last field.

    Raises:
        DeliveryRejectedError: ``empty``; ``record_length`` when most records have a wrong length.
    """
    wanted = record_length or max(column.start + column.length - 1 for column in columns)
    lines = decoded.text.rstrip("\x1a\r\n").splitlines()
    numbered = [(i, line) for i, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise DeliveryRejectedError(
            "empty",
            say("ingest.fixed_width.file_is_empty"),
            way_out=say("ingest.fixed_width.export_again"),
        )
    good = [(i, line) for i, line in numbered if len(line) == wanted]
    broken = [
        BrokenRow(
            i,
            "record_length",
            say("ingest.fixed_width.record_length_wrong", i=i, n_line=len(line), wanted=wanted),
            line,
        )
        for i, line in numbered
        if len(line) != wanted
    ]
    if len(broken) > _MOST * len(numbered):
        raise DeliveryRejectedError(
            "record_length",
            say(
                "ingest.fixed_width.records_of_wrong_length",
                n_broken=len(broken),
                n_numbered=len(numbered),
                wanted=wanted,
            ),
            where=f"linje {broken[0].source_row}",
            way_out=say("ingest.fixed_width.check_kostra_file"),
        )
    text = pl.Series([line for _, line in good], dtype=pl.String)
    rows = pl.DataFrame(
        {
            SOURCE_ROW: pl.Series([i for i, _ in good], dtype=pl.Int32),
            **{c.name: text.str.slice(c.start - 1, c.length) for c in columns},
        }
    )
    return Sheet(
        rows=tidy(rows),
        lines_total=len(lines),
        layout_rows=len(lines) - len(numbered),
        broken=tuple(broken),
        named_columns=tuple(c.name for c in columns),
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


def read_parquet(raw: bytes) -> Sheet:
    """Return the rows of a Parquet file, every value as text.

    Raises:
        DeliveryRejectedError: ``truncated``, ``nested_column``, ``empty``, ``mojibake``, ``nul``.
    """
    if not (raw.startswith(_PARQUET_MARK) and raw.endswith(_PARQUET_MARK)):
        raise _cut_parquet()
    try:
        frame = pl.read_parquet(io.BytesIO(raw))
    except (pl.exceptions.PolarsError, OSError):
        raise _cut_parquet() from None
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    if nested:
        raise DeliveryRejectedError(
            "nested_column",
            say("ingest.fixed_width.nested_column", nested=nested[0]),
            way_out=say("ingest.fixed_width.deliver_flat_table"),
        )
    if frame.is_empty():
        raise DeliveryRejectedError(
            "empty",
            say("ingest.fixed_width.no_rows"),
            way_out=say("ingest.fixed_width.check_selection_and_export_again"),
        )
    text = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias(SOURCE_ROW),
        *[_as_text(name, kind) for name, kind in frame.schema.items()],
    )
    grid = repair_cells(Grid(tidy(text), typed=True))
    return Sheet(
        rows=grid.cells,
        lines_total=frame.height,
        layout_rows=0,
        named_columns=tuple(frame.columns),
        typed=True,
        notes=grid.notes,
    )


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime) and kind.time_zone:
        local = pl.col(name).dt.convert_time_zone(str(NORWAY)).dt.replace_time_zone(None)
        return local.cast(pl.String)
    text = pl.col(name).cast(pl.String)
    return text.str.replace(r"\.0+$", "") if kind.is_float() else text


def _cut_parquet() -> DeliveryRejectedError:
    return DeliveryRejectedError(
        "truncated",
        say("ingest.fixed_width.parquet_cut"),
        way_out=say("ingest.fixed_width.copy_again"),
    )
