"""Contracts as they were read, kept beside the data: reading YAML is most of a short command.

A kept file is used only when the hash of the contracts' files and of the code that reads them is
the one it was made from, and its own content is what was written. What is kept is plain JSON of
``shapes``: nothing in it can run, and a contract that would not come back equal is not kept. Only
contracts that were read without an error are kept.
"""

import hashlib
import json
import typing
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipelines.contracts.shapes import Column, Contract, Measure, RowScope, Rule, Sla, Table
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.catalogue import languages

SUFFIX = ".odcs.yaml"
"""What a contract's file ends with."""
Kind = Literal["sources", "products"]
# a rule's sentence is kept with it; named here, since importing the words costs more than is saved
_SENTENCES = Path(__file__).parents[1] / "words" / "messages" / "contracts.nb.yml"
_TUPLE = "()"
_SHAPES = {
    shape.__name__: shape for shape in (Column, Contract, Measure, Rule, RowScope, Sla, Table)
}


def contract_files(folder: Path) -> list[Path]:
    """Return the files of the contracts of one kind, sorted."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def kept_contracts(kind: Kind, keep_in: Path) -> dict[str, Contract]:
    """Return every contract of one kind of the product, by id, sorted by id.

    Args:
        kind: Which of the two.
        keep_in: Our folder for what can be made again; nothing is kept when it is not there.

    Raises:
        ContractError: names the file and the key.
    """
    file = keep_in / f"contracts-{kind}.json"
    made_from = _made_from(CONTRACTS_DIR / kind)
    kept = _read(file, made_from)
    if kept is not None:
        return kept
    from pipelines.contracts.model import load_contracts

    contracts = load_contracts(kind=kind)
    with suppress(OSError):  # a command that only reads may have no right to write here
        _write(file, made_from, contracts)
    return contracts


def _made_from(folder: Path) -> str:
    # a column of words is one per language, and says which
    digest = hashlib.sha256(f"{_reading_code()}\0{languages()}".encode())
    dictionary = folder.parent / "fields.yml"
    for file in [*contract_files(folder), *([dictionary] if dictionary.is_file() else [])]:
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def _reading_code() -> str:
    digest = hashlib.sha256()
    for file in [*sorted(Path(__file__).parent.glob("*.py")), _SENTENCES]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(file: Path, made_from: str) -> dict[str, Contract] | None:
    try:
        head, _, body = file.read_bytes().partition(b"\n")
        if head.decode() != f"{made_from} {hashlib.sha256(body).hexdigest()}":
            return None
        found = {name: _shape(told) for name, told in json.loads(body).items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return typing.cast("dict[str, Contract]", found)


def _write(file: Path, made_from: str, contracts: Mapping[str, Contract]) -> None:
    told = {name: _plain(contract) for name, contract in contracts.items()}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    if {name: _shape(each) for name, each in json.loads(body).items()} != dict(contracts):
        return
    building = file.with_suffix(".json.tmp")
    building.write_bytes(f"{made_from} {hashlib.sha256(body).hexdigest()}\n".encode() + body)
    building.replace(file)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"": type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return {_TUPLE: [_plain(each) for each in value]}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)  # does not come back equal, so it is not kept


def _shape(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, list):
        return [_shape(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _TUPLE in value:
        return tuple(_shape(each) for each in value[_TUPLE])
    parts = {key: _shape(each) for key, each in value.items() if key}
    return _SHAPES[value[""]](**parts) if "" in value else parts
