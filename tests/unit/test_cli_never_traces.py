"""Whatever state a home is in, a command says what is wrong and what to do; it never traces."""

import json
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import REPO
from tests.unit.cli_home import Home
from tests.unit.publishing_town import open_town, publish_now

KNOWN_EXIT_CODES = range(8)
COMMANDS = [
    "status", "status --json", "deliveries", "deliveries --json", "quarantine", "quarantine D9",
    "deliveries accept D000009 --reason x", "result", "result ingen_slik", "result --json",
    "gains", "baselines", "report --path", "publish --list", "publish --rollback",
    "publish --rollback --to 9", "publish", "sql", "sql --examples", "sql --example finnes_ikke",
    "pdf", "pdf ingen_slik", "pdf --month 2024-01", "log show", "log verify", "log verify --head x",
    "doctor", "doctor --json",
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path / "Østre Å; {x} $y", monkeypatch)


def nothing(_home: Home) -> None:
    """The folder is not there."""


def only_a_folder(home: Home) -> None:
    home.paths.create()


def a_file_in_its_place(home: Home) -> None:
    home.path.write_text("dette er en fil")


def garbage(home: Home) -> None:
    home.paths.create().warehouse.write_bytes(b"dette er ingen database" * 1000)
    (home.paths.state / "access_log.sqlite").write_bytes(b"heller ikke" * 1000)
    (home.paths.published / "current.json").write_text("{")
    (home.paths.published / "generation-000001.duckdb").write_bytes(b"x")


def folders_for_files(home: Home) -> None:
    paths = home.paths.create()
    for name in ("access_log.sqlite", "run.lock", "saved_queries.sqlite"):
        (paths.state / name).mkdir()
    for file in (paths.warehouse, paths.published / "current.json"):
        file.mkdir()


def files_for_folders(home: Home) -> None:
    home.paths.root.mkdir(parents=True)
    for folder in ("inbox", "landing", "published", "reports", "state"):
        (home.paths.root / folder).write_text("")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "state",
    [nothing, only_a_folder, a_file_in_its_place, garbage, folders_for_files, files_for_folders],
)
def test_every_command_says_what_is_wrong(
    home: Home,
    state: Callable[[Home], None],
    command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state(home)
    code = home.pukk(*command.split())
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert code in KNOWN_EXIT_CODES
    if code:
        assert said.err.startswith(("Feil", "Obs"))
        assert "Gjør slik" in said.err
        # a fault that nobody thought of is written to a file of its own
        assert "ikke kjenner" not in said.err


def test_a_folder_that_dagster_would_not_find_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Home(tmp_path / "data [ny]", monkeypatch).pukk("status") == 2
    assert "mønster" in capsys.readouterr().err


def test_a_municipality_that_is_not_there(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("finnes_ikke", "", "/etc/passwd", "a[/b]", "../x"):
        assert home.pukk("status", municipality=name) == 2
        assert "Gjør slik" in capsys.readouterr().err


@pytest.fixture
def published(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one published generation whose unit has a name that looks like commands."""
    with open_town(tmp_path_factory, home.paths.create()) as con:
        con.execute("update marts.dim_units set unit_name = ? where unit_id = 'E1'", [NAME])
        publish_now(con, home.paths)
    return home


NAME = "[red]*x*[/] \x1b[31m\u202e\x9b # y <b> $a$ :red[z] [/x]"


def test_names_are_text_in_the_terminal(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("sql", 'select unit_name as "[b]n[/]" from dim_units') == 0
    out = capsys.readouterr().out
    assert "[red]*x*[/] \\x1b[31m\\u202e\\x9b # y <b> $a$ :red[z] [/x]" in out
    assert "[b]n[/]" in out
    assert not set(out) & set("\x1b\x9b\u202e")


def test_names_are_text_in_json_and_whole(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    published.pukk(
        "sql", "select unit_name from dim_units where unit_id = 'E1'", "--format", "json"
    )
    out = capsys.readouterr().out
    assert json.loads(out) == [{"unit_name": NAME}]
    assert not set(out) & set("\x1b\x9b\u202e")


def test_an_unknown_unit_is_named_as_it_was_written(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("result", "[/x] \x1b[2J") == 1
    assert "«[/x] \\x1b[2J»" in capsys.readouterr().err


def test_json_has_null_where_there_is_no_number(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    query = (REPO / "tests" / "cases" / "11_json_nan" / "query.sql").read_text(encoding="utf-8")
    assert published.pukk("sql", query, "--format", "json") == 0

    def refuse(name: str) -> None:
        raise AssertionError(name)

    (row,) = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert row == {"a": None, "x": None, "y": None}
    nested = "select [1.5, 'nan'::double] as l, {'d': '-inf'::double, 't': time '10:00'} as s,"
    assert published.pukk("sql", nested + " 1e400::varchar as v", "--format", "json") in (0, 5)


def test_what_is_no_number_is_empty_in_a_table(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("sql", "select 'nan'::double as n, -0.0 as z") == 0
    out = capsys.readouterr().out
    assert "nan" not in out
    assert "-0" not in out


def test_a_question_that_is_no_text_is_refused(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("sql", "select '\udcff' as a") == 5
    assert "ikke er lesbar tekst" in capsys.readouterr().err


def test_an_older_edition_is_said_on_standard_error_and_in_the_status(
    published: Home, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(published.paths.warehouse) as con:
        con.execute("update marts.dim_units set unit_name = 'ny' where unit_id = 'E1'")
        assert publish_now(con, published.paths, "f2").number == 2
    file = published.paths.published / "generation-000002.duckdb"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert published.pukk("sql", "select unit_id from dim_units", "--format", "csv") == 0
    said = capsys.readouterr()
    assert "Filen til utgave 2 er skadet. Du ser utgave 1 i stedet." in said.err
    assert "Obs" not in said.out
    assert published.pukk("status") == 0
    assert "Du ser utgave 1 i stedet" in capsys.readouterr().out
    assert published.pukk("status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["generation"], told["generation_wanted"]) == (1, 2)
    assert (told["older_because"], told["up_to_date"]) == ("file_damaged", False)
    file.unlink()
    (published.paths.published / "generation-000001.duckdb").unlink()
    assert published.pukk("sql", "select 1") == 4
    assert "Ingen av utgavene er hele" in capsys.readouterr().err


def test_an_edition_without_a_table_we_read_is_said(
    published: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("gains") == 1
    assert "mangler en tabell" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("out", "words"),
    [("finnes_ikke/x.csv", "finnes ikke"), (".", "fil der det skal være en mappe")],
)
def test_a_file_that_cannot_be_written_is_said(
    published: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, words: str
) -> None:
    target = str(tmp_path / out)
    assert published.pukk("sql", "select 1", "--format", "csv", "--out", target) == 1
    assert words in capsys.readouterr().err


def test_a_full_disk_is_said_and_the_log_that_cannot_be_written_gives_nothing_out(
    published: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.pukk("sql", "select 1") == 0
    capsys.readouterr()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        code = published.pukk("sql", "select 1", "--format", "csv", "--out", str(tmp_path / "x"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert code == 1
    said = capsys.readouterr()
    assert said.err.startswith("Feil")
    assert said.out == ""
    assert not (tmp_path / "x").exists()


def test_a_fault_of_ours_is_kept_in_a_file_without_values(
    published: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.cli import inspect

    value = "Kari Nordmann 01017012345"

    def broken(*_: object) -> None:
        raise KeyError(value)

    monkeypatch.setattr(inspect, "inbox_files", broken)
    assert published.pukk("status") == 1
    said = capsys.readouterr().err
    assert "KeyError" in said
    assert "Kari" not in said
    (kept,) = (published.paths.state / "errors").iterdir()
    assert str(kept) in said
    text = kept.read_text(encoding="utf-8")
    assert "inspect.py" in text
    assert "Kari" not in text
    assert "01017012345" not in text


@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_stop_is_said_with_the_exit_code_shells_use(
    published: Home,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stop: signal.Signals,
    code: int,
) -> None:
    from pipelines.cli import inspect

    def wait(*_: object) -> None:
        os.kill(os.getpid(), stop)
        time.sleep(10)

    def as_an_error(*_: object) -> None:
        with pytest.raises(KeyboardInterrupt):
            wait()
        raise RuntimeError("Query interrupted")

    before = signal.getsignal(stop)
    monkeypatch.setattr(inspect, "inbox_files", as_an_error)
    assert published.pukk("status") == code
    assert f"Avbrutt ({stop.name})" in capsys.readouterr().err
    monkeypatch.setattr(inspect, "inbox_files", wait)
    assert published.pukk("status") == code
    assert f"Avbrutt ({stop.name})" in capsys.readouterr().err
    assert signal.getsignal(stop) is before
