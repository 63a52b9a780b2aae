"""Which contract's table an unknown table fits, and its columns as that table wants them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from pipelines.ingest.drafting.draft import FeedDraft
from pipelines.ingest.drafting.profiles import Profile
from pipelines.ingest.drafting.roles import Role
from pipelines.ingest.drafting.sheets import FoundTable
from pipelines.ingest.drafting.taking import (
    Roles,
    figures_in,
    from_and_to,
    has_month,
    style,
    sureness,
    take,
    take_kinds,
    take_month,
    take_number,
    take_person,
)
from pipelines.ingest.drafting.wide import (
    amount_type,
    amounts,
    measure_id,
    measures,
    months_of_a_year,
    period_amounts,
    wide_months,
    year_in,
)
from pipelines.words.messages import say

_LONG_CODE, _LONG_FUNCTION = 4, 4
_OF_UNITS = frozenset({"sector", "service_type", "parent", "from_date", "to_date"})


def table_of(table: FoundTable, roles: Roles) -> tuple[str, str] | None:
    """Return the contract and table that fit, None when none does.

    Args:
        table: The table.
        roles: What its columns are.
    """
    has = roles.keys()
    if "person" in has:
        if {"position_pct", "unit", "from_date"} <= has:
            return "hr", "positions"
        if {"from_date", "unit"} <= has and {"absence_type", "grade_pct"} & has:
            return "sick_leave", "spells"
        return None
    figures = figures_in(table, roles)
    if {"account", "function"} & has and figures and _has_year(table, roles):
        return "ledger", "entries"
    if {"sick_days", "agreed_days", "unit"} <= has and has_month(table, roles):
        return "sick_leave", "unit_months"
    has_figures = bool(figures) or any(c.kind == "pair" for c in table.columns)
    if "unit" in has and has_figures and has_month(table, roles):
        return "unit_metrics", "values"
    if {"unit", "unit_name"} <= has:
        return "organisation", "units"
    return None


def _has_year(table: FoundTable, roles: Roles) -> bool:
    """Return whether the year of every amount can be known."""
    in_period = "month" in roles and roles["month"].column.kind == "year_month"
    is_named = year_in(table.file_name) is not None
    in_headers = any(year_in(column.header) for column in table.columns)
    return "year" in roles or in_period or is_named or in_headers


def _units(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    unit, name = roles["unit"], roles.get("unit_name", roles["unit"])
    take(feed, "unit_id", unit)
    take(feed, "unit_name", name)
    roles = {
        name: role
        for name, role in roles.items()
        if name not in _OF_UNITS
        # in a table of persons the dates are theirs
        or ("person" not in roles and _follows(role.column, unit.column))
    }
    if "sector" in roles:
        take(feed, "sector", roles["sector"])
    else:
        why = say("ingest.drafting.no_sectors")
        feed.set("columns.sector", {"constant": say("ingest.drafting.one_sector")}, "guessed", why)
    if "service_type" in roles:
        kinds = {value: measure_id(value) for value in roles["service_type"].column.values}
        mapping: dict[str, Any] = {"column": roles["service_type"].column.header}
        feed.set(
            "columns.service_type", mapping | ({"values": kinds} if kinds else {}), "guessed",
            say("ingest.drafting.kinds_as_they_stand"),
        )  # fmt: skip
    if "parent" in roles:
        take(feed, "parent_unit_id", roles["parent"])
    for role, target in (("from_date", "valid_from"), ("to_date", "valid_to")):
        if role in roles:
            take(feed, target, roles[role])


def _follows(column: Profile, unit: Profile) -> bool:
    """Return whether every unit has one value of the column."""
    pairs = pl.DataFrame({"unit": unit.cells, "value": column.cells}).drop_nulls()
    return pairs.n_unique() == pairs["unit"].n_unique()


def _positions(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    person = roles["person"]
    if "position_number" in roles:
        parts = [person.column.header, roles["position_number"].column.header]
        mapping = {"concat": parts, "pseudonymise": True}
        feed.set("columns.position_id", mapping, "likely", say("ingest.drafting.person_and_number"))
    else:
        mapping = {"column": person.column.header, "pseudonymise": True}
        why = say("ingest.drafting.one_position_a_person")
        feed.set("columns.position_id", mapping, "guessed", why)
    take_person(feed, person)
    take(feed, "unit_id", roles["unit"])
    take_number(feed, table, "position_pct", roles["position_pct"])
    take_kinds(feed, "employment_type", roles.get("employment_type"), "permanent")
    if "job_code" in roles:
        take(feed, "job_code", roles["job_code"])
    from_and_to(feed, roles)


def _spells(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    take_person(feed, roles["person"])
    if "unit" in roles:
        take(feed, "unit_id", roles["unit"])
    from_and_to(feed, roles)
    take_kinds(feed, "absence_type", roles.get("absence_type"), "certified")
    if "grade_pct" in roles:
        take_number(feed, table, "grade_pct", roles["grade_pct"], {"default": 100})
    else:
        why = say("ingest.drafting.whole_days_away")
        feed.set("columns.grade_pct", {"constant": "100"}, "guessed", why)


def _entries(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    if "unit" in roles:
        take(feed, "unit_id", roles["unit"])
    if "account" in roles:
        _account(feed, roles["account"])
    if "account_class" not in feed.columns:
        _account_class(feed, table)
    if "function" in roles:
        mapping: dict[str, Any] = {"column": roles["function"].column.header}
        if roles["function"].column.n_digits >= _LONG_FUNCTION:
            mapping["pattern"] = r"^(\d{3})"
        feed.set(
            "columns.function", mapping, "likely", say("ingest.drafting.three_digits_of_function")
        )
    for role, target in (("line_text", "line_text"), ("project", "project"), ("period", "period")):
        if role in roles:
            take(feed, target, roles[role])
    if "period" not in roles and "month" in roles and roles["month"].column.kind == "year_month":
        header = roles["month"].column.header
        why = say("ingest.drafting.year_then_month")
        feed.set("columns.year", {"column": header, "pattern": r"^(\d{4})"}, "likely", why)
        feed.set("columns.period", {"column": header, "pattern": r"^\d{4}(\d\d)$"}, "likely", why)
    _amounts(feed, table, roles)
    feed.set("period", {"source": "year_period"}, "sure", say("ingest.drafting.year_and_period"))
    feed.set("identical_rows", "keep", "sure", say("ingest.drafting.equal_lines_are_lines"))


def _amounts(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    figures = figures_in(table, roles)
    found = period_amounts(figures, table.file_name) or amounts(figures, table.file_name)
    found = found or {
        column.header: {"amount_type": amount_type(column.header) or "accounts"}
        for column in figures[:1]
    }
    columns = [column for column in figures if column.header in found]
    feed.set(
        "columns.amount_nok",
        style(columns, table),
        sureness(columns),
        say("ingest.drafting.as_written"),
    )
    feed.melted, feed.melt = "amount_nok", found
    are_told = all("period" in told or amount_type(header) for header, told in found.items())
    why = say("ingest.drafting.columns_beside_each_other")
    feed.marks["melt"] = ("likely" if are_told else "guessed", why)
    if "year" in feed.columns or all("year" in told for told in found.values()):
        return
    if "year" in roles:
        take(feed, "year", roles["year"])
    else:
        why = say("ingest.drafting.year_in_the_name")
        feed.set("columns.year", {"constant": str(year_in(table.file_name) or "")}, "guessed", why)


def _account(feed: FeedDraft, account: Role) -> None:
    header = account.column.header
    take(feed, "account", account)
    if account.column.n_digits > _LONG_CODE:
        why = say("ingest.drafting.class_then_art")
        feed.set("columns.account_class", {"column": header, "pattern": r"^(\d)"}, "likely", why)
        feed.set("columns.art", {"column": header, "pattern": r"^\d(\d{3})"}, "likely", why)
    elif account.column.n_digits == _LONG_CODE:
        why = say("ingest.drafting.class_then_art")
        feed.set("columns.art", {"column": header, "pattern": r"^\d(\d{3})$"}, "likely", why)
    else:
        why = say("ingest.drafting.art_itself")
        feed.set("columns.art", {"column": header, "pad": 3}, "likely", why)


def _account_class(feed: FeedDraft, table: FoundTable) -> None:
    invests = re.search(r"(?i)invest", table.file_name) is not None
    if invests or re.search(r"(?i)drift", table.file_name):
        why = say("ingest.drafting.class_in_the_name")
        feed.set("columns.account_class", {"constant": "0" if invests else "1"}, "likely", why)


def _unit_months(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    take(feed, "unit_id", roles["unit"])
    take_month(feed, table, roles)
    why = say("ingest.drafting.definition_to_be_chosen")
    feed.set("columns.definition", {"constant": "HR_INTERN"}, "guessed", why)
    for name in ("sick_days", "agreed_days", "n_persons"):
        if name in roles:
            take_number(feed, table, name, roles[name])


def _values(feed: FeedDraft, table: FoundTable, roles: Roles) -> None:
    take(feed, "unit_id", roles["unit"])
    figures = figures_in(table, roles)
    months = wide_months(figures)
    if not months and (named := months_of_a_year(figures)):
        year = year_in(table.file_name)
        if "year" in roles:
            feed.year_column = roles["year"].column.header
            months = {header: header for header in named}
        elif year is not None:
            months = {header: f"{day.replace(year=year):%Y-%m}" for header, day in named.items()}
    if months:
        title = table.title or table.sheet or table.file_name.rsplit(".", 1)[0]
        name = measure_id(re.sub(r"\d+(?:[KkQq]\d)?", "", title))
        feed.melt = {header: {"month": day} for header, day in months.items()}
        why = say("ingest.drafting.measure_named_after", title=title)
        feed.set("columns.measure_id", {"constant": name}, "guessed", why)
        period = {"source": "column", "column": "month"}
        feed.set("period", period, "sure", say("ingest.drafting.each_row_has_its_month"))
        figures = [column for column in figures if column.header in months]
    else:
        take_month(feed, table, roles)
        feed.melt = {header: {"measure_id": id_} for header, id_ in measures(figures).items()}
    feed.melted = "value"
    why = say("ingest.drafting.columns_beside_each_other")
    feed.marks["melt"] = ("likely", why)
    feed.set(
        "columns.value",
        style(figures, table),
        sureness(figures),
        say("ingest.drafting.as_written"),
    )


def pairs_in(table: FoundTable) -> list[Profile]:
    """Return the columns with two figures in every cell."""
    return [column for column in table.columns if column.kind == "pair"]


def pair_feed(feed: FeedDraft, table: FoundTable, roles: Roles, pair: Profile, part: int) -> None:
    """Draft the feed of one of the two figures in a column's cells.

    Args:
        feed: The feed.
        table: The table.
        roles: What its columns are.
        pair: The column.
        part: Which of the two, from 1.
    """
    names = pair.header.split("/")
    name = names[part - 1] if len(names) > 1 else f"{pair.header} {part}"
    take(feed, "unit_id", roles["unit"])
    take_month(feed, table, roles)
    why = say("ingest.drafting.two_figures_in_a_cell")
    feed.set("columns.measure_id", {"constant": measure_id(name)}, "guessed", why)
    mapping = {"column": pair.header, "split": {"separator": "/", "part": part}}
    feed.set("columns.value", mapping | style([pair], table), "likely", why)


DRAFTERS: Mapping[tuple[str, str], Callable[[FeedDraft, FoundTable, Roles], None]] = {
    ("organisation", "units"): _units,
    ("hr", "positions"): _positions,
    ("sick_leave", "spells"): _spells,
    ("sick_leave", "unit_months"): _unit_months,
    ("ledger", "entries"): _entries,
    ("unit_metrics", "values"): _values,
}
"""How the columns of each table are drafted."""
