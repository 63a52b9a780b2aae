"""The key of pseudonyms is rotated: every history stays joined, whenever the machine stops."""

import re
import shutil

import polars as pl
import pytest

from pipelines.errors import ConfigError, DamagedError, PukkError
from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.gaps import go_without
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.pseudonyms import Keys, pseudonym
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.ingest.rotation import rotate
from pipelines.ingest.run import IngestContext
from pipelines.warehouse import records
from pipelines.warehouse.connection import open_warehouse
from tests.ingest_fixture import CONTRACTS, KEY, SOURCES, ingest_all, position, positions

BOTH = Keys((*KEY.chain, b"en nyere nokkel for testene"))
THREE = Keys((*BOTH.chain, b"og enda en for testene"))
PEOPLE = ("1001", "1002", "1003")


@pytest.fixture
def lived(house):
    """A house in which two months, a correction and a withdrawn file tell of three persons."""
    house.change_feed("hr", 0, columns=with_pseudonymous_positions())
    house.take("stillinger_2012-01.csv", positions(*map(position, PEOPLE)))
    house.take("stillinger_2012-02.csv", positions(*map(position, PEOPLE[:2])))
    house.take("stillinger_2012-01_rettet.csv", positions(position("1001", pct="60")))
    wrong = house.take("stillinger_2012-03.csv", positions(position("1003")))
    decide_delivery(house.con, house.paths, "withdraw", wrong.delivery_id, "Feil.", "kari")
    return house


def with_pseudonymous_positions():
    columns = dict(SOURCES["hr"][0]["columns"])
    return columns | {"position_id": {"concat": ["Ans.nr", "Løpenr"], "pseudonymise": True}}


def rows(con, table="hr.positions"):
    return con.sql(f"select * from {table} order by period_ym, source_row").pl()


def in_bytes(house):
    """Return every pseudonym that can be read from a file, the store's own included."""
    found = set()
    for files in files_by_delivery(house.paths).values():
        for file in files:
            frame = pl.read_parquet(file, hive_partitioning=False)
            texts = " ".join(str(value) for row in frame.rows() for value in row)
            found |= set(re.findall(r"p_[0-9a-f]{20}", texts))
    for file in (*house.paths.root.glob("warehouse*"), *house.paths.records.iterdir()):
        found |= set(re.findall(r"p_[0-9a-f]{20}", file.read_bytes().decode("latin-1")))
    return found


def all_of(people, keys):
    whole = {pseudonym(number, keys) for number in people}
    return whole | {pseudonym(f"{number}-1", keys) for number in people}


def rotated(house, keys=BOTH):
    n_files = rotate(house.con, house.paths, CONTRACTS, keys, "kari")
    house.con.close()
    told = rebuild(house.paths, CONTRACTS)
    house.con = open_warehouse(house.paths.warehouse, CONTRACTS)
    return n_files, told


def read(house, keys):
    ctx = house.context()
    return ingest_all(IngestContext(ctx.municipality, ctx.contracts, ctx.paths, keys, house.con))


def test_every_pseudonym_is_made_anew_and_nothing_keeps_an_old_one(lived):
    before = rows(lived.con)
    shutil.copy(lived.paths.warehouse, lived.paths.root / "warehouse-satt-til-side-x.duckdb")
    n_files, told = rotated(lived)
    assert n_files == 4
    assert "satt-til-side" not in " ".join(told)
    after = rows(lived.con)
    same = [c for c in before.columns if c not in {"person_id", "position_id"}]
    assert after.select(same).equals(before.select(same))
    assert after["person_id"].to_list() == [pseudonym(n, BOTH) for n in ("1001", "1001", "1002")]
    assert in_bytes(lived) <= all_of(PEOPLE, BOTH)
    assert pseudonym("1003", BOTH) in in_bytes(lived)  # the withdrawn file is made anew too


def test_what_comes_later_meets_what_was_there_and_nothing_is_read_again(lived):
    rotated(lived)
    assert read(lived, BOTH) == []
    lived.drop("stillinger_2012-04.csv", positions(*map(position, PEOPLE)))
    assert [r.status for r in read(lived, BOTH)] == ["loaded"]
    found = rows(lived.con)
    april = found.filter(pl.col("period_ym") == "2012-04")
    assert set(april["person_id"]) >= set(found["person_id"])
    assert april["person_id"].n_unique() == 3


def test_built_anew_it_is_the_same_and_a_second_rotation_works(lived):
    rotated(lived)
    before = rows(lived.con)
    lived.con.close()
    lived.paths.warehouse.unlink()
    make_sound(lived.paths, CONTRACTS, thorough=True)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    assert rows(lived.con).equals(before)
    rotated(lived, THREE)
    assert set(rows(lived.con)["person_id"]) == {pseudonym(n, THREE) for n in PEOPLE[:2]}


def test_before_a_rotation_more_keys_are_refused(lived):
    with pytest.raises(ConfigError, match="radene er ikke laget om"):
        read(lived, BOTH)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (KEY, "nå trengs alle 2; 1 er satt"),
        (THREE, "Nøkkel nummer 3"),
        (Keys((KEY.first, b"en annen enn den som ble brukt")), "er ikke de radene er laget med"),
        (Keys((b"en annen enn den forste nokkelen", BOTH.newest)), "er ikke de radene"),
    ],
)
def test_after_a_rotation_other_keys_are_refused_before_anything_is_read(lived, keys, says):
    rotated(lived)
    lived.drop("stillinger_2012-05.csv", positions(position("1001")))
    with pytest.raises(ConfigError, match=says):
        read(lived, keys)
    assert rows(lived.con).filter(pl.col("period_ym") == "2012-05").is_empty()


@pytest.mark.parametrize("keys", [KEY, THREE], ids=["none new", "two new"])
def test_a_rotation_takes_exactly_one_new_key(lived, keys):
    with pytest.raises(ConfigError, match="nøkkel nummer 2 og ingen flere"):
        rotate(lived.con, lived.paths, CONTRACTS, keys, "kari")


def test_a_damaged_file_in_landing_stops_a_rotation_before_anything_is_changed(lived):
    file = sorted(lived.paths.landing.glob("hr/positions/*/*.parquet"))[-1]
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    before = {f: f.read_bytes() for f in lived.paths.landing.glob("*/*/*/*.parquet")}
    with pytest.raises(DamagedError):
        rotate(lived.con, lived.paths, CONTRACTS, BOTH, "kari")
    assert {f: f.read_bytes() for f in before} == before
    file.write_bytes(whole)
    lived.con.close()
    assert make_sound(lived.paths, CONTRACTS, thorough=True) == ()
    assert not (lived.paths.landing / ".rewriting").exists()


class Stopped(BaseException):
    """The machine stops here."""


def stop(*_args, **_kwargs):
    raise Stopped


@pytest.mark.parametrize(
    ("place", "is_done"),
    [
        ("pipelines.ingest.rewriting.sha256_of", False),
        ("pipelines.warehouse.replay.make", False),
        ("pipelines.warehouse.records.write", False),
        ("pipelines.ingest.rewriting.put_in_place", True),
        ("pipelines.ingest.rewriting.sync", True),
        ("pipelines.ingest.rebuild.apply_all", True),
        ("pipelines.ingest.rebuild._set_aside", True),
        ("pipelines.ingest.rewriting.finish", True),
        ("pipelines.ingest.rewriting.delete_outlived", True),
    ],
)
def test_stopped_anywhere_it_is_wholly_done_or_not_begun(lived, monkeypatch, place, is_done):
    before = rows(lived.con)
    with monkeypatch.context() as patch:
        if not is_done:
            patch.setattr(place, stop)
            with pytest.raises(Stopped):
                rotate(lived.con, lived.paths, CONTRACTS, BOTH, "kari")
        else:
            rotate(lived.con, lived.paths, CONTRACTS, BOTH, "kari")
            patch.setattr(place, stop)
            lived.con.close()
            with pytest.raises(Stopped):
                rebuild(lived.paths, CONTRACTS)
    lived.con.close()
    make_sound(lived.paths, CONTRACTS, thorough=True)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    keys = BOTH if is_done else KEY
    assert set(rows(lived.con)["person_id"]) == {pseudonym(n, keys) for n in PEOPLE[:2]}
    assert (
        rows(lived.con)
        .drop("person_id", "position_id")
        .equals(before.drop("person_id", "position_id"))
    )
    assert in_bytes(lived) <= all_of(PEOPLE, keys)
    assert not (lived.paths.landing / ".rewriting").exists()
    assert read(lived, keys) == []


def test_a_warehouse_from_before_is_not_brought_up_to_date_but_built_anew(lived):
    lived.con.close()
    old = lived.paths.root / "kopi.db"
    shutil.copy(lived.paths.warehouse, old)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    rotated(lived)
    lived.con.close()
    shutil.copy(old, lived.paths.warehouse)
    old.unlink()
    told = " ".join(make_sound(lived.paths, CONTRACTS, thorough=True))
    assert "laget om, og har dem fortsatt" in told
    assert list(lived.paths.root.glob("warehouse-satt-til-side-*")) == []
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    assert in_bytes(lived) <= all_of(PEOPLE, BOTH)


def test_the_store_tells_of_the_rotation_and_holds_no_pseudonym(lived):
    rotated(lived)
    (row,) = lived.con.execute(
        "select n_keys, n_files, rotated_by from ops.pseudonym_keys"
    ).fetchall()
    assert row == (2, 4, "kari")
    last = records.read(records.files(lived.paths)[-1])
    assert last.kind == "rewrite"
    assert not re.search(
        r"p_[0-9a-f]{8}", "".join(f.read_text() for f in lived.paths.records.iterdir())
    )


def test_landing_alone_still_knows_the_keys_and_a_whole_file_is_no_lost_one(lived):
    rotated(lived)
    before = set(rows(lived.con)["person_id"])
    place = "hr/positions/ym=2012-02/D000004.parquet"
    with pytest.raises(PukkError, match="Filen er hel"):
        go_without(lived.paths, [place], "Prøve.", "kari")
    lived.con.close()
    lived.paths.warehouse.unlink()
    shutil.rmtree(lived.paths.records)
    make_sound(lived.paths, CONTRACTS, thorough=True)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    with pytest.raises(ConfigError, match="nå trengs alle 2"):
        read(lived, KEY)
    read(lived, BOTH)
    assert before <= set(rows(lived.con)["person_id"]) <= all_of(PEOPLE, BOTH)
    with pytest.raises(ConfigError, match="nøkkel nummer 3"):
        rotate(lived.con, lived.paths, CONTRACTS, BOTH, "kari")
