"""What is used of libraries without being promised by them: listed, each in one module, and alive.

The list with what each gains is ``docs/decisions/private_interfaces.md``. The canaries tell at an
upgrade what broke, before a night does.
"""

import ast
import inspect
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
DOCUMENT = REPO / "docs" / "decisions" / "private_interfaces.md"
_OURS = ("pipelines", "dashboards")
# what the language itself gives named tuples
_PUBLIC = frozenset({"_replace", "_asdict", "_fields", "_make"})
_PUTTING = frozenset({"setattr", "delattr", "patch.object", "mock.patch.object"})
HOMES = {
    "pipelines/defs/event_log.py": "dagster",
    "pipelines/defs/whole_run.py": "dagster",
    "pipelines/defs/dagster_page.py": "dagster",
    "pipelines/defs/automation.py": "dagster",
    "pipelines/defs/computing.py": "os",
    "pipelines/defs/dbt_here.py": "dbt",
    "pipelines/quality/engine.py": "great_expectations",
    "pipelines/cli/ending.py": "os",
    "dashboards/handover.py": "streamlit",
    "dashboards/provider.py": "authlib",
}


def private_uses(source: str) -> list[str]:
    """What a module takes from others that is theirs alone, or puts in the place of theirs."""
    tree = ast.parse(source)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    found, imported = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
            paths = [alias.name.split(".") for alias in node.names]
            found += [".".join(path) for path in paths if any(map(_is_private, path))]
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(_OURS):
            path = (node.module or "").split(".")
            imported |= {alias.asname or alias.name for alias in node.names}
            if any(_is_private(part) for part in path):
                found.append(node.module or "")
            found += [alias.name for alias in node.names if _is_private(alias.name)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in _PUBLIC:
            base = node.value
            is_own = isinstance(base, ast.Name) and base.id in {"self", "cls", "other", *own}
            inherited = isinstance(base, ast.Call) and ast.unparse(base) == "super()"
            if not (is_own or inherited):
                found.append(ast.unparse(node))
        if isinstance(node, ast.Assign):
            found += [
                ast.unparse(target)
                for target in node.targets
                if isinstance(target, ast.Attribute) and _first_name(target.value) in imported
            ]
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _PUTTING:
            is_theirs = node.args and _first_name(node.args[0]) in imported
            found += [ast.unparse(node)] if is_theirs else []
    return found


def _first_name(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def test_private_interfaces_are_used_where_it_is_said_and_nowhere_else() -> None:
    found = {
        file.relative_to(REPO).as_posix()
        for room in _OURS
        for file in (REPO / room).rglob("*.py")
        if private_uses(file.read_text(encoding="utf-8"))
    }
    assert found == set(HOMES)


@pytest.mark.parametrize(
    "source",
    [
        "from dagster._core.events import EngineEventData",
        "from streamlit.runtime import _secret",
        "import os\nos._exit(1)",
        "from streamlit.runtime.media_file_manager import MediaFileManager as M\nM.add = 1",
        "def f(x):\n    return x._validate({})",
        "import dagster._core",
        "import streamlit as st\nst.runtime.Media.add = 1",
        "import streamlit as st\nsetattr(st.runtime.Media, 'add', 1)",
        "class A:\n    def f(self):\n        return self.library._inner",
    ],
)
def test_every_way_to_a_private_interface_is_found(source: str) -> None:
    assert private_uses(source)


def test_what_is_ones_own_is_left_alone() -> None:
    assert private_uses("class A:\n    def f(self):\n        return self._x + A._y") == []
    assert private_uses("row._replace(a=1)") == []


def test_the_document_has_a_line_for_each_and_for_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([\w/.]+)`", text, re.MULTILINE))
    macros = REPO / "dbt_project" / "macros" / "materializations"
    overridden = {
        file.relative_to(REPO).as_posix()
        for file in macros.glob("*.sql")
        if "{% materialization" in file.read_text(encoding="utf-8")
    }
    assert overridden
    assert listed == set(HOMES) | overridden


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_dagsters_event_log_is_stored_as_we_store_it() -> None:
    from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage as Theirs
    from dagster._core.storage.sql import create_engine

    from pipelines.defs.event_log import OneFileEventLog

    assert parameters(Theirs.__init__) == ["self", "base_dir", "inst_data"]
    assert parameters(Theirs.store_event) == parameters(OneFileEventLog.store_event)
    for replaced in ("_connect", "has_table", "_has_asset_key_col_on_connection", "dispose"):
        assert hasattr(Theirs, replaced), f"{replaced}: what we replace is not there any more"
    assert isinstance(Theirs.supports_asset_checks, property)
    assert "self._conn_string" in inspect.getsource(Theirs)
    assert callable(create_engine)


def test_dagsters_executor_is_asked_as_ours_answers() -> None:
    from dagster._core.executor.in_process import InProcessExecutor

    from pipelines.defs.whole_run import OneAtATime

    assert parameters(InProcessExecutor.execute) == parameters(OneAtATime.execute)
    assert parameters(InProcessExecutor.__init__)[:2] == ["self", "retries"]


def test_dagsters_page_is_made_of_what_its_own_command_makes_it_of() -> None:
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver import cli
    from dagster_webserver.app import create_app_from_workspace_process_context as made

    given = parameters(WorkspaceProcessContext.__init__)
    assert {"instance", "workspace_load_target", "version"} <= set(given)
    assert WorkspaceFileTarget(["workspace.yaml"]).paths == ["workspace.yaml"]
    assert {"workspace_process_context", "live_data_poll_rate"} <= set(parameters(made))
    assert cli.WorkspaceProcessContext is WorkspaceProcessContext
    assert cli.create_app_from_workspace_process_context is made


def test_the_tags_that_tell_what_started_a_run_are_the_ones_dagster_gives() -> None:
    from dagster._core.storage import tags

    from pipelines.defs.started import _STARTERS

    theirs = {tags.SCHEDULE_NAME_TAG, tags.SENSOR_NAME_TAG, tags.BACKFILL_ID_TAG}
    assert set(_STARTERS.values()) == theirs


def test_dagster_still_says_by_that_name_that_a_run_was_interrupted() -> None:
    from dagster._core.events import RunFailureReason

    from pipelines.defs.run import INTERRUPTED

    assert INTERRUPTED in RunFailureReason.__members__


def test_dbt_keeps_its_connection_and_its_log_where_we_let_go_of_them() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.events import logging as dbt_logging

    assert hasattr(DuckDBConnectionManager, "_ENV")
    assert callable(DuckDBConnectionManager.close_all_connections)
    assert '"file_log"' in inspect.getsource(dbt_logging)


def test_dbts_adapter_still_makes_tables_by_the_macro_that_ours_call() -> None:
    import dbt.include.duckdb as adapter

    folder = Path(str(adapter.__file__)).parent / "macros"
    texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*.sql")]
    assert any(
        "macro duckdb__create_table_as(temporary, relation, compiled_code" in t for t in texts
    )
    assert any(
        "materialization table, adapter='duckdb'" in t or 'adapter="duckdb"' in t for t in texts
    )


def test_great_expectations_judges_what_was_counted_elsewhere() -> None:
    from pipelines.contracts.model import load_contracts
    from pipelines.contracts.to_expectations import expectations_for
    from pipelines.quality.engine import judge_here
    from pipelines.quality.scan import Counted

    contract = load_contracts()["organisation"]
    every = expectations_for(contract, contract.tables["units"])
    spec = next(s for s in every if s.type == "expect_column_values_to_not_be_null")
    kept, broken = judge_here([(spec, Counted(9, 0)), (spec, Counted(9, 2))])
    assert (kept.success, kept.n_failed) == (True, 0)
    assert (broken.success, broken.n_failed, broken.n_rows) == (False, 2, 9)
    # after it is imported the way the engine does, which quiets its own imports
    from great_expectations.expectations.expectation import Expectation

    assert callable(Expectation._build_evr)
    assert parameters(Expectation._validate)[:2] == ["self", "metrics"]


def test_streamlit_gives_a_made_file_its_address_in_the_step_that_is_wrapped() -> None:
    from streamlit.runtime.media_file_manager import MediaFileManager

    assert parameters(MediaFileManager.execute_deferred) == ["self", "file_id"]


def test_the_login_checks_its_token_in_the_step_that_is_replaced() -> None:
    from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin

    given = parameters(AsyncOpenIDMixin.parse_id_token)
    assert given[:3] == ["self", "token", "nonce"]


def test_python_still_ends_in_the_steps_that_are_taken_by_hand() -> None:
    import atexit
    import os

    assert callable(atexit._run_exitfuncs)
    assert parameters(os._exit) == ["status"]
