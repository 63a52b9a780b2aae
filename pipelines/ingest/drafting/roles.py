"""What each column of an unknown table is, by its name and by what it holds."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from pipelines.ingest.dates import parse_dates
from pipelines.ingest.drafting.profiles import Profile
from pipelines.ingest.drafting.sheets import FoundTable
from pipelines.ingest.text_keys import fold
from pipelines.words.messages import say

Certainty = Literal["sure", "likely", "guessed"]
_HEADERS = Path(__file__).with_name("headers.yml")
_FIGURES = frozenset(
    {"position_pct", "grade_pct", "sick_days", "agreed_days", "n_persons", "period"}
)
_TIMES = frozenset({"month", "from_date", "to_date", "year"})
_WORDS = frozenset({"absence_type", "employment_type", "unit_name", "sector", "service_type"})
_OF_PERSONS = frozenset(
    {"absence_type", "employment_type", "grade_pct", "position_pct", "position_number", "job_code"}
)
_CODES = frozenset({"account", "function"})
_SHORTEST = 4
_MONTH_NUMBER = r"^\s*(?:0?[1-9]|1[0-2])\s*$"
_ANY_YEAR = 2000
_MOST = 0.85
_NAME_ENDS = ("tekst", "navn", "name", "text", "(t)")
"""What stands behind a unit's column where its name is: «Ansvar(T)» too."""


class Role(NamedTuple):
    """Which column plays a role, and how sure that is.

    Attributes:
        column: The column.
        certainty: ``sure`` by its very name, ``likely`` by a part of it, ``guessed`` by its values.
        why_nb: Why it is thought so.
    """

    column: Profile
    certainty: Certainty
    why_nb: str


def roles_of(table: FoundTable) -> dict[str, Role]:
    """Return the roles that columns of a table play; a column plays one at most.

    Args:
        table: The table.
    """
    found: dict[str, Role] = {}
    is_of_persons = any(role == "person" for role, _ in (*_exactly(table), *_partly(table)))
    for match in (_exactly, _partly):
        for role, column in match(table):
            taken = {each.column.header for each in found.values()}
            if role in _OF_PERSONS and not is_of_persons:
                continue
            if role not in found and column.header not in taken and _can_be(role, column):
                certainty: Certainty = "sure" if match is _exactly else "likely"
                found[role] = Role(column, certainty, say("ingest.drafting.by_its_name"))
    _name_of_unit(table, found)
    _month_of_year(table, found)
    if "unit" not in found and "person" not in found:
        _unit_by_values(table, found)
    return found


def _exactly(table: FoundTable) -> Iterator[tuple[str, Profile]]:
    names = {fold(column.header): column for column in reversed(table.columns)}
    for role, words in _known().items():
        yield from ((role, names[word]) for word in words if word in names)


def _partly(table: FoundTable) -> Iterator[tuple[str, Profile]]:
    for role, words in _known().items():
        for word in words:
            for column in table.columns:
                # a short word is a word of its own: «Ansatt fra», and never a part of «Fravær»
                is_part = len(word) >= _SHORTEST and word in fold(column.header)
                if is_part or word in _words_of(column.header):
                    yield role, column


def _words_of(header: str) -> frozenset[str]:
    """Return the words of a header but for the first, which says what it is about."""
    return frozenset(fold(word) for word in header.split()[1:])


def _can_be(role: str, column: Profile) -> bool:
    if role in _FIGURES:
        return column.kind == "number"
    if role in _TIMES:
        return column.kind in {"date", "month", "year_month", "year"}
    if role in _WORDS:
        return column.kind == "text"
    if role in _CODES:
        return column.kind == "number" and column.is_whole
    if role in {"unit", "person", "position_number", "project", "job_code"}:
        return column.kind == "text" or (column.kind in {"number", "year"} and not column.decimal)
    return column.kind in {"text", "number"} and not column.decimal


def _name_of_unit(table: FoundTable, found: dict[str, Role]) -> None:
    """A column called like the unit's with «tekst» or «navn» behind is its name."""
    if "unit" not in found:
        return
    stem = fold(found["unit"].column.header)
    for column in table.columns:
        is_name = fold(column.header) in {stem + end for end in _NAME_ENDS}
        if is_name and column.kind == "text":
            found["unit_name"] = Role(column, "sure", say("ingest.drafting.name_beside_the_code"))


def _month_of_year(table: FoundTable, found: dict[str, Role]) -> None:
    """A column called like a month that holds 1 to 12 or their names is of the year beside it."""
    if "year" not in found or "month" in found:
        return
    words = {*_known()["month"], *_known()["period"]}
    taken = {role.column.header for name, role in found.items() if name != "period"}
    for column in table.columns:
        text = column.cells.drop_nulls()
        if fold(column.header) not in words or column.header in taken or text.is_empty():
            continue
        n_named = parse_dates(text, year=_ANY_YEAR).values.count()
        if text.str.contains(_MONTH_NUMBER).all() or n_named >= _MOST * text.len():
            why = say("ingest.drafting.month_beside_year")
            found["month_of_year"] = Role(column, "likely", why)
            return


def _unit_by_values(table: FoundTable, found: dict[str, Role]) -> None:
    taken = {each.column.header for each in found.values()}
    for column in table.columns:
        if column.kind == "text" and column.header not in taken:
            why = say("ingest.drafting.first_column_of_text")
            found["unit"] = Role(column, "guessed", why)
            return


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    told = yaml.safe_load(_HEADERS.read_text(encoding="utf-8"))
    return {role: tuple(fold(str(word)) for word in words) for role, words in told.items()}
