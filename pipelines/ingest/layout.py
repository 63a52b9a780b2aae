"""From a grid to a sheet: titles, repeated headers, group rows, totals and footnotes taken out.

Everything works on columns at once; nothing here knows what a value means.
"""

import re

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.header import Header, Wanted, find_header
from pipelines.ingest.shapes import N_FIELDS, SOURCE_ROW, BrokenRow, Grid, Note, Sheet
from pipelines.ingest.text_keys import fold, fold_words
from pipelines.municipality.feeds import Layout

_FOOTNOTE = (
    r"^(?:\*|\d\)|kilde\b|kjelde\b|note\b|merknad|utskrift|utskrevet|side \d|rapport\b|source\b)"
)
_TOTAL_PLACES = 3
_FEW_CELLS = 2
_WIDE = 3
_KIND, _FIRST, _FILLED, _GROUP = "__kind", "__first", "__filled", "__group"
_MARKS = " :.*'\""
_SHOWN_ROWS = 5


def to_sheet(grid: Grid, wanted: Wanted, layout: Layout) -> Sheet:
    """Return the data rows under their header.

    Every record of the file is either a layout row (title, header, blank, group, totals,
    footnote), a broken row or a row of the sheet.

    Args:
        grid: The file's cells.
        wanted: For each mapped column its possible names, to recognise the header.
        layout: What the feed says about the file's layout.

    Raises:
        DeliveryRejectedError: ``missing_header``, ``duplicate_header``, ``truncated``, ``empty``.
    """
    header = find_header(grid, wanted, layout.header_rows)
    below = _classified(grid, header, layout)
    _stop_if_cut(grid, below, header, layout)
    broken = _ragged(below, header, grid)
    below = _fill(below, header, grid.columns, layout)
    wrong = [row.source_row for row in broken]
    data = below.filter((pl.col(_KIND) == "data") & ~pl.col(SOURCE_ROW).is_in(wrong))
    if data.is_empty() and not broken:
        raise DeliveryRejectedError(
            "empty",
            "Filen har overskrifter, men ingen rader.",
            way_out="Kontroller utvalget i fagsystemet og eksporter på nytt.",
        )
    kept = [
        i for i, has_name in enumerate(header.named) if has_name or data[grid.columns[i]].count()
    ]
    names = {grid.columns[i]: header.names[i] for i in kept}
    if layout.group_row and layout.group_row.column not in names.values():
        names[_GROUP] = layout.group_row.column
    rows = data.select(SOURCE_ROW, *names).rename(names)
    totals = below.filter(pl.col(_KIND).is_in(["total", "subtotal"]))
    if not totals.filter(pl.col(_KIND) == "total").is_empty():
        totals = totals.filter(pl.col(_KIND) == "total").tail(1)
    return Sheet(
        rows=rows,
        lines_total=grid.cells.height,
        layout_rows=grid.cells.height - rows.height - len(broken),
        broken=tuple(broken),
        printed_totals=totals.select(SOURCE_ROW, *names).rename(names),
        named_columns=tuple(names[grid.columns[i]] for i in kept if header.named[i]),
        encoding=grid.encoding,
        typed=grid.typed,
        notes=(*grid.notes, *_notes(below)),
    )


def _classified(grid: Grid, header: Header, layout: Layout) -> pl.DataFrame:
    """Return the rows below the header with their kind: data, blank, header, group, total, note."""
    columns = grid.columns
    below = grid.cells.slice(header.first + header.height).with_columns(
        pl.coalesce(columns).alias(_FIRST),
        pl.sum_horizontal(pl.col(columns).is_not_null()).alias(_FILLED),
    )
    words = _word(pl.col(_FIRST))
    totals = [fold_words(text) for text in layout.totals]
    starts = "|".join(re.escape(text) for text in sorted(totals, key=len, reverse=True))
    total = pl.any_horizontal(_word(pl.col(c)).is_in(totals) for c in columns[:_TOTAL_PLACES])
    subtotal = words.str.contains(rf"^(?:{starts})(?:[ :.]|$)") if totals else pl.lit(value=False)
    own_note = _found(below[_FIRST], layout.footnote_patterns)
    groups = (layout.group_row.pattern,) if layout.group_row else ()
    few = pl.col(_FILLED) <= _FEW_CELLS
    lonely = (pl.col(_FILLED) == 1) & pl.col(_FIRST).str.contains(r"[A-Za-zÆØÅæøå*]")
    is_wide = header.width >= _WIDE
    below = below.with_columns(
        pl.when(pl.col(_FILLED) == 0).then(pl.lit("blank"))
        .when(_repeats_header(grid, header)).then(pl.lit("header"))
        .when(_found(below[_FIRST], groups)).then(pl.lit("group"))
        .when(total).then(pl.lit("total"))
        .when(subtotal).then(pl.lit("subtotal"))
        .when(own_note).then(pl.lit("note"))
        .when(few & is_wide & words.str.contains(_FOOTNOTE)).then(pl.lit("note"))
        .when(lonely & is_wide).then(pl.lit("lonely"))
        .otherwise(pl.lit("data"))
        .alias(_KIND)
    )  # fmt: skip
    last = below.with_row_index().filter(pl.col(_KIND) == "total")["index"].max()
    if last is None or not is_wide:
        return below
    down = {fold(name) for name in layout.fill_down}
    to_fill = [c for c, name in zip(columns, header.names, strict=True) if fold(name) in down]
    filled = pl.sum_horizontal(_FILLED, *(pl.col(name).is_null() for name in to_fill))
    is_short = filled <= _FEW_CELLS
    after = (pl.int_range(pl.len()) > last) & is_short & (pl.col(_KIND) == "data")
    return below.with_columns(pl.when(after).then(pl.lit("note")).otherwise(_KIND).alias(_KIND))


def _word(column: pl.Expr) -> pl.Expr:
    lowered = column.str.to_lowercase().str.replace_all(r"\s+", " ")
    return lowered.str.strip_chars(_MARKS).fill_null("")


def _repeats_header(grid: Grid, header: Header) -> pl.Expr:
    """A row that says the same as one of the header's own rows."""
    rows = grid.cells.slice(header.first, header.height).select(grid.columns).rows()
    hits = [
        pl.all_horizontal(
            _word(pl.col(name)) == fold_words(cell or "")
            for name, cell in zip(grid.columns, row, strict=True)
        )
        for row in rows
    ]
    return pl.any_horizontal(hits)


def _found(texts: pl.Series, patterns: tuple[str, ...]) -> pl.Expr:
    """Rows whose first filled cell one of the patterns finds something in."""
    hits = [text for pattern in patterns for text in _matches(texts, pattern)]
    return pl.col(_FIRST).is_in(hits) if hits else pl.lit(value=False)


def _stop_if_cut(grid: Grid, below: pl.DataFrame, header: Header, layout: Layout) -> None:
    kinds = below[_KIND].to_list()
    if layout.required_end and not {"total", "subtotal"} & set(kinds):
        raise _truncated("Sumraden som skal avslutte filen, mangler.", below, grid)
    if not grid.cut or not kinds or int(below[N_FIELDS][-1]) >= header.width:
        return
    # a lone text after data may be the start of a row; after a total or a blank it is a footnote
    if kinds[-1] == "data" or (kinds[-1] == "lonely" and kinds[-2:-1] == ["data"]):
        raise _truncated("Siste linje i filen er avkuttet.", below, grid)


def _truncated(message: str, below: pl.DataFrame, grid: Grid) -> DeliveryRejectedError:
    last = below if below.height else grid.cells
    return DeliveryRejectedError(
        "truncated",
        message,
        where=f"linje {last[SOURCE_ROW][-1]}",
        way_out="Kopier hele filen til innboksen på nytt.",
    )


def _ragged(below: pl.DataFrame, header: Header, grid: Grid) -> list[BrokenRow]:
    """Return data rows with too few fields, or with content beyond the header."""
    if grid.typed:  # a workbook's rows are all equally wide; a stray remark is an extra column
        return []
    columns = grid.columns
    beyond = [pl.col(name).is_not_null() for name in columns[header.width :]]
    too_long = pl.any_horizontal(beyond) if beyond else pl.lit(value=False)
    too_short = pl.col(N_FIELDS) < header.width
    bad = below.filter((pl.col(_KIND) == "data") & (too_short | too_long))
    return [
        BrokenRow(
            row[SOURCE_ROW],
            "ragged_row",
            f"Rad {row[SOURCE_ROW]}: raden har {row[N_FIELDS]} felt, overskriften har "
            f"{header.width}.",
            "\x1f".join(row[name] or "" for name in columns),
        )
        for row in bad.iter_rows(named=True)
    ]


def _fill(below: pl.DataFrame, header: Header, columns: list[str], layout: Layout) -> pl.DataFrame:
    """Carry group values and the columns to fill down to the rows below them."""
    by_key = {fold(name): column for name, column in zip(header.names, columns, strict=True)}
    if layout.group_row:
        values = _matches(below[_FIRST], layout.group_row.pattern)
        group = pl.col(_FIRST).replace_strict(values, default=None, return_dtype=pl.String)
        below = below.with_columns(group.forward_fill().alias(_GROUP))
        own = by_key.get(fold(layout.group_row.column))
        if own:
            below = below.with_columns(pl.coalesce(own, _GROUP).alias(own))
    down = [by_key[fold(name)] for name in layout.fill_down if fold(name) in by_key]
    is_data = pl.col(_KIND) == "data"
    return below.with_columns(
        pl.when(is_data)
        .then(pl.when(is_data).then(name).forward_fill())
        .otherwise(name)
        .alias(name)
        for name in down
    )


def _matches(texts: pl.Series, pattern: str) -> dict[str, str]:
    """Return the group's value for every text the pattern matches."""
    compiled = re.compile(pattern)
    hits = ((text, compiled.search(text)) for text in texts.drop_nulls().unique().to_list())
    return {text: hit.group(hit.lastindex or 0).strip() for text, hit in hits if hit}


def _notes(below: pl.DataFrame) -> list[Note]:
    lonely = below.filter(pl.col(_KIND) == "lonely")[SOURCE_ROW].to_list()
    if not lonely:
        return []
    shown = ", ".join(str(row) for row in lonely[:_SHOWN_ROWS]) + (
        " …" if len(lonely) > _SHOWN_ROWS else ""
    )
    return [
        Note("lone_text_rows", f"{len(lonely)} rader med bare én tekst er hoppet over: {shown}.")
    ]
