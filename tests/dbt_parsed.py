"""The dbt project parsed once for all tests, also those of the next session: it takes ten seconds.

dbt parses anew wherever its target folder or the warehouse is another. What it makes of the project
depends on the project's files, dbt's version and the database's name, which is the same everywhere.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipelines.defs.manifest import ensure_manifest, target_dir
from pipelines.settings import DBT_DIR, Paths

_HOME = DBT_DIR.parent / ".pytest_cache" / "dbt-parsed"
_MADE = ("manifest.json", "manifest.sha256", "partial_parse.msgpack")
DATABASE = "warehouse.duckdb"
"""What a warehouse must be called for the parse to be its own."""


def parsed() -> Path:
    """Return the folder with what dbt made of the project as it is now."""
    _HOME.mkdir(parents=True, exist_ok=True)
    paths = Paths(_HOME)
    with FileLock(_HOME / "parsed.lock"):
        ensure_manifest(paths)
    return target_dir(paths)


def give_parsed(home: Path) -> None:
    """Give a municipality's folder what dbt made of the project, where it has not parsed it itself.

    Args:
        home: The municipality's folder under PUKK_HOME; it need not exist yet.
    """
    wanted = target_dir(Paths(home))
    if wanted.exists():
        return
    wanted.parent.mkdir(0o700, parents=True, exist_ok=True)
    wanted.mkdir(0o700)
    made = parsed()
    for name in _MADE:
        shutil.copyfile(made / name, wanted / name)
        (wanted / name).chmod(0o600)


def manifest() -> Any:
    """Return dbt's manifest, a copy of one's own."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = (parsed() / "partial_parse.msgpack").read_bytes()
    return Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)


@contextmanager
def by_its_name(warehouse: Path) -> Iterator[Path]:
    """Let a warehouse have the name the parse knows, for as long as the block runs.

    Args:
        warehouse: Any file; it need not exist yet.
    """
    folder = warehouse.with_name(f"{warehouse.name}-{os.getpid()}")
    folder.mkdir()
    named = folder / DATABASE
    if warehouse.exists():
        warehouse.rename(named)
    try:
        yield named
    finally:
        if named.exists():
            named.rename(warehouse)
        shutil.rmtree(folder)
