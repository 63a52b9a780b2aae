"""Reading what a test's PUKK_HOME has published, its restricted warehouse, and what was planted."""

import json
from pathlib import Path
from typing import Any

import duckdb


def pointer(home: Path, municipality: str = "vestre_toten") -> dict[str, Any]:
    """Return what readers are pointed to."""
    file = home / municipality / "published" / "current.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def generation_file(home: Path, municipality: str = "vestre_toten") -> Path:
    """Return the published file."""
    return home / municipality / "published" / pointer(home, municipality)["file"]


def published(home: Path, sql: str, municipality: str = "vestre_toten") -> list[tuple[Any, ...]]:
    """Return the rows of a query over the published file."""
    return _rows(generation_file(home, municipality), sql)


def warehouse(home: Path, sql: str, municipality: str = "vestre_toten") -> list[tuple[Any, ...]]:
    """Return the rows of a query over the restricted warehouse."""
    return _rows(home / municipality / "warehouse.duckdb", sql)


def truth(home: Path) -> dict[str, Any]:
    """Return what the generator planted in the example, and what it expects of every file."""
    file = home / "vestre_toten" / "truth" / "truth.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def planted_effects(home: Path) -> set[tuple[str, str]]:
    """Return the units and metrics in which the generator planted an improvement."""
    return {
        (effect["unit"], effect["metric"])
        for effect in truth(home)["effects"]
        if effect["kind"] in {"lasting", "fading"}
    }


def _rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute(sql).fetchall()
