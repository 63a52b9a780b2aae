"""Modules of ours that are named in a string: the arrows that no import shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipelines.desk import programs

REPO = Path(__file__).resolve().parents[2]
_MODULE = re.compile(r"(?<![\w./-])(?:pipelines|dashboards)(?:[./]\w+)+")
# a command a person is told to type, and a file or folder a text is about, start nothing
_TOLD = re.compile(
    r"python -m [\w.]+|pipelines/municipality|pipelines/evidence|pipelines/example/spec\.py"
)
_DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def declared() -> tuple[programs.Program, ...]:
    """The programs that are declared."""
    return programs.PROGRAMS


def undeclared() -> list[str]:
    """Where a module is named in a string outside the declaration, as file, line and name."""
    home = Path(programs.__file__)
    files = [f for room in ("pipelines", "dashboards") for f in sorted((REPO / room).rglob("*.py"))]
    return [
        f"{file.relative_to(REPO)}:{line} {name}"
        for file in files
        if file != home
        for line, name in named_in(file.read_text(encoding="utf-8"))
    ]


def named_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each module that a string of some source names; docstrings are not asked."""
    tree = ast.parse(source)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, _DEFINITIONS) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            for name in _MODULE.findall(_TOLD.sub("", node.value)):
                yield node.lineno, name
