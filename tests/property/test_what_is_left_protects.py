"""A total less what is shown of it bounds what is hidden: never too closely, zero included.

Random cells go through the model's own SQL. An attacker who knows that no figure is below nothing
finds by linear programming the least and the most each hidden cell can be.
"""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.municipality.protection import PROTECTION
from tests.suppression_cells import LIMIT, MONTH, Unit, compile_totals, hidden

A, B, C = "s0", "s1", "s2"


@pytest.fixture(scope="module")
def totals(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return compile_totals(tmp_path_factory.mktemp("rest"))


def _interval(
    units: Sequence[Unit], unseen: set[str], wanted: Sequence[int]
) -> tuple[float, float]:
    """The least and the most that the sum of the wanted units can be."""
    n = len(units)
    groups = {"all": list(range(n))}
    for number, unit in enumerate(units):
        groups.setdefault(unit.sector, []).append(number)
        groups[f"u{number:02}"] = [number]
    shown = [members for group, members in groups.items() if group not in unseen]
    rows = np.array([[float(u in members) for u in range(n)] for members in shown])
    sums = np.array([sum(units[u].amounts[0] for u in members) for members in shown])
    goal = np.array([float(u in wanted) for u in range(n)])
    found = []
    for sign in (1, -1):
        answer = linprog(
            sign * goal,
            A_eq=rows if shown else None,
            b_eq=sums if shown else None,
            bounds=(0, 10_000),
        )
        assert answer.status == 0, answer.message
        found.append(sign * answer.fun)
    return found[0], found[1]


@st.composite
def _units(draw: st.DrawFn) -> list[Unit]:
    units = []
    for sector in (A, B, C)[: draw(st.integers(1, 3))]:
        for _ in range(draw(st.integers(1, 4))):
            persons = draw(st.integers(1, 16))
            amount = draw(st.sampled_from([0, 0, 0, 0.25, 1, 3, 8, 40, 200]))
            units.append(Unit(sector, persons, (float(amount),), is_own=persons < LIMIT))
    return units


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(units=_units())
def test_nothing_hidden_can_be_bounded_closer_than_the_protection_level(
    totals: duckdb.DuckDBPyConnection, units: list[Unit]
) -> None:
    few = [s for s in (A, B, C) if sum(u.persons for u in units if u.sector == s) < LIMIT]
    if sum(unit.persons for unit in units) < LIMIT:
        few.append("all")
    unseen = hidden(totals, units, groups=few)
    for number, unit in enumerate(units):
        if f"u{number:02}" in unseen:
            low, high = _interval(units, unseen, [number])
            known = unit.amounts[0]
            level = max(PROTECTION.least, known * PROTECTION.pct / 100)
            assert high - known >= level - 1e-6, (units, unseen, number)
            assert known - low >= known * PROTECTION.pct / 100 - 1e-6, (units, unseen, number)
    for sector in {unit.sector for unit in units} & unseen:
        members = [n for n, unit in enumerate(units) if unit.sector == sector]
        if any(f"u{n:02}" in unseen for n in members):
            low, high = _interval(units, unseen, members)
            assert high - low >= PROTECTION.least - 1e-6, (units, unseen, sector)


def test_a_rest_of_nothing_takes_in_the_next_unit_with_a_figure(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    units = [Unit(A, 4, (0,), True), Unit(A, 6, (0,)), Unit(A, 9, (3,)), Unit(A, 20, (9,))]
    assert hidden(totals, [*units, Unit(A, 30, (30,))]) == {"u00", "u01", "u02", "u03"}


def test_a_rest_that_is_nearly_all_one_units_is_no_rest(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    units = [Unit(A, 4, (40,), True), Unit(A, 6, (3.9,)), Unit(A, 9, (2,)), Unit(A, 20, (9,))]
    assert hidden(totals, units) == {"u00", "u01", "u02"}
    assert hidden(totals, [units[0], Unit(A, 6, (4,)), *units[2:]]) == {"u00", "u01"}


def test_every_figure_of_a_family_must_be_protected(totals: duckdb.DuckDBPyConnection) -> None:
    units = [Unit(A, 4, (5, 0), True), Unit(A, 6, (5, 0)), Unit(A, 9, (5, 4)), Unit(A, 9, (5, 5))]
    assert hidden(totals, units) == {"u00", "u01", "u02", "u03"}


def test_a_refund_hides_as_much_as_what_is_paid(totals: duckdb.DuckDBPyConnection) -> None:
    units = [Unit(A, 4, (-900,), True), Unit(A, 6, (-950,)), Unit(A, 9, (10,))]
    assert hidden(totals, units) == {"u00", "u01"}


@pytest.mark.parametrize(("room", "third"), [(1.9, {"u02"}), (2.0, set())])
def test_what_others_lack_to_all_they_agreed_must_let_a_figure_fall(
    totals: duckdb.DuckDBPyConnection, room: float, third: set[str]
) -> None:
    units = [
        Unit(A, 4, (20,), True, room=60), Unit(A, 6, (118,), room=room),
        Unit(A, 9, (30,), room=150), Unit(A, 20, (9,), room=391),
    ]  # fmt: skip
    assert hidden(totals, units) == {"u00", "u01"} | third


def test_a_sector_that_cannot_protect_loses_its_total_and_not_all_its_units(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    units = [
        Unit(A, 4, (0,), True), Unit(A, 6, (0,)), Unit(A, 9, (0,)),
        Unit(B, 3, (6,), True), Unit(B, 7, (8,)), Unit(B, 20, (9,)),
        Unit(C, 8, (5,)), Unit(C, 12, (5,)), Unit(C, 30, (5,)),
    ]  # fmt: skip
    # the second sector hides units already, the third gives its smallest: 0, 14 and 5 of 10
    assert hidden(totals, units) == {"u00", "u01", A, "u03", "u04", B, "u06", C}


def test_a_month_with_nothing_anywhere_hides_the_totals_and_no_further_unit(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    units = [Unit(A, 4, (0,), True), Unit(A, 6, (0,)), Unit(A, 9, (0,)), Unit(B, 9, (0,))]
    assert hidden(totals, units) == {"u00", "u01", A, "all"}


def test_counts_hide_the_totals_of_groups_with_a_hidden_unit_and_no_neighbour(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    units = [Unit(A, 4, (1,), True), Unit(A, 9, (3,)), Unit(B, 9, (2,)), Unit(B, 9, (0,))]
    assert hidden(totals, units, is_count=True) == {"u00", A, "all"}
    assert hidden(totals, units[1:], is_count=True) == set()


def test_what_was_hidden_stays_enough_when_it_is_hidden_for_its_own_sake(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    rng = np.random.default_rng(7)
    for _ in range(30):
        units = [
            Unit(f"s{rng.integers(3)}", int(persons), (float(rng.choice([0, 1, 4, 60])),))
            for persons in rng.integers(2, 20, size=9)
        ]
        units = [Unit(u.sector, u.persons, u.amounts, u.persons < LIMIT) for u in units]
        first = hidden(totals, units)
        again = [
            Unit(u.sector, u.persons, u.amounts, f"u{n:02}" in first) for n, u in enumerate(units)
        ]
        assert hidden(totals, again, groups=sorted(first)) == first


def test_a_unit_that_has_nothing_for_one_metric_of_the_family_has_company_in_the_others(
    totals: duckdb.DuckDBPyConnection,
) -> None:
    """Sick days per child too: of four persons with no children, the days are in the total."""
    units = [Unit("s0", persons, (days,)) for persons, days in ((4, 10.0), (6, 10.0), (20, 41.0))]
    units[0] = replace(units[0], is_own=True)
    whole = hidden(totals, units)
    assert whole >= {"u00", "u01"}
    totals.execute(
        "insert into intermediate.int_metrics values"
        " ('sick', 5, false, 'month'), ('per_child', 5, false, 'month');"
        "insert into intermediate.int_counted_unit_months"
        f" select unit, 's0', metric, 'sick', date '{MONTH}', 9, has_data, has_data, false"
        " from (select unnest(['u00', 'u01', 'u02']) as unit)"
        " cross join (select unnest(['sick', 'per_child']) as metric)"
        " cross join lateral (select unit <> 'u00' or metric = 'sick' as has_data)"
    )
    try:
        assert hidden(totals, units) == whole
    finally:
        totals.execute("delete from intermediate.int_counted_unit_months")
        totals.execute("delete from intermediate.int_metrics")
