"""Another account on the machine reads nothing of what a run has left."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

NOBODY = 65534


@pytest.fixture(scope="module")
def within_reach(example_home: Path) -> Iterator[Path]:
    """The example where any account comes as far as PUKK_HOME, and a file beside it."""
    folder = Path(tempfile.mkdtemp(prefix="pukk-second-account-"))
    folder.chmod(0o755)
    shutil.copytree(example_home, folder / "home")
    (folder / "beside.txt").write_text("open", encoding="utf-8")
    (folder / "beside.txt").chmod(0o644)
    yield folder
    shutil.rmtree(folder)


def as_another(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_file_a_run_leaves_is_its_owners_alone(example_home: Path) -> None:
    found = {p: stat.S_IMODE(p.lstat().st_mode) for p in (example_home, *example_home.rglob("*"))}
    assert len(found) > 200
    assert {str(p): oct(mode) for p, mode in found.items() if mode & 0o077} == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_second_account_reads_nothing(within_reach: Path) -> None:
    # what it can do is shown first: it lists the folder and reads the file beside
    assert as_another("cat", str(within_reach / "beside.txt")).stdout == "open"
    assert as_another("ls", str(within_reach)).stdout.split() == ["beside.txt", "home"]
    home = within_reach / "home"
    listed = as_another("find", str(home), "-mindepth", "1")
    assert (listed.stdout, listed.returncode) == ("", 1)
    files = [p for p in home.rglob("*") if p.is_file()]
    assert len(files) > 200
    for start in range(0, len(files), 200):
        some = [str(file) for file in files[start : start + 200]]
        assert as_another("head", "-qc", "1", *some).stdout == ""
        assert as_another("find", *some, "-maxdepth", "0").stdout == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_one_folder_opened_is_what_it_would_have_taken(within_reach: Path) -> None:
    published = within_reach / "home" / "vestre_toten" / "published"
    for folder in (published, published.parent, published.parent.parent):
        folder.chmod(0o755)
    assert "current.json" in as_another("ls", str(published)).stdout
    # the files themselves are closed too
    assert as_another("cat", str(published / "current.json")).stdout == ""
