"""The files of the repository, as the tests of the house read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def tracked(*suffixes: str) -> list[Path]:
    """Return every file that is or will be committed, of the given suffixes if any."""
    return [f for f in _listed() if not suffixes or f.suffix in suffixes]


@cache
def syntax(file: Path) -> ast.Module:
    """Return a file's syntax tree, read once for all tests of a worker."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def python_files(*rooms: str) -> tuple[Path, ...]:
    """Return the Python files of some folders of the repository, in order."""
    return tuple(file for room in rooms for file in sorted((REPO / room).rglob("*.py")))


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
