"""A file that nothing else holds is stated as lost, and the rest is built without it."""

import shutil

import pytest

from pipelines.errors import DamagedError, PukkError
from pipelines.ingest.compare import effect_of
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.gaps import go_without
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.deliveries import list_losses
from tests.ingest_fixture import CONTRACTS, House, position, positions

FEBRUARY, MARCH = "stillinger_2012-02.csv", "stillinger_2012-03.csv"


@pytest.fixture
def lived(house):
    """A house with a withdrawn month, a month with a row in quarantine, and no warehouse."""
    lines = [position(str(number)) for number in range(1, 40)]
    wrong = house.take(FEBRUARY, positions(*lines))
    house.take(MARCH, positions(*lines, position("41", unit="7777 Ny")))
    house.take("regnskap_1.csv", "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;10,5\n")
    decide_delivery(house.con, house.paths, "withdraw", wrong.delivery_id, "Feil måned.", "kari")
    house.expected = rows(house.con)
    house.con.close()
    shutil.copy(house.paths.warehouse, house.folder / "kopi.duckdb")
    house.paths.warehouse.unlink()
    return house


def rows(con):
    tables = ("hr.positions", "ledger.entries", "organisation.units")
    return {name: con.execute(f"select * from {name} order by all").fetchall() for name in tables}


def entry_of(house, kind, index=0):
    return [f for f in records.files(house.paths) if f.stem.endswith(kind)][index]


def landed(house, month):
    return next(house.paths.landing.glob(f"hr/positions/ym={month}/*.parquet"))


def truncate(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def delete(file):
    file.unlink()


def gone_without(house, *files):
    """State the losses as the message says, rebuild; returns what was said and what is there."""
    with pytest.raises(DamagedError):
        make_sound(house.paths, CONTRACTS, thorough=True)
    assert not house.paths.warehouse.exists()
    told = go_without(house.paths, files, "Disken røk.", "kari")
    told += rebuild(house.paths, CONTRACTS)
    assert make_sound(house.paths, CONTRACTS, thorough=True) == ()
    with open_warehouse(house.paths.warehouse, CONTRACTS) as con:
        assert [text in list_losses(con) for text in told if "kari" in text] == [True] * len(files)
        return " ".join(told), rows(con)


@pytest.mark.parametrize(("harm", "which"), [(truncate, 2), (flip, 3), (delete, 3)])
def test_a_lost_delivery_entry_gets_its_rows_from_landing_and_keeps_what_was_decided(
    lived, harm, which
):
    file = entry_of(lived, "-delivery", which)
    harm(file)
    told, found = gone_without(lived, file.stem)
    assert f"Journalfil {file.stem[:8]} er tapt, og utelatt av kari: «Disken røk.»" in told
    assert "karantene" in told
    assert "1 leveranse lå i landing" in told
    assert {2: FEBRUARY, 3: MARCH}[which] in told
    assert found == lived.expected
    kept = list(lived.paths.records.glob("*.utelatt"))
    assert len(kept) == (harm is not delete)
    # the chain holds with the gap in it, also the next time everything is built
    lived.paths.warehouse.unlink()
    assert "Datavarehuset mangler." in make_sound(lived.paths, CONTRACTS, thorough=True)
    again = House(lived.folder.parent)
    assert rows(again.con) == lived.expected
    assert again.ingest() == []
    again.con.close()


@pytest.mark.parametrize("harm", [flip, delete])
def test_a_lost_decision_is_said_and_the_delivery_counts_as_when_it_came(lived, harm):
    file = entry_of(lived, "-decision")
    later = House(lived.folder.parent)  # the next event is what shows that a last one is gone
    later.take("stillinger_2012-05.csv", positions(*(position(str(n)) for n in range(1, 40))))
    later.con.close()
    lived.paths.warehouse.unlink()
    harm(file)
    told, found = gone_without(lived, str(file) if harm is not delete else file.stem)
    assert ("pukk deliveries" if harm is not delete else "ingenting sier hva var") in told
    counts = {row[-1] for row in found["hr.positions"]}
    assert counts == {"2012-02", "2012-03", "2012-05"}


@pytest.mark.parametrize("harm", [flip, delete])
def test_lost_rows_are_counted_by_delivery_and_period_and_the_rest_stands(lived, harm):
    file = landed(lived, "2012-03")
    harm(file)
    place = file.relative_to(lived.paths.landing).as_posix()
    told, found = gone_without(lived, place)
    for words in (place, "39 rader for 2012-03", file.stem, "hr.positions", MARCH):
        assert words in told
    assert found["hr.positions"] == []
    assert found["ledger.entries"] == lived.expected["ledger.entries"]
    # the file lies in the inbox still: the next run reads it anew
    again = House(lived.folder.parent)
    shown = effect_of(again.con, again.paths, CONTRACTS["hr"], "positions", file.stem, 5)
    assert (shown.in_force, shown.replaced, shown.changes.height) == ([], {}, 0)
    (read,) = again.ingest()
    assert (read.file_name, read.status, read.rows_loaded) == (MARCH, "loaded", 39)
    assert again.ingest() == []
    assert len(again.table("hr.positions")) == 39
    again.con.close()
    rebuild(lived.paths, CONTRACTS)
    assert make_sound(lived.paths, CONTRACTS, thorough=True) == ()


def test_what_lost_rows_had_replaced_counts_again(house):
    house.take(MARCH, positions(position("1"), position("2")))
    house.take("stillinger_2012-03_rettet.csv", positions(position("3")))
    house.con.close()
    house.paths.warehouse.unlink()
    file = landed(house, "2012-03").with_name("D000004.parquet")
    flip(file)
    _, found = gone_without(house, str(file))
    assert len(found["hr.positions"]) == 2


def test_a_lost_file_that_is_found_again_heals_what_it_left(lived):
    entry, rows_file = entry_of(lived, "-delivery", 3), landed(lived, "2012-03")
    content = {file: file.read_bytes() for file in (entry, rows_file)}
    truncate(rows_file)
    truncate(entry)
    with pytest.raises(DamagedError, match=entry.stem):
        rebuild(lived.paths, CONTRACTS)
    _, found = gone_without(lived, entry.stem, str(rows_file))
    assert found["hr.positions"] == []
    for file, whole in content.items():
        file.write_bytes(whole)
    make_sound(lived.paths, CONTRACTS, thorough=True)
    rebuild(lived.paths, CONTRACTS)
    with open_warehouse(lived.paths.warehouse, CONTRACTS) as con:
        assert rows(con) == lived.expected
        assert con.execute("select count(*) from ops.quarantine").fetchall() == [(1,)]


@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse-satt-til-side-20120101.duckdb"])
def test_what_a_warehouse_still_holds_is_written_back_and_nothing_is_lost(lived, name):
    shutil.copy(lived.folder / "kopi.duckdb", lived.paths.root / name)
    file = entry_of(lived, "-delivery", 3)
    whole = file.read_bytes()
    flip(file)
    told = " ".join(rebuild(lived.paths, CONTRACTS))
    assert "ingenting er tapt" in told
    assert file.read_bytes() == whole
    with open_warehouse(lived.paths.warehouse, CONTRACTS) as con:
        assert rows(con) == lived.expected
        assert list_losses(con) == []


@pytest.mark.parametrize("harm", [truncate, flip, delete])
@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse-satt-til-side-20120101.duckdb"])
def test_rows_a_warehouse_still_holds_are_written_back_as_they_were(lived, harm, name):
    shutil.copy(lived.folder / "kopi.duckdb", lived.paths.root / name)
    file = landed(lived, "2012-03")
    whole = file.read_bytes()
    harm(file)
    with pytest.raises(DamagedError, match="--without"):
        rebuild(lived.paths, CONTRACTS)
    (told,) = go_without(lived.paths, [str(file)], "Disken røk.", "kari")
    assert "39 rader, som de ble lest; ingenting er tapt" in told
    assert file.read_bytes() == whole
    rebuild(lived.paths, CONTRACTS)
    with open_warehouse(lived.paths.warehouse, CONTRACTS) as con:
        assert rows(con) == lived.expected
        assert list_losses(con) == []


def test_rows_that_did_not_count_are_in_no_warehouse_and_lost(lived):
    shutil.copy(lived.folder / "kopi.duckdb", lived.paths.warehouse)
    withdrawn = landed(lived, "2012-02")
    flip(withdrawn)
    (told,) = go_without(lived.paths, [str(withdrawn)], "Disken røk.", "kari")
    assert "Tapt: 39 rader for 2012-02" in told


@pytest.mark.parametrize(
    "name", ["00000002", "00000099", "regnskap.csv", "hr/positions/ym=2012-03/D000099.parquet"]
)
def test_nothing_is_left_out_that_is_whole_or_was_never_there(lived, name):
    before = {file: file.read_bytes() for file in lived.paths.root.rglob("*") if file.is_file()}
    with pytest.raises(PukkError):
        go_without(lived.paths, [name], "Disken røk.", "kari")
    with pytest.raises(PukkError, match="tom"):
        go_without(lived.paths, [landed(lived, "2012-03").as_posix()], "  ", "kari")
    after = {file: file.read_bytes() for file in lived.paths.root.rglob("*") if file.is_file()}
    assert after == before
