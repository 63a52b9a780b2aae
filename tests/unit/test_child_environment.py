"""What the programs we start get of our environment: a list each, and never the key but Dagster."""

import ast
import os
from pathlib import Path

import pytest

from pipelines.cli import serve
from pipelines.defs.context import load_context
from pipelines.defs.dbt_here import dbt_environment
from pipelines.desk import child_environment as children
from pipelines.effects.model.processes import map_in_processes
from pipelines.settings import Settings
from tests.conftest import REPO

KEY = "a-key-that-nobody-else-may-see"
FROM_US = {
    "PUKK_PSEUDONYM_KEY": KEY, "PUKK_PSEUDONYM_KEY_2": KEY, "DATABASE_PASSWORD": KEY,
    "AWS_SECRET_ACCESS_KEY": KEY,
    "PUKK_AUTH": "auth.toml", "PUKK_ACCESS": "access.csv", "PATH": "/usr/bin", "LC_ALL": "C.UTF-8",
    "HTTPS_PROXY": "http://proxy:3128",
}  # fmt: skip
KEYS = ["PUKK_PSEUDONYM_KEY", "PUKK_PSEUDONYM_KEY_2"]
STARTS = {"Popen", "run", "call", "check_call", "check_output"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FROM_US.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(
    "given",
    [
        lambda: children.for_query(REPO),
        lambda: children.for_report(REPO),
        lambda: children.for_pages({}),
        lambda: children.for_notice(),
        lambda: children.for_browser(),
        lambda: children.for_computing({}),
    ],
)
def test_only_dagster_gets_the_key_and_nobody_gets_what_is_not_named(given) -> None:
    assert KEY not in given().values()
    dagster = children.for_dagster({})
    assert sorted(name for name, value in dagster.items() if value == KEY) == KEYS
    assert not {"PUKK_AUTH", "PUKK_ACCESS", "HTTPS_PROXY"} & set(dagster)


def test_serve_gives_each_program_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ctx = load_context(Settings(municipality="nhs_england", home=tmp_path))
    pages = serve._dashboard(ctx, "127.0.0.1", 8501).env
    assert {n: v for n, v in pages.items() if n.startswith("PUKK_")} == {
        "PUKK_PUBLISHED": str(ctx.paths.published),
        "PUKK_STATE": str(ctx.paths.state),
        "PUKK_MUNICIPALITY": str(ctx.municipality.folder),
        "PUKK_INBOX": str(ctx.paths.inbox),
        "PUKK_AUTH": str(tmp_path / "auth.toml"),
        "PUKK_ACCESS": str(tmp_path / "access.csv"),
    }
    assert pages["HTTPS_PROXY"] == FROM_US["HTTPS_PROXY"]
    dagster = serve._dagster(ctx, tmp_path, 3000).env
    assert {n for n in dagster if n.startswith(("PUKK_", "DAGSTER_"))} == {
        "PUKK_MUNICIPALITY", "PUKK_HOME", "DAGSTER_HOME", *KEYS,
    }  # fmt: skip


def test_the_pages_forget_the_keys_whoever_started_them() -> None:
    children.forget_keys()
    assert not set(KEYS) & set(os.environ)
    assert os.environ["DATABASE_PASSWORD"] == KEY


def test_dbt_runs_without_the_key_which_is_back_afterwards(tmp_path: Path) -> None:
    ctx = load_context(Settings(municipality="nhs_england", home=tmp_path))
    with dbt_environment(ctx.paths):
        assert KEY not in os.environ.values()
        assert os.environ["PUKK_WAREHOUSE"] == str(ctx.paths.warehouse)
    assert os.environ["PUKK_PSEUDONYM_KEY"] == KEY
    assert "PUKK_WAREHOUSE" not in os.environ


def test_a_process_that_estimates_gets_no_key() -> None:
    (seen,) = map_in_processes(_names_with_the_key, [KEY], workers=2)
    assert seen == []
    assert os.environ["PUKK_PSEUDONYM_KEY"] == KEY


def _names_with_the_key(key: str) -> list[str]:
    return [name for name, value in os.environ.items() if value == key]


def test_every_program_we_start_is_told_what_it_may_know() -> None:
    bare, n = [], 0
    for file in [*(REPO / "pipelines").rglob("*.py"), *(REPO / "dashboards").rglob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            owner = call.func.value
            if isinstance(owner, ast.Name) and owner.id == "os":
                assert not call.func.attr.startswith(("exec", "spawn", "system", "popen")), file
            if (
                isinstance(owner, ast.Name)
                and owner.id == "subprocess"
                and call.func.attr in STARTS
            ):
                n += 1
                if "env" not in {word.arg for word in call.keywords}:
                    bare.append(f"{file.name}:{call.lineno}")
    assert n >= 3
    assert bare == []
