"""The gate and the guard before publishing each find a small group alone, by counts of their own.

The models are built by SQL in which one thing is broken, and the two are asked one at a time. What
both judge by would be one rule in two places: a fault in it would pass them both.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.errors import PublishError
from pipelines.publishing.privacy import refuse_person_data
from pipelines.quality.persons_behind import SMALL_GROUPS
from tests.golden.definitions_town import definitions_models, definitions_warehouse
from tests.order_free import Model, copy_of, rebuild

TABLES = ("fct_metric_months", "mart_metric_years")
NOT_HIDDEN = "select * replace (cast(null as varchar) as reason) from {rows}"
NOTHING = "select * from {rows} where false"
MONTHS_SHOWN = {
    "int_suppression__totals": NOTHING,
    "int_suppression__splits": NOTHING,
    "int_suppression__reasons": NOT_HIDDEN,
    "int_suppression__group_months": NOT_HIDDEN,
}
YEARS_SHOWN = {
    "int_suppression__years": NOTHING,
    "int_suppression__year_reasons": NOT_HIDDEN,
    "int_suppression__count_years": NOT_HIDDEN,
}
MART_SHOWS = {
    "fct_metric_months": (
        "select * replace (coalesce(value, 1) as value,"
        " cast(null as varchar) as suppression_reason) from {rows}"
    )
}
MORE_PERSONS = {
    "int_hr__unit_months": (
        "select * replace (n_persons + 20 as n_persons, n_persons_once + 20 as n_persons_once)"
        " from {rows}"
    )
}
NO_LIMIT = {"int_metrics": "select * replace (1 as min_persons) from {rows}"}
NOT_ABOUT_PERSONS = {"int_metrics": "select * replace (false as is_about_persons) from {rows}"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Model]:
    return definitions_models(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    built = definitions_warehouse(tmp_path_factory, worker_id)
    with copy_of(built, tmp_path_factory.mktemp("town")) as con:
        yield con


@pytest.fixture
def con(town: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    town.begin()
    yield town
    town.rollback()


def broken(models: list[Model], changes: dict[str, str]) -> list[Model]:
    """The models, each named one wrapped in what spoils its rows: `{rows}` is its own SQL."""
    assert {model.name for model in models} >= set(changes)
    return [
        replace(model, sql=changes[model.name].format(rows=f"({model.sql}\n)"))
        if model.name in changes
        else model
        for model in models
    ]


def gate_stops(con: duckdb.DuckDBPyConnection, sql: str = SMALL_GROUPS) -> bool:
    (n,) = con.execute(f"select count(problem) from ({sql})").fetchall()[0]
    return bool(n)


def guard_stops(con: duckdb.DuckDBPyConnection, *, expected: bool = True) -> bool:
    """The tables as they would stand in the file, and what they promise."""
    products = load_contracts(kind="products")
    for name in TABLES:
        con.execute(f"create or replace table main.{name} as from marts.{name}")
    ((catalog,),) = con.execute("select current_database()").fetchall()
    with pytest.raises(PublishError) if expected else nullcontext() as refused:
        refuse_person_data(con, catalog, [products[name].tables[name] for name in TABLES])
    return refused is not None and "mindre enn grensen" in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "gate", "guard"),
    [
        ({}, False, False),
        (MONTHS_SHOWN, True, True),
        (YEARS_SHOWN, True, True),
        (MART_SHOWS, True, True),
        # the guard judges by what the models count, so what they count wrong the gate must find
        (MORE_PERSONS, True, False),
        (NO_LIMIT, True, False),
        (NOT_ABOUT_PERSONS, True, False),
    ],
    ids=["whole", "months", "years", "mart", "persons", "limit", "about"],
)
def test_each_of_the_two_alone_stops_what_the_models_should_have_hidden(
    con: duckdb.DuckDBPyConnection,
    models: list[Model],
    changes: dict[str, str],
    gate: bool,
    guard: bool,
) -> None:
    rebuild(con, broken(models, changes))
    assert gate_stops(con) is gate
    assert guard_stops(con, expected=guard) is guard


def test_what_the_gate_counts_wrong_the_guard_finds(
    con: duckdb.DuckDBPyConnection, models: list[Model]
) -> None:
    judged = "< limits.min_persons"
    assert judged in SMALL_GROUPS
    rebuild(con, broken(models, MONTHS_SHOWN))
    assert not gate_stops(con, SMALL_GROUPS.replace(judged, "< 0"))
    assert guard_stops(con)
