"""One person's rows are found, shown, deleted everywhere, and kept out from then on."""

import shutil
from datetime import date

import polars as pl
import pytest

from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.erasure import erase, held_about
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.pseudonyms import Keys, pseudonym
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.ingest.rotation import rotate
from pipelines.ingest.run import IngestContext
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_warehouse
from tests.ingest_fixture import CONTRACTS, KEY, ingest_all, position, positions

BOTH = Keys((*KEY.chain, b"en nyere nokkel for testene"))
PEOPLE = ("1001", "1002", "1003")
WHO = "1002"


@pytest.fixture
def lived(house):
    """A house in which 1002 is in files that count, were replaced, were withdrawn or refused."""
    house.take("stillinger_2012-01.csv", positions(*map(position, PEOPLE)))
    house.take("stillinger_2012-02.csv", positions(position("1001"), position("1003")))
    house.take("stillinger_2012-01_rettet.csv", positions(*map(position, PEOPLE[:2])))
    wrong = house.take("stillinger_2012-03.csv", positions(position(WHO)))
    decide_delivery(house.con, house.paths, "withdraw", wrong.delivery_id, "Feil.", "kari")
    aside = positions(position("1001"), position("1003"), position(WHO, unit="7777 Ny"))
    house.take("stillinger_2012-04.csv", aside)
    house.take("kopi/stillinger_2012-01.csv", positions(*map(position, PEOPLE)))
    return house


def held(house, number=WHO, keys=KEY):
    return held_about(house.con, house.paths, CONTRACTS, keys, number)


def erased(house, number=WHO, keys=KEY):
    found = held(house, number, keys)
    erase(house.con, house.paths, keys, found, "kari")
    house.con.close()
    rebuild(house.paths, CONTRACTS)
    house.con = open_warehouse(house.paths.warehouse, CONTRACTS)
    return found


def persons(house):
    return set(house.con.sql("select person_id from hr.positions").pl()["person_id"])


def landed(house):
    frames = [
        pl.read_parquet(file, hive_partitioning=False)
        for files in files_by_delivery(house.paths).values()
        for file in files
        if "/hr/positions/" in file.as_posix()
    ]
    return {person for frame in frames for person in frame["person_id"].to_list()}


def read(house, keys=KEY):
    ctx = house.context()
    return ingest_all(IngestContext(ctx.municipality, ctx.contracts, ctx.paths, keys, house.con))


def test_all_that_is_held_is_found_however_the_number_is_written(lived):
    for number in (WHO, "001002", " 1002 "):
        found = held(lived, number)
        assert found.n_rows == 3  # counts, was replaced, was withdrawn
        assert {file.name for file in found.raw_files} == {
            *("stillinger_2012-01.csv", "stillinger_2012-01_rettet.csv"),
            *("stillinger_2012-03.csv", "stillinger_2012-04.csv"),
        }
        assert len(found.raw_files) == 5  # a copy under another name too
    nobody = held(lived, "9999")
    assert nobody.n_rows == 0


def test_what_is_deleted_is_nowhere_and_the_others_are_untouched(lived):
    others = lived.con.sql(
        f"select * from hr.positions where person_id <> '{pseudonym(WHO, KEY)}' order by all"
    ).pl()
    shutil.copy(lived.paths.warehouse, lived.paths.root / "warehouse-satt-til-side-x.duckdb")
    erased(lived)
    made = pseudonym(WHO, KEY)
    assert made not in landed(lived) | persons(lived)
    assert lived.con.sql("select * from hr.positions order by all").pl().equals(others)
    left = [file.name for file in lived.paths.inbox.rglob("*") if file.is_file()]
    assert sorted(left) == ["enheter.csv", "koder.csv", "stillinger_2012-02.csv"]
    assert list(lived.paths.root.glob("warehouse-*")) == []
    assert made.encode() not in lived.paths.warehouse.read_bytes().replace(
        made.encode(),
        b"",
        2,  # the row that keeps the person out, in its entry and its table
    )
    assert read(lived) == []


def test_that_closed_months_stand_is_known(lived):
    assert held(lived).closed_before is None
    lived.con.execute(
        "insert into ops.closed_sources values"
        " ('hr', date '2010-01-01', now()::timestamp, 'kari'),"
        " ('sick_leave', date '2011-01-01', now()::timestamp, 'kari')"
    )
    assert held(lived).closed_before == date(2011, 1, 1)


def test_built_anew_it_is_the_same_and_the_counts_still_add_up(lived):
    erased(lived)
    before = lived.con.sql("select * from hr.positions order by all").pl()
    lived.con.close()
    lived.paths.warehouse.unlink()
    make_sound(lived.paths, CONTRACTS, thorough=True)
    assert make_sound(lived.paths, CONTRACTS, thorough=True) == ()
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    assert lived.con.sql("select * from hr.positions order by all").pl().equals(before)
    differs = "rows_in <> rows_loaded + rows_quarantined + rows_duplicate"
    assert lived.con.execute(f"select * from ops.deliveries where {differs}").fetchall() == []


@pytest.mark.parametrize("number", [WHO, "001002"])
def test_delivered_again_the_person_is_kept_out_and_the_file_is_no_worse_for_it(lived, number):
    erased(lived)
    lived.change_feed("hr", 0, max_quarantined_pct=0)
    lived.drop("stillinger_2012-05.csv", positions(position("1001"), position(number)))
    (result,) = [r for r in read(lived) if r.file_name == "stillinger_2012-05.csv"]
    assert (result.status, result.rows_loaded, result.rows_quarantined) == ("loaded", 1, 1)
    assert pseudonym(WHO, KEY) not in landed(lived) | persons(lived)
    (told,) = lived.con.execute(
        "select column_name, rule_id, found_nb, reason_nb from ops.quarantine"
        " where delivery_id = ?",
        [result.delivery_id],
    ).fetchall()
    assert told[:3] == (None, "erased_person", None)
    assert "er slettet etter krav" in told[3]
    assert number not in told[3]


def test_a_withdrawn_or_replaced_file_brings_nobody_back(lived):
    erased(lived)
    rows = lived.con.execute("select delivery_id, status from ops.deliveries").fetchall()
    withdrawn = [name for name, status in rows if status == "withdrawn"]
    decide_delivery(lived.con, lived.paths, "accept", withdrawn[0], "Likevel.", "kari")
    rettet = lived.con.execute(
        "select delivery_id from ops.deliveries where file_name like '%rettet%'"
    ).fetchall()[0][0]
    decide_delivery(lived.con, lived.paths, "withdraw", rettet, "Likevel ikke.", "kari")
    assert persons(lived) == {pseudonym(number, KEY) for number in ("1001", "1003")}


def test_a_rotated_key_keeps_the_person_out(lived):
    erased(lived)
    rotate(lived.con, lived.paths, CONTRACTS, BOTH, "kari")
    lived.con.close()
    rebuild(lived.paths, CONTRACTS)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    lived.drop("stillinger_2012-05.csv", positions(*map(position, PEOPLE)))
    (result,) = read(lived, BOTH)
    assert (result.rows_loaded, result.rows_quarantined) == (2, 1)
    assert pseudonym(WHO, BOTH) not in persons(lived)
    assert {pseudonym(number, BOTH) for number in ("1001", "1003")} == persons(lived)


def test_the_store_tells_how_many_rows_and_never_who(lived):
    erased(lived)
    (row,) = lived.con.execute(
        "select erased_by, n_rows, n_files, n_keys from ops.erasures"
    ).fetchall()
    assert row == ("kari", 3, 5, 1)
    last = records.read(records.files(lived.paths)[-1])
    assert last.kind == "rewrite"
    assert not any(WHO in str(value) for rows in last.tables.values() for value in rows)


class Stopped(BaseException):
    """The machine stops here."""


def stop(*_args, **_kwargs):
    raise Stopped


@pytest.mark.parametrize(
    "place", ["pipelines.warehouse.records.write", "pipelines.ingest.rebuild.apply_all"]
)
def test_stopped_half_way_the_person_is_wholly_there_or_wholly_gone(lived, monkeypatch, place):
    with monkeypatch.context() as patch:
        patch.setattr(place, stop)
        with pytest.raises(Stopped):
            erased(lived)
    lived.con.close()
    make_sound(lived.paths, CONTRACTS, thorough=True)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    is_gone = place.endswith("apply_all")
    assert (held(lived).n_rows == 0) == is_gone
    if not is_gone:
        erased(lived)
    assert pseudonym(WHO, KEY) not in landed(lived) | persons(lived)
