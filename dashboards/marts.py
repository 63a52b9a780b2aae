"""The only room that opens DuckDB: rows of the published generation, read-only.

A connection is keyed by the generation's path, so a new generation is seen at the next rerun and an
old one is never served for it. No figure is computed here.
"""

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "512MB",
    "threads": "1",
}


def current_generation() -> Path | None:
    """Return the file that ``current.json`` points to; ``None`` when nothing is published."""
    folder = Path(os.environ.get("PUKK_PUBLISHED", ""))
    pointer = folder / "current.json"
    if not os.environ.get("PUKK_PUBLISHED") or not pointer.is_file():
        return None
    # the pointer holds a bare name: nothing outside the folder can be pointed to
    name = Path(json.loads(pointer.read_text(encoding="utf-8"))["file"]).name
    file = folder / name
    return file if file.is_file() else None


@st.cache_resource(max_entries=2, show_spinner=False, on_release=lambda con: con.close())
def _open(path: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(path, read_only=True, config=_LOCKED)


@st.cache_data(max_entries=64, show_spinner=False)
def read(generation: str, mart: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return rows of one mart in the mart's own order.

    Args:
        generation: The generation file's path; part of the cache key.
        mart: The table's name.
        columns: The columns wanted.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    cursor = _open(generation).cursor()
    rows = cursor.execute(f'select {names} from "{mart}"').fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
