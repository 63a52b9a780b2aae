"""The guide for a new municipality, followed line by line as it stands, on a real public file."""

import re
import shutil
import subprocess
from pathlib import Path

from pipelines.settings import MUNICIPALITIES_DIR, REPO_ROOT

GUIDE = REPO_ROOT / "docs" / "adopt.md"
FILE = MUNICIPALITIES_DIR / "sogndal" / "deliveries" / "sogndal_2013_drift.csv"


def commands(heading: str) -> str:
    """Return the first block of commands under a heading of the guide."""
    part = GUIDE.read_text(encoding="utf-8").partition(f"\n## {heading}")[2]
    found = re.search(r"```\n(.*?)```", part, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_commands_of_the_guide_take_a_municipality_from_files_to_an_inbox(
    tmp_path: Path,
) -> None:
    (tmp_path / ".venv").symlink_to(REPO_ROOT / ".venv")
    (tmp_path / "uttrekk").mkdir()
    shutil.copy(FILE, tmp_path / "uttrekk")
    script = commands("2. Lag kommunens mappe av filene dere har")
    assert script.count("pukk ") == 3
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ville blitt lastet" in done.stdout
    inbox = tmp_path / "data" / "min_kommune" / "inbox"
    assert [path.name for path in inbox.iterdir()] == [FILE.name]
    assert (tmp_path / "min_kommune" / "sources" / "ledger.yml").is_file()


def test_every_command_the_guide_names_is_there() -> None:
    from pipelines.cli.app import COMMANDS

    named = set(re.findall(r"pukk ([a-z]+)", GUIDE.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)
    assert {"init", "try", "check", "run", "explain"} <= named
