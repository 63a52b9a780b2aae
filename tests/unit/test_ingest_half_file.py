"""A file that holds half of what it should, or everything twice, is held until it is confirmed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.ingest.delivered_set import DeliveredSet
from pipelines.ingest.half_file import LINE_LIMITS, at_a_limit
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.split import Split
from pipelines.ingest.usual_rows import is_fraction, usual
from tests.ingest_fixture import CONTRACTS, SOURCES, House, feed, position, positions, workbook

FIGURES = {
    "id": "tall",
    "table": "values",
    "files": ["tall*"],
    "period": {"source": "column", "column": "month"},
    "columns": {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Måned"},
        "measure_id": {"column": "Måling"},
        "value": {"column": "Verdi"},
    },
}
HEADER = "Enhet;Måned;Måling;Verdi\n"
MONTHS = [f"{year}-{month:02d}" for year in (2012, 2013) for month in range(1, 13)]


@pytest.fixture
def house(tmp_path) -> House:
    made = House.build(tmp_path)
    made.configure(SOURCES | {"unit_metrics": [FIGURES]})
    return made


def figures(month: str, n: int = 20, unit: str = "E1") -> str:
    return "".join(f"{unit};{month};m{i};{10 + i}\n" for i in range(n))


def history(house: House, months: list[str], n: int = 20) -> None:
    lines = "".join(figures(month, n) + figures(month, n, "E2") for month in months)
    assert house.take("tall_historie.csv", HEADER + lines).status == "loaded"


def accounts(n: int, period: str = "201201") -> str:
    rows = "".join(f"3120;10100;{period};{i + 1}\n" for i in range(n))
    return "Ansvar;Konto;Periode;Regnskap\n" + rows


@pytest.mark.parametrize("n", [65_535, 65_536])
def test_a_file_of_as_many_rows_as_a_sheet_holds_is_held(house, n):
    taken = house.take("regnskap.csv", accounts(n))
    assert (taken.status, taken.reason_code) == ("held", "row_limit")
    assert taken.rows_loaded == n
    assert "holder" in taken.reason_nb
    assert house.table("ledger.entries").is_empty()


@pytest.mark.parametrize("limit", LINE_LIMITS)
def test_lines_and_rows_are_both_held_against_what_a_sheet_holds(house, limit):
    """The header is a line too; the sheets are only counted, as a million rows take a while."""
    judged = DeliveredSet(
        con=house.con,
        contract=CONTRACTS["ledger"],
        feed=feed("ledger"),
        table=CONTRACTS["ledger"].tables["entries"],
        file_name="regnskap.csv",
        split=Split(
            valid=pl.DataFrame(schema={"period_ym": pl.String}),
            problems=pl.DataFrame(),
            n_in=0,
            n_quarantined=0,
            n_duplicate=0,
            notes=(),
            aside=pl.DataFrame(),
        ),
        sheet=Sheet(pl.DataFrame(), 0, 0),
        received_at=datetime.now(UTC),
        first_month=date(2010, 1, 1),
    )

    def codes(lines: int, rows: int) -> list[str]:
        sheet = Sheet(pl.DataFrame({SOURCE_ROW: range(rows)}), lines, lines - rows)
        return [hold.code for hold in at_a_limit(replace(judged, sheet=sheet))]

    assert codes(limit, limit - 4) == ["row_limit"]  # three lines of title and a header
    assert codes(limit + 1, limit) == ["row_limit"]
    assert codes(limit - 1, limit - 1) == ["row_limit"]
    assert codes(limit - 1, limit - 2) == []
    assert codes(limit + 2, limit + 1) == []


@pytest.mark.parametrize("n", [65_534, 65_537])
def test_a_row_more_or_less_is_an_ordinary_file(house, n):
    assert house.take("regnskap.csv", accounts(n)).status == "loaded"


def test_a_workbook_that_is_full_is_held(house):
    rows = [[3120, 10100, "201201", i + 1] for i in range(65_535)]
    content = workbook({"Ark1": [["Ansvar", "Konto", "Periode", "Regnskap"], *rows]})
    taken = house.take("regnskap.xlsx", content)
    assert (taken.status, taken.reason_code) == ("held", "row_limit")


def test_a_month_with_a_fraction_of_its_rows_is_held_by_the_feeds_own_limits(house):
    history(house, MONTHS[:23])
    taken = house.take(
        "tall_ny.csv", HEADER + figures(MONTHS[23], 20) + figures(MONTHS[23], 8, "E2")
    )
    assert (taken.status, taken.reason_code) == ("held", "few_rows")
    assert "2013-12: 28 rader, mot vanlig 40 (mellom 40 og 40 i 12 måneder)" in taken.reason_nb
    whole = HEADER + figures(MONTHS[23]) + figures(MONTHS[23], 20, "E2")
    assert house.take("tall_hel.csv", whole).status == "loaded"


def test_a_new_level_is_asked_about_once(house):
    history(house, MONTHS[:12])
    fewer = [HEADER + figures(month, 12) + figures(month, 12, "E2") for month in MONTHS[12:14]]
    assert house.take("tall_1.csv", fewer[0]).status == "held"
    house.con.execute("update ops.deliveries set status = 'loaded' where status = 'held'")
    house.con.execute(
        "insert into unit_metrics.values (unit_id, month, measure_id, value, delivery_id, feed_id,"
        " source_row, period_ym) select 'E1', '2013-01-01', 'm' || i, i, 'x', 'tall', i, '2013-01'"
        " from range(24) as r(i)"
    )
    assert house.take("tall_2.csv", fewer[1]).status == "loaded"


def test_before_there_is_history_half_of_the_month_before_is_held(house):
    history(house, MONTHS[:1])
    assert house.take("tall_2.csv", HEADER + figures(MONTHS[1], 25)).status == "loaded"
    taken = house.take("tall_3.csv", HEADER + figures(MONTHS[2], 12))
    assert (taken.status, taken.reason_code) == ("held", "few_rows")


def test_a_first_delivery_whose_last_month_is_cut_is_held(house):
    lines = "".join(figures(month) for month in MONTHS[:11]) + figures(MONTHS[11], 9)
    taken = house.take("tall.csv", HEADER + lines)
    assert (taken.status, taken.reason_code) == ("held", "few_rows")
    assert "2012-12" in taken.reason_nb


def test_the_month_the_file_comes_in_may_be_incomplete(house):
    now = datetime.now(UTC)
    months = [f"{now.year - 1}-{m:02d}" for m in range(1, 13)]
    lines = "".join(figures(month) for month in months) + figures(f"{now:%Y-%m}", 3)
    assert house.take("tall.csv", HEADER + lines).status == "loaded"


def test_a_correction_with_a_few_lines_of_an_earlier_month_is_held(house):
    """A replaced month loses what the correction does not repeat."""
    assert house.take("regnskap_1.csv", accounts(90)).status == "loaded"
    late = accounts(90, "201202") + "3120;10100;201201;7\n"
    taken = house.take("regnskap_2.csv", late)
    assert (taken.status, taken.reason_code) == ("held", "few_rows")
    assert "2012-01: 1 rad, mot" in taken.reason_nb


def test_a_doubled_month_is_held_and_its_correction_back_is_not(house):
    history(house, MONTHS[:12])
    doubled = HEADER + figures("2013-01", 40) + figures("2013-01", 40, "E2")
    taken = house.take("tall_2.csv", doubled)
    assert (taken.status, taken.reason_code) == ("held", "many_rows")
    house.con.execute("update ops.deliveries set status = 'loaded' where status = 'held'")
    whole = HEADER + figures("2013-01") + figures("2013-01", 20, "E2")
    assert house.take("tall_3.csv", whole).status == "loaded"


def test_lines_that_all_stand_twice_are_held_where_equal_lines_are_kept(house):
    once = [f"3120;10100;201201;{i + 1}\n" for i in range(30)]
    shuffled = [line for line in once for _ in range(2)]
    taken = house.take("regnskap.csv", "Ansvar;Konto;Periode;Regnskap\n" + "".join(shuffled))
    assert (taken.status, taken.reason_code) == ("held", "many_rows")
    some = "Ansvar;Konto;Periode;Regnskap\n" + "".join(once + once[:5])
    assert house.take("regnskap_2.csv", some).status == "loaded"


def test_a_delivery_of_everything_is_held_against_the_one_before(house):
    house.configure(SOURCES | {"unit_metrics": [FIGURES | {"period": {"source": "all"}}]})
    lines = figures("2012-01", 60).splitlines(keepends=True)
    assert house.take("tall_1.csv", HEADER + "".join(lines)).status == "loaded"
    assert house.take("tall_2.csv", HEADER + "".join(lines[:57])).status == "loaded"
    taken = house.take("tall_3.csv", HEADER + "".join(lines[:28]))
    assert (taken.status, taken.reason_code) == ("held", "few_rows")
    assert "28 rader; forrige leveranse av alt hadde 57" in taken.reason_nb


def test_what_is_set_aside_is_not_what_is_missing(house):
    whole = FIGURES | {"period": {"source": "all"}, "max_quarantined_pct": 90}
    house.configure(SOURCES | {"unit_metrics": [whole]})
    assert house.take("tall_1.csv", HEADER + figures("2012-01", 40)).status == "loaded"
    lines = figures("2012-01", 15) + figures("2012-01", 25, "X9")
    taken = house.take("tall_2.csv", HEADER + lines)
    assert (taken.status, taken.rows_quarantined) == ("loaded", 25)


def test_a_register_of_positions_is_judged_by_who_left_and_not_by_its_length(house):
    house.change_feed("hr", 0, period={"source": "all"})
    ended = [position(str(n), end="15.01.2012") for n in range(30)]
    staying = [position(str(n)) for n in range(30, 60)]
    assert house.take("stillinger_2012-01.csv", positions(*ended, *staying)).status == "loaded"
    assert house.take("stillinger_2012-02.csv", positions(*staying)).status == "loaded"


def test_units_that_had_rows_every_month_and_now_have_none_are_told(tmp_path):
    house = House.build(tmp_path)
    house.configure(SOURCES | {"unit_metrics": [FIGURES]})
    units = [f"E{n}" for n in range(10, 20)]
    listed = "Enhetsnr;Enhetsnavn;Område;Type\n" + "".join(
        f"{unit};Enhet {unit};Omsorg;nursing_home\n" for unit in units
    )
    house.drop("enheter2.csv", listed)
    house.ingest()

    def month(label: str, n: int) -> str:
        return "".join(f"{unit};{label};m{i};{i}\n" for unit in units[:n] for i in range(1, 4))

    lines = "".join(month(label, 10) for label in MONTHS[:14])
    assert house.take("tall_1.csv", HEADER + lines).status == "loaded"
    assert house.take("tall_2.csv", HEADER + month(MONTHS[14], 9)).status == "loaded"
    taken = house.take("tall_3.csv", HEADER + month(MONTHS[15], 7))
    assert taken.status == "held"
    assert "units_missing" in taken.reason_code
    assert "2013-04: 2 av 9 enheter" in taken.reason_nb


def test_a_season_is_no_fault():
    year = {f"{y}-{m:02d}": (12 if m == 7 else 60) for y in (2012, 2013) for m in range(1, 13)}
    july = usual(year, "2014-07")
    assert july is not None
    assert not july.is_few(12, share=0.8)
    august = usual(year, "2014-08")
    assert august is not None
    assert august.is_few(12, share=0.8)


def test_a_feed_that_varies_sets_wide_limits_and_small_numbers_say_nothing():
    wild = {month: (20, 90, 45, 90, 20)[n % 5] for n, month in enumerate(MONTHS)}
    found = usual(wild, "2014-01")
    assert found is not None
    assert not found.is_few(15, share=0.8)
    assert not is_fraction(2, 7, share=0.5)
    assert is_fraction(5, 30, share=0.5)
