"""Every published table of two towns, read as someone who may see some units only."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from dashboards.access import EVERYTHING, Scope
from dashboards.marts import OutsideScopeError, Question, allowed_units, read, tables
from tests.published import generation_file

pytestmark = pytest.mark.integration

# a sector of one unit, of two, of three and of many; two sectors at once; nobody's
READERS = {
    "alone in the sector": {"sector": "Brann", "n": 1},
    "one of two": {"sector": "NAV", "n": 1},
    "one of three": {"sector": "Kultur", "n": 1},
    "one of many": {"sector": "Omsorg", "n": 1},
    "two of three": {"sector": "Eiendom", "n": 2},
    "a whole sector": {"sector": "Plan", "n": 0},
}
# of a town nobody made up for this: its smallest and its largest sectors
ELSEWHERE = {
    "one of the fewest": (0, 1),
    "all but one of the fewest": (0, -1),
    "one of the most": (-1, 1),
    "all but one of the most": (-1, -1),
    "all of the most": (-1, 0),
}
READ = [("example_home", name) for name in READERS] + [("nhs_home", name) for name in ELSEWHERE]
# a unit may say which unit it lies under, continues or is continued by
NAMES_OTHERS = {"parent_unit_id", "continues", "continued_by"}


@pytest.fixture(scope="module")
def copied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    # the page keeps its connection open; other tests open the original with other settings
    folder = tmp_path_factory.mktemp("restricted")

    @cache
    def copy(home: str) -> str:
        municipality = "vestre_toten" if home == "example_home" else "nhs_england"
        file = generation_file(request.getfixturevalue(home), municipality)
        return str(shutil.copy(file, folder / f"{home}-{file.name}"))

    return copy


@pytest.fixture
def generation(copied: Callable[[str], str], request: pytest.FixtureRequest) -> str:
    return copied(getattr(request, "param", "example_home"))


def all_rows(generation: str, mart: str, *columns: str) -> list[dict[str, Any]]:
    return read(generation, EVERYTHING, Question(mart, columns))


def scope_of(generation: str, reader: str) -> Scope:
    units = all_rows(generation, "dim_units", "unit_id", "sector")
    if reader in ELSEWHERE:
        place, n = ELSEWHERE[reader]
        sizes = Counter(row["sector"] for row in units)
        sector = sorted((size, name) for name, size in sizes.items() if size > 1)[place][1]
        own = sorted(row["unit_id"] for row in units if row["sector"] == sector)
        return Scope(units=tuple(own[:n])) if n else Scope(sectors=(sector,))
    wanted = READERS[reader]
    own = sorted(row["unit_id"] for row in units if row["sector"] == wanted["sector"])
    return Scope(units=tuple(own[: wanted["n"]])) if wanted["n"] else Scope(sectors=("Plan",))


@pytest.mark.parametrize(("generation", "reader"), READ, indirect=["generation"])
def test_no_table_gives_a_row_of_another_unit(generation: str, reader: str) -> None:
    scope = scope_of(generation, reader)
    own = set(allowed_units(generation, scope))
    units = all_rows(generation, "dim_units", "unit_id", "unit_name", "sector")
    # a unit may be called what its sector, or all of it, is called
    names = {row["unit_name"] for row in units if row["unit_id"] in own}
    names |= {row["sector"] for row in units}
    names |= {row["name"] for row in all_rows(generation, "mart_municipality", "name")}
    others = {row["unit_id"] for row in units} - own
    others |= {row["unit_name"] for row in units} - names
    opened = 0
    # what the municipality has written of itself for everyone names its pilots
    for mart, columns in sorted(tables(generation).items()):
        if mart == "mart_facts":
            continue
        asked = tuple(sorted(columns - NAMES_OTHERS))
        try:
            rows = read(generation, scope, Question(mart, asked))
        except OutsideScopeError:
            continue
        opened += 1
        found = {value for row in rows for value in row.values() if isinstance(value, str)}
        assert found & others == set(), mart
    assert opened > 30


def figures(generation: str, mart: str, period: str) -> dict[tuple[Any, Any], dict[str, str]]:
    """For each metric and month or year the units that have figures, with their sectors.

    Made from what is published and not from the table the dashboard decides by.
    """
    sectors = {
        row["unit_id"]: row["sector"]
        for row in all_rows(generation, "dim_units", "unit_id", "sector")
    }
    columns = ("level", "group_id", "metric_id", period, "suppression_reason", "value")
    cells: dict[tuple[Any, Any], dict[str, str]] = defaultdict(dict)
    for row in all_rows(generation, mart, *columns):
        has_figures = row["value"] is not None or row["suppression_reason"] is not None
        if row["level"] == "unit" and has_figures:
            cells[row["metric_id"], row[period]][row["group_id"]] = sectors[row["group_id"]]
    return cells


def singled_out(groups: set[str], units: dict[str, str], own: set[str]) -> set[str]:
    """Which other units follow from the shown groups' sums and the reader's own figures."""
    others = sorted(set(units) - own)
    rows = [[float(group in ("all", units[unit])) for unit in others] for group in sorted(groups)]
    table = np.array(rows).reshape(len(rows), len(others))
    whole = np.linalg.matrix_rank(table) if table.size else 0
    return {
        unit
        for place, unit in enumerate(others)
        if table.size and np.linalg.matrix_rank(np.delete(table, place, axis=1)) < whole
    }


@pytest.mark.parametrize(("generation", "reader"), READ, indirect=["generation"])
@pytest.mark.parametrize(
    ("mart", "period"), [("fct_metric_months", "month"), ("mart_metric_years", "year")]
)
def test_no_other_unit_follows_from_the_groups_and_ones_own(
    generation: str, reader: str, mart: str, period: str
) -> None:
    scope = scope_of(generation, reader)
    own = set(allowed_units(generation, scope))
    shown: dict[tuple[Any, Any], set[str]] = defaultdict(set)
    columns = ("level", "group_id", "metric_id", period, "value")
    for row in read(generation, scope, Question(mart, columns)):
        if row["level"] != "unit" and row["value"] is not None:
            shown[row["metric_id"], row[period]].add(row["group_id"])
    judged: dict[tuple[frozenset[str], frozenset[tuple[str, str]]], set[str]] = {}
    cells = figures(generation, mart, period)
    for cell, groups in shown.items():
        case = (frozenset(groups), frozenset(cells[cell].items()))
        if case not in judged:
            judged[case] = singled_out(groups, cells[cell], own)
        assert judged[case] == set(), cell
    # and it is no empty promise: the whole municipality is there to be compared with, where any is
    there = {row["group_id"] for row in all_rows(generation, mart, "level", "group_id")}
    assert {"all"} & there <= set().union(*shown.values())


def test_who_reads_one_of_two_in_a_sector_does_not_read_the_sector(generation: str) -> None:
    scope = scope_of(generation, "one of two")
    columns = ("level", "group_id", "metric_id", "month")
    rows = read(generation, scope, Question("fct_metric_months", columns))
    assert {row["group_id"] for row in rows if row["level"] == "sector"}.isdisjoint(
        {"NAV", "Brann"}
    )
    plan = read(generation, Scope(sectors=("Plan",)), Question("fct_metric_months", columns))
    assert "Plan" in {row["group_id"] for row in plan}


@pytest.mark.parametrize(("generation", "reader"), READ, indirect=["generation"])
def test_the_gains_of_no_other_unit_follow_from_the_totals(generation: str, reader: str) -> None:
    scope = scope_of(generation, reader)
    own = set(allowed_units(generation, scope))
    gains = all_rows(generation, "mart_gains", "unit_id", "sector", "tool", "identified_date")
    totals = ("as_of_date", "breakdown", "breakdown_value")
    for row in read(generation, scope, Question("mart_gain_totals", totals)):
        if row["breakdown"] == "type":
            continue
        behind = {
            gain["unit_id"]
            for gain in gains
            if gain["identified_date"] <= row["as_of_date"]
            and (row["breakdown"] == "total" or gain[row["breakdown"]] == row["breakdown_value"])
        }
        assert len(behind - own) != 1, row
