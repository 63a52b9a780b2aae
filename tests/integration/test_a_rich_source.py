"""A rich source by the guide alone: five files, one of them code, in a copy of the house."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import REPO_ROOT
from tests.case_town import CASES
from tests.published import published

pytestmark = pytest.mark.integration
GUIDE = (REPO_ROOT / "docs" / "add_a_source.md").read_text("utf-8")
FILES = re.findall(
    r"^(kommunens )?`([^`]+)`, (en ny fil|nederst):\n```\w+\n(.*?)```",
    GUIDE,
    re.DOTALL | re.MULTILINE,
)
REPORTS = [
    ("1", "U01", "2023-01-09"), ("2", "U01", "2023-01-30"), ("3", "U02", "2023-03-01"),
    ("4", "U02", "2023-03-31"), ("5", "U01", "2023-03-15"),
]  # fmt: skip


def run(clone: Path, *module: str) -> str:
    """Run a module of the copy as a user of it would."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PUKK_", "DAGSTER_", "DBT_"))}
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=clone,
        env=kept
        | {
            "PUKK_HOME": str(clone / "home"),
            "PUKK_MUNICIPALITY": str(clone / "smaby"),
            "PYTHONPATH": str(clone),
            "COLUMNS": "160",
        },
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clone")
    without = shutil.ignore_patterns("__pycache__", "target", "logs")
    for folder in ("pipelines", "dashboards", "data_contracts", "dbt_project"):
        shutil.copytree(REPO_ROOT / folder, root / folder, ignore=without)
    for file in ("pyproject.toml", "workspace.yaml"):
        shutil.copy(REPO_ROOT / file, root / file)
    shutil.copytree(CASES / "_municipality", root / "smaby")
    for of_municipality, name, place, text in FILES:
        file = (root / "smaby" if of_municipality else root) / name.replace("<kilde>", "deviations")
        assert file.exists() == (place == "nederst"), file
        with file.open("a", encoding="utf-8") as written:
            written.write(text)
    inbox = root / "home" / "smaby" / "inbox"
    inbox.parent.mkdir(parents=True)
    (root / "smaby" / "inbox").rename(inbox)
    lines = ["Nr;Enhet;Dato", *(";".join(report) for report in REPORTS)]
    (inbox / "avvik.csv").write_text("\n".join(lines) + "\n", "utf-8")
    run(root, "pipelines.contracts", "generate")
    run(root, "pipelines.municipality", "generate")
    run(root, "pipelines.cli.app", "run")
    return root


def test_the_guide_takes_five_files_of_which_one_is_code() -> None:
    assert len(FILES) == 5
    assert [name for _, name, _, _ in FILES if name.endswith((".sql", ".py"))] == [
        "dbt_project/models/intermediate/measures/int_deviations__measures.sql"
    ]


def test_the_rows_are_measured_shown_and_followed(clone: Path) -> None:
    found = published(
        clone / "home",
        "select group_id, strftime(month, '%Y-%m'), numerator from fct_metric_months"
        " where metric_id = 'deviations_per_fte' and level = 'unit' and group_id in ('U01', 'U02')"
        " and numerator is not null order by 1, 2",
        "smaby",
    )
    assert found == [
        ("U01", "2023-01", 2.0), ("U01", "2023-02", 0.0), ("U01", "2023-03", 1.0),
        ("U02", "2023-03", 2.0),
    ]  # fmt: skip


def test_what_the_code_loses_has_no_reason(clone: Path, tmp_path: Path) -> None:
    home = clone / "home" / "smaby"
    (compiled,) = (home / "state" / "dbt" / "compiled").rglob(
        "int_reconciliation__ready_counted.sql"
    )
    copy = Path(shutil.copy(home / "warehouse.duckdb", tmp_path / "warehouse.duckdb"))
    followed = (
        f"select part, n_rows from ({compiled.read_text('utf-8')})"
        " where source = 'deviations.reports' and n_rows > 0 order by part nulls last"
    )
    with duckdb.connect(str(copy)) as con:
        assert con.execute(followed).fetchall() == [("loaded", 5), ("used", 5)]
        con.execute("delete from intermediate.int_deviations__measures where unit_id = 'U02'")
        assert con.execute(followed).fetchall() == [("loaded", 5), ("used", 3), (None, 2)]
