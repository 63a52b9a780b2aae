"""Units that close, merge, split, move and change names, with every figure worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_fixture import fetch
from tests.golden.compiled_town import Compiled
from tests.golden.units_town import CHANGES, LAST, MONTHS, build

D = date


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Compiled:
    return Compiled(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Path:
    return build(tmp_path_factory.mktemp("units") / "town.duckdb", compiled)


@pytest.fixture(scope="module")
def all_said(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> Path:
    """The town where somebody has said what became of the closed and the divided home too."""
    told = [
        *CHANGES,
        {"change_date": D(2024, 7, 1), "from_unit_id": "stengt", "to_unit_id": "stengt",
         "share": 1.0, "change_type": "close"},
        {"change_date": D(2024, 4, 1), "from_unit_id": "delt", "to_unit_id": "del_a",
         "share": 0.4, "change_type": "split"},
        {"change_date": D(2024, 4, 1), "from_unit_id": "delt", "to_unit_id": "del_b",
         "share": 0.6, "change_type": "split"},
        {"change_date": D(2024, 4, 1), "from_unit_id": "skole_b", "to_unit_id": "skole_c",
         "share": 1.0, "change_type": "merge"},
        {"change_date": D(2024, 8, 1), "from_unit_id": "skole_a", "to_unit_id": "skole_a",
         "share": 1.0, "change_type": "rename"},
        {"change_date": D(2024, 5, 1), "from_unit_id": "skole_e", "to_unit_id": "skole_e",
         "share": 1.0, "change_type": "move"},
        {"change_date": D(2023, 8, 1), "from_unit_id": "skole_d", "to_unit_id": "skole_d",
         "share": 1.0, "change_type": "close"},
    ]  # fmt: skip
    return build(tmp_path_factory.mktemp("said") / "said.duckdb", compiled, told)


def _units(file: Path, columns: str) -> dict[str, tuple[Any, ...]]:
    return {
        unit: tuple(rest)
        for unit, *rest in fetch(file, f"select unit_id, {columns} from marts.dim_units")
    }


def _totals(file: Path, group: str) -> dict[date, tuple[float, float]]:
    found = fetch(
        file,
        "select month, numerator, denominator from marts.fct_metric_months"
        f" where level <> 'unit' and group_id = '{group}' and metric_id = 'falls_per_1000'",
    )
    return {month: (numerator, denominator) for month, numerator, denominator in found}


def test_a_unit_exists_as_long_as_the_registers_say(town: Path) -> None:
    assert _units(town, "valid_from, valid_to, status") == {
        "stengt": (None, D(2024, 6, 30), "left"),
        "nord": (None, D(2023, 12, 31), "ended"),
        "sor": (None, D(2023, 12, 31), "ended"),
        "samlet": (D(2024, 1, 1), None, "active"),
        "delt": (None, D(2024, 3, 31), "left"),
        "del_a": (D(2024, 4, 1), None, "active"),
        "del_b": (D(2024, 4, 1), None, "active"),
        "navn": (None, None, "active"),
        "flyttet": (None, None, "active"),
        "fast": (None, None, "active"),
        # a list without a month: to the last month anybody delivered figures about it
        "skole_b": (None, D(2024, 3, 31), "left"),
        "skole_a": (None, None, "active"),
        "skole_c": (None, None, "active"),
        "skole_e": (None, None, "active"),
        # gone, and no figure says since when: it ends with the data, and is asked about
        "skole_d": (None, D(2024, 12, 31), "left"),
        # left out of one register and back in the next
        "glemt": (None, None, "active"),
    }


def test_without_months_in_the_lists_a_sector_is_as_it_was_until_the_day_that_is_said(
    town: Path, all_said: Path
) -> None:
    query = (
        "select sector, min(month), max(month) from intermediate.int_unit_months"
        " where unit_id = 'skole_e' group by sector order by sector"
    )
    assert fetch(town, query) == [("Oppvekst", MONTHS[0], LAST)]
    assert fetch(all_said, query) == [
        ("Oppvekst", D(2024, 5, 1), LAST),
        ("Skole", MONTHS[0], D(2024, 4, 1)),
    ]


def test_a_closed_unit_keeps_its_before_and_after(town: Path) -> None:
    (row,) = fetch(
        town,
        "select unit_name, n_before, n_after, numerator_before, denominator_before, value_before,"
        " value_after, difference from marts.mart_before_after"
        " where unit_id = 'stengt' and metric_id = 'falls_per_1000'",
    )
    # 2022: six months of 9 and six of 11; from February 2023: six of 5 and six of 7
    assert row == ("Stengt", 12, 12, 120.0, 12000.0, 10.0, 6.0, -4.0)


def test_totals_are_those_of_the_units_there_were(town: Path) -> None:
    months = _totals(town, "all")
    assert {month: months[month] for month in months if month >= D(2023, 11, 1)} == {
        # nord 8, sor 12, delt 20, navn 5, flyttet 7, fast 9 and the closed home's 7 or 5
        D(2023, 11, 1): (68, 7000),
        D(2023, 12, 1): (66, 7000),
        # 18 instead of 8 + 12
        D(2024, 1, 1): (66, 7000),
        D(2024, 2, 1): (64, 7000),
        D(2024, 3, 1): (66, 7000),
        # 6 + 15 instead of 20
        D(2024, 4, 1): (65, 7000),
        D(2024, 5, 1): (67, 7000),
        D(2024, 6, 1): (65, 7000),
        # without the closed home, but for its late row
        D(2024, 7, 1): (61, 6100),
        **{D(2024, month, 1): (60, 6000) for month in range(8, 13)},
    }


def test_a_sector_is_summed_over_the_units_that_were_in_it_then(town: Path) -> None:
    before, since = D(2023, 8, 1), D(2023, 9, 1)
    assert before not in _totals(town, "Helse")
    assert _totals(town, "Helse")[since] == (7, 1000)
    # August: all seven homes, with the closed one's 5; September: without the moved one, with 7
    assert _totals(town, "Omsorg")[before] == (66, 7000)
    assert _totals(town, "Omsorg")[since] == (61, 6000)


def test_the_charts_of_a_closed_unit_keep_their_limits_to_its_last_figure(town: Path) -> None:
    points = fetch(
        town,
        "select month, value, centre, lower_3s, upper_3s from marts.mart_control_chart_points"
        " where unit_id = 'stengt' and metric_id = 'falls_per_1000' and series = 'value'"
        " order by month",
    )
    assert [month for month, *_ in points] == [D(2022 + n // 12, 1 + n % 12, 1) for n in range(31)]
    # centre 120 / 12000; every moving range is 2, and three sigma 3 x 2 / 1.128 (the method page)
    first, june = points[0], points[29]
    assert first[1:3] == (11.0, 10.0)
    assert june[1:3] == (5.0, 10.0)
    assert [round(limit, 2) for limit in june[3:]] == [4.68, 15.32]


def test_units_that_are_gone_stay_in_the_comparison_pool(town: Path) -> None:
    distances = dict(
        fetch(
            town,
            "select month, value from marts.mart_control_chart_points where unit_id = 'stengt'"
            " and metric_id = 'falls_per_1000' and series = 'comparison'",
        )
    )
    # 2022: 11 less (8 + 12 + 20 + 5 + 7 + 9) / 6; June 2024: 5 less (18 + 6 + 15 + 5 + 7 + 9) / 6
    assert distances[D(2022, 1, 1)] == pytest.approx(11 - 61 / 6, abs=1e-6)
    assert distances[D(2024, 6, 1)] == pytest.approx(5 - 60 / 6, abs=1e-6)


def test_a_successor_says_where_it_begins_and_what_it_continues(town: Path) -> None:
    found = _units(town, "valid_from, continues, continued_by, history_nb")
    merged = "01.01.2024: Slått sammen til Samlet: Nord, Sor"
    assert found["samlet"] == (D(2024, 1, 1), "nord, sor", None, merged)
    assert found["nord"] == (None, None, "samlet", merged)
    first = fetch(
        town,
        "select min(month) from marts.mart_control_chart_points"
        " where unit_id = 'samlet' and metric_id = 'falls_per_1000'",
    )
    assert first == [(D(2024, 1, 1),)]


def test_what_became_of_units_is_an_event_on_their_charts(town: Path) -> None:
    found = fetch(
        town,
        "select unit_id, event_date, event_type, label_nb, label_en from marts.mart_events"
        " order by event_date, unit_id",
    )
    merged = ("unit_merge", "Slått sammen til Samlet: Nord, Sor", "Merged into Samlet: Nord, Sor")
    gone = ("unit_left", "Borte fra registeret", "Gone from the register")
    assert found == [
        ("navn", D(2023, 6, 1), "unit_rename", "Nytt navn: Navn heter nå Nytt navn",
         "New name: Navn is now Nytt navn"),
        ("flyttet", D(2023, 9, 1), "unit_place", "Flyttet fra Omsorg til Helse",
         "Moved from Omsorg to Helse"),
        *((unit, D(2024, 1, 1), *merged) for unit in ("nord", "samlet", "sor")),
        *((unit, D(2024, 4, 1), *gone) for unit in ("delt", "skole_b")),
        ("stengt", D(2024, 7, 1), *gone),
    ]  # fmt: skip


def test_what_nobody_has_said_is_asked_with_what_it_looks_like(town: Path) -> None:
    found = fetch(
        town,
        "select unit_id, kind, since_date, heir_ids, looks_like"
        " from intermediate.int_unit_questions order by unit_id",
    )
    assert found == [
        ("delt", "left", D(2024, 4, 1), "del_a, del_b", "split"),
        ("skole_a", "rename", None, "skole_a", "rename"),
        # its cost centre is skole_c's now
        ("skole_b", "left", D(2024, 4, 1), "skole_c", "merge"),
        ("skole_d", "left", None, None, "close"),
        ("skole_e", "move", None, "skole_e", "move"),
        ("stengt", "left", D(2024, 7, 1), None, "close"),
    ]


def test_what_is_said_is_not_asked_and_ends_the_unit_on_its_day(all_said: Path) -> None:
    assert fetch(all_said, "select unit_id from intermediate.int_unit_questions") == []
    found = _units(all_said, "valid_from, valid_to, status, continues, continued_by, history_nb")
    assert found["stengt"] == (
        None, D(2024, 6, 30), "ended", None, None, "01.07.2024: Lagt ned"
    )  # fmt: skip
    split = "01.04.2024: Delt: Delt til Del_a, Del_b"
    assert found["delt"] == (None, D(2024, 3, 31), "ended", None, "del_a, del_b", split)
    assert found["del_a"] == (D(2024, 4, 1), None, "active", "delt", None, split)
    # merged into a unit that was there already: it goes on, and says from when for both
    assert found["skole_b"][1:3] == (D(2024, 3, 31), "ended")
    assert found["skole_c"][0] is None
    assert found["skole_c"][3] == "skole_b"
    assert found["skole_d"][1:3] == (D(2023, 7, 31), "ended")
    assert found["skole_a"][5] == "01.08.2024: Nytt navn: Skole A heter nå A-skolen"
