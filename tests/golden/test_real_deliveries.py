"""Real public deliveries of four organisations, read by their YAML alone, to the published figure.

Golden values were computed from the files themselves with another program.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import IngestContext
from pipelines.municipality.load import load_municipality
from pipelines.settings import Settings, paths_for
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.schema import create_tables
from tests.ingest_fixture import ingest_all

Con = duckdb.DuckDBPyConnection


def ingested(municipality_id: str, home: Path) -> Iterator[Con]:
    municipality = load_municipality(municipality_id)
    paths = paths_for(Settings(municipality=municipality_id, home=home), municipality.id)
    paths.create()
    shutil.copytree(
        municipality.folder / municipality.example.folder, paths.inbox, dirs_exist_ok=True
    )
    contracts = load_contracts()
    with open_warehouse(paths.warehouse) as con:
        create_tables(con, contracts)
        ingest_all(IngestContext(municipality, contracts, paths, Keys((b"not a secret",)), con))
        yield con


@pytest.fixture(scope="module")
def nhs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    yield from ingested("nhs_england", tmp_path_factory.mktemp("nhs"))


@pytest.fixture(scope="module")
def sogndal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    yield from ingested("sogndal", tmp_path_factory.mktemp("sogndal"))


@pytest.fixture(scope="module")
def bergen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    yield from ingested("bergen", tmp_path_factory.mktemp("bergen"))


@pytest.fixture(scope="module")
def loten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Con]:
    yield from ingested("loten", tmp_path_factory.mktemp("loten"))


def rows(con: Con, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(values)).fetchall()


def one(con: Con, sql: str, *values: object) -> Any:
    return rows(con, sql, *values)[0][0]


@pytest.mark.parametrize("municipality_id", ["nhs_england", "sogndal", "bergen", "loten"])
def test_every_shipped_delivery_says_where_it_comes_from(municipality_id: str) -> None:
    municipality = load_municipality(municipality_id)
    notice = (municipality.folder / "LICENCE.md").read_text(encoding="utf-8")
    files = sorted((municipality.folder / municipality.example.folder).iterdir())
    assert files
    assert not municipality.is_constructed
    for file in files:
        assert file.name in notice or file.stem.split("_2024-")[0] in notice


@pytest.mark.parametrize("name", ["nhs", "sogndal", "bergen", "loten"])
def test_every_row_is_loaded_quarantined_or_a_duplicate(
    name: str, request: pytest.FixtureRequest
) -> None:
    con = request.getfixturevalue(name)
    counts = rows(
        con,
        "select rows_in, rows_loaded, rows_quarantined, rows_duplicate, status, reason_nb"
        " from ops.deliveries",
    )
    assert counts
    for rows_in, loaded, quarantined, duplicate, status, reason in counts:
        assert status in {"loaded", "superseded"}, reason
        assert rows_in == loaded + quarantined + duplicate


def test_the_national_sickness_rate_is_the_published_one(nhs: Con) -> None:
    found = rows(
        nhs,
        "select strftime(month, '%Y-%m'), count(*), count(distinct unit_id),"
        " round(100 * sum(sick_days) / sum(agreed_days), 3)"
        " from sick_leave.unit_months group by all order by all",
    )
    assert found == [
        ("2024-04", 285, 285, 4.764),
        ("2024-05", 285, 285, 4.712),
        ("2024-06", 285, 285, 4.874),
        ("2024-07", 285, 285, 5.198),
        ("2024-08", 285, 285, 4.793),
        ("2024-09", 285, 285, 4.962),
    ]


def test_six_registers_of_the_same_organisations_stand_side_by_side(nhs: Con) -> None:
    found = rows(
        nhs,
        "select period_ym, count(*), max(unit_name) filter (unit_id = 'RRE')"
        " from organisation.units group by all order by all",
    )
    old = "Midlands Partnership NHS Foundation Trust"
    assert found == [
        *((f"2024-0{month}", 285, old) for month in range(4, 9)),
        # the organisation changed its name between April and September
        ("2024-09", 285, "Midlands Partnership University NHS Foundation Trust"),
    ]


def test_providers_without_staff_are_set_aside_with_a_reason(nhs: Con) -> None:
    sizes = rows(
        nhs,
        "select file_name, rows_quarantined, rows_loaded from ops.deliveries"
        " where feed_id = 'ae_activity' order by file_name",
    )
    assert [loaded for _, _, loaded in sizes] == [18 * n for n in (154,) * 5 + (153,)]
    assert [aside for _, aside, _ in sizes] == [18 * n for n in (43, 43, 43, 44, 44, 44)]
    reasons = rows(nhs, "select distinct column_name, rule_id, reason_nb from ops.quarantine")
    assert reasons
    for column, rule, reason in reasons:
        assert (column, rule) == ("unit_id", "unknown_unit")
        assert "enhet" in reason


@pytest.mark.parametrize(
    ("month", "attendances", "over_4h"),
    [
        ("2024-04", 2_069_975, 560_635),
        ("2024-05", 2_232_846, 616_440),
        ("2024-06", 2_124_119, 572_378),
        ("2024-07", 2_157_342, 566_509),
        ("2024-08", 1_996_061, 503_618),
        ("2024-09", 2_054_992, 562_009),
    ],
)
def test_emergency_attendances_add_up(nhs: Con, month: str, attendances: int, over_4h: int) -> None:
    sql = (
        "select sum(value) from unit_metrics.values where strftime(month, '%Y-%m') = ?"
        " and starts_with(measure_id, ?)"
    )
    assert one(nhs, sql, month, "ae_attendances_") == attendances
    assert one(nhs, sql, month, "ae_over_4h_") == over_4h


def test_printed_totals_that_agree_give_no_warning(nhs: Con) -> None:
    assert one(nhs, "select count(*) from ops.warnings where code = 'reconciliation'") == 0


@pytest.mark.parametrize(
    ("feed", "n_rows", "sums"),
    [("operating", 4898, [16, 0, 0]), ("investment", 191, [0, 0, 0])],
)
def test_sogndal_balances_to_the_krone(
    sogndal: Con, feed: str, n_rows: int, sums: list[int]
) -> None:
    found = rows(
        sogndal,
        "select year, amount_type, count(*), sum(amount_nok) from ledger.entries"
        " where feed_id = ? group by all order by all",
        feed,
    )
    kinds = ["accounts", "original_budget", "original_budget"]
    assert found == [
        (year, kind, n_rows, total)
        for year, kind, total in zip((2011, 2012, 2013), kinds, sums, strict=True)
    ]


@pytest.mark.parametrize(
    ("art", "sums"),
    [("710", [-12_645_997, 0, 0]), ("020", [25_759_892, 15_654_774, 16_184_983])],
)
def test_sick_pay_refunds_stand_beside_the_substitutes_they_pay_for(
    sogndal: Con, art: str, sums: list[int]
) -> None:
    found = rows(
        sogndal,
        "select sum(amount_nok) from ledger.entries where art = ? group by year order by year",
        art,
    )
    assert [total for (total,) in found] == sums


def test_every_operating_line_of_sogndal_belongs_to_a_unit_with_a_name(sogndal: Con) -> None:
    without = rows(
        sogndal,
        "select distinct cost_centre from ledger.entries as e"
        " left join organisation.units as u using (unit_id) where u.unit_name is null",
    )
    assert without == [("801",)]  # a cost centre of the investments only
    assert one(sogndal, "select count(*) from ops.quarantine") == 0
    assert one(sogndal, "select count(*) from organisation.units") == 140


def test_roads_keep_the_codes_they_had_that_year(sogndal: Con) -> None:
    found = rows(
        sogndal,
        "select distinct function from ledger.entries where function between '332' and '334'"
        " order by all",
    )
    assert found == [("332",), ("333",), ("334",)]


@pytest.mark.parametrize(
    ("version", "n_rows", "sums"),
    [
        ("Budsjett 2012", 1944, {2012: -110, 2013: -371, 2014: -471, 2015: -437}),
        ("Budsjett 2013", 1761, {2013: -490, 2014: -627, 2015: -489, 2016: -539}),
    ],
)
def test_each_budget_document_of_bergen_keeps_its_own_years(
    bergen: Con, version: str, n_rows: int, sums: dict[int, int]
) -> None:
    found = rows(
        bergen,
        "select year, count(*), sum(amount_nok) from ledger.entries where budget_version = ?"
        " group by year order by year",
        version,
    )
    assert found == [(year, n_rows, total) for year, total in sums.items()]


def test_a_lone_dash_in_a_budget_is_zero_kroner(bergen: Con) -> None:
    zeros = rows(
        bergen,
        "select year, count(*) from ledger.entries"
        " where budget_version = 'Budsjett 2013' and amount_nok = 0 group by year order by year",
    )
    assert zeros == [(2013, 148), (2014, 87), (2015, 64), (2016, 14)]


def test_bergen_has_nine_departments_under_their_newest_names(bergen: Con) -> None:
    found = rows(
        bergen,
        "select unit_id, max_by(unit_name, delivery_id) from organisation.units"
        " group by all order by all",
    )
    assert [unit for unit, _ in found] == ["1", "2", "3", "4", "5", "6", "7", "8", "90"]
    assert ("6", "Byrådsavd. for sosial, bolig og områdesatsing") in found


def test_two_rates_in_one_cell_become_two_measures(loten: Con) -> None:
    found = rows(
        loten,
        "select measure_id, value from unit_metrics.values where unit_id = 'Lund barnehage'"
        " order by all",
    )
    assert found == [
        ("agreed_fte_reported", 6.8),
        ("sick_leave_certified_pct_reported", 3.4),
        ("sick_leave_self_certified_pct_reported", 3.5),
    ]
    counts = rows(loten, "select measure_id, count(*) from unit_metrics.values group by all")
    assert sorted(n for _, n in counts) == [25, 25, 25]


def test_a_printed_total_that_is_wrong_is_a_warning_with_both_figures(loten: Con) -> None:
    total = "select round(sum(value), 1) from unit_metrics.values where measure_id = ?"
    assert one(loten, total, "agreed_fte_reported") == 407.9
    messages = rows(loten, "select message_nb from ops.warnings where code = 'reconciliation'")
    assert len(messages) == 1
    for part in ("Årsverk per 31.12.15", "408,9", "407,9"):
        assert part in messages[0][0]


def test_reported_rates_of_small_units_are_no_metric() -> None:
    used = {name for metric in load_municipality("loten").metrics for name in metric.measures}
    assert not any(name.endswith("_reported") for name in used)
