"""Six new municipalities out of their files alone: drafted, tried, taken in, the figures right.

What a person had to edit is written here, municipality by municipality, and nothing else is edited.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
import yaml

from pipelines.contracts.model import load_contracts
from pipelines.errors import ConfigError
from pipelines.ingest.drafting.folder import Named
from pipelines.ingest.drafting.written import Written, write_folder
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import IngestContext
from pipelines.ingest.tried import TriedFile
from pipelines.municipality.load import load_municipality
from pipelines.municipality.untouched import refuse_no_metrics
from pipelines.settings import MUNICIPALITIES_DIR, Paths
from pipelines.warehouse.connection import open_warehouse
from tests.ingest_fixture import ingest_all

PUBLIC = Path(__file__).parent / "public"
MONTHS = ("januar", "februar", "mars", "april", "mai", "juni")
WIDE_UNITS = ("Gimle sykehjem", "Fagerlund hjemmetjeneste", "Ås skole")


def wide_workbook() -> bytes:
    """Return decisions by unit with months across, under a title, two header rows and a sum."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("Vedtak")
    sheet.write(0, 0, "Vedtak om hjemmetjeneste")
    for i, year in enumerate((2023, 2024)):
        first = 1 + 6 * i
        sheet.merge_range(2, first, 2, first + 5, str(year))
        for j, month in enumerate(MONTHS):
            sheet.write(3, first + j, month)
    sheet.write(3, 0, "Enhet")
    for row, unit in enumerate(WIDE_UNITS, start=4):
        sheet.write(row, 0, unit)
        for column in range(1, 13):
            sheet.write(row, column, 10 * row + column + 0.5)
    sheet.write(7, 0, "Sum")
    for column in range(1, 13):
        sheet.write(7, column, sum(10 * row + column + 0.5 for row in (4, 5, 6)))
    book.close()
    return target.getvalue()


def shipped(name: str) -> list[TriedFile]:
    """Return the public files of a municipality that the product ships."""
    folder = MUNICIPALITIES_DIR / name / "deliveries"
    return [TriedFile(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]


@dataclass(frozen=True)
class Made:
    """A municipality made of its files, and taken in."""

    written: Written
    folder: Path
    con: duckdb.DuckDBPyConnection

    def one(self, sql: str, *values: object) -> Any:
        return self.con.execute(sql, list(values)).fetchall()[0][0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()


def made(root: Path, named: Named, files: list[TriedFile], edits: dict[str, Any]) -> Iterator[Made]:
    """Draft, edit, and take in; an edit is ``contract.feed.setting`` and its value."""
    folder = root / "kommune"
    written = write_folder(folder, named, files, schemas=Path("skjema"))
    for place, value in edits.items():
        contract, feed, *keys = place.split(".")
        file = folder / "sources" / f"{contract}.yml"
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        target = next(each for each in content["feeds"] if each["id"] == feed)
        for key in keys[:-1]:
            target = target[key]
        target[keys[-1]] = value
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    paths = Paths(root / "hjem").create()
    for each in files:
        (paths.inbox / each.name).write_bytes(each.raw)
    contracts = load_contracts()
    with open_warehouse(paths.warehouse, contracts) as con:
        context = IngestContext(
            load_municipality(folder), contracts, paths, Keys((b"not a secret",)), con
        )
        ingest_all(context)
        yield Made(written, folder, con)


@pytest.fixture(scope="module")
def sogndal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    edits = {"ledger.sogndal_investering.columns.unit_id.missing": ["801"]}
    root = tmp_path_factory.mktemp("sogndal")
    yield from made(root, Named("sogndal_ny", "Sogndal"), shipped("sogndal"), edits)


@pytest.fixture(scope="module")
def bergen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    root = tmp_path_factory.mktemp("bergen")
    yield from made(root, Named("bergen_ny", "Bergen"), shipped("bergen"), {})


@pytest.fixture(scope="module")
def loten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    root = tmp_path_factory.mktemp("loten")
    yield from made(root, Named("loten_ny", "Løten"), shipped("loten"), {})


@pytest.fixture(scope="module")
def nhs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    edits = {"unit_metrics.ae_activity.max_quarantined_pct": 30}
    named = Named("nhs_ny", "NHS England", calendar="calendar_days", language="en")
    yield from made(tmp_path_factory.mktemp("nhs"), named, shipped("nhs_england"), edits)


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    file = PUBLIC / "ssb_fylke_2015K3_2016K4.csv"
    files = [TriedFile(file.name, file.read_bytes())]
    yield from made(tmp_path_factory.mktemp("fylker"), Named("fylker", "Fylkene"), files, {})


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    files = [TriedFile("hjemmetjeneste.xlsx", wide_workbook())]
    yield from made(tmp_path_factory.mktemp("bredt"), Named("bredt", "Bredt"), files, {})


def test_sogndal_balances_with_one_edit(sogndal: Made) -> None:
    found = sogndal.rows(
        "select feed_id, year, amount_type, sum(amount_nok) from ledger.entries group by all"
        " order by all"
    )
    kinds = ((2011, "accounts"), (2012, "original_budget"), (2013, "original_budget"))
    assert found == [
        *(("sogndal_drift", *kind, total) for kind, total in zip(kinds, (16, 0, 0), strict=True)),
        *(("sogndal_investering", *kind, 0) for kind in kinds),
    ]
    refunds = sogndal.rows(
        "select sum(amount_nok) from ledger.entries where art = '710' group by year order by year"
    )
    assert [total for (total,) in refunds] == [-12_645_997, 0, 0]
    assert sogndal.one("select count(*) from organisation.units") == 140
    assert sogndal.one("select count(*) from ops.quarantine") == 0
    assert "overtime_pct" in sogndal.written.metrics
    assert "sick_leave_pct" not in sogndal.written.metrics


def test_what_the_file_of_investments_needs_is_told_before_it_is_taken_in(sogndal: Made) -> None:
    trial = next(t for t in sogndal.written.trials if t.feed_id == "sogndal_investering")
    assert [code.found_nb for code in trial.unknown] == ["«801»"]


def test_bergen_has_both_plans_with_no_edit(bergen: Made) -> None:
    found = bergen.rows(
        "select budget_version, year, sum(amount_nok) from ledger.entries group by all order by all"
    )
    assert found == [
        *(("Budsjett 2012", 2012 + i, n) for i, n in enumerate((-110, -371, -471, -437))),
        *(("Budsjett 2013", 2013 + i, n) for i, n in enumerate((-490, -627, -489, -539))),
    ]
    assert bergen.one("select count(distinct unit_id) from organisation.units") == 9


def test_loten_gives_two_rates_of_a_cell_with_no_edit(loten: Made) -> None:
    total = "select round(sum(value), 1) from unit_metrics.values where measure_id = ?"
    assert loten.one(total, "arsverk_per_31_12_15") == 407.9
    found = loten.rows(
        "select measure_id, value from unit_metrics.values where unit_id = 'Lund barnehage'"
        " and measure_id in ('sykemeldt', 'egenmeldt') order by all"
    )
    assert found == [("egenmeldt", 3.5), ("sykemeldt", 3.4)]
    assert loten.one("select count(*) from organisation.units") == 25


def test_the_national_rates_are_the_published_ones_with_one_edit(nhs: Made) -> None:
    found = nhs.rows(
        "select strftime(month, '%Y-%m'), round(100 * sum(sick_days) / sum(agreed_days), 3)"
        " from sick_leave.unit_months group by all order by all"
    )
    rates = (4.764, 4.712, 4.874, 5.198, 4.793, 4.962)
    assert found == [(f"2024-{4 + i:02d}", rate) for i, rate in enumerate(rates)]
    attendances = nhs.one(
        "select sum(value) from unit_metrics.values where month = date '2024-04-01'"
        " and starts_with(measure_id, 'a_e_attendances_') and not contains(measure_id, 'booked')"
    )
    assert attendances == 2_069_975
    assert nhs.written.metrics == ("sick_leave_pct", "attendance_pct")


def test_quarters_across_become_rows_with_no_edit(counties: Made) -> None:
    found = counties.rows(
        "select month, value from unit_metrics.values where unit_id = 'Oppland' order by all"
    )
    quarters = [date(2015, 7, 1), date(2015, 10, 1), date(2016, 7, 1), date(2016, 10, 1)]
    assert found == list(zip(quarters, [6.5, 7.0, 6.7, 7.0], strict=True))
    assert counties.one("select count(*) from unit_metrics.values") == 4 * 21


def test_a_wide_workbook_with_two_header_rows_becomes_rows_with_no_edit(wide: Made) -> None:
    found = wide.rows(
        "select month, sum(value) from unit_metrics.values group by month order by month"
    )
    months = [date(year, month, 1) for year in (2023, 2024) for month in range(1, 7)]
    sums = [sum(10 * row + column + 0.5 for row in (4, 5, 6)) for column in range(1, 13)]
    assert found == list(zip(months, sums, strict=True))
    assert wide.rows("select unit_id from organisation.units order by all") == [
        (unit,) for unit in sorted(WIDE_UNITS)
    ]


@pytest.mark.parametrize("name", ["sogndal", "bergen", "loten", "nhs", "counties", "wide"])
def test_every_guess_says_how_certain_it_is_and_why(
    name: str, request: pytest.FixtureRequest
) -> None:
    town: Made = request.getfixturevalue(name)
    assert not town.written.silent
    for feed in town.written.feeds:
        assert {*feed.settings, *(f"columns.{key}" for key in feed.columns)} <= feed.marks.keys()
        marked = [line for line in feed.lines() if " # " in line]
        assert len(marked) == len(feed.marks)
        for line in marked:
            assert line.partition(" # ")[2].startswith(("sikkert: ", "trolig: ", "gjettet: "))


@pytest.mark.parametrize("name", ["sogndal", "bergen", "nhs"])
def test_the_first_month_is_that_of_the_files(name: str, request: pytest.FixtureRequest) -> None:
    town: Made = request.getfixturevalue(name)
    first = {"sogndal": date(2011, 1, 1), "bergen": date(2012, 1, 1), "nhs": date(2024, 4, 1)}
    assert load_municipality(town.folder).first_month == first[name]


def test_drafts_of_own_metrics_are_metrics_when_the_marks_are_taken_away(loten: Made) -> None:
    file = loten.folder / "metrics.yml"
    text = file.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {"standard": [], "metrics": []}
    with pytest.raises(ConfigError, match="ingen måltall"):
        refuse_no_metrics(load_municipality(loten.folder))
    try:
        file.write_text(own_metrics_used(text), encoding="utf-8")
        used = load_municipality(loten.folder)
    finally:
        file.write_text(text, encoding="utf-8")
    refuse_no_metrics(used)
    assert {metric.id for metric in used.metrics} >= {"arsverk_per_31_12_15", "sykemeldt"}


def own_metrics_used(text: str) -> str:
    """Return ``metrics.yml`` with its drafts taken into use, as its own comment says."""
    head, _, drafts = text.partition("# metrics:")
    lines = [line.removeprefix("# ") for line in f"# metrics:{drafts}".splitlines()]
    return "\n".join([head.replace("metrics: []\n", ""), *lines]) + "\n"
