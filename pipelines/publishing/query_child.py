"""The process that runs one analyst's query, with limits it cannot lift, and then ends.

Reads one JSON request from stdin and writes a JSON line and, after it, an Arrow stream to stdout.
Started by ``pipelines.desk.ask``; imports as little as it can, because every query pays
for it. DuckDB's own limits do not hold for one huge scalar: the operating system's do.
"""

import json
import re
import sys
import time
from typing import Any

import duckdb

from pipelines.desk.child_limits import MIB, limit_process
from pipelines.desk.personal_identifiers import hold_certain, masked
from pipelines.publishing.query_guard import RefusedError, check

_ADDRESS_SPACE_MB = 2048
_RESULT_BYTES = 64 * MIB
_OPEN_FILES = 64
_BATCH_ROWS = 2048
# Arrow types, nested ones too, that make Polars panic
_NO_FRAME_TYPE = re.compile(r"month_day_nano_interval|_union<|extension<")
_DESCRIBED = re.compile(r'\s*desc(?:ribe)?\s+(?:table\s+)?"?(\w+)"?\s*;?\s*', re.IGNORECASE)
_TEXT_TYPES = {"string", "large_string", "string_view"}
# what part of the whole time DuckDB gets before it stops by itself, with a clear message
_DUCKDB_TIME_SHARE = 0.75


class TooLargeError(Exception):
    """The result is larger than what may leave the process."""


class PersonalError(Exception):
    """The result has a column with a personal identifier in it.

    Args:
        column: Its name.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


class ColumnTypeError(Exception):
    """The result has a column of a type that a frame cannot hold."""


def open_locked(path: str, *, memory_mb: int, seconds: float) -> duckdb.DuckDBPyConnection:
    """Open a published file read-only, without files, network, extensions or settings to change.

    Args:
        path: A generation file.
        memory_mb: DuckDB's own memory limit.
        seconds: Whole time allowed; DuckDB stops at three quarters of it.
    """
    con = duckdb.connect(
        path,
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": f"{memory_mb}MB",
            "threads": "1",
            "temp_directory": "",
            "max_execution_time": str(int(seconds * 1000 * _DUCKDB_TIME_SHARE)),
        },
    )
    con.execute("set TimeZone = 'Europe/Oslo'")
    con.execute("set lock_configuration = true")
    con.complete()
    return con


def answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Run one request.

    Args:
        request: ``path``, ``sql``, ``max_rows``, ``timeout_s``, ``memory_mb``.

    Returns:
        Header (``ok``, and ``n_rows``, ``truncated`` and ``seconds``, or ``code`` and ``values``)
        and an Arrow IPC stream, empty when not ok.
    """
    started = time.perf_counter()
    try:
        con = open_locked(
            request["path"], memory_mb=request["memory_mb"], seconds=request["timeout_s"]
        )
        check(con, request["sql"])
        con.complete()
        body, n_rows, truncated = _fetch(con, request["sql"], request["max_rows"])
    except RefusedError as error:
        return _no(error.code, name=error.name, near=error.near)
    except PersonalError as error:
        return _no("personal", name=error.column)
    except RecursionError:
        return _no("unchecked")
    except duckdb.InterruptException:
        return _no("timeout")
    except (duckdb.OutOfMemoryException, MemoryError):
        return _no("memory")
    except TooLargeError:
        return _no("too_large")
    except ColumnTypeError:
        return _no("column_type")
    except duckdb.Error as error:
        return _no("failed", message=masked(str(error)))
    except Exception:
        return _no("unexpected")
    seconds = round(time.perf_counter() - started, 3)
    header = {"ok": True, "n_rows": n_rows, "truncated": truncated, "seconds": seconds}
    return header, body


def _no(code: str, **values: str) -> tuple[dict[str, Any], bytes]:
    return {"ok": False, "code": code, "values": values}, b""


def with_comments(sql: str) -> str:
    """Return what is asked, a table's columns with what they mean when it is described.

    Args:
        sql: A statement that was judged.
    """
    described = _DESCRIBED.fullmatch(sql)
    if described is None:
        return sql
    return (
        "select column_name, data_type as column_type, comment as description"
        f" from duckdb_columns() where table_name = '{described.group(1)}'"
        " and schema_name = 'main' order by column_index"
    )


def _fetch(con: duckdb.DuckDBPyConnection, sql: str, max_rows: int) -> tuple[bytes, int, bool]:
    import pyarrow as pa

    reader = con.sql(with_comments(sql)).limit(max_rows + 1).to_arrow_reader(_BATCH_ROWS)
    if any(_NO_FRAME_TYPE.search(str(field.type)) for field in reader.schema):
        raise ColumnTypeError
    sink = pa.BufferOutputStream()
    left, size, truncated = max_rows, 0, False
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            size += batch.nbytes
            if size > _RESULT_BYTES:
                raise TooLargeError
            _refuse_persons(batch)
            truncated = truncated or batch.num_rows > left
            writer.write_batch(batch.slice(0, left))
            left -= min(left, batch.num_rows)
    return sink.getvalue().to_pybytes(), max_rows - left, truncated


def _refuse_persons(batch: Any) -> None:  # noqa: ANN401 - pyarrow ships no types
    """Refuse texts that are a person's beyond doubt; figures written as text stand.

    The published file is searched for them before it is published. This is the second lock.
    """
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if str(column.type) in _TEXT_TYPES and hold_certain(column.to_pylist()):
            raise PersonalError(name)


def main() -> None:
    """Answer the request on stdin."""
    # a third of what a short question costs, for nothing that is used here: Arrow does without it
    sys.modules["numpy"] = None  # type: ignore[assignment] # said to be absent
    request = json.loads(sys.stdin.buffer.read())
    limit_process(request["timeout_s"], address_space_mb=_ADDRESS_SPACE_MB, open_files=_OPEN_FILES)
    header, body = answer(request)
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
