"""From a grid to a sheet: titles, repeated headers, group rows, totals and footnotes taken out.

Everything works on columns at once. Whether a row that begins like a total is one, is judged in
``totals``; a row with figures is left out for no other reason than that the feed says so.
"""

from dataclasses import dataclass, replace

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.doubtful import (
    Candidate,
    Surroundings,
    candidates,
    names_total,
    says,
    seems_total,
    word_of,
)
from pipelines.ingest.group_rows import FIRST, GROUP, KIND, fill_down, group_values
from pipelines.ingest.header import Header, Wanted, find_header
from pipelines.ingest.left_out import (
    broken_total,
    dropped_without_figures,
    list_dropped,
    lone_texts,
    note_on_figures,
    notes_on_totals,
)
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.shapes import N_FIELDS, SOURCE_ROW, BrokenRow, Grid, Note, Sheet
from pipelines.ingest.text_keys import fold, fold_words
from pipelines.ingest.totals import TotalsJudge, Verdict
from pipelines.ingest.value_columns import Figures, read_figures, value_columns
from pipelines.municipality.feeds import Feed
from pipelines.municipality.file_layout import Layout
from pipelines.words.messages import say

_FOOTNOTE = (
    r"^(?:\*|\d\)|kilde\b|kjelde\b|note\b|merknad|utskrift|utskrevet|side \d|rapport\b|source\b)"
)
_FEW_CELLS = 2
_WIDE = 3
_FILLED = "__filled"
_PLACE = "__place"
_TOTALS = ("total", "total_unchecked", "total_differs")
_DROPPED = (*_TOTALS, "header", "group", "footnote", "lone_text")


@dataclass(frozen=True)
class _Judged:
    """The rows below the header with their kind, and what was found about totals."""

    below: pl.DataFrame
    figures: Figures
    candidates: tuple[Candidate, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    printed: tuple[int, ...] = ()


def to_sheet(grid: Grid, wanted: Wanted, feed: Feed) -> Sheet:
    """Return the data rows under their header.

    Every record of the file is either a layout row (title, header, blank, group, totals,
    footnote), a broken row or a row of the sheet.

    Args:
        grid: The file's cells.
        wanted: For each mapped column its possible names, to recognise the header.
        feed: Says how the file is laid out and which columns hold figures.

    Raises:
        DeliveryRejectedError: ``missing_header``, ``duplicate_header``, ``truncated``, ``empty``.
    """
    layout = feed.layout
    header = find_header(grid, wanted, layout.header_rows)
    judged = _classified(grid, header, feed)
    _stop_if_cut(grid, judged.below, header, layout)
    broken = [*_ragged(judged.below, header, grid), *_held(judged, grid.columns)]
    below = fill_down(judged.below, header, grid.columns, layout)
    wrong = [row.source_row for row in broken]
    data = below.filter((pl.col(KIND) == "data") & ~pl.col(SOURCE_ROW).is_in(wrong))
    if data.is_empty() and not broken:
        raise DeliveryRejectedError(
            "empty",
            say("ingest.layout.headers_without_rows"),
            way_out=say("ingest.layout.check_selection_and_export_again"),
        )
    kept = [
        i for i, has_name in enumerate(header.named) if has_name or data[grid.columns[i]].count()
    ]
    names = {grid.columns[i]: header.names[i] for i in kept}
    if layout.group_row and layout.group_row.column not in names.values():
        names[GROUP] = layout.group_row.column
    rows = data.select(SOURCE_ROW, *names).rename(names)
    dropped = _dropped(grid, header, judged)
    return Sheet(
        rows=rows,
        lines_total=grid.cells.height,
        layout_rows=grid.cells.height - rows.height - len(broken),
        broken=tuple(broken),
        printed_totals=below[list(judged.printed)].select(SOURCE_ROW, *names).rename(names),
        named_columns=tuple(names[grid.columns[i]] for i in kept if header.named[i]),
        encoding=grid.encoding,
        typed=grid.typed,
        notes=(*grid.notes, *_notes(judged), *note_on_figures(dropped)),
        dropped=dropped,
    )


def _classified(grid: Grid, header: Header, feed: Feed) -> _Judged:
    """Return the rows below the header with their kind."""
    below = _by_shape(grid, header, feed)
    values = value_columns(feed, grid.columns, header.names)
    if below[KIND].is_in(["data", "blank", "header"]).all():
        return _Judged(below, read_figures(below, [], typed=grid.typed))
    figures = read_figures(below, values, typed=grid.typed)
    says_figures = pl.col(KIND).is_in(["note", "lone_text"]) & pl.lit(figures.has_figure)
    below = below.with_columns(
        pl.when(says_figures).then(pl.lit("data")).otherwise(KIND)
        .replace({"note": "footnote"}).alias(KIND)
    )  # fmt: skip
    judged = _judge(below, figures, grid, feed.layout)
    return _after_last(judged, header, grid.columns, feed.layout)


def _by_shape(grid: Grid, header: Header, feed: Feed) -> pl.DataFrame:
    """Return the rows below the header with the kind they look like; totals are in doubt."""
    columns, layout = grid.columns, feed.layout
    below = grid.cells.slice(header.first + header.height).with_columns(
        pl.coalesce(columns).alias(FIRST),
        pl.sum_horizontal(pl.col(columns).is_not_null()).alias(_FILLED),
    )
    seems = seems_total(below, columns, FIRST, layout.totals)
    inside = names_total(below, columns[: header.width], layout.totals)
    noted = says(below[FIRST], lambda word: word.str.contains(_FOOTNOTE))
    own_note = _found(below[FIRST], layout.footnote_patterns)
    groups = (layout.group_row.pattern,) if layout.group_row else ()
    few = pl.col(_FILLED) <= _FEW_CELLS
    lonely = (pl.col(_FILLED) == 1) & pl.col(FIRST).str.contains(RECOGNISED["layout.any_letter"])
    is_wide = header.width >= _WIDE
    return below.with_columns(
        pl.when(pl.col(_FILLED) == 0).then(pl.lit("blank"))
        .when(pl.lit(_repeats_header(below, grid, header))).then(pl.lit("header"))
        .when(_found(below[FIRST], groups)).then(pl.lit("group"))
        .when(pl.lit(seems)).then(pl.lit("doubt"))
        .when(own_note).then(pl.lit("footnote"))
        .when(few & is_wide & pl.lit(noted)).then(pl.lit("note"))
        .when(lonely & is_wide).then(pl.lit("lone_text"))
        .when(pl.lit(inside)).then(pl.lit("doubt_inside"))
        .otherwise(pl.lit("data"))
        .alias(KIND)
    )  # fmt: skip


def _judge(below: pl.DataFrame, figures: Figures, grid: Grid, layout: Layout) -> _Judged:
    """Decide what the rows that begin like a total are."""
    kinds = below[KIND]
    places = kinds.str.starts_with("doubt").arg_true().to_list()
    if not places:
        return _Judged(below, figures)
    is_data = kinds == "data"
    cells = {column.cell for column in figures.columns}
    keys = [name for name in grid.columns if name not in cells]
    found = candidates(
        Surroundings(below, places, kinds == "doubt", is_data, keys, figures, layout.totals)
    )
    breaks = kinds.is_in(["blank", "group"]).arg_true().to_list()
    judge = TotalsJudge(found, figures, below.select(keys), is_data, breaks)
    verdicts = judge.judge()
    fates = {c.row: v.fate for c, v in zip(found, verdicts, strict=True)}
    place = pl.int_range(below.height, eager=True)
    kind = place.replace_strict(fates, default=None, return_dtype=pl.String)
    totals = [i for i, v in enumerate(verdicts) if v.fate in _TOTALS]
    whole = [i for i in totals if judge.is_whole(i)]
    odd = [i for i in totals if verdicts[i].fate != "total"]
    return _Judged(
        below.with_columns(pl.coalesce(pl.lit(kind), pl.col(KIND)).alias(KIND)),
        figures,
        tuple(found),
        tuple(verdicts),
        tuple(found[i].row for i in (whole or odd)[-1:]),
    )


def _after_last(judged: _Judged, header: Header, columns: list[str], layout: Layout) -> _Judged:
    """Take rows of a few words below the last total for footnotes."""
    verdicts = zip(judged.candidates, judged.verdicts, strict=True)
    ends = [c.row for c, v in verdicts if c.is_bare and v.fate in _TOTALS]
    if not ends or header.width < _WIDE:
        return judged
    down = {fold(name) for name in layout.fill_down}
    to_fill = [c for c, name in zip(columns, header.names, strict=True) if fold(name) in down]
    filled = pl.sum_horizontal(_FILLED, *(pl.col(name).is_null() for name in to_fill))
    is_short = (filled <= _FEW_CELLS) & ~pl.lit(judged.figures.has_figure)
    after = (pl.int_range(pl.len()) > ends[-1]) & is_short & (pl.col(KIND) == "data")
    below = judged.below.with_columns(
        pl.when(after).then(pl.lit("footnote")).otherwise(KIND).alias(KIND)
    )
    return replace(judged, below=below)


def _held(judged: _Judged, columns: list[str]) -> list[BrokenRow]:
    """Return the rows that say nothing but «Sum» and are no sum."""
    cells = judged.below.select(SOURCE_ROW, *columns)
    verdicts = zip(judged.candidates, judged.verdicts, strict=True)
    return [
        broken_total(
            row, candidate, "\x1f".join(cell or "" for cell in content), judged.figures.columns
        )
        for candidate, verdict in verdicts
        if verdict.fate == "held"
        for row, *content in [cells.row(candidate.row)]
    ]


def _dropped(grid: Grid, header: Header, judged: _Judged) -> pl.DataFrame:
    """Return every row that is left out, from the title to the last footnote."""
    rows = grid.cells[SOURCE_ROW]
    filled = grid.cells.select(pl.any_horizontal(pl.col(grid.columns).is_not_null())).to_series()
    kinds = judged.below[KIND]
    words = {c.row: c.word for c in judged.candidates if c.word}
    above = rows.head(header.first).filter(filled.head(header.first))
    parts = [
        dropped_without_figures(above, "title"),
        dropped_without_figures(rows.slice(header.first, header.height), "header"),
    ]
    if kinds.is_in(_DROPPED).any():
        told = pl.select(pl.when(pl.lit(kinds).is_in(_DROPPED)).then(pl.lit(kinds))).to_series()
        parts.append(list_dropped(judged.below[SOURCE_ROW], told, words, judged.figures))
    return pl.concat(parts)


def _notes(judged: _Judged) -> list[Note]:
    rows = judged.below[SOURCE_ROW]
    lonely = judged.below.filter(pl.col(KIND) == "lone_text")[SOURCE_ROW].to_list()
    return [
        *lone_texts(lonely),
        *notes_on_totals(rows, judged.candidates, judged.verdicts, judged.figures.columns),
    ]


def _repeats_header(below: pl.DataFrame, grid: Grid, header: Header) -> pl.Series:
    """A row that says the same as one of the header's own rows."""
    found: list[int] = []
    for row in grid.cells.slice(header.first, header.height).select(grid.columns).rows():
        like = below.with_row_index(_PLACE)
        for name, cell in zip(grid.columns, row, strict=True):  # few are left after the first
            like = like.filter(word_of(pl.col(name)) == fold_words(cell or ""))
        found += like[_PLACE].to_list()
    return pl.int_range(below.height, eager=True).is_in(found)


def _found(texts: pl.Series, patterns: tuple[str, ...]) -> pl.Expr:
    """Rows whose first filled cell one of the patterns finds something in."""
    hits = [text for pattern in patterns for text in group_values(texts, pattern)]
    return pl.col(FIRST).is_in(hits) if hits else pl.lit(value=False)


def _stop_if_cut(grid: Grid, below: pl.DataFrame, header: Header, layout: Layout) -> None:
    kinds = below[KIND].to_list()
    if layout.required_end and not {*_TOTALS, "held"} & set(kinds):
        raise _truncated(say("ingest.layout.last_total_missing"), below, grid)
    if not grid.cut or not kinds or int(below[N_FIELDS][-1]) >= header.width:
        return
    # a lone text after data may be the start of a row; after a total or a blank it is a footnote
    if kinds[-1] == "data" or (kinds[-1] == "lone_text" and kinds[-2:-1] == ["data"]):
        raise _truncated(say("ingest.layout.last_line_cut"), below, grid)


def _truncated(message: str, below: pl.DataFrame, grid: Grid) -> DeliveryRejectedError:
    last = (below if below.height else grid.cells)[SOURCE_ROW][-1]
    way_out = say("ingest.layout.copy_again")
    return DeliveryRejectedError("truncated", message, where=f"linje {last}", way_out=way_out)


def _ragged(below: pl.DataFrame, header: Header, grid: Grid) -> list[BrokenRow]:
    """Return data rows with too few fields, or with content beyond the header."""
    if grid.typed:  # a workbook's rows are all equally wide; a stray remark is an extra column
        return []
    columns = grid.columns
    beyond = [pl.col(name).is_not_null() for name in columns[header.width :]]
    too_long = pl.any_horizontal(beyond) if beyond else pl.lit(value=False)
    too_short = pl.col(N_FIELDS) < header.width
    bad = below.filter((pl.col(KIND) == "data") & (too_short | too_long))
    return [
        BrokenRow(
            row[SOURCE_ROW],
            "ragged_row",
            say(
                "ingest.layout.row_of_other_width",
                row=row[SOURCE_ROW],
                row_2=row[N_FIELDS],
                width=header.width,
            ),
            "\x1f".join(row[name] or "" for name in columns),
        )
        for row in bad.iter_rows(named=True)
    ]
