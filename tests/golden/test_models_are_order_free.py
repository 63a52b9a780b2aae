"""The same rows in any order give the same tables, to the last bit of every double."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.golden.definitions_town import definitions_models, definitions_warehouse
from tests.golden.lean_activity_town import built_town
from tests.order_free import Model, contents, copy_of, rebuild

LEAST_TABLES = 80


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Model]:
    return definitions_models(tmp_path_factory, worker_id)


@pytest.fixture(params=[definitions_warehouse, built_town], ids=["definitions", "lean_activity"])
def con(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
    worker_id: str,
) -> Iterator[duckdb.DuckDBPyConnection]:
    built: Path = request.param(tmp_path_factory, worker_id)
    with copy_of(built, tmp_path) as con:
        yield con


def test_shuffled_rows_give_the_same_tables(
    con: duckdb.DuckDBPyConnection, models: list[Model]
) -> None:
    rebuild(con, models)
    first = contents(con, models)
    assert len(first) > LEAST_TABLES
    for seed in (0.25, 0.75):
        rebuild(con, models, shuffled=seed)
        now = contents(con, models)
        assert [name for name in first if first[name] != now[name]] == []


def test_the_comparison_sees_one_bit_in_one_row() -> None:
    with duckdb.connect() as con:
        con.execute("create schema intermediate")
        con.execute("create table intermediate.probe as select 0.1e0 + 0.2e0 as value, 1 as n")
        probe = [Model("intermediate", "probe", "", is_table=True)]
        before = contents(con, probe)
        con.execute("update intermediate.probe set value = 0.3e0")
        assert contents(con, probe) != before
