"""What is older than it may be: found by the contracts' days, told first, deleted when asked."""

import os
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.contracts.retention import (
    QUARANTINED,
    RAW,
    Rule,
    own_rules,
    person_tables,
    rule_of_files,
    rule_of_rows,
)
from pipelines.desk.on_disk import sha256_of
from pipelines.errors import ContractError
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.publishing import files as published
from pipelines.publishing.files import Generation
from pipelines.retention.carry_out import delete_files
from pipelines.retention.found import editions_with_erased, old_files
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_warehouse
from tests.days import today
from tests.ingest_fixture import CONTRACTS, POSITIONS_HEADER, SOURCES, House, position, positions

LEDGER = "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;10,5\n"


def found(house, days):
    return old_files(house.con, house.paths, CONTRACTS, own_rules(), today() + timedelta(days=days))


def names(house, days):
    return [(each.kind, each.name) for each in found(house, days)]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda c: c.id)
def test_every_contract_says_how_long_its_files_are_kept(contract):
    assert rule_of_files([contract], RAW).value > 0
    assert rule_of_files([contract], QUARANTINED).value > 0


def test_every_table_about_persons_says_how_long_its_rows_are_kept():
    tables = person_tables(CONTRACTS)
    about_persons = {
        (contract.id, table.name)
        for contract in CONTRACTS.values()
        for table in contract.tables.values()
        if any(column.classification == "person" for column in table.columns)
    }
    assert tables
    assert set(tables) == about_persons
    for contract, table in tables:
        assert rule_of_rows(CONTRACTS[contract], table).value > 0


def test_years_are_counted_in_years_and_days_in_days():
    years = Rule("x", 5, "y", "")
    assert years.keeps_from(date(2026, 11, 29)) == date(2021, 11, 28)
    assert years.keeps_from(date(2024, 2, 29)) == date(2019, 2, 28)
    assert Rule("x", 90, "d", "").keeps_from(date(2026, 3, 31)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "text",
    ["editions: {value: 3, unit: d}\n", "editions: 3\n", "a: {value: 1, unit: d}\n"],
)
def test_a_file_of_days_that_lacks_or_invents_something_is_refused(tmp_path, text):
    (tmp_path / "retention.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError):
        own_rules(tmp_path)


@pytest.mark.parametrize("wrong", ["value: 0", "value: 1.5", "value: -1", "value: true", "unit: m"])
def test_days_that_are_no_days_are_refused(tmp_path, wrong):
    whole = dict.fromkeys(own_rules(), "{value: 3, unit: d}")
    whole["reports"] = f"{{{wrong}, {'value: 3' if 'unit' in wrong else 'unit: d'}}}"
    text = "".join(f"{name}: {rule}\n" for name, rule in whole.items())
    (tmp_path / "retention.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError):
        own_rules(tmp_path)


def test_files_as_they_came_are_kept_for_the_contracts_days_and_no_longer(house):
    house.take("stillinger_2012-01.csv", positions(position()))
    house.drop("ny.csv", "a;b\n")  # nothing has been read from it yet
    assert names(house, 90) == []
    assert names(house, 91) == [
        ("raw_files", "enheter.csv"),
        ("raw_files", "koder.csv"),
        ("raw_files", "stillinger_2012-01.csv"),
    ]


def test_refused_files_go_earlier_than_those_that_were_read(house):
    house.take("stillinger_2012-02.csv", "a;b\n1;2\n")
    house.take("ukjent.csv", "a;b\n1;2\n")
    refused = [("quarantined_files", n) for n in ("stillinger_2012-02.csv", "ukjent.csv")]
    assert names(house, 30) == []
    assert names(house, 31) == refused


def test_a_file_that_was_refused_and_then_read_is_no_refused_file(house):
    name = "stillinger_2012-01.csv"
    house.change_feed("hr", 0, max_quarantined_pct=0)
    file = positions(position(), position("2", unit="7777 Ny"))
    assert house.take(name, file).status == "rejected"
    assert ("quarantined_files", name) in names(house, 31)
    house.configure(SOURCES)
    assert [r.status for r in house.ingest()] == ["loaded"]
    assert ("quarantined_files", name) not in names(house, 60)
    assert ("raw_files", name) in names(house, 91)


def test_a_copy_that_never_became_whole_is_found_and_hidden_files_are_left_alone(house):
    copy = house.drop("stillinger_2012-02.csv.part", POSITIONS_HEADER)
    hidden = house.drop(".git/config", "x")
    for file in (copy, hidden):
        os.utime(file, (0, 0))
    assert names(house, 0) == [("unfinished_files", copy.name)]


def publish(paths, number, day):
    made = Generation(
        number=number,
        file_name=published.name_of(number),
        sha256="",
        size_bytes=1,
        content_sha256=f"{number}",
        published_at=f"{day.isoformat()}T01:15:00+00:00",
        run_id="r",
        input_fingerprint="f",
    )
    building = paths.published / "under.tmp"
    building.write_bytes(b"x")
    made = Generation(**{**vars(made), "sha256": sha256_of(building)})
    published.put_in_place(paths, building, made)
    published.point_to(paths, made)


def test_the_edition_readers_see_and_the_one_before_are_never_deleted(house):
    for number, age in ((1, 900), (2, 800), (3, 700), (4, 600)):
        publish(house.paths, number, today() - timedelta(days=age))
    assert names(house, 0) == [
        ("editions", "published/generation-000001.duckdb"),
        ("editions", "published/generation-000002.duckdb"),
    ]
    editions = published.list_generations(house.paths)
    published.point_to(house.paths, editions[0])
    assert names(house, 0) == [("editions", "published/generation-000002.duckdb")]
    (house.paths.published / "current.json").write_text("{", encoding="utf-8")
    assert names(house, 0) == []


def test_an_edition_from_before_somebody_was_deleted_goes_whatever_its_age(house):
    for number, age in ((1, 9), (2, 8), (3, 2), (4, 1)):
        publish(house.paths, number, today() - timedelta(days=age))
    assert names(house, 0) == []
    erased = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=5)
    house.con.execute("insert into ops.erasures values (?, 'kari', 'p', 1, 1, 1)", [erased])
    expected = [f"published/generation-00000{number}.duckdb" for number in (1, 2)]
    assert [name for _, name in names(house, 0)] == expected
    assert [each.name for each in editions_with_erased(house.con, house.paths)] == expected
    published.point_to(house.paths, published.list_generations(house.paths)[0])
    assert names(house, 0) == [("editions", expected[1])]


def test_a_warehouse_from_before_somebody_could_be_deleted_is_read_as_it_is(house):
    publish(house.paths, 1, today())
    house.con.execute("drop table ops.erasures")
    assert names(house, 0) == []


def test_reports_traces_and_warehouses_set_aside_go_by_their_own_days(house):
    old = {
        house.paths.reports / "quality-1.html": "reports",
        house.paths.state / "errors" / "spor.txt": "error_traces",
    }
    newest = house.paths.reports / "quality-2.html"
    for file in (*old, newest):
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", encoding="utf-8")
        os.utime(file, (0, 0) if file != newest else (1, 1))
    stamp = f"{today() - timedelta(days=40):%Y%m%d}T010203000000"
    aside = house.paths.root / f"warehouse-satt-til-side-{stamp}.duckdb"
    aside.write_text("x", encoding="utf-8")
    expected = {(kind, file.relative_to(house.paths.root).as_posix()) for file, kind in old.items()}
    assert set(names(house, 0)) == expected | {("warehouses_set_aside", aside.name)}


def test_what_is_deleted_is_written_down_and_stays_deleted_when_all_is_built_anew(house):
    house.take("stillinger_2012-01.csv", positions(position()))
    house.drop("regnskap_1.csv", LEDGER)
    house.ingest()
    before = house.table("hr.positions").rows(), house.table("ledger.entries").rows()
    everything = found(house, 91)
    sizes = {each.name: each.n_bytes for each in everything}
    assert delete_files(house.con, house.paths, everything, "kari") == len(everything) == 4
    assert list(house.paths.inbox.iterdir()) == []
    assert names(house, 1000) == []
    rows = house.con.execute("select kind, name, n_bytes, rule, deleted_by from ops.deletions")
    told = {row[1]: row for row in rows.fetchall()}
    assert {name: row[2] for name, row in told.items()} == sizes
    assert told["regnskap_1.csv"] == (
        *("raw_files", "regnskap_1.csv", len(LEDGER)),
        *("ledger.odcs.yaml: raw_files", "kari"),
    )
    hashes = "select count(*) from ops.deletions join ops.deliveries on sha256 = file_sha256"
    assert house.con.execute(hashes).fetchall() == [(4,)]
    assert house.ingest() == []  # an empty inbox gives nothing, and takes nothing away
    house.con.close()
    rebuild(house.paths, CONTRACTS)
    again = House(house.folder.parent)
    assert (again.table("hr.positions").rows(), again.table("ledger.entries").rows()) == before
    assert again.con.execute("select count(*) from ops.deletions").fetchall() == [(4,)]
    again.con.close()


def test_nothing_is_deleted_that_could_not_be_written_down(house, monkeypatch):
    house.take("stillinger_2012-01.csv", positions(position()))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records, "write", full)
    monkeypatch.setattr("pipelines.warehouse.replay.write", full)
    with pytest.raises(OSError, match="No space"):
        delete_files(house.con, house.paths, found(house, 91), "kari")
    assert len(list(house.paths.inbox.iterdir())) == 3


def test_a_warehouse_from_before_reads_what_was_deleted_since(house):
    house.con.close()
    old = house.paths.root / "kopi.duckdb"
    shutil.copy(house.paths.warehouse, old)
    house.con = open_warehouse(house.paths.warehouse, CONTRACTS)
    delete_files(house.con, house.paths, found(house, 91), "kari")
    house.con.close()
    shutil.copy(old, house.paths.warehouse)
    assert "manglet 1 hendelse " in " ".join(make_sound(house.paths, CONTRACTS, thorough=True))
    house.con = open_warehouse(house.paths.warehouse, CONTRACTS)
    assert house.con.execute("select count(*) from ops.deletions").fetchall() == [(2,)]
