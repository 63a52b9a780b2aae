"""``pukk init`` with registers of persons as payroll programs write them, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.test_cli_init import pukk

POSITIONS = (
    "Ressursnr;Avdeling;Avdeling(T);Stillingsprosent;Ansatt fra;Ansatt til;Forhold\n"
    + "".join(
        f"{10000 + n};{1010 + n % 2};{('Solbakken', 'Furulia')[n % 2]};80,50;01.08.20{10 + n};"
        f"{'31.12.2022' if n % 2 else ''};{'FV'[n % 2]}\n"
        for n in range(8)
    )
)
ABSENCES = "Ressursnr;Avdeling;Fravær fom;Fravær tom;Fraværskode;Fraværs%\n" + "".join(
    f"{10000 + n};{1010 + n % 2};0{n + 1}.03.2022;1{n}.03.2022;{('EM', 'SM', 'BS')[n % 3]};50\n"
    for n in range(8)
)


@pytest.fixture
def drafted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, dict[str, Any]], str]:
    """Each contract's only feed, and what was said."""
    for name, text in (("ansatte 01.01.2023.csv", POSITIONS), ("fravær 2022-2023.csv", ABSENCES)):
        (tmp_path / name).write_text(text, "utf-8")
    files = [str(path) for path in sorted(tmp_path.glob("*.csv"))]
    assert pukk(monkeypatch, tmp_path, "init", "--name", "Prøve", "--from", *files) == 0
    feeds = {}
    for file in (tmp_path / "prove" / "sources").glob("*.yml"):
        (feeds[file.stem],) = yaml.safe_load(file.read_text("utf-8"))["feeds"]
    return feeds, capsys.readouterr().out


def test_everything_a_payroll_program_writes_is_read_from_files_alone(
    drafted: tuple[dict[str, dict[str, Any]], str],
) -> None:
    feeds, said = drafted
    assert said.count("8 rader lastes, 0 til karantene") == 2
    assert "2 rader lastes, 0 til karantene" in said
    assert set(feeds) == {"hr", "sick_leave", "organisation"}


def test_dates_kinds_and_grades_are_known_by_a_part_of_their_names(
    drafted: tuple[dict[str, dict[str, Any]], str],
) -> None:
    positions, spells = drafted[0]["hr"]["columns"], drafted[0]["sick_leave"]["columns"]
    assert positions["start_date"] == {"column": "Ansatt fra", "date": "auto"}
    assert positions["end_date"] == {"column": "Ansatt til", "date": "auto"}
    assert positions["employment_type"]["values"] == {"F": "permanent", "V": "substitute"}
    assert spells["start_date"]["column"] == "Fravær fom"
    assert spells["end_date"]["column"] == "Fravær tom"
    assert spells["absence_type"]["values"] == {
        "EM": "self_certified", "SM": "certified", "BS": "child_sick",
    }  # fmt: skip
    assert spells["grade_pct"]["column"] == "Fraværs%"
    # two years in a name are no year and month
    assert drafted[0]["sick_leave"]["period"] == {"source": "all"}


def test_units_are_read_of_persons_rows_and_nothing_else_of_them(
    drafted: tuple[dict[str, dict[str, Any]], str],
) -> None:
    units = drafted[0]["organisation"]
    assert units["columns"] == {
        "unit_id": {"column": "Avdeling"},
        "unit_name": {"column": "Avdeling(T)"},
        "sector": {"constant": "Hele kommunen"},
    }
    assert "Ressursnr" in units["ignore_columns"]
    assert "Ansatt fra" in units["ignore_columns"]
