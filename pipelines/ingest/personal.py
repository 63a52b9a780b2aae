"""Stop a file that brings names or personal identifiers; never say what it brought.

What an identifier is, is defined in ``pipelines.desk.personal_identifiers``. Pseudonyms for the
numbers that may come in are made in ``pseudonyms``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from pipelines.desk.personal_identifiers import (
    MAY_HOLD,
    WORDS_NB,
    are_mostly_identity_numbers,
    hits_in_column,
    identifiers_in,
    masked,
)
from pipelines.desk.telephones import MAY_BE_ONE
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.columns import yaml_place
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.shapes import SOURCE_ROW, Note
from pipelines.ingest.text_keys import fold
from pipelines.municipality.feeds import Feed
from pipelines.words.messages import say


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAME_WORDS = _words(
    "navn namn fornavn fornamn etternavn etternamn mellomnavn mellomnamn name names firstname "
    "lastname forename surname ansattnavn ansattnamn ansattsnavn personnavn medarbeidernavn "
    "ledernavn arbeidstakernavn fullname employeename"
)
_NUMBER_WORDS = _words(RECOGNISED["personal.identity_headers"])
# only as the whole header: children are born too, and counted
_BORN = _words(RECOGNISED["personal.birth_headers"])
# words that say the name is not a person's
_THING_WORDS = _words(RECOGNISED["personal.thing_headers"])
# a name that is a person's whatever else its header says, and who holds a post
_PERSON_HEADER = re.compile(RECOGNISED["personal.person_headers"], re.IGNORECASE)
# a telephone number as people write it, a surname with a first name behind it
_PERSONAL = re.compile(RECOGNISED["personal.looks_personal"])
_MASKED = r"^[*xX.\-\s]*$"
_STOPPING = {"identity_number", "bank_account"}
_ADDRESS = rf"[^\s@]@[^\s@]+\.\w|{MAY_BE_ONE}"
_SHOWN = 5
_TAKE_OUT = say("ingest.personal.take_column_out")


class IdentifierHit(NamedTuple):
    """The cells of one column that hold a personal identifier.

    Attributes:
        column: The column.
        rows: Their ``source_row``, in order.
        filled: The ``source_row`` of every filled cell of the column.
        kinds: What they hold, in bokmål.
        is_of_persons: Whether most of the column's different numbers are identity numbers, so that
            no declaration can make it one of codes.
    """

    column: str
    rows: tuple[int, ...]
    filled: pl.Series
    kinds: tuple[str, ...]
    is_of_persons: bool


def identifier_hits(rows: pl.DataFrame, columns: Collection[str]) -> list[IdentifierHit]:
    """Return where cells hold identity numbers or bank accounts.

    A person's e-mail address or telephone stops no file: it is hidden where it would be kept
    (``without_addresses``).

    Args:
        rows: ``source_row`` and String columns.
        columns: The columns to look at: all of them, mapped or not.
    """
    hits = []
    for column in columns:
        suspects = rows[column].filter(rows[column].str.contains(MAY_HOLD)).unique().to_list()
        found = {text: kind for text, kind in hits_in_column(suspects).items() if kind in _STOPPING}
        if not found:
            continue
        cells = rows.filter(pl.col(column).is_in(list(found)))
        kinds = dict.fromkeys(WORDS_NB[kind] for kind in sorted(found.values()))
        hits.append(
            IdentifierHit(
                column,
                tuple(cells[SOURCE_ROW].to_list()),
                rows[SOURCE_ROW].filter(rows[column].is_not_null()),
                tuple(kinds),
                are_mostly_identity_numbers(suspects),
            )
        )
    return hits


def refuse_identifiers(
    hits: Sequence[IdentifierHit],
    feed: Feed,
    names: Mapping[str, str] | None = None,
    first_row: int = 0,
) -> None:
    """Stop the file if a cell holds a personal identifier and its column is not declared.

    Args:
        hits: What was found.
        feed: Says which columns are known not to be personal.
        names: Column -> its header; the columns' own names when not given.
        first_row: The first row of data; a declaration says nothing of what stands above.

    Raises:
        DeliveryRejectedError: ``personal_data``; names columns, rows and how many, never the
            content.
    """
    declared = {fold(name) for name in feed.not_personal}
    told = []
    for hit in hits:
        name = (names or {}).get(hit.column, hit.column)
        is_declared = fold(name) in declared and not hit.is_of_persons
        rows = [row for row in hit.rows if not is_declared or row < first_row]
        if rows:
            told.append((name, rows, hit))
    if told:
        raise _refuse(
            " ".join(_told(name, rows, hit, first_row) for name, rows, hit in told[:_SHOWN]),
            _places(told[0][1]),
            _way_out(feed, told[0][0], is_of_persons=told[0][2].is_of_persons),
        )


def refuse_identifiers_in(rows: pl.DataFrame, columns: Collection[str], feed: Feed) -> None:
    """Stop a file that brings its own columns if a cell or a column's name holds an identifier.

    Raises:
        DeliveryRejectedError: ``personal_data``.
    """
    if hits_in_column(list(columns)):
        raise _refuse(say("ingest.personal.header_is_personal"), "overskriften")
    refuse_identifiers(identifier_hits(rows, columns), feed)


def without_addresses(texts: pl.Series, rows: pl.Series, name: str) -> tuple[pl.Series, list[Note]]:
    """Return a column's texts with persons' addresses and telephones hidden, and a note of where.

    Args:
        texts: The column's values (String).
        rows: Their ``source_row``.
        name: The column's header.
    """
    suspects = texts.filter(texts.str.contains(_ADDRESS)).unique().to_list()
    hidden = {text: told for text in suspects if (told := masked(text)) != text}
    if not hidden:
        return texts, []
    places = _places(rows.filter(texts.is_in(list(hidden))).to_list())
    kinds = dict.fromkeys(WORDS_NB[each.kind] for text in hidden for each in identifiers_in(text))
    told_nb = say(
        "ingest.personal.addresses_hidden", name=name, kinds=" og ".join(kinds), places=places
    )
    return texts.replace(hidden), [Note("address_hidden", told_nb)]


def refuse_sheet_name(name: str) -> None:
    """Stop a workbook whose sheet is named after a person.

    Raises:
        DeliveryRejectedError: ``personal_data``; does not repeat the name.
    """
    if identifiers_in(name):
        raise _refuse(
            say("ingest.personal.sheet_name_is_personal"),
            say("ingest.personal.the_sheets_name"),
            say("ingest.personal.rename_sheet"),
        )


def _told(name: str, rows: Sequence[int], hit: IdentifierHit, first_row: int) -> str:
    n_filled = int((hit.filled >= min(first_row, rows[0])).sum())
    return say(
        "ingest.personal.cells_look_personal",
        name=masked(name),
        kinds=" og ".join(hit.kinds),
        n_rows=len(rows),
        n_filled=n_filled,
    )


def _places(rows: Sequence[int]) -> str:
    shown = [str(row) for row in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        return say(
            "ingest.personal.rows_and_more", shown=", ".join(shown), n_rows=len(rows) - _SHOWN
        )
    return f"rad {' og '.join([', '.join(shown[:-1]), shown[-1]] if shown[:-1] else shown)}"


def _way_out(feed: Feed, name: str, *, is_of_persons: bool) -> str:
    if is_of_persons:
        return _TAKE_OUT
    return say(
        "ingest.personal.say_it_is_not_personal",
        take_out=_TAKE_OUT,
        feed=yaml_place(feed, "not_personal"),
    )


def refuse_names(
    rows: pl.DataFrame, columns: Collection[str], mapped: Collection[str], feed: Feed
) -> list[Note]:
    """Stop the file if it has a column of persons' names.

    Args:
        rows: The file's columns.
        columns: Headers that have a name in the file.
        mapped: Headers that are mapped to something that is not a person.
        feed: Says which names are known to be of things; a number of persons is never one.

    Returns:
        A note for each name column that is empty or masked throughout; it is not read.

    Raises:
        DeliveryRejectedError: ``personal_data``; names the column.
    """
    declared = {fold(name) for name in feed.not_personal}
    notes = []
    for column in columns:
        if column in mapped or not is_person_header(column):
            continue
        is_number = _announces_numbers(column)
        if fold(column) in declared and not is_number:
            continue
        if rows.filter(~pl.col(column).str.contains(_MASKED)).height:
            raise _refuse(
                say("ingest.personal.column_looks_personal", column=column),
                "overskriften",
                _way_out(feed, column, is_of_persons=is_number),
            )
        notes.append(
            Note("masked_name_column", say("ingest.personal.column_is_masked", column=column))
        )
    return notes


def is_person_header(header: str) -> bool:
    """Return whether a header announces persons' names or identity numbers."""
    if _announces_numbers(header):
        return True
    folded = {fold(word) for word in _header_words(header)}
    names = {fold(word) for word in _NAME_WORDS}
    things = {fold(word) for word in _THING_WORDS}
    is_name = bool((folded | {fold(header)}) & names) and not folded & things
    return is_name or _PERSON_HEADER.search(header) is not None


def _announces_numbers(header: str) -> bool:
    is_one = fold(header) in {fold(word) for word in _NUMBER_WORDS | _BORN}
    return is_one or bool(_header_words(header) & _NUMBER_WORDS)


def _header_words(header: str) -> set[str]:
    return set(re.findall(RECOGNISED["personal.header_words"], header.casefold()))


def person_numbers(rows: pl.DataFrame, headers: Collection[str]) -> frozenset[str]:
    """Return every text in a file's columns of persons, to know them where they do not belong."""
    return frozenset(
        text for header in headers for text in rows[header].drop_nulls().unique().to_list()
    )


def looks_personal(text: str) -> bool:
    """Return whether a text holds an identifier, a telephone number or «Etternavn, Fornavn»."""
    return bool(identifiers_in(text) or _PERSONAL.search(text))


def _refuse(message: str, where: str, way_out: str = _TAKE_OUT) -> DeliveryRejectedError:
    return DeliveryRejectedError("personal_data", message, where=where, way_out=way_out)
