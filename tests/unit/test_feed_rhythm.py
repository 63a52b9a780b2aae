"""A feed is held against its own rhythm and the calendar, and missed when it breaks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.notices.rhythm import Arrival, expected, feed_states, holidays
from pipelines.warehouse.schema import create_tables
from tests.ingest_fixture import CONTRACTS

TODAY = date(2027, 3, 3)


def months_of(n: int, day: int = 5) -> list[Arrival]:
    return [
        Arrival(
            date(2025 + i // 12, i % 12 + 1, day), date(2025 + (i - 1) // 12, (i - 1) % 12 + 1, 1)
        )
        for i in range(n)
    ]


def test_a_monthly_feed_is_expected_within_its_own_rhythm() -> None:
    step, due = expected(months_of(26), holidays())  # last came 5 February 2027
    assert step == 31
    assert date(2027, 3, 8) <= due <= date(2027, 3, 22)


def test_no_feed_is_due_on_a_day_nobody_works() -> None:
    days = [Arrival(date(2027, 2, 23) + timedelta(days=7 * i), None) for i in range(4)]
    _, due = expected(days, holidays())  # Tuesday 16 March, then Easter
    assert due not in holidays()
    assert due.weekday() < 5
    assert due == date(2027, 3, 30)  # the Tuesday after
    _, everyday = expected(days, None)
    assert everyday < due


def test_a_feed_that_never_comes_in_july_is_not_missed_in_july() -> None:
    days = [a for a in months_of(30, day=20) if a.day.month != 7]  # to June 2027
    _, due = expected(days, holidays())
    assert due >= date(2027, 8, 1)


def test_history_loaded_in_one_day_is_no_rhythm_but_this_months_file_is() -> None:
    day = date(2027, 3, 3)
    assert expected([Arrival(day, date(2018, 12, 1))], holidays()) == (None, None)
    assert expected([Arrival(day, None)], holidays()) == (None, None)
    assert expected([], holidays()) == (None, None)
    _, due = expected([Arrival(day, date(2027, 2, 1))], holidays())
    assert date(2027, 4, 3) < due < date(2027, 4, 20)


@contextmanager
def ledger_of(*rows: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as con:
        create_tables(con, CONTRACTS)
        for seq, row in enumerate(rows, start=1):
            given = {
                "delivery_id": f"D{seq:06}", "seq": seq, "file_sha256": f"s{seq}", "size_bytes": 1,
                "contract_version": "1", "fingerprint": "f", "status": "loaded", "periods": "",
                "lines_total": 1, "layout_rows": 0, "rows_in": 1, "rows_loaded": 1,
                "rows_quarantined": 0, "rows_duplicate": 0, "file_name": f"fil_{seq}.csv", **row,
            }  # fmt: skip
            names = ", ".join(given)
            marks = ", ".join("?" for _ in given)
            con.execute(f"insert into ops.deliveries ({names}) values ({marks})", [*given.values()])
        yield con


def test_every_feed_is_missed_when_all_of_them_stop() -> None:
    rows = [
        {"feed_id": feed, "received_at": f"2026-{m:02}-05 03:00:00", "periods": f"2026-{m - 1:02}"}
        for feed in ("fravar", "lonn")
        for m in range(2, 10)
    ]
    with ledger_of(*rows) as con:
        states = feed_states(
            con, [("fravar", "a.b"), ("lonn", "c.d"), ("ny", "e.f")], TODAY, "norway"
        )
        fresh = feed_states(con, [("fravar", "a.b")], date(2026, 9, 20), "norway")
    assert [each.state for each in states] == ["missing", "missing", "unknown"]
    assert fresh[0].state == "on_time"


@pytest.mark.parametrize(
    ("last_period", "day"), [("2026-13", "2027-01-11"), ("2027-00", "2027-02-11")]
)
def test_periods_beside_the_months_of_accounts_are_known(last_period: str, day: str) -> None:
    row = {"feed_id": "regnskap", "received_at": f"{day} 03:00:00", "periods": last_period}
    with ledger_of(row) as con:
        (state,) = feed_states(con, [("regnskap", "ledger.accounts")], TODAY, "norway")
    assert state.due is not None
    assert state.state == ("missing" if last_period == "2026-13" else "on_time")
