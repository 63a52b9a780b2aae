"""Rows about persons that are too old: those no figure needs are deleted, the rest counted."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.ingest.decisions import decide_delivery
from pipelines.ingest.expired_rows import expired_rows
from pipelines.ingest.landing_files import files_by_delivery
from pipelines.ingest.rebuild import make_sound, rebuild
from pipelines.retention.carry_out import delete_rows
from pipelines.warehouse.connection import open_warehouse
from tests.ingest_fixture import CONTRACTS, position, positions

TODAY = datetime.now(UTC).date()
FIRST = date(2010, 1, 1)
NEW = f"stillinger_{TODAY.year - 1}-01.csv"


@pytest.fixture
def lived(house):
    """Positions of 2012, corrected once; a file that is withdrawn; one from last year."""
    house.take("stillinger_2012-01.csv", positions(position("1"), position("2")))
    ended = position("4", start="01.01.2001", end="31.12.2005")
    house.take("stillinger_2012-01_rettet.csv", positions(position("1"), position("3"), ended))
    wrong = house.take("stillinger_2012-02.csv", positions(position("1")))
    decide_delivery(house.con, house.paths, "withdraw", wrong.delivery_id, "Feil.", "kari")
    house.take(NEW, positions(position("1"), position("5", end="31.12.2011")))
    return house


def expired(house, first_month=FIRST, today=TODAY):
    return expired_rows(house.con, house.paths, CONTRACTS, first_month, today)


def counts(found):
    return {
        (each.file.delivery_id, each.file.period_ym): (each.n_deleted, each.n_needed)
        for each in found
    }


def counted(house):
    return house.con.sql("select * from hr.positions order by period_ym, source_row").pl()


def test_rows_that_count_for_a_published_month_are_never_deleted(lived):
    found = counts(expired(lived))
    assert found == {
        ("D000003", "2012-01"): (2, 0),  # replaced
        ("D000004", "2012-01"): (1, 2),  # one ended before any published month
        ("D000005", "2012-02"): (1, 0),  # withdrawn
        ("D000006", f"{TODAY.year - 1}-01"): (0, 1),  # ended long ago, in a file that counts
    }


def test_within_the_contracts_years_nothing_is_too_old(lived):
    assert counts(expired(lived, today=date(2016, 12, 31))) == {("D000004", "2012-01"): (1, 0)}


def test_a_later_first_month_needs_fewer_rows(lived):
    later = counts(expired(lived, first_month=date(2014, 1, 1)))
    assert later["D000004", "2012-01"] == (3, 0)
    assert later["D000006", f"{TODAY.year - 1}-01"] == (1, 0)
    # an absence that began before the first month may last into it
    assert counts(expired(lived, first_month=date(2013, 2, 1)))["D000004", "2012-01"] == (1, 2)


def test_what_waits_to_be_accepted_is_left_alone(house):
    from pipelines.ingest.run import IngestContext
    from tests.ingest_fixture import ingest_all

    house.drop("stillinger_2012-01.csv", positions(position("1")))
    ctx = house.context()
    held = IngestContext(ctx.municipality, ctx.contracts, ctx.paths, ctx.key, ctx.con, hold=True)
    assert [r.status for r in ingest_all(held)] == ["held"]
    assert expired(house) == []


def test_deleted_rows_are_gone_from_everywhere_and_what_counts_is_the_same(lived):
    before = counted(lived)
    n = delete_rows(lived.con, lived.paths, expired(lived), "kari")
    assert n == 4
    lived.con.close()
    rebuild(lived.paths, CONTRACTS)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    gone = before.filter(pl.col("end_date") == date(2005, 12, 31))
    assert gone.height == 1
    kept = before.filter((pl.col("end_date") != date(2005, 12, 31)).fill_null(value=True))
    assert counted(lived).equals(kept)
    landed = {
        file.stem: pl.read_parquet(file, hive_partitioning=False).height
        for files in files_by_delivery(lived.paths).values()
        for file in files
        if "/hr/positions/" in file.as_posix()
    }
    assert landed == {"D000003": 0, "D000004": 2, "D000005": 0, "D000006": 2}
    told = lived.con.execute(
        "select name, n_rows, rule from ops.deletions where kind = 'person_rows' order by all"
    ).fetchall()
    assert [row[1] for row in told] == [2, 1, 1]
    assert {row[2] for row in told} == {"hr.odcs.yaml: hr.positions"}
    assert counts(expired(lived)) == {
        ("D000004", "2012-01"): (0, 2),
        ("D000006", f"{TODAY.year - 1}-01"): (0, 1),
    }
    lived.con.close()
    lived.paths.warehouse.unlink()
    make_sound(lived.paths, CONTRACTS, thorough=True)
    lived.con = open_warehouse(lived.paths.warehouse, CONTRACTS)
    assert counted(lived).equals(kept)
    assert lived.ingest() == []
