"""dbt in this process: the manifest that Dagster reads, and runs that yield dbt's own events.

Running dbt in the process that already holds its imports saves seconds every night; the events
are dbt's structured log, as dagster-dbt would have read them from a child process.

dbt keeps its flags, its adapter and its log for the whole process. So whoever uses dbt, or
dagster-dbt's own selection by it, holds ``lock.PROCESS``.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipelines.defs.lock import PROCESS, warehouse
from pipelines.desk.child_environment import for_computing, only
from pipelines.errors import PukkError
from pipelines.settings import DBT_DIR, Paths
from pipelines.warehouse.connection import memory_limit, spill_dir
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg
    from google.protobuf.message import Message


def target_dir(paths: Paths) -> Path:
    """Where dbt keeps its artefacts for one municipality."""
    return paths.state / "dbt"


@contextmanager
def dbt_environment(paths: Paths, own: Mapping[str, str] | None = None) -> Iterator[None]:
    """Give dbt one municipality's warehouse, and no key, for as long as the block runs.

    Args:
        paths: The municipality's folders.
        own: What else dbt is told, by variable.
    """
    wanted = {
        "PUKK_WAREHOUSE": str(paths.warehouse),
        "PUKK_MEMORY_LIMIT": memory_limit(paths.warehouse),
        "PUKK_SPILL": str(spill_dir(paths.warehouse)),
        "DBT_TARGET_PATH": str(target_dir(paths)),
        "DBT_LOG_PATH": str(target_dir(paths) / "logs"),
        "DBT_PROFILES_DIR": str(DBT_DIR),
        "DBT_PROJECT_DIR": str(DBT_DIR),
        "DO_NOT_TRACK": "1",
        **(own or {}),
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
    current = project_fingerprint()
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


@lru_cache(maxsize=2)
def _read_json(file: Path, _changed_ns: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def invoke_dbt(
    paths: Paths, args: list[str], told: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Run one dbt command here and return its structured events.

    Args:
        paths: The municipality's folders.
        args: dbt's arguments, e.g. ``["build"]``.
        told: What dbt is told beside that, by environment variable.

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

    parsed = None
    if args[0] != "parse":
        # dbt itself does not wait for a reader
        warehouse(paths).close()
        parsed = _parsed(paths)
    with PROCESS, dbt_environment(paths, told):
        try:
            result = dbtRunner(manifest=parsed, callbacks=[keep]).invoke([*args, *_SPARING])
        finally:
            _release_files()
    failed = result.exception
    if failed is not None and not isinstance(failed, Exception):
        raise failed  # dbt hands over a stop (Ctrl+C) as if it were an error of its own
    if failed is not None:
        raise PukkError(
            f"dbt stoppet: {failed}", way_out=say("defs.manifest.see_dbt_log")
        ) from failed
    return events


def _parsed(paths: Paths) -> "Manifest | None":
    # what dbt itself would have read at every command; None lets it parse
    ensure_manifest(paths)
    file = target_dir(paths) / "partial_parse.msgpack"
    return _decode(file, file.stat().st_mtime_ns) if file.exists() else None


@lru_cache(maxsize=2)
def _decode(file: Path, _changed_ns: int) -> "Manifest":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    found: Manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    return found


# dbt's debug log costs seconds a night; what matters is in the events
_SPARING = ("--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "warn")
_LOG = "file_log"
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
    for handler in logging.getLogger(_LOG).handlers:
        handler.close()


def project_fingerprint() -> str:
    """Return SHA-256 of the dbt project's files and of dbt itself."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for file in sorted(DBT_DIR.rglob("*")):
        if file.is_file() and file.suffix in {".sql", ".yml", ".csv"}:
            digest.update(file.relative_to(DBT_DIR).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
