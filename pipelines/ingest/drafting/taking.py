"""Columns of a drafted feed as a table wants them: taken as they stand, figures, months, kinds."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.ingest.drafting.draft import FeedDraft
from pipelines.ingest.drafting.profiles import Profile
from pipelines.ingest.drafting.roles import Certainty, Role
from pipelines.ingest.drafting.sheets import FoundTable
from pipelines.ingest.drafting.wide import months_of_a_year, wide_months, year_in
from pipelines.ingest.personal import looks_personal
from pipelines.ingest.text_keys import fold_words
from pipelines.words.messages import say

Roles = Mapping[str, Role]
_KINDS = Path(__file__).with_name("kinds.yml")
_MAX_KINDS = 20
_CODE = 2
_IN_A_MONTH = re.compile(r"(?<!\d)(?:19|20)\d\d[-_]?(?:0[1-9]|1[0-2])(?!\d)")
_IS_CODE = re.compile(r"(?:^|[ _.-])(?:\w*nr|\w*nummer|\w*kode|code|\w*orgnr|id)(?:$|[ _.-])")


def has_month(table: FoundTable, roles: Roles) -> bool:
    """Return whether it can be known which month, or year, every row is of."""
    figures = figures_in(table, roles)
    if "month" in roles or len(wide_months(figures)) > 1:
        return True
    if "month_of_year" in roles or ("year" in roles and (months_of_a_year(figures) or figures)):
        return True
    return _year_of(table) is not None


def needs_year_of_name(table: FoundTable, roles: Roles) -> bool:
    """Return whether nothing but the name of its file says which year a table's rows are of."""
    figures = figures_in(table, roles)
    if {"month", "year"} & roles.keys() or not figures or year_in(table.file_name) is None:
        return False
    return not (any(year_in(column.header) for column in table.columns) or wide_months(figures))


def _year_of(table: FoundTable) -> int | None:
    """Return the year that the name of a file or its columns tell; a month in it says otherwise."""
    if _IN_A_MONTH.search(table.file_name):
        return None
    return year_in(table.file_name) or year_in(" ".join(c.header for c in table.columns))


def take_month(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    """Set the month of a table's rows: its own column, one beside a year, or the year alone."""
    mapping: dict[str, Any]
    if "month_of_year" in roles:
        _take_month_of_year(feed, roles)
        return
    if "month" not in roles and "year" in roles:
        mapping = {"column": roles["year"].column.header}
        mapping["date"] = {"formats": ["year"], "as_month": "last"}
        why = say("ingest.drafting.last_month_for_the_year")
        feed.set("columns.month", mapping, "guessed", why)
        return
    if "month" not in roles:
        why = say("ingest.drafting.one_month_for_the_year")
        feed.set("columns.month", {"constant": f"{_year_of(table)}-12-01"}, "guessed", why)
        return
    column = roles["month"].column
    mapping = {"column": column.header}
    if column.prefix:
        mapping |= {"pattern": rf"^{re.escape(column.prefix)}(.+)$"}
        mapping["date"] = {"formats": ["month_name"]}
    elif column.kind == "date" and column.is_month_end:
        mapping |= {"pattern": r"^\d{1,2}[./-](\d{1,2}[./-]\d{4})$"}
        mapping["date"] = {"formats": ["year_month"]}
    else:
        mapping["date"] = "auto"
    feed.set("columns.month", mapping, "likely", say("ingest.drafting.month_as_written"))


def _take_month_of_year(feed: FeedDraft, roles: Roles) -> None:
    year, month = roles["year"].column.header, roles["month_of_year"].column
    written: dict[str, Any]
    if month.kind == "number":
        written = {"concat": [year, month.header], "separator": "-"}
        written["date"] = {"formats": ["year_month", "year_month_unpadded"]}
    else:
        written = {"concat": [month.header, year], "separator": " "}
        written["date"] = {"formats": ["month_name"]}
    feed.set("columns.month", written, "likely", roles["month_of_year"].why_nb)


def take_person(feed: FeedDraft, person: Role) -> None:
    """Set who a row is about; a number that is pseudonymised on its way in."""
    mapping = {"column": person.column.header, "pseudonymise": True}
    feed.set("columns.person_id", mapping, person.certainty, person.why_nb)


def from_and_to(feed: FeedDraft, roles: Roles) -> None:
    """Set the first and last day."""
    for role, target in (("from_date", "start_date"), ("to_date", "end_date")):
        if role in roles:
            column = roles[role].column
            feed.set(
                f"columns.{target}", {"column": column.header, "date": "auto"},
                roles[role].certainty, roles[role].why_nb,
            )  # fmt: skip


def take_kinds(feed: FeedDraft, target: str, role: Role | None, usual: str) -> None:
    """Map the kinds a file has to the contract's, by how their words begin."""
    if role is None:
        why = say("ingest.drafting.all_of_one_kind")
        feed.set(f"columns.{target}", {"constant": usual}, "guessed", why)
        return
    values = [v for v in role.column.values[:_MAX_KINDS] if not looks_personal(v)]
    kinds = known_kinds()[target]
    found = {
        value: kind
        for value in values
        if (kind := next((k for word, k in kinds.items() if _is_said(word, value)), None))
    }
    mapping: dict[str, Any] = {"column": role.column.header}
    is_whole = len(found) == len(role.column.values)
    why = say("ingest.drafting.kinds_by_their_words")
    feed.set(
        f"columns.{target}", mapping | ({"values": found} if found else {}),
        "likely" if is_whole else "guessed", why,
    )  # fmt: skip


def _is_said(word: str, value: str) -> bool:
    text = value.strip().lower()
    return text == word if len(word) <= _CODE else word in text


def take(feed: FeedDraft, target: str, role: Role) -> None:
    """Set a column as it stands."""
    mapping: dict[str, Any] = {"column": role.column.header}
    if role.column.kind == "date":
        mapping["date"] = "auto"
    feed.set(f"columns.{target}", mapping, role.certainty, role.why_nb)


def take_number(
    feed: FeedDraft,
    table: FoundTable,
    target: str,
    role: Role,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Set a column of figures, with how they are written."""
    mapping = {"column": role.column.header, **style([role.column], table), **(more or {})}
    certainty: Certainty = role.certainty if role.column.is_certain else "guessed"
    feed.set(f"columns.{target}", mapping, certainty, role.why_nb)


def style(columns: list[Profile], table: FoundTable) -> dict[str, Any]:
    """Return how columns of figures are written."""
    if table.format == "xlsx":  # numbers are numbers there, and what is text is known by itself
        return {"number": {"dash": "zero"}} if any(column.has_dash for column in columns) else {}
    marks = [column.decimal for column in columns if column.decimal]
    style: dict[str, Any] = {"decimal": max(set(marks), key=marks.count) if marks else ","}
    if any(column.is_percent for column in columns):
        style["percent"] = True
    if any(column.has_points for column in columns):
        style["thousands"] = [" ", "."]
    if any(column.has_dash for column in columns):
        style["dash"] = "zero"
    return {"number": style}


def sureness(columns: list[Profile]) -> Certainty:
    """Return how certain it is how they are written."""
    is_sure = all(column.is_certain and not column.has_dash for column in columns)
    return "sure" if is_sure else "guessed"


def figures_in(table: FoundTable, roles: Roles) -> list[Profile]:
    """Return the columns of figures that play no role and are no codes."""
    taken = {role.column.header for role in roles.values()}
    return [
        column
        for column in table.columns
        if column.kind == "number"
        and column.header not in taken
        and not (column.is_whole and _IS_CODE.search(fold_words(column.header)))
    ]


@cache
def known_kinds() -> Mapping[str, Mapping[str, str]]:
    """Return how kinds are called in files: contract column -> part of a word -> kind."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(_KINDS.read_text(encoding="utf-8"))
    return found
