"""Nobody can work out a hidden figure from the published ones, by any sum or difference.

Random small municipalities go through the models' own SQL. An attacker is given every published
row, all denominators and who works where, and solves the linear system.
"""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parts_town import LIMITS, PARTS, Models, PartsTown, Person, compile_models, fill
from tests.statistics.method_tables import text_of


@st.composite
def towns(draw: st.DrawFn) -> PartsTown:
    sizes = draw(
        st.lists(st.lists(st.integers(1, 14), min_size=1, max_size=6), max_size=3, min_size=1)
    )
    sectors = tuple(f"s{i}" for i, units in enumerate(sizes) for _ in units)
    places = [(u,) for u, n in enumerate(n for units in sizes for n in units) for _ in range(n)]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(places) - 1))
        other = draw(st.integers(0, len(sectors) - 1))
        if other not in places[place]:
            places[place] = (*places[place], other)
    often = draw(st.sampled_from(((None, None, None, *PARTS), PARTS)))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    kinds = [often[rng.integers(len(often))] for _ in places]
    people = tuple(
        Person(units, {} if kind is None else {(0, kind): float(rng.integers(1, 20))})
        for units, kind in zip(places, kinds, strict=True)
    )
    late = draw(st.sets(st.integers(0, len(sectors) - 1), max_size=2))
    return PartsTown(sectors, people, late=frozenset(late))


@pytest.fixture(scope="module")
def suppression(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return compile_models(tmp_path_factory.mktemp("suppression"))


def _functional(town: PartsTown, units: tuple[int, ...], metric: str) -> np.ndarray:
    """Sum over units and parts as a row over the unknowns (unit x part)."""
    row = np.zeros((len(town.sectors), len(PARTS)))
    columns = [PARTS.index(metric)] if metric in PARTS else range(len(PARTS))
    for unit in units:
        row[unit, list(columns)] = 1.0
    return row.ravel()


def _is_determined(projection: np.ndarray, row: np.ndarray) -> bool:
    return bool(np.allclose(projection @ row, row, atol=1e-7))


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(town=towns())
def test_no_hidden_cell_and_no_small_hidden_group_can_be_solved_for(
    suppression: Models, town: PartsTown
) -> None:
    fill(suppression, town)
    published = suppression.rows(
        "select level, group_id, metric_id, numerator, suppression_reason"
        " from intermediate.int_metric_months_visible"
    )
    equations = [
        _functional(town, town.units_of(level, group), metric)
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
        # every unit hides its parts, so that larger groups are too many to try them all
        for size in range(1, (2 if metric in PARTS else len(hidden)) + 1):
            for group in combinations(hidden, size):
                if size > 1 and len(town.members(group)) >= limit:
                    continue
                assert not _is_determined(projection, _functional(town, group, metric)), (
                    f"{metric} for {group} can be worked out"
                )


@settings(max_examples=30,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(town=towns())
def test_every_visible_figure_about_persons_has_enough_persons_behind_it(
    suppression: Models, town: PartsTown
) -> None:
    fill(suppression, town)
    published = suppression.rows(
        "select level, group_id, metric_id from intermediate.int_metric_months_visible"
        " where numerator is not null or denominator is not null or value is not null"
    )
    for level, group, metric in published:
        units = town.units_of(level, group)
        assert len(town.members(units)) >= LIMITS["part" if metric in PARTS else "total"]
        if metric in PARTS:
            assert level != "unit", "a unit shows no month of a part"
            assert town.behind(units, [0], [metric]) >= 3
            assert town.behind(units, [0], [part for part in PARTS if part != metric]) >= 3


def _ill(sizes: tuple[int, ...], sectors: tuple[str, ...]) -> PartsTown:
    """Everybody is away for four days, so that figures protect as persons do."""
    units = (unit for unit, size in enumerate(sizes) for _ in range(size))
    return PartsTown(sectors, tuple(Person((unit,), {(0, "short"): 4.0}) for unit in units))


def test_a_lone_small_unit_gets_its_smallest_neighbour_for_company(
    suppression: Models,
) -> None:
    fill(suppression, _ill((3, 12, 20), ("s0",) * 3))
    found = suppression.rows(
        "select group_id, suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' order by level desc, group_id"
    )
    assert found == [
        ("u00", "few_persons"), ("u01", "secondary"), ("u02", None), ("s0", None), ("all", None)
    ]  # fmt: skip


def test_the_worked_example_of_the_documentation_is_hidden_and_shown_as_told(
    suppression: Models,
) -> None:
    sizes = (4, 6, 9, 20)
    fill(suppression, _ill(sizes, ("s0",) * 4))
    found = suppression.rows(
        "select suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and level <> 'municipality' order by level desc, group_id"
    )
    rules = {"few_persons": "no | 1:", "secondary": "no | 4:", None: "yes |"}
    shown = text_of("suppression").split("## Worked example")[1]
    names = zip(("A", "B", "C", "D", "sector"), (*sizes, sum(sizes)), found, strict=True)
    for name, size, (reason,) in names:
        assert f"| {name} | {size} | {rules[reason]}" in shown
    hidden = [size for size, (reason,) in zip(sizes, found[:4], strict=True) if reason]
    assert f"less C and D leaves {sum(hidden)} persons in two units" in shown
    assert len(hidden) == 2


def test_two_small_units_that_are_enough_together_need_no_company(
    suppression: Models,
) -> None:
    fill(suppression, _ill((3, 4, 20), ("s0",) * 3))
    hidden = suppression.rows(
        "select group_id from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and suppression_reason is not null order by 1"
    )
    assert hidden == [("u00",), ("u01",)]


def test_a_sector_of_one_small_unit_loses_its_total_and_so_does_a_neighbour_sector(
    suppression: Models,
) -> None:
    fill(suppression, _ill((3, 15, 20), ("s0", "s1", "s1")))
    hidden = suppression.rows(
        "select level, group_id, suppression_reason from intermediate.int_metric_months_visible"
        " where metric_id = 'total' and suppression_reason is not null order by 1, 2"
    )
    assert hidden == [
        ("sector", "s0", "few_persons"),
        ("sector", "s1", "secondary"),
        ("unit", "u00", "few_persons"),
        ("unit", "u01", "secondary"),
    ]
