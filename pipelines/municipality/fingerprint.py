"""One hash of everything besides the deliveries that decides what is published.

What was delivered has its own hashes in ``ops.deliveries``.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_Part = tuple[str, Path, Iterable[Path]]
_DBT_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".py"}
_DBT_LEFT_OUT = {"target", "logs", "dbt_packages"}


def input_fingerprint(folder: Path, root: Path) -> str:
    """Return sha256 (hex) of configuration, contracts, SQL, seeds, our Python and libraries.

    Only contents and paths relative to their own folder count, so a copy of the product elsewhere
    has the same fingerprint; times and line endings do not count.

    Args:
        folder: The municipality's configuration; it may be anywhere.
        root: The product's folder.
    """
    dbt_dir = root / "dbt_project"
    ours = (
        ("dbt", dbt_dir, _dbt_files(dbt_dir)),
        ("pipelines", root, (root / "pipelines").rglob("*.py")),
        ("words", root, (root / "pipelines").rglob("*.yml")),
        ("libraries", root, (root / "requirements").glob("runtime.txt")),
    )
    return _digest((*_configuration(folder, root), *ours))


def configuration_fingerprint(folder: Path, root: Path) -> str:
    """Return sha256 (hex) of what people set up: the municipality's YAML, metrics and contracts.

    Args:
        folder: The municipality's configuration; it may be anywhere.
        root: The product's folder.
    """
    contracts_dir = root / "data_contracts"
    rules = ("rules", contracts_dir, contracts_dir.glob("*.yml"))
    return _digest((*_configuration(folder, root), rules))


def _configuration(folder: Path, root: Path) -> Iterator[_Part]:
    contracts_dir = root / "data_contracts"
    yield "municipality", folder, (*folder.glob("*.yml"), *(folder / "sources").glob("*.yml"))
    yield "metrics", contracts_dir, (contracts_dir / "metrics").glob("*.yml")
    yield "contracts", contracts_dir, contracts_dir.glob("*/*.odcs.yaml")
    yield "fields", contracts_dir, contracts_dir.glob("fields.yml")


def _digest(parts: Iterable[_Part]) -> str:
    digest = hashlib.sha256()
    for name, start, files in parts:
        for place, path in sorted((f"{name}/{f.relative_to(start).as_posix()}", f) for f in files):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{place}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _dbt_files(dbt_dir: Path) -> Iterator[Path]:
    for path in dbt_dir.rglob("*"):
        relative = path.relative_to(dbt_dir)
        is_left_out = relative.parts[0] in _DBT_LEFT_OUT or "__pycache__" in relative.parts
        if path.suffix in _DBT_SUFFIXES and path.is_file() and not is_left_out:
            yield path
