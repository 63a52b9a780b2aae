"""Files laid out by themselves: each holds what its recipient may see, and nothing of others."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest

from dashboards.access import EVERYTHING
from dashboards.marts import Question, read
from dashboards.reports.outbox import Laid, Places, lay_out, read_lines
from pipelines.desk.access_log import entries
from tests.published import generation_file
from tests.unit.cli_home import command

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 30)
ACCESS = """subject;role;units;sectors;valid_from;valid_to
leder@example.no;enhetsleder;u0312;;;
sjef@example.no;kommunalsjef;;Helse;;
gammel@example.no;kommunedirektor;;;;2025-01-01
"""
HEAD = "subject;file;about;metric;language\n"
LEADER = "leder@example.no"


@pytest.fixture(scope="module")
def places(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder, file = tmp_path_factory.mktemp("outbox"), generation_file(example_home)
    for one in (file, file.with_suffix(".json")):
        (folder / one.name).write_bytes(one.read_bytes())
    (folder / "access.csv").write_text(ACCESS, encoding="utf-8")
    (folder / "state").mkdir()
    return Places(folder / file.name, folder / "state", folder / "access.csv", folder / "outbox")


def laid(places: Places, *lines: str) -> list[Laid]:
    list_file = places.outbox.parent / "recipients.csv"
    list_file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return list(lay_out(read_lines(list_file), places, TODAY))


def texts(name: str, content: bytes) -> str:
    """What a file says in words: of workbooks and slides their XML, of a PDF what is tagged."""
    if name.endswith((".zip", ".xlsx", ".pptx")):
        with ZipFile(BytesIO(content)) as zipped:
            return " ".join(texts(each, zipped.read(each)) for each in zipped.namelist())
    if name.endswith(".pdf"):
        with pikepdf.open(BytesIO(content)) as pdf:
            return " ".join(
                str(value)
                for thing in pdf.objects
                if isinstance(thing, pikepdf.Dictionary)
                for value in thing.values()
                if isinstance(value, pikepdf.String)
            )
    return content.decode("utf-8", "ignore")


def test_a_recipients_files_hold_nothing_of_other_units(places: Places) -> None:
    found = laid(
        places,
        f"{LEADER};alt;u0312;;nb", f"{LEADER};lysbilder;u0312;overtime_pct;en",
        f"{LEADER};rapport;u0312;;", f"{LEADER};status;;;", f"{LEADER};kommunestyret;;;",
    )  # fmt: skip
    assert [one.outcome for one in found] == ["laid"] * 5
    units = read(
        str(places.generation), EVERYTHING, Question("dim_units", ("unit_id", "unit_name"))
    )
    own = next(row["unit_name"] for row in units if row["unit_id"] == "u0312")
    files = sorted((places.outbox / LEADER.replace(".", "_")).glob("*/*")) or sorted(
        places.outbox.glob("leder*/utgave-*/*")
    )
    assert len(files) == 5
    for file in files:
        said = texts(file.name, file.read_bytes())
        assert "u0312" in file.name or own in said or file.suffix == ".pdf"
        for row in units:
            if row["unit_id"] != "u0312" and row["unit_name"] not in own:
                assert row["unit_name"] not in said, (file.name, row["unit_id"])
                assert not re.search(rf"\b{row['unit_id']}\b", said), (file.name, row["unit_id"])
    logged = [entry for entry in entries(places.state) if entry["actor"] == LEADER]
    assert len(logged) == 5
    assert all("sha256:" in entry["detail"] for entry in logged)


def test_what_is_not_the_recipients_is_refused_and_logged_and_nothing_is_laid(
    places: Places,
) -> None:
    before = len(entries(places.state))
    found = laid(
        places,
        f"{LEADER};alt;u0410;;", f"{LEADER};rapport;;;", "sjef@example.no;rapport;u0312;;",
        f"{LEADER};kommunestyret;sektor.Helse;overtime_pct;",
        "gammel@example.no;rapport;;;", "ukjent@example.no;status;;;",
        f"{LEADER};regneark;u0312;;", f"{LEADER};status;;;fr",
    )  # fmt: skip
    assert [one.outcome for one in found] == [
        "refused", "refused", "refused", "refused", "no_access", "no_access", "unknown", "unknown",
    ]  # fmt: skip
    logged = entries(places.state)[: len(entries(places.state)) - before]
    assert [entry["outcome"] for entry in logged] == ["refused"] * 4
    names = [file.name for file in places.outbox.rglob("*") if file.is_file()]
    assert not [name for name in names if "u0410" in name or "Helse" in name]


def test_a_director_gets_the_groups_page_and_an_edition_is_laid_out_once(places: Places) -> None:
    line = "sjef@example.no;lysbilder;sektor.Helse;overtime_pct;nb"
    assert [one.outcome for one in laid(places, line)] == ["laid"]
    (file,) = places.outbox.glob("sjef*/utgave-*/*.pptx")
    first = file.read_bytes()
    assert [one.outcome for one in laid(places, line)] == ["there"]
    assert file.read_bytes() == first
    assert not list(places.outbox.rglob(".*"))
    assert file.stat().st_mode & 0o077 == 0 or file.parent.stat().st_mode & 0o077 == 0


def test_what_lies_there_is_refused_to_one_who_has_lost_the_right_to_it(places: Places) -> None:
    line = f"{LEADER};lysbilder;u0312;overtime_pct;nn"
    assert [one.outcome for one in laid(places, line)] == ["laid"]
    rights = places.access.read_text(encoding="utf-8")
    places.access.write_text(rights.replace("u0312", "u0410"), encoding="utf-8")
    try:
        assert [one.outcome for one in laid(places, line)] == ["refused"]
        assert entries(places.state)[0]["outcome"] == "refused"
    finally:
        places.access.write_text(rights, encoding="utf-8")
    assert [one.outcome for one in laid(places, line)] == ["there"]


def test_the_command_tells_each_line_and_fails_when_one_gives_no_file(
    example_copy: Path, places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("PUKK_MUNICIPALITY", "vestre_toten")
    monkeypatch.delenv("PUKK_ACCESS", raising=False)
    list_file, out = tmp_path / "recipients.csv", tmp_path / "out"
    monkeypatch.setenv("PUKK_RECIPIENTS", str(list_file))
    monkeypatch.setenv("PUKK_OUTBOX", str(out))
    list_file.write_text(f"{HEAD}{LEADER};status;;;\n{LEADER};alt;u0410;;\n", encoding="utf-8")
    assert command(monkeypatch, example_copy, "deliver") != 0
    assert "PUKK_ACCESS" in capfd.readouterr().err
    monkeypatch.setenv("PUKK_ACCESS", str(places.access))
    assert command(monkeypatch, example_copy, "deliver") != 0
    told = capfd.readouterr()
    assert "Linje 2: status-nb.pdf: lagt ut" in told.out
    assert "Linje 3: alt-u0410-nb.zip: ikke lagt ut" in told.out
    assert "1 av 2 linjer ga ingen fil" in told.err
    assert LEADER not in told.out + told.err
    assert len(list(out.rglob("*.pdf"))) == 1
    list_file.write_text("hvem;hva\n", encoding="utf-8")
    assert command(monkeypatch, example_copy, "deliver") != 0
    assert "kan ikke leses" in capfd.readouterr().err
