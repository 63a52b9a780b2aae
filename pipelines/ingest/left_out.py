"""The list of rows that are left out of a file's data, and what is said about those in doubt.

Which rows they are is decided in ``layout`` and ``totals``.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.ingest.doubtful import Candidate
from pipelines.ingest.shapes import DROPPED_SCHEMA, SOURCE_ROW, BrokenRow, Note, Sheet
from pipelines.ingest.totals import Verdict
from pipelines.ingest.value_columns import Figures, ValueColumn
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb, number_nb

WRONG_TOTAL = "total_differs"
"""Rule of a row that says nothing but «Sum» and is no sum."""

_SHOWN_ROWS = 5


def list_dropped(
    rows: pl.Series, kinds: pl.Series, words: Mapping[int, str], figures: Figures
) -> pl.DataFrame:
    """Return the dropped rows as ``DROPPED_SCHEMA``, in file order.

    Args:
        rows: ``source_row`` of every row below the header.
        kinds: Why each is dropped; null for one that is not.
        words: By place, the word a total begins with.
        figures: Figures of the same rows.
    """
    names = {column.cell: column.header for column in figures.columns}
    frame = (
        pl.DataFrame({SOURCE_ROW: rows, "kind": kinds})
        .with_columns(*(_scaled(figures, column) for column in figures.columns))
        .with_row_index("place")
        .filter(pl.col("kind").is_not_null())
        .with_columns(
            pl.col("place").replace_strict(words, default=None, return_dtype=pl.String)
            .alias("word")
        )
    )  # fmt: skip
    plain = ["place", SOURCE_ROW, "kind", "word"]
    long = frame.unpivot(list(names), index=plain, variable_name="cell", value_name="amount")
    told = long.filter(pl.col("amount").is_not_null()).with_columns(
        pl.col("cell").replace_strict(names, return_dtype=pl.String).alias("column_name")
    )
    silent = frame.filter(~pl.col("place").is_in(told["place"].implode()))
    parts = [_shaped(told), _shaped(silent)]
    return pl.concat(parts).sort(SOURCE_ROW, maintain_order=True)


def dropped_without_figures(rows: pl.Series, kind: str) -> pl.DataFrame:
    """Return rows of one kind, as ``DROPPED_SCHEMA``."""
    return _shaped(pl.DataFrame({SOURCE_ROW: rows, "kind": [kind] * rows.len()}))


def with_valueless(sheet: Sheet, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the dropped rows, and with them those of a wide file in which no value stands.

    Args:
        sheet: The file's rows.
        rows: The rows that were read from it, with ``source_row``.
    """
    gone = sheet.rows[SOURCE_ROW].filter(~sheet.rows[SOURCE_ROW].is_in(rows[SOURCE_ROW].implode()))
    parts = [sheet.dropped, dropped_without_figures(gone, "no_value")]
    return pl.concat(parts).sort(SOURCE_ROW, maintain_order=True)


def notes_on_totals(
    rows: pl.Series, candidates: Sequence[Candidate], verdicts: Sequence[Verdict],
    columns: Sequence[ValueColumn],
) -> list[Note]:  # fmt: skip
    """Return what the user should know of the rows that begin like a total.

    Args:
        rows: ``source_row`` of every row below the header.
        candidates: The rows in doubt.
        verdicts: What they are.
        columns: The columns of figures.
    """
    judged = list(zip(candidates, verdicts, strict=True))
    kept = [c for c, verdict in judged if verdict.fate == "data" and c.is_first]
    notes = []
    if kept:
        notes.append(
            Note(
                "totals_as_data",
                say(
                    "ingest.left_out.totals_read_as_rows",
                    n_kept=len(kept),
                    kept=_shown([rows[c.row] for c in kept]),
                    kept_2=_sums(kept, columns),
                ),
            )
        )
    unsure = [c for c, v in judged if v.fate == "total_unchecked" and _has_sum(c, columns)]
    if unsure:
        notes.append(
            Note(
                "total_unchecked",
                say(
                    "ingest.left_out.totals_not_checked",
                    unsure=_shown([rows[c.row] for c in unsure]),
                    unsure_2=_sums(unsure, columns),
                ),
            )
        )
    for candidate, verdict in judged:
        if verdict.fate == "total" and verdict.fit:
            notes += _wrong(rows[candidate.row], candidate, verdict.fit.wrong)
    return notes


def note_on_figures(dropped: pl.DataFrame) -> list[Note]:
    """Return a note when rows the feed calls footnotes or groups hold figures."""
    hits = dropped.filter(
        pl.col("kind").is_in(["footnote", "group"]) & pl.col("amount").is_not_null()
    )
    if hits.is_empty():
        return []
    sums = hits.group_by("column_name", maintain_order=True).agg(pl.col("amount").sum())
    told = ", ".join(f"«{name}» {nb(amount)}" for name, amount in sums.rows())
    rows = hits[SOURCE_ROW].unique(maintain_order=True).to_list()
    return [
        Note(
            "dropped_with_figures",
            say("ingest.left_out.footnotes_with_figures", rows=_shown(rows), told=told),
        )
    ]


def broken_total(
    row: int, candidate: Candidate, content: str, columns: Sequence[ValueColumn]
) -> BrokenRow:
    """Return the row that says nothing but «Sum» and is no sum, set aside."""
    figures = [
        f"{column.header} {nb(candidate.figures[column.cell])}"
        for column in columns
        if column.cell in candidate.figures
    ]
    return BrokenRow(
        row,
        WRONG_TOTAL,
        say("ingest.left_out.total_does_not_add_up", row=row, word=candidate.word),
        content,
        ", ".join(figures),
    )


def nb(value: float) -> str:
    """Return a figure as text, without decimals when it has none."""
    return number_nb(value, 2).removesuffix(",00")


def lone_texts(rows: Sequence[int]) -> list[Note]:
    """Return a note on rows with one text and nothing else."""
    if not rows:
        return []
    counted = counted_nb(len(rows), "rad", "rader")
    return [
        Note(
            "lone_text_rows",
            say("ingest.left_out.lone_texts_skipped", counted=counted, rows=_shown(rows)),
        )
    ]


def _wrong(
    row: int, candidate: Candidate, wrong: Sequence[tuple[ValueColumn, float]]
) -> list[Note]:
    return [
        Note(
            "total_differs",
            say(
                "ingest.left_out.total_says_other",
                row=row,
                figures=nb(candidate.figures[column.cell]),
                header=column.header,
                total=nb(total),
            ),
        )
        for column, total in wrong
        if not column.tolerance  # what is to be reconciled is told by the reconciliation
    ]


def _has_sum(candidate: Candidate, columns: Sequence[ValueColumn]) -> bool:
    return any(column.is_additive and column.cell in candidate.figures for column in columns)


def _sums(candidates: Sequence[Candidate], columns: Sequence[ValueColumn]) -> str:
    parts = [
        f"«{column.header}» {nb(sum(c.figures.get(column.cell, 0.0) for c in candidates))}"
        for column in columns
        if column.is_additive and any(column.cell in c.figures for c in candidates)
    ]
    return say("ingest.left_out.sums_together") + ", ".join(parts) if parts else ""


def _shown(rows: Sequence[int]) -> str:
    listed = ", ".join(str(row) for row in rows[:_SHOWN_ROWS])
    return listed + (" …" if len(rows) > _SHOWN_ROWS else "")


def _scaled(figures: Figures, column: ValueColumn) -> pl.Series:
    factor = column.mapping.scale if column.mapping.scale is not None else 1.0
    return (figures.values[column.cell] * factor).alias(column.cell)


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in DROPPED_SCHEMA.items()
    )
