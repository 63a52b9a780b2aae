"""What a command imports is what its user waits for: each is held to what it needs.

Modules are counted, not seconds, so that a slow machine does not fail and a quick one not pass.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli.app import COMMANDS, app
from pipelines.settings import REPO_ROOT
from tests.conftest import pukk

HEAVY = (
    "dagster",
    "dataframely",
    "dbt",
    "great_expectations",
    "numpy",
    "open_data_contract_standard",
    "pandas",
    "polars",
    "pyarrow",
    "scipy",
    "sqlalchemy",
    "xlsxwriter",
)
SHOWN = """
import sys
sys.argv = ["pukk", *{args!r}]
from pipelines.cli.app import main
try:
    main()
except SystemExit:
    pass
print("LOADED", *sorted(sys.modules), file=sys.stderr)
"""


def loaded(home: Path, *args: str, municipality: str = "nhs_england") -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN.format(args=args)],
        cwd=REPO_ROOT,
        env={"PUKK_HOME": str(home), "PUKK_MUNICIPALITY": municipality, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(text for text in done.stderr.splitlines() if text.startswith("LOADED "))
    return {name.partition(".")[0] for name in line.split()[1:]}


@pytest.mark.parametrize("args", [("--help",), ("run", "--help"), ("log", "--help")])
def test_help_needs_no_library_of_data(tmp_path: Path, args: tuple[str, ...]) -> None:
    assert not loaded(tmp_path, *args) & set(HEAVY)


@pytest.mark.parametrize(
    ("args", "needs"),
    [
        (("--help",), set()),
        (("status",), {"duckdb"}),
        (("result",), {"duckdb"}),
        (("sql", "select count(*) as n from dim_units"), {"polars"}),
        (("run",), {"duckdb"}),
    ],
)
def test_a_command_on_what_is_published_imports_what_it_shows_with(
    nhs_home: Path, tmp_path: Path, args: tuple[str, ...], needs: set[str]
) -> None:
    found = loaded(nhs_home, *args)
    assert needs <= found
    allowed = {"numpy", "polars", "pyarrow"} if args[0] == "sql" else set()
    assert found & set(HEAVY) <= allowed


def test_the_list_of_commands_says_what_each_command_says(tmp_path: Path) -> None:
    shown = pukk("--help", home=tmp_path).stdout
    for name, place in COMMANDS.items():
        said = place.summary().splitlines()[0]
        assert said
        assert said == (place.load(name).help or "").splitlines()[0]
        assert f"  {name} " in shown
    assert len(app.registered_commands) == 0


def test_a_command_that_does_not_exist_is_answered_with_the_nearest(tmp_path: Path) -> None:
    done = pukk("stauts", home=tmp_path, check=False)
    assert done.returncode == 2
    assert "Mente du status?" in done.stderr
