"""An inbox with nothing to compute from is said, with where it is; an emptied one is no fault."""

from pathlib import Path

import pytest

from pipelines.errors import NothingDeliveredError
from pipelines.ingest.nothing_delivered import nothing_delivered, refuse_nothing
from pipelines.settings import Paths
from tests.conftest import pukk


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "kommune").create()


def test_an_empty_inbox_says_so_and_where_it_is(paths: Paths) -> None:
    with pytest.raises(NothingDeliveredError) as error:
        refuse_nothing(paths)
    assert error.value.text.startswith(f"Innboksen er tom: {paths.inbox}.")
    assert error.value.exit_code == 2


def test_unfinished_and_unreadable_files_are_no_delivery(paths: Paths) -> None:
    (paths.inbox / "hr.csv.part").write_text("a")
    assert "bare uferdige filer: hr.csv.part" in str(nothing_delivered(paths))
    (paths.inbox / "hr.csv").write_text("a")
    assert nothing_delivered(paths) is None


def test_a_file_nobody_may_read_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    (paths.inbox / "hr.csv").write_text("a")

    def refused(_path: Path, *_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refused)
    assert "kan leses: hr.csv" in str(nothing_delivered(paths))


def test_an_emptied_inbox_is_no_fault_once_something_is_landed(paths: Paths) -> None:
    landed = paths.landing / "hr" / "positions" / "ym=2024-01"
    landed.mkdir(parents=True)
    (landed / "D000001.parquet").write_bytes(b"")
    assert nothing_delivered(paths) is None


def test_the_command_line_says_it_before_anything_runs(tmp_path: Path) -> None:
    done = pukk("run", home=tmp_path, municipality="nhs_england", check=False)
    assert done.returncode == 2
    assert "Innboksen er tom" in done.stderr.replace("\n", " ")
    shown = pukk("status", home=tmp_path, municipality="nhs_england").stdout
    assert "Innboksen er tom" in shown.replace("\n", " ")
