"""Nobody can work out a hidden figure from the published ones, by any sum or difference.

Random small municipalities go through the models' own SQL. An attacker is given every published
row, all denominators and who works where, and solves the linear system.
"""

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.municipality.protection import PROTECTION
from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt
from tests.statistics.method_tables import text_of

PARTS = ("short", "medium", "long")
LIMITS = {"total": 5, "part": 10}
MODELS = (
    "int_metric_levels",
    "int_suppression__reasons",
    "int_suppression__figures",
    "int_suppression__families",
    "int_suppression__totals",
    "int_suppression__splits",
    "int_metric_months_visible",
)


@dataclass(frozen=True)
class Town:
    """Units by sector, the persons of each unit (first unit = main) and everybody's sick days.

    ``late`` are units whose sick days were not delivered: only the denominator is known.
    """

    sectors: tuple[str, ...]
    persons: tuple[tuple[int, ...], ...]
    sick: tuple[tuple[str, int] | None, ...]
    late: frozenset[int] = frozenset()

    def members(self, units: tuple[int, ...]) -> set[int]:
        return {p for p, places in enumerate(self.persons) if set(places) & set(units)}

    def days(self, unit: int, part: str) -> int:
        return sum(
            found[1]
            for p, found in enumerate(self.sick)
            if found is not None and found[0] == part and unit in self.persons[p]
        )

    def contributors(self, unit: int, parts: tuple[str, ...]) -> int:
        return sum(
            1
            for p, found in enumerate(self.sick)
            if found is not None and found[0] in parts and unit in self.persons[p]
        )


@st.composite
def towns(draw: st.DrawFn) -> Town:
    sizes = draw(
        st.lists(st.lists(st.integers(1, 14), min_size=1, max_size=4), max_size=3, min_size=1)
    )
    sectors = tuple(f"s{i}" for i, units in enumerate(sizes) for _ in units)
    persons = [(u,) for u, n in enumerate(n for units in sizes for n in units) for _ in range(n)]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(persons) - 1))
        other = draw(st.integers(0, len(sectors) - 1))
        if other not in persons[place]:
            persons[place] = (*persons[place], other)
    kinds = draw(
        st.lists(
            st.sampled_from((None, None, None, *PARTS)),
            min_size=len(persons),
            max_size=len(persons),
        )
    )
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    sick = tuple(None if kind is None else (kind, int(rng.integers(1, 20))) for kind in kinds)
    late = draw(st.sets(st.integers(0, len(sectors) - 1), max_size=2))
    return Town(sectors, tuple(persons), sick, frozenset(late))


@pytest.fixture(scope="module")
def suppression(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder: Path = tmp_path_factory.mktemp("suppression")
    file = build_warehouse(folder / "empty.duckdb", municipality(date(2012, 1, 1)), {})
    target = folder / "target"
    run_dbt(file, "compile", target=target)
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute("create schema staging")
    con.execute(
        "create table staging.stg_municipality__profile as"
        " select ? as protection_least, ? as protection_pct",
        [PROTECTION.least, PROTECTION.pct],
    )
    con.execute(
        "create table intermediate.int_metrics (metric_id varchar, is_about_persons boolean,"
        " is_split boolean, family_id varchar, parent_family_id varchar, min_persons integer,"
        " is_count boolean, is_denominator_pay boolean, lower_bound double, upper_bound double,"
        " is_whole_accounts boolean default false)"
    )
    metrics = [("total", False, "total", None, 5), ("complement", False, "total", None, 5)]
    metrics += [(part, True, "total/duration", "total", 10) for part in PARTS]
    con.executemany(
        "insert into intermediate.int_metrics"
        " values (?, true, ?, ?, ?, ?, false, false, 0, 100, false)",
        metrics,
    )
    con.execute(
        "create table intermediate.int_metric_months (unit_id varchar, sector varchar,"
        " metric_id varchar, month date, scale double, numerator double, denominator double,"
        " value double, has_data boolean, n_persons integer, n_persons_once integer,"
        " n_contributors integer, missing_reason varchar)"
    )
    for name in MODELS:
        con.execute(f"create view intermediate.{name} as {compiled(name, target)}")
    return con


def _fill(con: duckdb.DuckDBPyConnection, town: Town) -> None:
    con.execute("delete from intermediate.int_metric_months")
    rows = []
    for unit, sector in enumerate(town.sectors):
        n_persons = len(town.members((unit,)))
        once = sum(places[0] == unit for places in town.persons)
        agreed = 20 * n_persons
        sick = {part: (town.days(unit, part), (part,)) for part in PARTS}
        sick["total"] = (sum(days for days, _ in sick.values()), PARTS)
        sick["complement"] = (agreed - sick["total"][0], PARTS)
        for metric, (days, parts) in sick.items():
            contributors = town.contributors(unit, parts)
            key = (f"u{unit:02}", sector, metric, date(2012, 1, 1), 100.0)
            rows.append(
                (*key, None, agreed, None, False, n_persons, once, None, "no_data")
                if unit in town.late
                else (*key, days, agreed, 100.0 * days / agreed, True, n_persons, once,
                      contributors, None)
            )  # fmt: skip
    con.executemany(
        "insert into intermediate.int_metric_months values (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows
    )


def _units_of(town: Town, level: str, group: str) -> tuple[int, ...]:
    if level == "unit":
        return (int(group[1:]),)
    in_group = {u for u, s in enumerate(town.sectors) if level == "municipality" or s == group}
    return tuple(sorted(in_group - town.late))


def _functional(town: Town, units: tuple[int, ...], metric: str) -> np.ndarray:
    """Sum over units and parts as a row over the unknowns (unit x part)."""
    row = np.zeros((len(town.sectors), len(PARTS)))
    columns = [PARTS.index(metric)] if metric in PARTS else range(len(PARTS))
    for unit in units:
        row[unit, list(columns)] = 1.0
    return row.ravel()


def _is_determined(projection: np.ndarray, row: np.ndarray) -> bool:
    return bool(np.allclose(projection @ row, row, atol=1e-7))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(town=towns())
def test_no_hidden_cell_and_no_small_hidden_group_can_be_solved_for(
    suppression: duckdb.DuckDBPyConnection, town: Town
) -> None:
    _fill(suppression, town)
    published = suppression.execute(
        "select level, group_id, metric_id, numerator, suppression_reason"
        " from intermediate.int_metric_months_visible"
    ).fetchall()
    equations = [
        _functional(town, _units_of(town, level, group), metric)
        for level, group, metric, numerator, _ in published
        if numerator is not None
    ]
    unknowns = len(town.sectors) * len(PARTS)
    matrix = np.array(equations) if equations else np.zeros((1, unknowns))
    projection = np.linalg.pinv(matrix) @ matrix
    for metric in ("total", *PARTS):
        hidden = tuple(
            int(group[1:])
            for level, group, name, _, reason in published
            if level == "unit" and name == metric and reason is not None
        )
        limit = LIMITS["part" if metric in PARTS else "total"]
        for size in range(1, len(hidden) + 1):
            for group in combinations(hidden, size):
                if size > 1 and len(town.members(group)) >= limit:
                    continue
                assert not _is_determined(projection, _functional(town, group, metric)), (
                    f"{metric} for {group} can be worked out"
                )


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(town=towns())
def test_every_visible_figure_about_persons_has_enough_persons_behind_it(
    suppression: duckdb.DuckDBPyConnection, town: Town
) -> None:
    _fill(suppression, town)
    published = suppression.execute(
        "select level, group_id, metric_id from intermediate.int_metric_months_visible"
        " where numerator is not null or denominator is not null or value is not null"
    ).fetchall()
    for level, group, metric in published:
        units = _units_of(town, level, group)
        assert len(town.members(units)) >= LIMITS["part" if metric in PARTS else "total"]
        if metric in PARTS:
            sick = {
                p
                for p in town.members(units)
                if town.sick[p] is not None and town.sick[p][0] == metric
            }
            assert len(sick) not in {1, 2}


def _ill(persons: tuple[tuple[int, ...], ...]) -> tuple[tuple[str, int], ...]:
    """Everybody is away for four days, so that figures protect as persons do."""
    return (("short", 4),) * len(persons)


def test_a_lone_small_unit_gets_its_smallest_neighbour_for_company(
    suppression: duckdb.DuckDBPyConnection,
) -> None:
    persons = tuple((u,) for u, n in enumerate((3, 12, 20)) for _ in range(n))
    town = Town(("s0",) * 3, persons, _ill(persons))
    _fill(suppression, town)
    found = suppression.execute(
        "select group_id, suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' order by level desc, group_id"
    ).fetchall()
    assert found == [
        ("u00", "few_persons"), ("u01", "secondary"), ("u02", None), ("s0", None), ("all", None)
    ]  # fmt: skip


def test_the_worked_example_of_the_documentation_is_hidden_and_shown_as_told(
    suppression: duckdb.DuckDBPyConnection,
) -> None:
    sizes = (4, 6, 9, 20)
    persons = tuple((u,) for u, n in enumerate(sizes) for _ in range(n))
    _fill(suppression, Town(("s0",) * 4, persons, _ill(persons)))
    found = suppression.execute(
        "select suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and level <> 'municipality' order by level desc, group_id"
    ).fetchall()
    rules = {"few_persons": "no | 1:", "secondary": "no | 4:", None: "yes |"}
    shown = text_of("suppression").split("## Worked example")[1]
    names = zip(("A", "B", "C", "D", "sector"), (*sizes, sum(sizes)), found, strict=True)
    for name, size, (reason,) in names:
        assert f"| {name} | {size} | {rules[reason]}" in shown
    hidden = [size for size, (reason,) in zip(sizes, found[:4], strict=True) if reason]
    assert f"less C and D leaves {sum(hidden)} persons in two units" in shown
    assert len(hidden) == 2


def test_two_small_units_that_are_enough_together_need_no_company(
    suppression: duckdb.DuckDBPyConnection,
) -> None:
    persons = tuple((u,) for u, n in enumerate((3, 4, 20)) for _ in range(n))
    town = Town(("s0",) * 3, persons, _ill(persons))
    _fill(suppression, town)
    hidden = suppression.execute(
        "select group_id from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and suppression_reason is not null order by 1"
    ).fetchall()
    assert hidden == [("u00",), ("u01",)]


def test_a_sector_of_one_small_unit_loses_its_total_and_so_does_a_neighbour_sector(
    suppression: duckdb.DuckDBPyConnection,
) -> None:
    persons = tuple((u,) for u, n in enumerate((3, 15, 20)) for _ in range(n))
    town = Town(("s0", "s1", "s1"), persons, _ill(persons))
    _fill(suppression, town)
    hidden = suppression.execute(
        "select level, group_id, suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and suppression_reason is not null order by 1, 2"
    ).fetchall()
    assert hidden == [
        ("sector", "s0", "few_persons"),
        ("sector", "s1", "secondary"),
        ("unit", "u00", "few_persons"),
        ("unit", "u01", "secondary"),
    ]
