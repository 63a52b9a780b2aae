"""A municipality's folder: what is read, and what each kind of mistake says."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.municipality.load import load_municipality, load_standard_metrics
from pipelines.municipality.model import Municipality
from pipelines.settings import MUNICIPALITIES_DIR

TEMPLATE = MUNICIPALITIES_DIR / "_template"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "somewhere"
    shutil.copytree(TEMPLATE, copy)
    return copy


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}: the test would change nothing"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def message(folder: Path) -> str:
    with pytest.raises(ConfigError) as problem:
        load_municipality(folder)
    return problem.value.text


def test_the_template_loads_as_it_stands() -> None:
    template = load_municipality("_template")
    assert template.id == "template"
    contracts = "organisation hr sick_leave ledger unit_metrics lean lean_activity pukk_decisions"
    assert {feed.contract for feed in template.feeds} == set(contracts.split())
    assert template.metrics == load_standard_metrics()


def test_every_file_of_the_template_points_the_editor_at_a_schema_that_exists() -> None:
    for path in TEMPLATE.rglob("*.yml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        reference = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / reference).is_file(), path


def test_a_folder_outside_the_repo_is_read_by_its_path(folder: Path) -> None:
    assert load_municipality(folder).folder == folder.resolve()
    assert load_municipality(str(folder)).feeds == load_municipality("_template").feeds


def test_one_text_and_a_list_of_texts_become_the_same_shape(folder: Path) -> None:
    feeds = {feed.id: feed for feed in load_municipality(folder).feeds}
    assert feeds["units"].files == ("enheter*.csv", "enheter*.xlsx")
    assert feeds["positions"].files == ("stillinger*.csv",)
    assert feeds["units"].columns["unit_name"].file_columns == ("Enhetsnavn", "Navn")


def test_a_code_with_a_leading_zero_stays_text(folder: Path) -> None:
    profile = folder / "municipality.yml"
    change(profile, '# municipality_number: "0529"', "municipality_number: 0529")
    assert load_municipality(folder).municipality_number == "0529"


def test_a_month_is_its_first_day(folder: Path) -> None:
    assert load_municipality(folder).first_month == date(2016, 1, 1)


def test_pilots_come_in_order(folder: Path) -> None:
    text = "pilots: [{unit_id: B, order: 2, wave: 1}, {unit_id: A, order: 1, wave: 1}]"
    (folder / "pilots.yml").write_text(text)
    assert [pilot.unit_id for pilot in load_municipality(folder).pilots] == ["A", "B"]


def test_a_chosen_list_of_standard_metrics_is_kept_in_its_order(folder: Path) -> None:
    second, first = load_standard_metrics()[1].id, load_standard_metrics()[0].id
    (folder / "metrics.yml").write_text(f"standard: [{first}, {second}]")
    chosen: Municipality = load_municipality(folder)
    assert [metric.id for metric in chosen.metrics] == [first, second]


def test_an_unknown_municipality_lists_those_that_exist() -> None:
    with pytest.raises(ConfigError) as problem:
        load_municipality("nhs_englnd")
    assert "Kommunen «nhs_englnd» finnes ikke" in problem.value.text
    assert "Mente du «nhs_england»?" in problem.value.text
    assert "bergen" in problem.value.text
    assert "_template" not in problem.value.text


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "municipality.yml",
            "language: nb",
            "langauge: nb",
            "municipality.yml: langauge: Ukjent nøkkel «langauge». Mente du «language»? Lovlige:",
        ),
        (
            "municipality.yml",
            "language: nb",
            "language: no",
            "municipality.yml: language: «no» er ikke lovlig.",
        ),
        ("municipality.yml", "language: nb", "language: no", "Lovlige: nb, "),
        (
            "municipality.yml",
            "min_persons: 5",
            "min_persons: 2",
            "privacy.min_persons: 2 er utenfor: skal være minst 3.",
        ),
        (
            "municipality.yml",
            "min_persons_split: 10",
            "min_persons_split: 4",
            "privacy: Min_persons_split kan ikke være mindre enn min_persons.",
        ),
        (
            "municipality.yml",
            "name: Kommunens navn\n",
            "",
            "municipality.yml: name: Mangler «name»",
        ),
        (
            "municipality.yml",
            "first_month: 2016-01",
            "first_month: 2016-01-15",
            "First_month skal være en måned",
        ),
        (
            "municipality.yml",
            "language: nb",
            "language: nb\nlanguage: nn",
            "Nøkkelen «language» står to ganger (først på linje",
        ),
        ("municipality.yml", "facts: []", "facts: [", "Dette er ikke gyldig YAML"),
        (
            "sources/hr.yml",
            "contract: hr",
            "contract: hrr",
            "hr.yml: contract: Ukjent kontrakt «hrr». Mente du «hr»?",
        ),
        (
            "sources/hr.yml",
            "table: positions",
            "table: position",
            "feeds[0].table: Ukjent tabell «position». Mente du «positions»? Lovlige: positions.",
        ),
        (
            "sources/hr.yml",
            "job_code: {",
            "job_cod: {",
            "feeds[0].columns.job_cod: Ukjent kolonne i positions «job_cod». Mente du «job_code»?",
        ),
        (
            "sources/hr.yml",
            "start_date: {column: Fra dato, date: {formats: [dmy, iso]}}",
            "job_code2: {column: x}",
            "Ukjent kolonne i positions «job_code2»",
        ),
        (
            "sources/hr.yml",
            "      start_date: {column: Fra dato, date: {formats: [dmy, iso]}}\n",
            "",
            "feeds[0].columns: Påkrevde kolonner i hr.positions mangler: start_date.",
        ),
        (
            "sources/hr.yml",
            "Fast: permanent",
            "Fast: permanant",
            "columns.employment_type.values.Fast: Ukjent verdi for employment_type «permanant». "
            "Mente du «permanent»?",
        ),
        (
            "sources/hr.yml",
            "person_id: {column: Ansattnr, pseudonymise: true}",
            "person_id: {column: Ansattnr}",
            "columns.person_id: person_id peker på en person og kan ikke lastes som den er. "
            "Legg til pseudonymise: true.",
        ),
        (
            "sources/hr.yml",
            "formats: [dmy, iso]",
            "formats: [dmi, iso]",
            "feeds[0].columns.start_date.date.formats[0]: «dmi» er ikke lovlig. Mente du «dmy»?",
        ),
        (
            "sources/hr.yml",
            "job_code: {column: Stillingskode}",
            "job_code: {colum: Stillingskode}",
            "columns.job_code.colum: Ukjent nøkkel «colum». Mente du «column»?",
        ),
        (
            "sources/hr.yml",
            "job_code: {column: Stillingskode}",
            "job_code: {column: Stillingskode, constant: 1}",
            "columns.job_code: Velg én av column, constant og concat.",
        ),
        (
            "sources/hr.yml",
            "period: {source: all}",
            "period: {source: filename}",
            "feeds[0].period: «filename» er ikke lovlig. Mente du «file_name»?",
        ),
        (
            "sources/unit_metrics.yml",
            "period: {source: column, column: month}",
            "period: {source: column, column: unit_id}",
            "feeds[0].period.column: Ukjent datokolonne «unit_id». Lovlige: month.",
        ),
        (
            "sources/organisation.yml",
            "period: {source: all}",
            "period: {source: column, column: valid_from}",
            "feeds[0].period: Et enhetsregister gjelder som helhet",
        ),
        (
            "sources/sick_leave.yml",
            r"(?P<month>\d{2})",
            r"(?P<month>\d{2}",
            "er ikke et gyldig mønster",
        ),
        (
            "sources/unit_metrics.yml",
            "id: home_care",
            "id: positions",
            "feeds[0].id: Feeden «positions» finnes allerede.",
        ),
        (
            "sources/ledger.yml",
            "amount_type: accounts",
            "amount_type: account",
            "feeds[0].melt.columns.Regnskap.amount_type: Ukjent verdi for amount_type «account».",
        ),
    ],
)
def test_a_mistake_names_the_file_the_key_and_the_way_out(
    folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    change(folder / file, old, new)
    text = message(folder)
    assert text.startswith(str(folder))
    assert expected in text


def test_a_misspelt_file_name_is_not_a_municipality_without_pilots(folder: Path) -> None:
    (folder / "pilots.yml").rename(folder / "pilot.yml")
    assert "Ukjent fil «pilot.yml». Mente du «pilots.yml»?" in message(folder)


def test_two_pilots_cannot_be_the_same_number(folder: Path) -> None:
    text = "pilots: [{unit_id: A, order: 1, wave: 1}, {unit_id: B, order: 1, wave: 1}]"
    (folder / "pilots.yml").write_text(text)
    assert "pilots.yml: pilots: order «1» er brukt to ganger." in message(folder)


OWN = """
standard: []
metrics:
  - id: late_pct
    label: {nb: Sent, en: Late}
    description: {nb: Sent., en: Late.}
    numerator: decisions_late
    denominator: [decisions, {measure: leavers, sign: -1}]
    scale: 100
    unit: pct
    direction: lower
    is_about_persons: true
"""


def test_an_own_metric_may_use_measures_of_a_source_and_of_the_house(folder: Path) -> None:
    (folder / "metrics.yml").write_text(OWN)
    (metric,) = load_municipality(folder).metrics
    assert metric.measures == ("decisions_late", "decisions", "leavers")
    assert metric.is_core


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("is_about_persons: true", "", "Skriv is_about_persons: true"),
        ("decisions_late", "decisions_lat", "måling «decisions_lat». Mente du «decisions_late»"),
        ("direction: lower", "direction: target", "Direction: target krever target_value"),
        ("standard: []", "standard: [sick_leave_pc]", "standard[0]: Ukjent standardmåltall"),
        ("unit: pct", "unit: pct\n    split_of: x\n    split_group: y", "Ukjent måltall «x»"),
        ("unit: pct", "unit: pct\n    shown_with: x", "Ukjent måltall «x»"),
        ("unit: pct", "unit: pct\n    unit_grain: week", "unit_grain: «week» er ikke lovlig"),
        ("standard: []", "standard: al", "metrics.yml: standard: «al» er ikke lovlig."),
    ],
)
def test_a_mistake_in_a_metric_is_named(folder: Path, old: str, new: str, expected: str) -> None:
    (folder / "metrics.yml").write_text(OWN.replace(old, new))
    assert expected in message(folder)
