"""One hash of everything besides the deliveries that decides what is published.

What was delivered has its own hashes in ``ops.deliveries``.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipelines.municipality.model import Municipality

_DBT_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".py"}
_DBT_LEFT_OUT = {"target", "logs", "dbt_packages"}


def input_fingerprint(municipality: Municipality, contracts_dir: Path, dbt_dir: Path) -> str:
    """Return sha256 (hex) over configuration, contracts, standard metrics, SQL and seeds.

    Only contents and paths relative to their own folder count, so a copy of the repo elsewhere has
    the same fingerprint; times and line endings do not count.
    """
    digest = hashlib.sha256()
    folder = municipality.folder
    parts = (
        ("municipality", folder, (*folder.glob("*.yml"), *(folder / "sources").glob("*.yml"))),
        ("metrics", contracts_dir, (contracts_dir / "metrics").glob("*.yml")),
        ("contracts", contracts_dir, contracts_dir.glob("*/*.odcs.yaml")),
        ("dbt", dbt_dir, _dbt_files(dbt_dir)),
    )
    for name, root, files in parts:
        for path in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            place = f"{name}/{path.relative_to(root).as_posix()}"
            digest.update(f"{place}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _dbt_files(dbt_dir: Path) -> Iterator[Path]:
    for path in dbt_dir.rglob("*"):
        relative = path.relative_to(dbt_dir)
        is_left_out = relative.parts[0] in _DBT_LEFT_OUT or "__pycache__" in relative.parts
        if path.suffix in _DBT_SUFFIXES and path.is_file() and not is_left_out:
            yield path
