"""The warehouse is missing, old or damaged, or the store is: all comes back, and it is said."""

import shutil

import pytest

from pipelines.errors import DamagedError
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_warehouse
from tests.ingest_fixture import CONTRACTS, House, position, positions

CORRECTED = "stillinger_2012-01_rettet.csv"


@pytest.fixture
def lived(house):
    """A house with a correction, a quarantined row, a withdrawal and a rejected file."""
    lines = [position(str(number), pct="80,00") for number in range(1, 400)]
    house.take("stillinger_2012-01.csv", positions(*lines))
    house.take(CORRECTED, positions(*lines, position("400", unit="7777 Ny")))
    wrong = house.take("stillinger_2012-02.csv", positions(*lines, position("401")))
    house.take("stillinger_2012-03.csv", positions(*lines[:-1]))
    house.drop("regnskap_1.csv", "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;10,5\n")
    house.drop("ukjent.csv", "a;b\n1;2\n")
    house.ingest()
    decide_delivery(house.con, house.paths, "withdraw", wrong.delivery_id, "Feil måned.", "kari")
    statuses = house.con.execute("select status from ops.deliveries order by seq").fetchall()
    assert [row[0] for row in statuses] == [
        *("loaded", "loaded", "superseded", "loaded", "withdrawn", "loaded", "loaded", "rejected")
    ]
    return house


def everything(con):
    """Return every row of every source table and of every table of ``ops``."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = current_database() order by all"
    ).fetchall()
    return {
        f"{schema}.{name}": con.execute(
            f'select * from "{schema}"."{name}" order by all'
        ).fetchall()
        for schema, name in tables
    }


def closed(house):
    """Close the house's warehouse; returns all it held."""
    held = everything(house.con)
    house.con.close()
    return held


def mended(house):
    """Let what a run does first mend the warehouse; returns what it said and what is there."""
    told = make_sound(house.paths, CONTRACTS, thorough=True)
    with open_warehouse(house.paths.warehouse, CONTRACTS) as con:
        found = everything(con)
    assert make_sound(house.paths, CONTRACTS, thorough=True) == ()
    return " ".join(told), found


def delete(file):
    file.unlink()


def truncate(file):
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def empty(file):
    file.write_bytes(b"")


def damage_header(file):
    content = bytearray(file.read_bytes())
    content[4096 : 4096 + 64] = bytes(64)
    content[8192 : 8192 + 64] = bytes(64)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (delete, "Datavarehuset mangler"),
        (truncate, "Datavarehuset er skadet"),
        (empty, "Datavarehuset er skadet"),
        (damage_header, "Datavarehuset er skadet"),
    ],
)
def test_a_harmed_warehouse_is_found_said_and_built_anew(lived, harm, says):
    before = closed(lived)
    harm(lived.paths.warehouse)
    told, found = mended(lived)
    assert says in told
    assert found == before


def test_a_flipped_bit_in_any_row_is_found(lived):
    before = closed(lived)
    whole = lived.paths.warehouse.read_bytes()
    block = 262_144
    harmed = 0
    for start in range(3 * 4096, len(whole), block):
        content = bytearray(whole)
        content[start + 4096] ^= 1
        lived.paths.warehouse.write_bytes(content)
        told, found = mended(lived)
        harmed += "er bygd på nytt" in told
        assert found == before
    assert harmed > 0


def test_the_damaged_file_is_set_aside_and_not_deleted(lived):
    closed(lived)
    damage_header(lived.paths.warehouse)
    content = lived.paths.warehouse.read_bytes()
    told, _ = mended(lived)
    (aside,) = lived.paths.root.glob("warehouse-satt-til-side-*.duckdb")
    assert aside.read_bytes() == content
    assert aside.name in told


def test_last_months_warehouse_is_brought_up_to_today(house):
    house.take("stillinger_2012-01.csv", positions(position("1"), position("2")))
    house.con.close()
    old = house.paths.root / "kopi.duckdb"
    shutil.copy(house.paths.warehouse, old)
    again = House(house.folder.parent)
    done = again.take(CORRECTED, positions(position("3")))
    decide_delivery(again.con, again.paths, "withdraw", done.delivery_id, "Feil fil.", "kari")
    again.take("stillinger_2012-02.csv", positions(position("4")))
    before = closed(again)
    shutil.copy(old, house.paths.warehouse)
    told, found = mended(house)
    assert "manglet 3 hendelser" in told
    assert found == before


def test_another_homes_warehouse_is_not_believed(lived, tmp_path):
    other = House.build(tmp_path / "annen")
    other.take("stillinger_2015-01.csv", positions(position("9")))
    other.con.close()
    before = closed(lived)
    shutil.copy(other.paths.warehouse, lived.paths.warehouse)
    told, found = mended(lived)
    assert "noe annet enn journalen" in told
    assert found == before


@pytest.mark.parametrize("lost", ["all", "last", "middle"])
def test_a_lost_store_is_written_back_byte_for_byte(lived, lost):
    before = closed(lived)
    files = records.files(lived.paths)
    content = {file: file.read_bytes() for file in files}
    gone = {"all": files, "last": files[-2:], "middle": files[3:5]}[lost]
    for file in gone:
        file.unlink()
    told, found = mended(lived)
    assert "skrevet tilbake fra datavarehuset" in told
    assert {file: file.read_bytes() for file in records.files(lived.paths)} == content
    assert found == before


def test_a_flipped_bit_in_an_entry_is_found_named_and_mended_from_the_warehouse(lived):
    before = closed(lived)
    file = records.files(lived.paths)[4]
    whole = file.read_bytes()
    file.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    told, found = mended(lived)
    assert file.name in told
    assert file.read_bytes() == whole
    assert found == before


def test_a_damaged_entry_and_no_warehouse_is_named_and_nothing_is_done(lived):
    closed(lived)
    lived.paths.warehouse.unlink()
    file = records.files(lived.paths)[4]
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"stillinger", b"Stillinger"))
    with pytest.raises(DamagedError, match=f"--without {file.stem}"):
        make_sound(lived.paths, CONTRACTS, thorough=True)
    assert not lived.paths.warehouse.exists()
    assert list(lived.paths.root.glob("warehouse*")) == []


@pytest.mark.parametrize("harm", [delete, truncate])
def test_rows_that_count_and_are_damaged_in_landing_are_named_and_the_old_warehouse_stands(
    lived, harm
):
    closed(lived)
    content = lived.paths.warehouse.read_bytes()
    (file,) = lived.paths.landing.glob("hr/positions/ym=2012-03/*.parquet")
    harm(file)
    with pytest.raises(DamagedError, match=str(file)):
        rebuild(lived.paths, CONTRACTS)
    assert lived.paths.warehouse.read_bytes() == content


def test_a_home_from_before_the_store_gets_one_and_can_be_rebuilt(lived):
    for table in ("records", "landing_files"):
        lived.con.execute(f"drop table ops.{table}")
    lived.con.execute("delete from ops.decisions")
    lived.con.execute("update ops.deliveries set status = 'superseded' where status = 'withdrawn'")
    lived.con.close()
    shutil.rmtree(lived.paths.records)
    told, first = mended(lived)
    assert "er skrevet fra datavarehuset" in told
    rebuild(lived.paths, CONTRACTS)
    _, second = mended(lived)
    source = {name: rows for name, rows in second.items() if not name.startswith("ops.")}
    assert source["hr.positions"]
    for name in ("ops.quarantine", "ops.warnings", "ops.landing_files", "ops.records"):
        assert second[name] == first[name]


def test_landing_alone_gives_the_figures_back_and_says_what_is_lost(lived):
    before = closed(lived)
    lived.paths.warehouse.unlink()
    shutil.rmtree(lived.paths.records)
    landed = {file: file.read_bytes() for file in lived.paths.landing.rglob("*.parquet")}
    told, found = mended(lived)
    for words in ("Datavarehuset mangler", "karantene", "trukket tilbake", "frosset"):
        assert words in told
    assert {file: file.read_bytes() for file in lived.paths.landing.rglob("*.parquet")} == landed
    withdrawn = {row for row in found["hr.positions"] if "2012-02" in row}
    assert len(withdrawn) == 400
    assert sorted(set(found["hr.positions"]) - withdrawn) == sorted(before["hr.positions"])
    again = House(lived.folder.parent)
    assert [result.file_name for result in again.ingest()] == ["ukjent.csv"]
    again.con.close()


def test_a_store_and_warehouse_older_than_landing_take_in_what_they_lack(house):
    house.take("stillinger_2012-01.csv", positions(position("1")))
    house.con.close()
    old = house.paths.root / "kopi"
    old.mkdir()
    shutil.copy(house.paths.warehouse, old)
    shutil.copytree(house.paths.records, old / "records")
    later = House(house.folder.parent)
    later.take("stillinger_2012-02.csv", positions(position("4")))
    before = later.table("hr.positions")
    later.con.close()
    shutil.rmtree(house.paths.records)
    shutil.copytree(old / "records", house.paths.records)
    shutil.copy(old / "warehouse.duckdb", house.paths.warehouse)
    told, _ = mended(house)
    assert "1 leveranse lå i landing" in told
    again = House(house.folder.parent)
    assert again.table("hr.positions").equals(before)
    assert again.take("stillinger_2012-03.csv", positions(position("5"))).delivery_id == "D000005"
    again.con.close()
