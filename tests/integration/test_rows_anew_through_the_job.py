"""The whole way on a small municipality: key rotated, one person shown and deleted, old files gone.

Three runs in all, one after the other in the file's order; what happens to the rows themselves is
tested in ``tests/unit``.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.case_town import MUNICIPALITY, Town
from tests.conftest import REPO

pytestmark = pytest.mark.integration

WHO = "00216"
PEOPLE = "select distinct person_id from hr.positions union select person_id from sick_leave.spells"


def told(town: Town, *args: str, number: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line with something on standard input."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PUKK_", "DAGSTER_", "DBT_"))}
    env |= {"PUKK_HOME": str(town.home), "PUKK_MUNICIPALITY": str(town.config), "COLUMNS": "160"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli.app", *args],
        cwd=REPO,
        env=env,
        input=f"{number}\n",
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )


def home(town: Town) -> Path:
    return town.home / MUNICIPALITY


def pointer(town: Town) -> dict[str, str]:
    return dict(json.loads((home(town) / "published" / "current.json").read_text()))


def log_of(town: Town) -> list[dict[str, object]]:
    return list(json.loads(town.pukk("log", "show", "--json").stdout))


@pytest.fixture(scope="module")
def town(built_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return built_town.copied_to(tmp_path_factory.mktemp("by") / "town")


def test_a_rotated_key_gives_the_same_publication_byte_for_byte(town: Town) -> None:
    before, people = pointer(town), set(town.warehouse(PEOPLE))
    dry = town.pukk("key", "rotate").stdout
    assert "Ingenting er gjort" in dry
    assert set(town.warehouse(PEOPLE)) == people
    done = town.pukk("key", "rotate", "--yes").stdout
    assert "Leserne ser generasjon 1 (uendret)" in done
    after = pointer(town)
    assert (after["sha256"], after["content_sha256"]) == (
        before["sha256"],
        before["content_sha256"],
    )
    now = set(town.warehouse(PEOPLE))
    assert len(now) == len(people) > 100
    assert not now & people
    assert list(home(town).glob("warehouse-*")) == []
    key = (home(town) / "state" / "pseudonym.key").read_text().split()
    assert len(key) == 2
    assert "Ingenting nytt siden generasjon 1" in town.pukk("run").stdout


def test_one_person_is_shown_what_is_held_and_nobody_is_named(town: Town) -> None:
    shown = told(town, "person", "show", number=WHO)
    assert shown.returncode == 0, shown.stderr
    rows = json.loads(shown.stdout)
    assert {row["table"] for row in rows} == {"hr.positions", "sick_leave.spells"}
    assert {row["unit_id"] for row in rows} == {"U20"}
    newest = log_of(town)[0]
    assert (newest["action"], newest["subject"], newest["n_rows"]) == ("view", "person", len(rows))
    nobody = told(town, "person", "delete", "--yes", number="77777")
    assert nobody.returncode == 1
    assert "Ingen rader gjelder dette ansattnummeret, og ingenting er gjort" in nobody.stderr
    assert "77777" not in nobody.stderr + nobody.stdout


def test_one_person_is_deleted_and_what_is_published_is_without_them(town: Town) -> None:
    n_before = len(town.warehouse(PEOPLE))
    n_rows = len(json.loads(told(town, "person", "show", number=WHO).stdout))
    dry = told(town, "person", "delete", number=WHO)
    assert "Ingenting er slettet" in dry.stdout
    assert "stillinger.csv" in dry.stdout
    assert len(town.warehouse(PEOPLE)) == n_before
    done = told(town, "person", "delete", "--yes", number=WHO)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Slettet: {n_rows} rader" in done.stdout
    assert len(town.warehouse(PEOPLE)) == n_before - 1
    assert json.loads(told(town, "person", "show", number=WHO).stdout) == []
    assert not (town.inbox / "stillinger.csv").exists()
    assert pointer(town)["generation"] == 2
    editions = [file.name for file in (home(town) / "published").glob("generation-*")]
    assert sorted(editions) == ["generation-000002.duckdb", "generation-000002.json"]
    written = "".join(
        file.read_text(encoding="utf-8") for file in (home(town) / "records").iterdir()
    )
    assert WHO not in written
    assert WHO not in json.dumps(log_of(town)) + done.stdout
    assert len(re.findall(r"p_[0-9a-f]{20}", written)) == 1  # so that the person is kept out


def test_what_is_old_is_shown_first_and_deleted_by_dagsters_job(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Ingenting som kan slettes" in town.pukk("retention").stdout
    later = f"{datetime.now(UTC).date() + timedelta(days=100)}"
    shown = json.loads(town.pukk("retention", "--as-of", later, "--files", "--json").stdout)
    names = {file["name"] for file in shown["files"] if file["kind"] == "raw_files"}
    assert names == {file.name for file in town.inbox.iterdir()}
    assert town.pukk("retention", "--as-of", later, "--delete", check=False).returncode == 2
    assert {file.name for file in town.inbox.iterdir()} == names

    from pipelines.defs import care
    from pipelines.defs.automation import build_retention_job
    from pipelines.defs.context import RUN_CONTEXT, load_context

    monkeypatch.setenv("PUKK_HOME", str(town.home))
    monkeypatch.setenv("PUKK_MUNICIPALITY", str(town.config))
    monkeypatch.setattr(care, "today", lambda: datetime.now(UTC).date() + timedelta(days=100))
    mine = {RUN_CONTEXT: load_context()}
    assert build_retention_job().execute_in_process(resources=mine).success
    assert list(town.inbox.iterdir()) == []
    # where rows went too, the warehouse is built anew after it
    deleted = next(entry for entry in log_of(town) if entry["action"] == "delete")
    assert (deleted["subject"], deleted["role"]) == ("retention", "dagster")
    (n,) = town.warehouse("select count(*) from ops.deletions where kind = 'raw_files'")[0]
    assert n == len(names)
