"""Rows that begin like a total, and what is known of each before anything is added up."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.ingest.text_keys import fold_words
from pipelines.ingest.value_columns import Figures

_EXACT_PLACES = 3
_USUAL_SHARE = 0.9
Words = Sequence[str]
_MARKS = " :.*'\""


@dataclass(frozen=True)
class Candidate:
    """A row that begins like a total.

    Attributes:
        row: Its place below the header.
        word: The configured word it begins with, as configured.
        is_first: The word begins the row, so it would have been taken for a total by name.
        is_leading: Its first filled cell is the one with the word.
        is_bare: It says nothing but the word.
        is_complete: Every column that data rows fill is filled.
        is_like_data: Complete, and more than the word itself says what it is about; such a row is a
            total only if nothing speaks against it.
        is_only_name: The file has nothing but a name to say what a row is about.
        is_alone: One cell is filled.
        is_label: The row beside it begins with the same text and is complete too, so the text is
            a heading that data rows repeat.
        is_unreadable: Something that is no number stands in a column of figures.
        figures: Its figures by cell.
        keys: Its other cells.
        groups: Key column and value of groups that it may be the total of.
        names_group: Its own words name one of them: «Sum ansvar 3120».
        run_starts: Where the runs of equal keys just above it begin.
    """

    row: int
    word: str
    is_first: bool
    is_leading: bool
    is_bare: bool
    is_complete: bool
    is_like_data: bool
    is_only_name: bool
    is_alone: bool
    is_label: bool
    is_unreadable: bool
    figures: Mapping[str, float]
    keys: Mapping[str, str]
    groups: tuple[tuple[str, str], ...]
    names_group: bool
    run_starts: tuple[int, ...]


def word_of(column: pl.Expr) -> pl.Expr:
    """Return the text for comparing with words: lowered, one space, no outer marks, '' if none."""
    lowered = column.str.to_lowercase().str.replace_all(r"\s+", " ")
    return lowered.str.strip_chars(_MARKS).fill_null("")


def begins_with(words: Sequence[str]) -> str:
    """Return the pattern of a text that begins with one of the words."""
    starts = "|".join(re.escape(fold_words(text)) for text in sorted(words, key=len, reverse=True))
    return rf"^({starts})(?:[ :.]|$)"


def seems_total(below: pl.DataFrame, columns: Sequence[str], first: str, words: Words) -> pl.Series:
    """Return whether a row begins like a total or has the word alone in one of its first cells.

    Args:
        below: The rows, with all these columns.
        columns: The cells of a row.
        first: The column with its first filled cell.
        words: The words that totals begin with.
    """
    plain = [fold_words(text) for text in words]
    found = says(below[first], lambda word: word.str.contains(begins_with(words)), words)
    for name in columns[:_EXACT_PLACES]:
        found |= says(below[name], lambda word: word.is_in(plain), words)
    return found


def names_total(below: pl.DataFrame, keys: Sequence[str], words: Words) -> pl.Series:
    """Return whether some cell that says what a row is about begins like a total."""
    found = pl.repeat(value=False, n=below.height, dtype=pl.Boolean, eager=True)
    for name in keys:
        found |= says(below[name], lambda word: word.str.contains(begins_with(words)), words)
    return found


def says(
    texts: pl.Series, test: Callable[[pl.Expr], pl.Expr], words: Words | None = None
) -> pl.Series:
    """Return which texts pass a test of ``word_of``; each different text is tested once.

    Args:
        texts: A column.
        test: Of the text for comparing; false for none.
        words: What the test looks for, when it looks for words: where all begin with a letter, a
            text without any is not asked.
    """
    nowhere = pl.repeat(value=False, n=texts.len(), dtype=pl.Boolean, eager=True)
    if words is not None and not words:
        return nowhere
    unique = texts.drop_nulls().unique().alias("text").to_frame()
    if words is not None and all(fold_words(word)[:1].isalpha() for word in words):
        unique = unique.filter(pl.col("text").str.contains(r"\pL"))
    hits = unique.filter(test(word_of(pl.col("text"))))["text"]
    return nowhere if hits.is_empty() else texts.is_in(hits.to_list()).fill_null(value=False)


@dataclass(frozen=True)
class Surroundings:
    """The rows below the header, among which some are in doubt.

    Attributes:
        below: The rows, with the grid's columns.
        rows: Places of the rows in doubt, rising.
        is_first: Boolean per row: the row begins with the word.
        is_data: Boolean per row: certainly data.
        keys: The columns that hold no figures.
        figures: The figures of all rows.
        words: The words that totals begin with.
    """

    below: pl.DataFrame
    rows: Sequence[int]
    is_first: pl.Series
    is_data: pl.Series
    keys: Sequence[str]
    figures: Figures
    words: Sequence[str]


def candidates(around: Surroundings) -> list[Candidate]:
    """Return what is known of the rows that may be totals."""
    below, rows, keys, figures = around.below, around.rows, around.keys, around.figures
    is_data, words = around.is_data, around.words
    usual = _usual(below, rows, is_data, keys)
    starts = _run_starts(below, rows, is_data, usual)
    cells = _cells(below, rows, keys)
    known = _Known(below.filter(is_data).select(usual))
    spelled = {fold_words(word): word for word in words}
    pattern = re.compile(begins_with(words))
    found = []
    for row in rows:
        filled = {key: text for key, text in cells[row].items() if text is not None}
        place = _place(filled, pattern)
        text = fold_words(filled.get(place, ""))
        hit = pattern.match(text)
        rest = text[hit.end(1) :].strip(_MARKS) if hit else ""
        said, own = known.said(rest), known.own(filled, place)
        is_complete = all(key in filled for key in usual)
        is_like_data = is_complete and bool(rest or len(usual) > 1)
        values = {
            column.cell: value
            for column in figures.columns
            if (value := figures.values[column.cell][row]) is not None
        }
        found.append(
            Candidate(
                row=row,
                word=spelled.get(hit.group(1), "") if hit else "",
                is_first=bool(around.is_first[row]),
                is_leading=place == next(iter(filled), ""),
                is_bare=not rest,
                is_complete=is_complete,
                is_like_data=is_like_data,
                is_only_name=len(usual) <= 1,
                is_alone=len(filled) + len(values) <= 1,
                is_label=is_like_data and _is_label(below, row, place, usual),
                is_unreadable=any(figures.unreadable[c.cell][row] for c in figures.columns),
                figures=values,
                keys=filled,
                groups=(*said, *own),
                names_group=bool(said) and not is_complete,
                run_starts=starts[row],
            )
        )
    return found


def _cells(
    below: pl.DataFrame, rows: Sequence[int], keys: Sequence[str]
) -> dict[int, dict[str, str | None]]:
    found = below[list(rows)].select(keys).to_dicts()
    return dict(zip(rows, found, strict=True))


def _usual(
    below: pl.DataFrame, rows: Sequence[int], is_data: pl.Series, keys: Sequence[str]
) -> list[str]:
    """Return the key columns that nearly every data row fills."""
    among = below.filter(is_data)
    if among.is_empty():  # every line begins like a total; those that say most are the lines
        filled = pl.sum_horizontal(pl.col(keys).is_not_null())
        among = below[list(rows)].filter(filled == filled.max())
    return [key for key in keys if among[key].count() >= _USUAL_SHARE * among.height > 0]


def _place(filled: Mapping[str, str], pattern: re.Pattern[str]) -> str:
    """Return the cell with the word; the one that says nothing else goes first."""
    hits = [key for key, text in filled.items() if pattern.match(fold_words(text))]
    bare = [key for key in hits if pattern.fullmatch(fold_words(filled[key]))]
    return next(iter([*bare, *hits]), "")


def _is_label(below: pl.DataFrame, row: int, place: str, usual: Sequence[str]) -> bool:
    around = [i for i in (row - 1, row + 1) if 0 <= i < below.height]
    return any(
        below[place][i] == below[place][row] and all(below[key][i] is not None for key in usual)
        for i in around
    )


class _Known:
    """The values of the key columns, by how they compare; looked up when first asked for."""

    def __init__(self, keys: pl.DataFrame) -> None:
        self._keys = keys
        self._found: dict[str, dict[str, list[str]]] = {}

    def said(self, rest: str) -> list[tuple[str, str]]:
        """Return the groups that the words behind «Sum» name."""
        words = rest.split()
        texts = {rest, " ".join(words[1:]), *words[-1:]} - {""}
        return [hit for key in self._keys.columns for hit in self._hits(key, texts)]

    def own(self, filled: Mapping[str, str], place: str) -> list[tuple[str, str]]:
        """Return the groups that the row's other cells name."""
        keys = [key for key in self._keys.columns if key in filled and key != place]
        return [hit for key in keys for hit in self._hits(key, {fold_words(filled[key])})]

    def _hits(self, key: str, texts: set[str]) -> list[tuple[str, str]]:
        if not texts:
            return []
        if key not in self._found:
            spellings: dict[str, list[str]] = {}
            for text in sorted(self._keys[key].drop_nulls().unique().to_list()):
                spellings.setdefault(fold_words(text), []).append(text)
            self._found[key] = spellings
        found = self._found[key]
        return [(key, value) for text in sorted(texts) for value in found.get(text, ())]


def _run_starts(
    below: pl.DataFrame, rows: Sequence[int], is_data: pl.Series, usual: Sequence[str]
) -> dict[int, tuple[int, ...]]:
    """Return for each row where the runs of equal keys that end above it begin."""
    data = below.select(usual).with_row_index("__row").filter(is_data)
    starts = data.select(
        "__row",
        *(
            pl.when((pl.int_range(pl.len()) == 0) | pl.col(key).ne_missing(pl.col(key).shift()))
            .then("__row").forward_fill().alias(key)
            for key in usual
        ),
    )  # fmt: skip
    places = starts["__row"].search_sorted(pl.Series(rows, dtype=pl.UInt32))
    return {
        row: tuple(sorted({int(starts[key][place - 1]) for key in usual}, reverse=True))
        if place
        else ()
        for row, place in zip(rows, places, strict=True)
    }
