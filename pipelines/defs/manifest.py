"""The manifest that Dagster reads, and the way to dbt: beside the run, or in this process.

dbt's events are its structured log, a mapping for each. How a command is run is in ``dbt_here``.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.defs.dbt_beside import run_beside
from pipelines.defs.dbt_here import PARSE, PARSED, run_here, target_dir
from pipelines.defs.lock import warehouse
from pipelines.settings import DBT_DIR, Paths

TESTS_STAMP = "model_tests.sha256"
"""Beside the manifest: the project whose tests are compiled there."""
_MADE_BY = ("dbt-core", "dbt-duckdb", "dbt-adapters", "dbt-common", "mashumaro")


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
    # the stamp goes first, so that what is half made is nobody's; and dbt never meets what another
    # version of the project left: it takes what has moved between files as there twice
    for made in (stamp, target / TESTS_STAMP, target / PARSED):
        made.unlink(missing_ok=True)
    invoke_dbt(paths, [PARSE])
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
    """Run one dbt command and return its structured events.

    Args:
        paths: The municipality's folders.
        args: dbt's arguments, e.g. ``["build"]``.
        told: What dbt is told beside that, by environment variable.

    Raises:
        BusyError: Somebody reads the warehouse.
        PukkError: dbt raised, or a node failed before any could run.
    """
    if args[0] != PARSE:
        # dbt itself does not wait for a reader
        warehouse(paths).close()
        ensure_manifest(paths)
    beside = run_beside(paths, args, told)
    return run_here(paths, args, told) if beside is None else beside


def project_fingerprint() -> str:
    """Return SHA-256 of the dbt project's files and of dbt with its parts.

    What dbt keeps of a parse is of no use to another version of either.
    """
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _MADE_BY).encode())
    for file in sorted(DBT_DIR.rglob("*")):
        if file.is_file() and file.suffix in {".sql", ".yml", ".csv"}:
            digest.update(file.relative_to(DBT_DIR).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
