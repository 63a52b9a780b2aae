"""``pukk init``: what it asks, what it writes, what it refuses; and what ``pukk check`` refuses."""

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import ConfigError
from pipelines.municipality.load import load_municipality
from pipelines.municipality.untouched import TEMPLATE, refuse_template
from pipelines.settings import MUNICIPALITIES_DIR
from tests.unit.cli_home import command

INVESTMENTS = MUNICIPALITIES_DIR / "sogndal" / "deliveries" / "sogndal_2013_investering.csv"
PERSONS = (
    "Ansattnr;Avdeling;St.pros;Ansettelsesform;Fra dato;Til dato\n"
    "48217;3120;80,00;Fast;01.08.2010;\n48218;3120;100,00;Vikar;15.01.2011;31.12.2012\n"
)


def zipped(name: str, content: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, content)
    return held.getvalue()


def pukk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *args: str) -> int:
    monkeypatch.chdir(tmp_path)
    return command(monkeypatch, tmp_path / "hjem", *args)


def test_a_folder_an_inbox_and_the_next_commands_out_of_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ("init", "--name", "Åmli kommune", "--from", str(INVESTMENTS))
    assert pukk(monkeypatch, tmp_path, *args) == 0
    shown = capsys.readouterr().out
    folder = tmp_path / "amli"
    municipality = load_municipality(folder)
    assert (municipality.id, municipality.name) == ("amli", "Åmli kommune")
    assert {feed.contract for feed in municipality.feeds} == {"organisation", "ledger"}
    assert (tmp_path / "hjem" / "amli" / "inbox").is_dir()
    for part in ("pukk check", "pukk try", "cp ", "pukk run", str(folder), "ville blitt lastet"):
        assert part in shown
    refuse_template(folder)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def drafted_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str | bytes
) -> dict[str, dict[str, Any]]:
    """Draft of one file; returns contract -> its last feed."""
    raw = content.encode() if isinstance(content, str) else content
    (tmp_path / name).write_bytes(raw)
    args = ("init", "--name", "Prøve", "--from", str(tmp_path / name))
    assert pukk(monkeypatch, tmp_path, *args) == 0
    files = (tmp_path / "prove" / "sources").glob("*.yml")
    return {file.stem: yaml.safe_load(file.read_text("utf-8"))["feeds"][-1] for file in files}


@pytest.mark.parametrize("header", ["Måned", "Periode"])
@pytest.mark.parametrize("months", [("202301", "202302"), ("44927", "44958")])
def test_a_year_and_a_month_in_six_digits_and_a_spreadsheets_day_are_months(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, header: str, months: tuple[str, str]
) -> None:
    rows = "".join(f"{unit};{month};3\n" for unit in ("1001", "1002") for month in months)
    found = drafted_of(monkeypatch, tmp_path, "klager.csv", f"Enhetsnr;{header};Klager\n{rows}")
    assert found["unit_metrics"]["columns"]["month"] == {"column": header, "date": "auto"}


def test_months_beside_each_other_are_of_the_year_in_a_column_or_in_the_files_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    months = "Januar;Februar;Mars"
    of_rows = f"Enhetsnr;År;{months}\n1001;2022;4,1;5,0;3,9\n1002;2023;4,1;5,0;3,9\n"
    found = drafted_of(monkeypatch, tmp_path, "klager.csv", of_rows)["unit_metrics"]
    assert found["melt"]["year_column"] == "År"
    assert found["melt"]["columns"]["Mars"] == {"month": "Mars"}
    assert "ignore_columns" not in found
    assert "6 rader lastes, 0 til karantene" in capsys.readouterr().out
    shutil.rmtree(tmp_path / "prove")
    of_file = f"Enhetsnr;{months}\n1001;4,1;5,0;3,9\n"
    found = drafted_of(monkeypatch, tmp_path, "klager 2022.csv", of_file)["unit_metrics"]
    assert "year_column" not in found["melt"]
    assert found["files"] == ["klager 2022.csv"]
    assert "3 rader lastes, 0 til karantene" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (("1", "12"), {"concat": ["År", "Måned"], "separator": "-",
                       "date": {"formats": ["year_month", "year_month_unpadded"]}}),
        (("januar", "desember"), {"concat": ["Måned", "År"], "separator": " ",
                                  "date": {"formats": ["month_name"]}}),
    ],
)  # fmt: skip
def test_a_month_beside_its_year_is_read_with_it(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    months: tuple[str, str],
    said: dict[str, Any],
) -> None:
    rows = "".join(f"1001;{year};{month};3\n" for year in (2022, 2023) for month in months)
    found = drafted_of(monkeypatch, tmp_path, "fall.csv", f"Enhetsnr;År;Måned;Fall\n{rows}")
    assert found["unit_metrics"]["columns"]["month"] == said
    assert "4 rader lastes, 0 til karantene" in capsys.readouterr().out


def test_months_of_a_ledger_beside_each_other_are_its_periods_and_a_year_in_a_name_is_one_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Ansvar;Art;Funksjon;Jan;Feb;Mar;Sum\n1001;010;253;100;200;300;600\n"
    for year in (2022, 2023):
        (tmp_path / f"regnskap {year}.csv").write_text(text, "utf-8")
    names = [str(tmp_path / f"regnskap {year}.csv") for year in (2022, 2023)]
    assert pukk(monkeypatch, tmp_path, "init", "--name", "Prøve", "--from", *names) == 0
    assert capsys.readouterr().out.count("3 rader lastes, 0 til karantene") == 2
    drafted = yaml.safe_load((tmp_path / "prove" / "sources" / "ledger.yml").read_text("utf-8"))
    feeds = drafted["feeds"]
    assert [feed["files"] for feed in feeds] == [["regnskap 2022.csv"], ["regnskap 2023.csv"]]
    years = [feed["columns"]["year"] for feed in feeds]
    assert years == [{"constant": "2022"}, {"constant": "2023"}]
    assert feeds[0]["melt"]["columns"]["Mar"] == {"period": 3, "amount_type": "accounts"}
    assert feeds[0]["ignore_columns"] == ["Sum"]


def test_the_period_of_a_ledger_may_tell_its_year(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = "".join(f"1001;10100;2530;2023{month:02d};1200,50\n" for month in range(1, 13))
    text = f"Ansvar;Art;Funksjon;Periode;Beløp\n{rows}"
    columns = drafted_of(monkeypatch, tmp_path, "bok.csv", text)["ledger"]["columns"]
    assert columns["year"] == {"column": "Periode", "pattern": r"^(\d{4})"}
    assert columns["period"] == {"column": "Periode", "pattern": r"^\d{4}(\d\d)$"}


@pytest.mark.parametrize("name", ["tall.csv", "tall_2024-01.csv"])
def test_no_month_is_made_up_where_none_can_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert drafted_of(monkeypatch, tmp_path, name, "Enhetsnr;Klager\n1001;2\n1002;3\n") == {}
    assert f"{name}: det kan ikke ses hvilken måned" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("blank.csv", "\n;;\n", "ingen tabell her"),
        ("uten.csv", "1001;2023-01;3\n1002;2023-01;4\n", "ingen tabell her"),
        ("bok.xlsx", zipped("xl/workbook.xml", "<x"), "Arbeidsboken kan ikke leses"),
    ],
)
def test_why_a_file_gives_no_feed_is_said_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    name: str, content: str | bytes, said: str,
) -> None:  # fmt: skip
    assert drafted_of(monkeypatch, tmp_path, name, content) == {}
    shown = capsys.readouterr().out
    assert f"{name}: " in shown
    assert said in shown
    assert "Mønstrene er" not in shown


def test_a_name_with_brackets_is_its_own_pattern(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "1001;2023-01;3\n1002;2023-01;4\n"
    drafted_of(monkeypatch, tmp_path, "tall [ny].csv", f"Enhetsnr;Måned;Klager\n{rows}")
    assert capsys.readouterr().out.count("ville blitt lastet") == 2


def test_a_unit_in_merged_cells_is_that_of_the_rows_below(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "1001;2023-01;3\n;2023-02;4\n;2023-03;4\n1002;2023-01;5\n;2023-02;6\n;2023-03;6\n"
    found = drafted_of(monkeypatch, tmp_path, "k.csv", f"Enhetsnr;Måned;Klager\n{rows}")
    assert found["unit_metrics"]["layout"]["fill_down"] == ["Enhetsnr"]
    assert "6 rader lastes, 0 til karantene" in capsys.readouterr().out


def test_one_odd_date_among_many_rows_is_one_odd_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = "".join(f"{i};3120;80;{'i fjor' if i == 1 else '01.08.2010'}\n" for i in range(30))
    found = drafted_of(
        monkeypatch, tmp_path, "st.csv", f"Ansattnr;Avdeling;St.pros;Fra dato\n{rows}"
    )
    assert found["hr"]["columns"]["start_date"] == {"column": "Fra dato", "date": "auto"}


def test_numbers_of_persons_never_reach_the_draft(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stillinger.csv").write_text(PERSONS, encoding="utf-8")
    args = ("init", "--name", "Prøve", "--from", str(tmp_path / "stillinger.csv"))
    assert pukk(monkeypatch, tmp_path, *args) == 0
    text = (tmp_path / "prove" / "sources" / "hr.yml").read_text(encoding="utf-8")
    assert "48217" not in text
    (feed,) = yaml.safe_load(text)["feeds"]
    assert feed["columns"]["person_id"] == {"column": "Ansattnr", "pseudonymise": True}
    assert feed["columns"]["employment_type"]["values"] == {
        "Fast": "permanent",
        "Vikar": "substitute",
    }
    assert feed["columns"]["position_pct"]["number"] == {"decimal": ","}


def test_a_file_with_identity_numbers_is_told_of_and_not_drafted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = "13097248022"
    (tmp_path / "ansatte.csv").write_text(f"Enhet;Nummer;Antall\nE1;{number};2\n", encoding="utf-8")
    args = ("init", "--name", "Prøve", "--from", str(tmp_path / "ansatte.csv"))
    assert pukk(monkeypatch, tmp_path, *args) == 0
    shown = capsys.readouterr().out
    assert "fødselsnummer" in shown
    assert number not in shown
    written = (path for path in (tmp_path / "prove").rglob("*") if path.is_file())
    assert all(number not in path.read_text(encoding="utf-8") for path in written)


def test_a_name_that_is_not_given_cannot_be_asked_for_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pukk(monkeypatch, tmp_path, "init") == 1
    assert "--name" in capsys.readouterr().err
    assert not (tmp_path / "hjem").exists()


def test_what_is_missing_is_asked_for_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = iter(["Prøve kommune", "prove", "norway"])
    monkeypatch.setattr("pipelines.cli.init.is_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert pukk(monkeypatch, tmp_path, "init") == 0
    assert load_municipality(tmp_path / "prove").name == "Prøve kommune"
    assert next(answers, None) is None


def test_a_folder_that_holds_something_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "prove").mkdir()
    kept = tmp_path / "prove" / "mitt.txt"
    kept.write_text("mitt")
    assert pukk(monkeypatch, tmp_path, "init", "--name", "Prøve") == 2
    assert [path.name for path in (tmp_path / "prove").iterdir()] == ["mitt.txt"]


@pytest.mark.parametrize(
    "flags",
    [
        ("--id", "Å"),
        ("--calendar", "hebraisk"),
        ("--number", "29"),
        ("--id", "../x"),
        ("--language", "sv"),
        ("--name", "2024"),  # no letter to make an id of, and nobody to ask
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flags: tuple[str, str]
) -> None:
    assert pukk(monkeypatch, tmp_path, "init", "--name", "Prøve", *flags) in {1, 2}
    assert not any(tmp_path.iterdir())


def test_check_refuses_the_template_until_it_is_somebodys_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(TEMPLATE, tmp_path / "kommune"))
    monkeypatch.setenv("PUKK_MUNICIPALITY", str(folder))
    assert pukk(monkeypatch, tmp_path, "check") == 2
    assert "malen" in capsys.readouterr().err
    profile = folder / "municipality.yml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace("id: template", "id: prove"), encoding="utf-8")
    with pytest.raises(ConfigError, match="name"):
        refuse_template(folder)
    text = profile.read_text(encoding="utf-8").replace("Kommunens navn", "Prøve kommune")
    profile.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hr\.yml"):
        refuse_template(folder)
    for file in (folder / "sources").iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace("files: ", "files: min_"))
    (folder / "sources" / "organisation.yml").unlink()
    refuse_template(folder)
