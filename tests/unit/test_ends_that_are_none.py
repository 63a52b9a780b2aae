"""The ways systems write that nothing ends never act as an end: positions, absences, validity."""

from datetime import date

import polars as pl
import pytest

from pipelines.ingest.dates import DateColumn, read_dates
from tests.ingest_fixture import position, positions

NO_END = (
    "31.12.9999", "9999-12-31", "99991231", "30.12.9999", "9999-12-31 00:00:00",
    "9999-12-31T23:59:59", "31.12.2999", "01.01.3000", "4712-12-31", "31.12.4712", "2400-01-01",
    "31.12.2199", "2199-12-31", "31.12.2100", "2100-01-01", "01.01.2100", "2099-12-31",
    "31.12.2099", "20991231", "01.01.2099", "2050-12-31", "31.12.2050", "20501231", "01.01.2050",
    "2049-12-31", "06.06.2079", "19.01.2038", "00.00.0000", "0000-00-00", "54789",
)  # fmt: skip
AN_END = ("31.12.2030", "2035-12-31", "2040-06-30", "30.06.2050", "2048-12-31", "14.05.2061")


@pytest.mark.parametrize("text", NO_END)
def test_an_end_that_is_none_is_empty_and_no_fault(text):
    parsed = read_dates(pl.Series([text]), DateColumn(as_end=True))
    assert (parsed.values[0], parsed.bad[0]) == (None, False)


@pytest.mark.parametrize("text", AN_END)
def test_a_real_end_is_an_end(text):
    parsed = read_dates(pl.Series([text]), DateColumn(as_end=True))
    assert isinstance(parsed.values[0], date)


def test_what_begins_far_ahead_is_no_empty_cell():
    parsed = read_dates(pl.Series(["4712-12-31", "2050-12-31"]), DateColumn())
    assert parsed.bad.to_list() == [True, False]
    assert parsed.values[1] == date(2050, 12, 31)


def test_a_position_that_ends_never_ends_with_the_last_register_that_had_it(house):
    house.change_feed("hr", 0, period={"source": "all"})
    open_ended = [position(str(n), end="31.12.2050") for n in range(1, 21)]
    house.take("stillinger_2012-01.csv", positions(*open_ended, position("30", end="2100-01-01")))
    assert house.table("hr.positions")["end_date"].null_count() == 21
    house.take("stillinger_2012-02.csv", positions(*open_ended))
    assert (
        "1 stilling uten sluttdato finnes ikke i det nye registeret"
        in (house.warnings()["vanished_positions"])
    )
