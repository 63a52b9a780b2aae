"""A hidden unit's past that is sent to another unit: it would count twice, and be told."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.quality.gates import run_gate
from tests.unit.quality_town import NOW, by_rule, open_town
from tests.unit.test_quality_outbound import outbound_tables

RULE = "hidden_units_stay_where_they_were"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as made:
        outbound_tables(made)
        yield made


def month(
    con: duckdb.DuckDBPyConnection, unit: str, before: float, after: float | None, *, frozen: bool
) -> None:
    con.execute(
        "insert into intermediate.int_kept_unit_months values"
        " (?, 'sick', date '2016-03-01', ?, ?, false)",
        [unit, before, frozen],
    )
    con.execute(
        "insert into intermediate.int_metric_months values (?, 'sick', date '2016-03-01', ?, ?)",
        [unit, after, after is not None],
    )


def judged(con: duckdb.DuckDBPyConnection) -> tuple[bool, str]:
    found = by_rule(run_gate(con, "outbound", {}, "run-1", NOW))[RULE]
    return found.success, found.measured_nb


def test_a_hidden_unit_whose_staff_are_in_another_stops_what_would_be_published(
    con: duckdb.DuckDBPyConnection,
) -> None:
    month(con, "K1", 60, None, frozen=True)
    month(con, "T1", 140, 200, frozen=False)
    month(con, "U9", 80, 80, frozen=True)
    success, said = judged(con)
    assert not success
    assert said == (
        "1 av 3 enheter brøt regelen: K1, 2016-03–2016-03: enheten er borte fra kildene,"
        " og tallene dens står i andre enheter"
    )


@pytest.mark.parametrize("risen", [140.0, 165.0])
def test_a_hidden_unit_that_is_gone_and_is_in_no_other_stops_nothing(
    con: duckdb.DuckDBPyConnection, risen: float
) -> None:
    month(con, "K1", 60, None, frozen=True)
    month(con, "T1", 140, risen, frozen=False)
    assert judged(con)[0]


def test_a_shown_unit_that_is_merged_backwards_stops_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    month(con, "O3", 60, None, frozen=False)
    month(con, "T1", 140, 200, frozen=False)
    assert judged(con)[0]
