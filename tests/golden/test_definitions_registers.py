"""What becomes of positions that a later register does not have, worked out by hand."""

from datetime import date
from typing import Any

import pytest

from tests.dbt_fixture import build_warehouse, fetch, municipality, run_dbt

D = date


def _row(delivery: str, position: str, start: date, **more: Any) -> dict[str, Any]:
    return {
        "delivery_id": delivery,
        "position_id": position,
        "person_id": position[:1],
        "unit_id": "U",
        "position_pct": 100,
        "employment_type": "permanent",
        "start_date": start,
        "end_date": None,
        **more,
    }


def _delivery(delivery: str, seq: int, register: date | None, **more: Any) -> dict[str, Any]:
    return {
        "delivery_id": delivery,
        "seq": seq,
        "contract_id": "hr",
        "table_name": "positions",
        "feed_id": "feed",
        "file_sha256": delivery,
        "status": "loaded",
        "periods": "all",
        "register_date": register,
        **more,
    }


FIRST, SECOND, THIRD = D(2012, 1, 31), D(2012, 2, 29), D(2012, 3, 31)
HIRED = D(2010, 1, 1)
POSITIONS = [
    # the first register has everybody
    *(_row("R1", p, HIRED) for p in ("stays", "leaves", "back", "raised", "earlier", "gone")),
    _row("R1", "ended", HIRED, end_date=D(2011, 6, 30)),
    _row("R1", "temp", HIRED, end_date=D(2012, 12, 31)),
    _row("R1", "never", D(2012, 6, 1)),
    # February: some are not there; one has another percentage, one another first day
    *(_row("R2", p, HIRED) for p in ("stays",)),
    _row("R2", "raised", D(2012, 2, 1), position_pct=50),
    _row("R2", "earlier", D(2009, 1, 1)),
    _row("R2", "gone", HIRED, unit_id="V"),
    # March: one is back, one more has left
    *(_row("R3", p, HIRED) for p in ("stays", "back")),
    _row("R3", "raised", D(2012, 2, 1), position_pct=50),
    _row("R3", "earlier", D(2009, 1, 1)),
    # January read once more, after March: it is still January's register
    *(_row("R4", p, HIRED) for p in ("stays", "leaves", "back", "raised", "earlier", "gone")),
]
DELIVERIES = [
    _delivery("R1", 1, FIRST),
    _delivery("R2", 2, SECOND),
    _delivery("R3", 3, THIRD),
    _delivery("R4", 4, FIRST, file_sha256="R1"),
]


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    folder = tmp_path_factory.mktemp("registers")
    file = folder / "registers.duckdb"
    rows = {"hr.positions": POSITIONS, "ops.deliveries": DELIVERIES}
    build_warehouse(file, municipality(D(2011, 1, 1), D(2012, 12, 1)), rows)
    run_dbt(file, "run", "--select", "+int_hr__position_spans", target=folder / "target")
    return fetch(
        file,
        "select position_id, start_date, end_date, position_pct, unit_id"
        " from intermediate.int_hr__position_spans order by position_id, start_date",
    )


def _of(spans: list[tuple[Any, ...]], position: str) -> list[tuple[Any, ...]]:
    return [span[1:3] for span in spans if span[0] == position]


def test_a_position_ends_at_the_last_register_that_had_it(spans: list[tuple[Any, ...]]) -> None:
    assert _of(spans, "leaves") == [(HIRED, FIRST)]
    assert _of(spans, "gone") == [(HIRED, SECOND)]
    assert _of(spans, "temp") == [(HIRED, FIRST)]


def test_one_that_had_ended_keeps_its_end(spans: list[tuple[Any, ...]]) -> None:
    assert _of(spans, "ended") == [(HIRED, D(2011, 6, 30))]


def test_one_that_comes_back_was_never_away(spans: list[tuple[Any, ...]]) -> None:
    assert _of(spans, "back") == _of(spans, "stays")
    assert _of(spans, "stays")[0][0] == HIRED


def test_what_was_before_a_new_percentage_stands(spans: list[tuple[Any, ...]]) -> None:
    found = [span[1:4] for span in spans if span[0] == "raised"]
    assert found[0] == (HIRED, D(2012, 1, 31), 100)
    assert found[1][0::2] == (D(2012, 2, 1), 50)


def test_a_corrected_first_day_replaces_the_one_before(spans: list[tuple[Any, ...]]) -> None:
    assert [start for start, _ in _of(spans, "earlier")] == [D(2009, 1, 1)]


def test_one_who_never_came_has_no_days(spans: list[tuple[Any, ...]]) -> None:
    assert _of(spans, "never") == []


def test_the_newest_register_says_where_a_position_is(spans: list[tuple[Any, ...]]) -> None:
    assert [span[4] for span in spans if span[0] == "gone"] == ["V"]
