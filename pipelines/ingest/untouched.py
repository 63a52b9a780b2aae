"""Whether warehouse, store and landing are whole and in step, asked without changing anything.

Every question of ``rebuild.make_sound`` is asked: every row is read, every entry held against its
checksum and the warehouse's, every delivery in landing against the ledger. What is not as it should
be is not explained here: the caller then lets ``make_sound`` find it and mend it.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.ingest.landing_files import files_by_delivery, is_being_rewritten, unfinished
from pipelines.settings import Paths
from pipelines.warehouse import records
from pipelines.warehouse.connection import read_through

_WRITE_AHEAD = ".wal"


def is_untouched(paths: Paths, schemas: Iterable[str]) -> bool:
    """Tell whether there is nothing to mend; ``False`` also when that cannot be seen just now.

    Args:
        paths: The municipality's folders.
        schemas: The schemas of the source tables.
    """
    log = paths.warehouse.with_name(paths.warehouse.name + _WRITE_AHEAD)
    if not paths.warehouse.is_file() or log.exists() or is_being_rewritten(paths):
        return False
    try:
        with duckdb.connect(str(paths.warehouse), read_only=True) as con:
            read_through(con, schemas)
            return _is_in_step(con, paths)
    except (duckdb.Error, OSError):
        # held by somebody, damaged, or from before it had these tables
        return False


def _is_in_step(con: duckdb.DuckDBPyConnection, paths: Paths) -> bool:
    rows = con.execute("select number, kind, sha256 from ops.records order by number").fetchall()
    kept = {f"{number:08d}-{kind}": sha256 for number, kind, sha256 in rows}
    files = records.files(paths)
    if not files or [file.stem for file in files] != list(kept):
        return False
    if not all(_is_as_written(file, kept[file.stem]) for file in files):
        return False
    known = {row[0] for row in con.execute("select delivery_id from ops.deliveries").fetchall()}
    return files_by_delivery(paths).keys() <= known | unfinished(paths)


def _is_as_written(file: Path, sha256: str) -> bool:
    head, _, text = file.read_bytes().partition(b"\n")
    return head.decode("ascii", "replace") == sha256 == hashlib.sha256(text).hexdigest()
