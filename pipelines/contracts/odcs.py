"""A contract's YAML held against the standard (ODCS 3.1): nothing in it may be unknown.

What the standard's fields mean to the house is in ``model``.
"""

from pathlib import Path
from typing import Any

import pydantic
from open_data_contract_standard.model import OpenDataContractStandard

from pipelines.errors import ContractError
from pipelines.words.messages import say


def parsed_odcs(path: Path, raw: dict[str, Any]) -> OpenDataContractStandard:
    """Return a contract's YAML as the standard's own model.

    Args:
        path: Its file, for messages.
        raw: The YAML, with what the field dictionary says filled in.

    Raises:
        ContractError: names the file and the key that the standard does not have.
    """
    try:
        odcs = OpenDataContractStandard(**raw)
    except pydantic.ValidationError as invalid:
        first = invalid.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContractError(
            say("contracts.odcs.not_odcs", msg=first["msg"]), where=f"{path}: {key}"
        ) from None
    unknown = _unknown_key(raw, odcs.model_dump(by_alias=True, exclude_unset=True), "")
    if unknown:
        raise ContractError(
            say("contracts.odcs.unknown_key"),
            where=f"{path}: {unknown}",
            way_out=say("contracts.odcs.fix_or_delete"),
        )
    return odcs


def _unknown_key(raw: object, known: object, path: str) -> str | None:
    """Return the first key the ODCS model did not take; its inner models drop them silently."""
    pairs: list[tuple[str, object, object]] = []
    if isinstance(raw, dict) and isinstance(known, dict):
        for key, value in raw.items():
            place = f"{path}.{key}".lstrip(".")
            if key not in known:
                return place
            pairs.append((place, value, known[key]))
    elif isinstance(raw, list) and isinstance(known, list):
        pairs = [
            (f"{path}[{index}]", *pair) for index, pair in enumerate(zip(raw, known, strict=True))
        ]
    for place, value, dumped in pairs:
        if unknown := _unknown_key(value, dumped, place):
            return unknown
    return None
