"""The edition as a folder of Parquet with a manifest, for whoever reads figures with other tools.

The tables are those of the published file, already suppressed; nothing is added to them here.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipelines.desk.generations import Generation
from pipelines.desk.on_disk import sha256_of
from pipelines.warehouse.table_sql import quoted

MANIFEST = "manifest.json"


def build_folder(file: Path, generation: Generation, folder: Path) -> bytes:
    """Write every published table as Parquet, and a manifest of what they are.

    Args:
        file: The published file.
        generation: Which edition it is.
        folder: Where; what is there of an earlier try is removed.

    Returns:
        The manifest as JSON: the edition, and each table's file, rows, SHA-256 and columns with
        their descriptions.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("set TimeZone = 'Europe/Oslo'")
        tables = con.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'main'"
            " order by table_name"
        ).fetchall()
        told = [_written(con, name, comment, folder) for name, comment in tables]
    manifest = {
        "generation": generation.number,
        "published_at": generation.published_at,
        "content_sha256": generation.content_sha256,
        "tables": told,
    }
    content = f"{json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)}\n".encode()
    (folder / MANIFEST).write_bytes(content)
    return content


def _written(
    con: duckdb.DuckDBPyConnection, name: str, comment: str | None, folder: Path
) -> dict[str, Any]:
    target = folder / f"{name}.parquet"
    con.execute(f'copy "{name}" to {quoted(str(target))} (format parquet, compression zstd)')
    columns = con.execute(
        "select column_name, data_type, comment from duckdb_columns()"
        " where schema_name = 'main' and table_name = ? order by column_index",
        [name],
    ).fetchall()
    (rows,) = con.execute(f'select count(*) from "{name}"').fetchall()[0]
    return {
        "table": name,
        "file": target.name,
        "rows": rows,
        "sha256": sha256_of(target),
        "description": comment,
        "columns": [
            {"name": column, "type": kind, "description": meaning}
            for column, kind, meaning in columns
        ],
    }
