"""Unknown tables to drafted feeds: which contract, which columns, how they are written.

What a column is, is found in ``roles``; what stands beside each other, in ``wide``.
"""

import glob
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.desk.personal_identifiers import masked
from pipelines.ingest.drafting.draft import FeedDraft
from pipelines.ingest.drafting.roles import Certainty, Role, roles_of
from pipelines.ingest.drafting.sheets import FoundTable
from pipelines.ingest.drafting.tables import DRAFTERS, pair_feed, pairs_in, table_of
from pipelines.ingest.drafting.taking import figures_in, has_month, needs_year_of_name
from pipelines.ingest.drafting.wide import measure_id, numbered, year_in
from pipelines.words.messages import say

_NUMBERS = re.compile(r"\d+(?:[-_.]\d+)*")
_MONTHS = re.compile(r"(?i)(?<![^\W\d_])(jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)[^\W\d_]*")
_MONTHLY = frozenset({"sick_days", "agreed_days"})
"""Figures that are of a month, and are nothing without one."""
_NAMED_ONCE = 0.5
"""Merged cells stand over two rows or more; fewer gaps than that are gaps."""
_ISO_MONTH = re.compile(r"(?<!\d)\d{4}-(?:0[1-9]|1[0-2])(?!\d)")
Group = Sequence[FoundTable]


def grouped(tables: Sequence[FoundTable]) -> list[list[FoundTable]]:
    """Return tables that are the same from month to month together.

    They have names that differ in figures and months alone, and the same columns of years.

    Args:
        tables: The tables of all files.
    """
    found: dict[tuple[Any, ...], list[FoundTable]] = {}
    for table in tables:
        years = frozenset(
            c.header for c in table.columns if c.kind == "number" and year_in(c.header)
        )
        told = year_in(table.file_name) if needs_year_of_name(table, roles_of(table)) else None
        key = (pattern_of([table.file_name]), table.sheet, years, told)
        found.setdefault(key, []).append(table)
    return [sorted(group, key=lambda each: each.file_name) for group in found.values()]


def pattern_of(names: Sequence[str]) -> str:
    """Return the pattern that a group's file names have in common."""
    # a bracket is a choice of characters in a pattern; in a name it is itself
    return _NUMBERS.sub("*", _MONTHS.sub("*", glob.escape(names[0])))


def drafted(groups: Sequence[Group]) -> tuple[list[FeedDraft], list[str]]:
    """Return a feed for every group of tables, and what is said of those that got none.

    Args:
        groups: The tables, see ``grouped``.
    """
    feeds: list[FeedDraft] = []
    silent: list[str] = []
    patterns = [pattern_of([group[0].file_name]) for group in groups]
    for group, pattern in zip(groups, patterns, strict=True):
        shared = _shared(group)
        roles = roles_of(shared)
        place = table_of(shared, roles)
        if place is None:
            silent.append(_why_none(shared, roles))
            continue
        if place == (FIRST_CONTRACT, "units") and _MONTHLY & roles.keys():
            silent.append(_why_none(shared, roles))  # its figures are not read
        feed = FeedDraft(*place, _id_of(group[0], feeds))
        # next year's file is of another year than the one this draft says
        is_own = patterns.count(pattern) > 1 or needs_year_of_name(shared, roles)
        _common(feed, group, shared, is_own=is_own)
        pairs = pairs_in(shared) if place == ("unit_metrics", "values") else []
        DRAFTERS[place](feed, shared, roles)
        if feed.melt or not pairs:
            _fill_down(feed, roles)
            _finish(feed, group, shared)
            feeds.append(feed)
        for pair, part in ((pair, part) for pair in pairs for part in (1, 2)):
            half = FeedDraft(*place, _id_of(group[0], feeds))
            _common(half, group, shared, is_own=is_own)
            pair_feed(half, shared, roles, pair, part)
            _finish(half, group, shared)
            feeds.append(half)
    if feeds and not any(feed.contract == FIRST_CONTRACT for feed in feeds):
        _units_from(groups, feeds)
    return feeds, silent


def _why_none(table: FoundTable, roles: Mapping[str, Role]) -> str:
    figures = _MONTHLY & roles.keys() or figures_in(table, roles)
    is_timeless = "unit" in roles and figures and not has_month(table, roles)
    file = masked(table.file_name)
    if is_timeless:
        return say("ingest.drafting.no_month", file=file)
    return say("ingest.drafting.nothing_fits", file=file)


def _shared(group: Group) -> FoundTable:
    """Return the first table of a group with the columns that all of them have."""
    first = group[0]
    everywhere = set.intersection(*({c.header for c in table.columns} for table in group))
    columns = tuple(c for c in first.columns if c.header in everywhere)
    return FoundTable(**{**vars(first), "columns": columns})


def _id_of(table: FoundTable, feeds: Sequence[FeedDraft]) -> str:
    stem = table.file_name.rsplit(".", 1)[0]
    plain = measure_id(_NUMBERS.sub("", stem) + (f" {table.sheet}" if table.sheet else ""))
    return numbered(plain, {feed.id for feed in feeds})


def _common(feed: FeedDraft, group: Group, table: FoundTable, *, is_own: bool) -> None:
    names = [each.file_name for each in group]
    pattern = pattern_of(names)
    if is_own or pattern == glob.escape(names[0]):
        own = [glob.escape(masked(name)) for name in names]
        feed.set("files", own, "sure", say("ingest.drafting.these_names"))
    else:
        certainty: Certainty = "sure" if len(group) > 1 else "likely"
        feed.set("files", pattern, certainty, say("ingest.drafting.month_in_the_name"))
    if table.format == "csv":
        why = say("ingest.drafting.found_in_the_file")
        feed.set("separator", table.separator, "sure", why)
    elif not table.is_alone:
        feed.set("sheet", table.sheet, "sure", say("ingest.drafting.one_feed_a_sheet"))
    if table.header_rows > 1:
        why = say("ingest.drafting.names_above_figures")
        feed.set("layout", {"header_rows": table.header_rows}, "likely", why)


def _fill_down(feed: FeedDraft, roles: Mapping[str, Role]) -> None:
    """Let the rows below a unit that is named once, as in merged cells, be that unit's."""
    named_once = [
        column.header
        for name in ("unit", "unit_name")
        if name in roles
        and (column := roles[name].column).n_filled == column.n_distinct
        and column.n_filled < _NAMED_ONCE * column.cells.len()
        and column.cells[0] is not None
    ]
    if roles.get("unit") and roles["unit"].column.header in named_once:
        layout = {**feed.settings.get("layout", {}), "fill_down": named_once}
        feed.set("layout", layout, "guessed", say("ingest.drafting.unit_named_once"))


def _finish(feed: FeedDraft, group: Group, table: FoundTable) -> None:
    if "period" not in feed.settings:
        _period(feed, group)
    used = {h for m in feed.columns.values() for h in _names(m.get("column"), m.get("concat"))}
    used |= {feed.year_column, *feed.melt}
    unread = [c.header for c in table.columns if c.header not in used]
    if unread:
        feed.set("ignore_columns", unread, "guessed", say("ingest.drafting.nothing_asks_for_them"))


def _period(feed: FeedDraft, group: Group) -> None:
    if "month" in feed.columns:
        period: Mapping[str, Any] = {"source": "column", "column": "month"}
        feed.set("period", period, "sure", say("ingest.drafting.each_row_has_its_month"))
    elif all(_ISO_MONTH.search(table.file_name) for table in group):
        pattern = r"(?P<year>\d{4})-(?P<month>\d{2})"
        period = {"source": "file_name", "pattern": pattern}
        feed.set("period", period, "likely", say("ingest.drafting.month_in_the_name"))
    else:
        feed.set("period", {"source": "all"}, "likely", say("ingest.drafting.everything_each_time"))


def _names(*told: object) -> list[str]:
    found: list[str] = []
    for each in told:
        found += [each] if isinstance(each, str) else list(each or ())  # type: ignore[call-overload] # a text or several
    return found


def _units_from(groups: Sequence[Group], feeds: list[FeedDraft]) -> None:
    """Let the table that says most of its units be the list of them."""
    best: tuple[int, Group, FoundTable, dict[str, Role]] | None = None
    for group in groups:
        shared = _shared(group)
        roles = roles_of(shared)
        told = sum(name in roles for name in ("unit_name", "sector", "service_type"))
        # of persons' rows the units are read and nothing else, and rather of any other table
        if "unit" not in roles or ("person" in roles and not told):
            continue
        rank = 10 * told + (roles["unit"].certainty == "sure") - 5 * ("person" in roles)
        if best is None or rank > best[0]:
            best = (rank, group, shared, roles)
    if best is None:
        return
    _, group, shared, roles = best
    feed = FeedDraft(FIRST_CONTRACT, "units", "units")
    feed.marks["table"] = (
        "guessed",
        say("ingest.drafting.units_made_of", file=masked(group[0].file_name)),
    )
    # several plans side by side tell of the same units: the pattern of them all
    alike = [
        each
        for each in groups
        if pattern_of([each[0].file_name]) == pattern_of([group[0].file_name])
    ]
    _common(feed, [table for each in alike for table in each], shared, is_own=False)
    DRAFTERS[FIRST_CONTRACT, "units"](feed, shared, roles)
    _finish(feed, group, shared)
    feeds.insert(0, feed)
