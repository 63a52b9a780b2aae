"""Three real accounts files as a user gets them: to the krone, every line left out is listed."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import IngestContext
from pipelines.municipality.load import load_municipality
from pipelines.settings import Settings, paths_for
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.schema import create_tables
from tests.golden.real_accounts import (
    Printed,
    bergen_headings,
    bergen_totals_first,
    published,
    sogndal,
)
from tests.ingest_fixture import ingest_all

Con = duckdb.DuckDBPyConnection


def ingested(municipality_id: str, home: Path, *files: Printed) -> Iterator[Con]:
    """Take in what a municipality published, with some files as they are printed."""
    municipality = load_municipality(municipality_id)
    paths = paths_for(Settings(municipality=municipality_id, home=home), municipality.id)
    paths.create()
    shutil.copytree(published(municipality_id), paths.inbox, dirs_exist_ok=True)
    for file in files:
        (paths.inbox / file.name).write_text(file.text, encoding="utf-8")
    contracts = load_contracts()
    with open_warehouse(paths.warehouse) as con:
        create_tables(con, contracts)
        ingest_all(IngestContext(municipality, contracts, paths, Keys((b"not a secret",)), con))
        yield con


FILES = {"sogndal": (sogndal(),), "bergen": (bergen_totals_first(), bergen_headings())}


@pytest.fixture(scope="module")
def cons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Con]]:
    made = {
        name: ingested(name, tmp_path_factory.mktemp(name), *files) for name, files in FILES.items()
    }
    yield {name: next(each) for name, each in made.items()}
    for each in made.values():
        next(each, None)


CASES = [(name, file) for name, files in FILES.items() for file in files]


def rows(con: Con, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(values)).fetchall()


@pytest.mark.parametrize(("name", "file"), CASES, ids=lambda each: getattr(each, "name", each))
def test_every_line_that_is_no_data_is_listed_with_its_amount(
    cons: dict[str, Con], name: str, file: Printed
) -> None:
    found = rows(
        cons[name],
        "select r.source_row, r.kind, r.amount, r.column_name from ops.dropped_rows as r"
        " join ops.deliveries as d using (delivery_id)"
        " where d.file_name = ? and d.contract_id = 'ledger' order by source_row",
        file.name,
    )
    first = next((column for *_, column in found if column), None)
    listed = [(row, kind, amount) for row, kind, amount, column in found if column in {None, first}]
    assert listed == file.dropped


@pytest.mark.parametrize(("name", "file"), CASES, ids=lambda each: getattr(each, "name", each))
def test_every_line_of_data_is_loaded(cons: dict[str, Con], name: str, file: Printed) -> None:
    found = rows(
        cons[name],
        "select status, rows_in, rows_loaded, rows_quarantined from ops.deliveries"
        " where file_name = ? and contract_id = 'ledger'",
        file.name,
    )
    n_years = 3 if name == "sogndal" else 4
    n = file.n_rows * n_years
    assert found == [("loaded", n, n, 0)]


def test_sogndal_balances_to_the_krone_with_a_sum_under_every_cost_centre(
    cons: dict[str, Con],
) -> None:
    found = rows(
        cons["sogndal"],
        "select year, count(*), sum(amount_nok) from ledger.entries where feed_id = 'operating'"
        " group by year order by year",
    )
    assert found == [(2011, 4898, 16), (2012, 4898, 0), (2013, 4898, 0)]
    assert rows(cons["sogndal"], "select count(*) from organisation.units") == [(140,)]


@pytest.mark.parametrize(
    ("version", "n_rows", "sums"),
    [
        ("Budsjett 2012", 1944, {2012: -110, 2013: -371, 2014: -471, 2015: -437}),
        ("Budsjett 2013", 1761, {2013: -490, 2014: -627, 2015: -489, 2016: -539}),
    ],
)
def test_bergen_keeps_its_sums_with_totals_first_and_with_headings_on_every_line(
    cons: dict[str, Con], version: str, n_rows: int, sums: dict[int, int]
) -> None:
    found = rows(
        cons["bergen"],
        "select year, count(*), sum(amount_nok) from ledger.entries where budget_version = ?"
        " group by year order by year",
        version,
    )
    assert found == [(year, n_rows, total) for year, total in sums.items()]


def test_lines_under_a_heading_that_begins_with_sum_are_told_and_not_lost(
    cons: dict[str, Con],
) -> None:
    found = rows(
        cons["bergen"],
        "select message_nb from ops.warnings as w join ops.deliveries as d using (delivery_id)"
        " where code = 'totals_as_data' and d.file_name = 'bergen_2012_drift.csv'"
        " and d.contract_id = 'ledger'",
    )
    assert len(found) == 1
    assert "(1944): rad 2, 3, 4, 5, 6 …" in found[0][0]


def test_a_file_without_lines_like_totals_gets_no_such_word(cons: dict[str, Con]) -> None:
    found = rows(
        cons["bergen"],
        "select w.code from ops.warnings as w join ops.deliveries as d using (delivery_id)"
        " where d.file_name = 'bergen_2013_drift.csv' and d.contract_id = 'ledger'",
    )
    assert found == []
