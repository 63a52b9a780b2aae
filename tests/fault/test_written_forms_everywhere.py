"""One module reads every text: no written form passes ingest, configuration, guard, log, answer."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.desk.access_log import Entry, append, entries
from pipelines.desk.personal_identifiers import HIDDEN, identifiers_in
from pipelines.errors import ConfigError, PublishError
from pipelines.municipality.model import Profile
from pipelines.municipality.problems import validated
from pipelines.publishing.privacy import refuse_person_data
from pipelines.publishing.query_child import answer
from pipelines.warehouse.table_sql import quoted
from tests.fault.refusals import whole_ledger
from tests.ingest_fixture import House
from tests.written_apart import APART, FIVE, OTHERS

pytestmark = pytest.mark.fault
FORMS = pytest.mark.parametrize("text", APART.values(), ids=APART.keys())
ACCOUNTS = "Ansvar;Konto;Periode;Regnskap;Tekst\n3120;10100;201201;5;"


def test_ingest_refuses_every_form_and_keeps_none(house: House) -> None:
    for place, text in enumerate(APART.values()):
        house.drop(f"regnskap_{place}.csv", f"{ACCOUNTS}{text}\n")
    taken = house.ingest()
    assert len(taken) == len(APART)
    assert {done.reason_code for done in taken} == {"personal_data"}
    ledger = whole_ledger(house)
    assert [text for text in APART.values() if text in ledger] == []
    assert FIVE not in ledger


def test_ingest_takes_accounts_with_days_beside_codes(house: House) -> None:
    lines = "".join(f'3120;10100;201201;{place};"{text}"\n' for place, text in enumerate(OTHERS))
    done = house.take("regnskap.csv", f"Ansvar;Konto;Periode;Regnskap;Tekst\n{lines}")
    assert (done.status, done.rows_loaded) == ("loaded", len(OTHERS))


@FORMS
def test_configuration_refuses_it(text: str) -> None:
    with pytest.raises(ConfigError) as told:
        validated(Profile, {"id": "proving", "name": f"Vik, {text}"}, "municipality.yml")
    assert FIVE not in str(told.value)


@pytest.fixture(scope="module")
def edition() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as edition")
        yield con


@FORMS
def test_the_guard_publishes_no_unit_named_so(
    edition: duckdb.DuckDBPyConnection, text: str
) -> None:
    contracts = load_contracts(kind="products").values()
    table = next(t for c in contracts for t in c.tables.values() if t.name == "dim_units")
    columns = ", ".join(
        f'null::{c.physical_type} as "{c.name}"' for c in table.columns if c.name != "unit_name"
    )
    edition.execute(
        f"create or replace table edition.main.dim_units as select {columns}, ? as unit_name",
        [f"Base {text}"],
    )
    with pytest.raises(PublishError, match="unit_name") as told:
        refuse_person_data(edition, "edition", [table])
    assert FIVE not in str(told.value)


def test_the_log_hides_every_form(tmp_path: Path) -> None:
    for text in APART.values():
        append(tmp_path, Entry("ola", "analytiker", "sql", "units", detail=f"select '{text}'"))
    kept = [entry["detail"] for entry in entries(tmp_path)]
    assert len(kept) == len(APART)
    assert [detail for detail in kept if HIDDEN not in detail or identifiers_in(detail)] == []
    assert FIVE not in "".join(kept)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("publisert") / "generation-000001.duckdb"
    duckdb.connect(file).close()
    return file


@FORMS
def test_no_answer_holds_it(published: Path, text: str) -> None:
    request = {"path": str(published), "max_rows": 50, "timeout_s": 30, "memory_mb": 256}
    header, body = answer(request | {"sql": f"select {quoted(text)} as a, 1 as b"})
    assert (header["code"], body) == ("personal", b"")
