"""The dbt project parsed once for all tests, also those of the next session: it takes ten seconds.

And the queries of its tests compiled, for those who run whole nights.

dbt parses anew wherever its target folder or the warehouse is another. What it makes of the project
depends on the project's files, dbt's version and the database's name, which is the same everywhere.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipelines.defs.dbt_here import target_dir
from pipelines.defs.manifest import ensure_manifest
from pipelines.settings import DBT_DIR, Paths

_HOME = DBT_DIR.parent / ".pytest_cache" / "dbt-parsed"
_MADE = ("manifest.json", "manifest.sha256", "partial_parse.msgpack")
_TESTS_MADE = "model_tests.sha256"
_COMPILE = """
import sys
from pathlib import Path
from pipelines.defs.model_tests import compiled_tests
from pipelines.settings import Paths
compiled_tests(Paths(Path(sys.argv[1])))
"""
DATABASE = "warehouse.duckdb"
"""What a warehouse must be called for the parse to be its own."""


def parsed() -> Path:
    """Return the folder with what dbt made of the project as it is now."""
    _HOME.mkdir(parents=True, exist_ok=True)
    paths = Paths(_HOME)
    with FileLock(_HOME / "parsed.lock"):
        ensure_manifest(paths)
    return target_dir(paths)


def _with_tests() -> Path:
    """Return that folder with the queries of dbt's tests compiled too."""
    made = parsed()
    stamp, project = made / _TESTS_MADE, (made / "manifest.sha256").read_text("utf-8")
    with FileLock(_HOME / "parsed.lock"):
        if not stamp.exists() or stamp.read_text("utf-8") != project:
            # dbt in a process of its own: it leaves its log open where it is run
            program = [sys.executable, "-c", _COMPILE, str(_HOME)]
            subprocess.run(program, cwd=DBT_DIR.parent, check=True)
    return made


def give_parsed(home: Path) -> None:
    """Give a municipality's folder what dbt made of the project, where it has not parsed it itself.

    The queries of its tests are given along.

    Args:
        home: The municipality's folder under PUKK_HOME; it need not exist yet.
    """
    wanted = target_dir(Paths(home))
    if wanted.exists():
        return
    wanted.parent.mkdir(0o700, parents=True, exist_ok=True)
    wanted.mkdir(0o700)
    made = _with_tests()
    for name in (*_MADE, _TESTS_MADE):
        shutil.copyfile(made / name, wanted / name)
        (wanted / name).chmod(0o600)
    shutil.copytree(made / "compiled", wanted / "compiled")


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
