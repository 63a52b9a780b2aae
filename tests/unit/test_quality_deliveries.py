"""The inbound gate reads the ledger of deliveries: counts, rejected files, late sources, sizes."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.unit.quality_town import by_rule, deliver, fill, inbound, open_town


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as con:
        yield con


def test_delivery_counts_that_do_not_add_up_stop_the_gate_and_name_the_file(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    deliver(con, 1)
    deliver(con, 2, rows_loaded=97)
    result = inbound(con)
    assert not result.success
    assert by_rule(result)["counts_reconcile"].measured_nb == (
        "1 av 2 leveranser brøt regelen: D000002 stillinger_2.csv"
    )


def test_a_rejected_file_stops_the_gate_for_as_long_as_it_lies_in_the_inbox(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    nothing = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0}
    deliver(con, 1, status="rejected", reason_nb="Kolonnen mangler.", periods="", **nothing)
    result = inbound(con, "run-1", "sha1", "sha2")
    assert not result.success
    assert by_rule(result)["no_rejected_in_inbox"].measured_nb == (
        "1 av 1 filer brøt regelen: stillinger_1.csv (Kolonnen mangler.)"
    )
    assert inbound(con, "run-2", "sha2").success


@pytest.mark.parametrize("feed_at_first", ["hr_positions", None])
def test_a_file_that_was_rejected_and_is_now_accepted_no_longer_stops_the_gate(
    con: duckdb.DuckDBPyConnection, feed_at_first: str | None
) -> None:
    fill(con)
    nothing = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0}
    deliver(con, 1, status="rejected", feed_id=feed_at_first, periods="", **nothing)
    assert not inbound(con, "run-1", "sha1").success
    deliver(con, 2, file_sha256="sha1")
    assert inbound(con, "run-2", "sha1").success
    deliver(con, 3, file_sha256="sha1", status="rejected", periods="", **nothing)
    assert not inbound(con, "run-3", "sha1").success


def test_a_source_months_behind_the_others_gives_a_warning(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    deliver(con, 1, periods="2026-01,2026-02,2026-06")
    deliver(con, 2, contract_id="sick_leave", table_name="spells", periods="2026-03,2026-00")
    deliver(con, 3, contract_id="organisation", table_name="units", periods="all")
    result = inbound(con)
    assert result.success
    assert by_rule(result)["sources_up_to_date"].measured_nb == (
        "1 av 2 kilder brøt regelen: sick_leave.spells til 2026-03"
    )


@pytest.mark.parametrize(("rows", "kept"), [(30, False), (60, True), (190, True), (210, False)])
def test_a_delivery_far_from_the_usual_size_gives_a_warning(
    con: duckdb.DuckDBPyConnection, rows: int, kept: bool
) -> None:
    fill(con)
    for seq in (1, 2, 3):
        deliver(con, seq, rows_in=100, rows_loaded=100, rows_quarantined=0, rows_duplicate=0)
    deliver(con, 4, rows_in=rows, rows_loaded=rows, rows_quarantined=0, rows_duplicate=0)
    result = inbound(con)
    assert result.success
    assert by_rule(result)["volume_as_usual"].success is kept
