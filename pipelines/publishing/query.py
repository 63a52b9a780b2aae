"""Ad hoc SQL on a published generation, in a process of its own that can be stopped.

The rules for statements are in ``query_guard``, the limits in ``query_child``. This starts the
child, kills it when the time is up, and turns what it says into a frame or a message in bokmål.
"""

import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.errors import QueryError

_ROOT = Path(__file__).resolve().parents[2]
_PATH_IN_TEXT = re.compile(r"(?<![\w)])/(?:[^\s/'\"]+/)+[^\s'\"]*")
_MESSAGES = {
    "timeout": ("Spørringen ble stoppet: den brukte for lang tid.", "Velg færre rader eller år."),
    "memory": ("Spørringen ble stoppet: den trengte for mye minne.", "Velg færre rader."),
    "column_type": (
        "Resultatet har en kolonnetype som ikke kan vises.",
        "Gjør den om til tekst med cast(… as varchar).",
    ),
    "too_large": ("Resultatet er for stort til å vises.", "Velg færre rader eller kolonner."),
}


@dataclass(frozen=True)
class QueryResult:
    """What a query gave.

    Attributes:
        frame: At most ``max_rows`` rows.
        truncated: Whether there were more rows.
        seconds: Time in DuckDB, without starting the process.
    """

    frame: pl.DataFrame
    truncated: bool
    seconds: float


def run_query(
    generation_file: Path,
    sql: str,
    *,
    max_rows: int = 10_000,
    timeout_s: float = 8.0,
    memory_mb: int = 512,
) -> QueryResult:
    """Run one SELECT on a published generation, read-only, and return its rows.

    Args:
        generation_file: A file from ``pipelines.publishing.generation.current``.
        sql: One statement that reads.
        max_rows: Rows to return at most; more are cut and said to be.
        timeout_s: Seconds of wall clock, start of the process included.
        memory_mb: DuckDB's memory limit; the process as a whole may use 2 GB of addresses.

    Raises:
        QueryError: When the statement is refused, wrong, or stopped.
    """
    request = {
        "path": str(generation_file),
        "sql": sql,
        "max_rows": max_rows,
        "timeout_s": timeout_s,
        "memory_mb": memory_mb,
    }
    out, code = _run_child(json.dumps(request).encode(), timeout_s)
    head, separator, body = out.partition(b"\n")
    if not separator:
        raise _stopped("timeout" if code == -signal.SIGXCPU else "memory")
    header = json.loads(head)
    if not header["ok"]:
        raise _error(header["kind"], header["message"])
    return QueryResult(
        pl.read_ipc_stream(body), truncated=header["truncated"], seconds=header["seconds"]
    )


def _run_child(request: bytes, timeout_s: float) -> tuple[bytes, int]:
    child = subprocess.Popen(
        [sys.executable, "-B", "-P", "-s", "-m", "pipelines.publishing.query_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # nothing of our environment: no key, no home folder, no proxy
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    with child:
        try:
            out, _ = child.communicate(request, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise _stopped("timeout") from None
    return out, child.returncode


def _stopped(kind: str) -> QueryError:
    message, way_out = _MESSAGES[kind]
    return QueryError(message, way_out=way_out)


def _error(kind: str, message: str) -> QueryError:
    if kind in _MESSAGES:
        return _stopped(kind)
    if kind == "refused":
        return QueryError(message)
    return QueryError(f"DuckDB kunne ikke kjøre spørringen: {without_paths(message)}")


def without_paths(message: str) -> str:
    """Return a message with every absolute path replaced by ``[fil]``."""
    return _PATH_IN_TEXT.sub("[fil]", message)
