"""A full disk is said in words, whatever the one who met it answers."""

import shutil
import sqlite3
from pathlib import Path

import duckdb
import pytest

from tests.unit.cli_home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = Home(tmp_path / "hjem", monkeypatch)
    made.paths.create()
    return made


@pytest.mark.parametrize(
    "answer",
    [
        sqlite3.OperationalError("disk I/O error"),
        duckdb.IOException("Could not write all bytes to file"),
        KeyError("whatever a library makes of it"),
    ],
)
def test_a_full_disk_is_said_whatever_the_one_who_met_it_answers(
    home: Home,
    answer: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from pipelines.cli import inspect

    def broken(*_: object) -> None:
        raise answer

    monkeypatch.setattr(inspect, "inbox_files", broken)
    assert home.pukk("status") == 1
    assert "Disken er full" not in capsys.readouterr().err
    full = shutil.disk_usage(home.paths.root)._replace(free=3_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert home.pukk("status") == 1
    said = capsys.readouterr().err
    assert "Disken er full: 3 MB ledig i" in said
    assert "Frigjør plass" in said
