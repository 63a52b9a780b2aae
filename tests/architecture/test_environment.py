"""The environment is read in one module per program, and a run's context is handed down."""

import ast
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
HOMES = {"pipelines": "pipelines/settings.py", "dashboards": "dashboards/settings.py"}
_NAMES = frozenset({"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"})
_READS = frozenset({"load_context", "read_context", "Settings"})
# where a process of ours begins, or is asked what is there: below them a context is given
EDGES = ("pipelines/cli/", "pipelines/definitions.py", "pipelines/defs/context.py")


def touches_environment(source: str) -> list[int]:
    """Lines that reach the environment: as ``os.environ``, under another name, or taken out."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in ("os", "posix")
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id in names and node.attr in _NAMES:
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "posix"):
            found += [node.lineno for alias in node.names if alias.name in {*_NAMES, "*"}]
    return sorted(found)


def calls_of(source: str, names: frozenset[str]) -> list[int]:
    """Lines that call one of some functions by name."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))
        in names
    ]


@pytest.mark.parametrize("program", HOMES)
def test_one_module_touches_the_environment(program: str) -> None:
    found = {
        file.relative_to(REPO).as_posix()
        for file in (REPO / program).rglob("*.py")
        if touches_environment(file.read_text(encoding="utf-8"))
    }
    assert found == {HOMES[program]}


@pytest.mark.parametrize(
    "source",
    [
        "import os\nx = os.environ['A']",
        "import os\nx = os.getenv('A')",
        "import os as system\nsystem.environ.get('A')",
        "from os import environ\n",
        "from os import getenv as given\n",
        "import os\nos.putenv('A', '1')",
    ],
)
def test_every_way_to_the_environment_is_found(source: str) -> None:
    assert touches_environment(source)


def test_what_is_no_environment_is_left_alone() -> None:
    assert touches_environment("import os\nos.getuid()\nenviron = 1\nctx.environ\n") == []


def test_only_where_a_process_begins_is_a_context_read() -> None:
    found = [
        f"{name}:{line}"
        for file in sorted((REPO / "pipelines").rglob("*.py"))
        if not (name := file.relative_to(REPO).as_posix()).startswith(EDGES)
        for line in calls_of(file.read_text(encoding="utf-8"), _READS)
    ]
    assert found == []
