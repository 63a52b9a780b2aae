"""Reading a generation's tables in this process: our own queries, never an analyst's.

What an analyst asks goes through ``query``, in a process of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publishing.files import Generation, file_of
from pipelines.settings import Paths
from pipelines.warehouse.rows import rows_of
from pipelines.warehouse.table_hash import table_hash

RUN_COLUMNS = frozenset(
    {"run_id", "run_at", "delivery_ids", "restated_by", "check_change", "broken_since"}
)
"""Columns that say when, by which delivery number or since when, and not what was found."""
LEDGER_TABLES = frozenset({"mart_deliveries", "mart_data_quality", "mart_quarantine"})
"""Tables about the runs themselves; the others depend on the deliveries alone."""
HISTORY_TABLES = frozenset({"mart_changes", "mart_edition"})
"""Tables about the edition before: the same deliveries give them anew for every history."""
_SENTENCES = "mart_sentences"


def open_generation(file: Path) -> duckdb.DuckDBPyConnection:
    """Open a generation file read-only, without access to other files or the network."""
    con = duckdb.connect(
        str(file),
        read_only=True,
        config={
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    con.execute("set TimeZone = 'Europe/Oslo'")
    con.complete()
    return con


def read_rows(
    paths: Paths, generation: Generation, sql: str, params: Sequence[object] = ()
) -> list[Mapping[str, Any]]:
    """Return the rows of one of our own queries on a generation.

    Args:
        paths: The municipality's folders.
        generation: Which generation.
        sql: A query of ours with ``?`` for values.
        params: The values.
    """
    with open_generation(file_of(paths, generation)) as con:
        return list(rows_of(con, sql, params))


def export_sorted(file: Path) -> bytes:
    """Return every table that depends on the deliveries alone as sorted CSV, one after another.

    The same deliveries, configuration and code give the same bytes.

    Args:
        file: A generation file.
    """
    with open_generation(file) as con:
        left_out = LEDGER_TABLES | HISTORY_TABLES
        names = [name for name in table_names(con) if name not in left_out]
        return b"".join(f"# {name}\n".encode() + _csv(con, name) for name in names)


def content_sha256(con: duckdb.DuckDBPyConnection) -> str:
    """Read every row of an open generation and return the SHA-256 of what its tables hold.

    What a run found counts, but not which run found it. The order rows lie in does not count, nor
    what is new since another edition: a night with nothing new is the same as the night before.
    """
    digest = hashlib.sha256()
    for name in table_names(con):
        if name in HISTORY_TABLES:
            continue
        others = _counted(name)
        told = table_hash(
            con, name, left_out=RUN_COLUMNS, where=others, is_distinct=name in LEDGER_TABLES
        )
        digest.update(f"{name} {told}\n".encode())
    return digest.hexdigest()


def _counted(table: str) -> str:
    """Return which rows of a table count, as SQL; empty where all do."""
    left_out = {
        # the history of checks also checks itself, and is one run longer every time; what else it
        # checks is as long as the news is
        "mart_data_quality": {"mart_data_quality", _SENTENCES, *HISTORY_TABLES},
        _SENTENCES: HISTORY_TABLES,
    }.get(table)
    if not left_out:
        return ""
    listed = ", ".join(f"'{name}'" for name in sorted(left_out))
    return f"table_name not in ({listed})"


def table_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of an open generation's tables, sorted."""
    rows = con.execute("select table_name from duckdb_tables() order by table_name").fetchall()
    return [name for (name,) in rows]


def _csv(con: duckdb.DuckDBPyConnection, table: str) -> bytes:
    rows = con.execute(f"select column_name from (describe {table})").fetchall()
    columns = [f'"{name}"' for (name,) in rows if name not in RUN_COLUMNS]
    counted = _counted(table) if table == _SENTENCES else ""
    where = f" where {counted}" if counted else ""
    frame = con.sql(f"select {', '.join(columns)} from {table}{where} order by all").pl()
    text: str = frame.write_csv()
    return text.encode()
