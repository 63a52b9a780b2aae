"""One command of dbt in the process that holds dbt: its own runner, and its own events.

A night holds dbt in a process of its own (``dbt_beside``), a part of the job or a test in theirs.
The events are dbt's structured log. dbt keeps its flags, its adapter and its log for the whole
process: so whoever uses it here holds ``lock.PROCESS``.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipelines.defs.lock import PROCESS
from pipelines.desk.child_environment import for_computing, only
from pipelines.errors import PukkError
from pipelines.settings import DBT_DIR, Paths
from pipelines.warehouse.connection import file_mb, memory_limit, spill_dir
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg
    from google.protobuf.message import Message

PARSE = "parse"
"""The command that makes the manifest, and is given none."""
PARSED = "partial_parse.msgpack"
"""What dbt keeps of a parse, in its target folder."""
MEMORY = "PUKK_MEMORY_LIMIT"
"""What DuckDB may use; a night tells it by what the warehouse holds, others by its file."""
# dbt's debug log costs seconds a night; what matters is in the events
_SPARING = ("--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "warn")
_LOG = "file_log"
_KEPT = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult", "NodeFinished"})


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
        MEMORY: memory_limit(file_mb(paths.warehouse)),
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


def run_here(
    paths: Paths, args: Sequence[str], told: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Run one dbt command in this process and return its structured events.

    Args:
        paths: The municipality's folders; the warehouse is free.
        args: dbt's arguments, e.g. ``["build"]``.
        told: What dbt is told beside that, by environment variable.

    Raises:
        PukkError: dbt raised, or a node failed before any could run.
    """
    from dbt.cli.main import dbtRunner
    from google.protobuf.json_format import MessageToDict

    events: list[dict[str, Any]] = []

    def keep(message: "EventMsg") -> None:
        if message.info.name in _KEPT:
            events.append(MessageToDict(cast("Message", message), preserving_proto_field_name=True))

    parsed = None if args[0] == PARSE else _parsed(paths)
    with PROCESS, dbt_environment(paths, told):
        try:
            result = dbtRunner(manifest=parsed, callbacks=[keep]).invoke([*args, *_SPARING])
        finally:
            _release_files()
    failed = result.exception
    if failed is not None and not isinstance(failed, Exception):
        raise failed  # dbt hands over a stop (Ctrl+C) as if it were an error of its own
    if failed is not None:
        raise stopped(str(failed)) from failed
    return events


def stopped(why: str) -> PukkError:
    """Return the error that dbt could not do what it was asked.

    Args:
        why: dbt's own words.
    """
    return PukkError(f"dbt stoppet: {why}", way_out=say("defs.dbt_here.see_dbt_log"))


def warm_up() -> None:
    """Import what a command takes, before there is one."""
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401 - imported to be there


def _parsed(paths: Paths) -> "Manifest | None":
    # what dbt itself would have read at every command; None lets it parse
    file = target_dir(paths) / PARSED
    return _decode(file, file.stat().st_mtime_ns) if file.exists() else None


@lru_cache(maxsize=2)
def _decode(file: Path, _changed_ns: int) -> "Manifest":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    found: Manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    return found


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
