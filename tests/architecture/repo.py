"""The files of the repository, as the tests of the house read them."""

import subprocess
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def tracked(*suffixes: str) -> list[Path]:
    """Return every file that is or will be committed, of the given suffixes if any."""
    return [f for f in _listed() if not suffixes or f.suffix in suffixes]


@cache
def _listed() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return tuple(f for f in (REPO / name for name in listed if name) if f.is_file())
