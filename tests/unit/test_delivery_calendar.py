"""The calendar of deliveries: what came, what is missing, and what was never to come."""

from datetime import date

import pytest

from dashboards.reports.calendar import (
    NO,
    RESERVED,
    YES,
    Came,
    Cell,
    Column,
    Line,
    columns_of,
    lines_of,
    months_of,
)

DECEMBER = date(2018, 12, 1)


def delivery(seq: int, feed: str, periods: str, status: str = "loaded", **more: object):
    return {
        "delivery_id": f"D{seq}", "seq": seq, "contract_id": "hr", "table_name": "positions",
        "feed_id": feed, "file_name": f"{seq}.csv", "status": status, "duplicate_of": None,
        "periods": periods, "rows_in": 10, "rows_loaded": 10, "rows_quarantined": 0,
        "rows_duplicate": 0,
    } | more  # fmt: skip


def year(of: int, *, without: int = 0) -> str:
    return ",".join(f"{of}-{month:02}" for month in range(1, 13) if month != without)


def states(rows) -> list[str]:
    columns = columns_of(rows, DECEMBER)
    return [
        "".join((c.state or ".")[0:2] for c in line.cells)
        for line in lines_of(rows, columns, DECEMBER)
    ]


def test_the_last_year_is_told_by_month_and_the_years_before_as_one_each() -> None:
    columns = columns_of([delivery(1, "a", "2016-01,2018-03")], DECEMBER)
    assert [each.first.year for each in columns if each.is_year] == [2016, 2017]
    assert [each.first.month for each in columns if not each.is_year] == list(range(1, 13))


def test_closing_periods_of_the_accounts_are_of_the_years_last_month() -> None:
    assert months_of("2017-13,2017-12") == {date(2017, 12, 1)}
    assert months_of("all") == months_of(None) == frozenset()


def test_a_month_that_a_monthly_line_lacks_is_missing_also_at_the_end() -> None:
    first = [delivery(1, "a", year(2017))]
    months = [delivery(n, "a", f"2018-{n:02}") for n in (1, 2, 4, 5, 6, 7, 8, 9, 10)]
    (told,) = states([*first, *months])
    assert told == "re" + "rere" + "mi" + "re" * 7 + "mimi"


def test_what_is_delivered_now_and_then_is_never_missing() -> None:
    rows = [delivery(1, "a", "2016-03"), delivery(2, "a", "2018-05")]
    assert "mi" not in "".join(states(rows))


def test_feeds_that_follow_each_other_are_one_line_and_one_that_ended_is_not_missed() -> None:
    assert len(states([delivery(1, "old", year(2017)), delivery(2, "new", year(2018))])) == 1
    # two that tell of the same months are two, and the one that ended, ended by agreement
    budget = [delivery(3, "budget", year(2017))]
    both = states([delivery(1, "books", year(2017)), delivery(2, "books", year(2018)), *budget])
    assert both == ["re" * 13, "re" + "." * 12]


def test_a_cell_says_what_was_replaced_held_back_and_delivered_twice() -> None:
    rows = [
        delivery(1, "a", year(2017)),
        delivery(2, "a", "2018-01", "superseded"),
        delivery(3, "a", "2018-01"),
        delivery(4, "a", "2018-02", rows_quarantined=2),
        delivery(5, "a", "", "duplicate", duplicate_of="D4"),
    ]
    columns = columns_of(rows, date(2018, 2, 1))
    (line,) = lines_of(rows, columns, date(2018, 2, 1))
    january, february = line.cells[-2:]
    assert january.state == "restated"
    assert (february.state, february.n_aside, february.is_twice) == ("aside", 2, True)


MISSING = Cell(has_come=False, n_missing=1, n_aside=0, is_restated=False, is_twice=False)
BROKEN = {"success": False, "severity": "error"}
WARNED = {"success": False, "severity": "warning"}


@pytest.mark.parametrize(
    ("files", "promises", "is_year", "answer"),
    [
        ([delivery(1, "a", "all")], [WARNED], None, YES),
        ([delivery(1, "a", "all")], [BROKEN], None, NO),
        ([delivery(1, "a", "all", rows_loaded=9)], [], None, NO),
        ([delivery(1, "a", "all")], [], False, NO),
        ([delivery(1, "a", "all")], [], True, RESERVED),
        ([delivery(1, "a", "all", "held")], [], None, RESERVED),
        ([delivery(1, "a", "all", rows_loaded=8, rows_quarantined=2)], [], None, RESERVED),
        ([delivery(1, "a", "", "rejected"), delivery(2, "a", "all", file_name="1.csv")], [], None,
         YES),
    ],
)  # fmt: skip
def test_the_answer_is_no_only_for_what_is_wrong_now(
    files: list, promises: list, is_year: bool | None, answer: str
) -> None:
    column = Column(DECEMBER, frozenset({DECEMBER}), is_year=bool(is_year))
    lines = () if is_year is None else (Line("hr", ("a",), is_alone=True, cells=(MISSING,)),)
    found = Came((column,), lines, (), tuple(files), tuple(promises))
    assert found.answer == answer
