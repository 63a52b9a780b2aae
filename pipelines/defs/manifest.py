"""dbt in this process: the manifest that Dagster reads, and runs that yield dbt's own events.

Running dbt in the process that already holds its imports saves seconds every night; the events
are dbt's structured log, as dagster-dbt would have read them from a child process.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipelines.defs.lock import warehouse
from pipelines.desk.child_environment import for_computing, only
from pipelines.errors import PukkError
from pipelines.settings import DBT_DIR, Paths
from pipelines.warehouse.connection import memory_limit, spill_dir

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg
    from google.protobuf.message import Message


def target_dir(paths: Paths) -> Path:
    """Where dbt keeps its artefacts for one municipality."""
    return paths.state / "dbt"


@contextmanager
def dbt_environment(paths: Paths) -> Iterator[None]:
    """Give dbt one municipality's warehouse, and no key, for as long as the block runs."""
    wanted = {
        "PUKK_WAREHOUSE": str(paths.warehouse),
        "PUKK_MEMORY_LIMIT": memory_limit(paths.warehouse),
        "PUKK_SPILL": str(spill_dir(paths.warehouse)),
        "DBT_TARGET_PATH": str(target_dir(paths)),
        "DBT_LOG_PATH": str(target_dir(paths) / "logs"),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_PROJECT_DIR": str(DBT_DIR),
        "DO_NOT_TRACK": "1",
    }
    with only(for_computing(wanted)):
        yield


def ensure_manifest(paths: Paths) -> Path:
    """Parse the dbt project if its files changed since the last parse; return the manifest's path.

    Raises:
        PukkError: dbt cannot parse the project.
    """
    target = target_dir(paths)
    manifest = target / "manifest.json"
    stamp = target / "manifest.sha256"
    current = _project_digest()
    if manifest.exists() and stamp.exists() and stamp.read_text() == current:
        return manifest
    target.mkdir(0o700, parents=True, exist_ok=True)
    invoke_dbt(paths, ["parse"])
    stamp.write_text(current)
    return manifest


def read_manifest(paths: Paths) -> dict[str, Any]:
    """Return dbt's manifest as Dagster reads it; read once for all who ask.

    Args:
        paths: The municipality's folders.

    Raises:
        PukkError: dbt cannot parse the project.
    """
    file = ensure_manifest(paths)
    return _read_json(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_json(file: Path, _changed_ns: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def invoke_dbt(paths: Paths, args: list[str]) -> list[dict[str, Any]]:
    """Run one dbt command here and return its structured events.

    Args:
        paths: The municipality's folders.
        args: dbt's arguments, e.g. ``["build"]``.

    Raises:
        BusyError: Somebody reads the warehouse.
        PukkError: dbt raised, or a node failed before any could run.
    """
    from dbt.cli.main import dbtRunner
    from google.protobuf.json_format import MessageToDict

    events: list[dict[str, Any]] = []

    def keep(message: "EventMsg") -> None:
        if message.info.name in _KEPT:
            events.append(MessageToDict(cast("Message", message), preserving_proto_field_name=True))

    if args[0] != "parse":
        # dbt itself does not wait for a reader
        warehouse(paths).close()
    with dbt_environment(paths):
        try:
            result = dbtRunner(callbacks=[keep]).invoke([*args, *_SPARING])
        finally:
            _release_files()
    failed = result.exception
    if failed is not None and not isinstance(failed, Exception):
        raise failed  # dbt hands over a stop (Ctrl+C) as if it were an error of its own
    if failed is not None:
        raise PukkError(
            f"dbt stoppet: {failed}", way_out="Se logs/dbt.log i kommunens state/dbt."
        ) from failed
    return events


# dbt's debug log costs seconds a night; what matters is in the events
_SPARING = ("--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "warn")
_KEPT = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult", "NodeFinished"})


def _release_files() -> None:
    # dbt-duckdb keeps its connection for the life of the process; others need the file next. What
    # a failed node held open is not closed by forgetting it: the error itself still refers to it
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    for adapter in FACTORY.adapters.values():
        adapter.cleanup_connections()
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _project_digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(DBT_DIR.rglob("*")):
        if file.is_file() and file.suffix in {".sql", ".yml", ".csv"}:
            digest.update(file.relative_to(DBT_DIR).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
