"""The field dictionary: what a column means wherever it stands, in ``data_contracts/fields.yml``.

A contract names a column and says no more about its meaning; what is written here is filled in
before the contract is read. A table that means something else by the name says so, with the
reason, in the custom property ``overrides``. Nothing here knows what a column is used for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.contracts.shapes import Contract
from pipelines.contracts.wording import DESCRIBED_NN, DESCRIPTION_NB, LABEL_EN, LABEL_NN, UNIT
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ContractError
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes, languages
from pipelines.words.messages import say

FILE = "fields.yml"
IN_EVERY_LANGUAGE = "_*"
"""How the name of a column of words ends: the table has one for each language."""
OVERRIDES, BECAUSE = "overrides", "because"
UNITS = frozenset({
    "bytes", "count", "days", "fte", "hours", "meetings_per_month", "months", "nok", "pct",
    "persons", "rows", "score", "share", "units", "weeks", "year", "years",
    "measure",  # the sum's own: days, fte, nok
    "metric",  # the metric's own, or per cent where the row says so
    "number",  # a place in an order, or a number by which something is known
    "ratio",  # a statistic without a unit
})  # fmt: skip
"""What a number can be counted in."""
NUMBERS = frozenset({"integer", "number"})
_IN_PLACE = ("businessName", "description", "logicalType", "physicalType")
_LOGICAL = {
    "varchar": "string",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
_TEXTS = ("label", "nb", "nn", "en")
_LABELS = (LABEL_NN, LABEL_EN)
_KEYS = frozenset({*_TEXTS, *_LABELS, "type", "unit"})
_OPTIONAL = frozenset({*_LABELS, "unit"})
_IN_A_LANGUAGE = frozenset({DESCRIPTION_NB, DESCRIBED_NN})


@dataclass(frozen=True)
class Field:
    """One column as it is described wherever it stands.

    Attributes:
        label: What it is called in bokmål; ``label_nn`` in nynorsk and ``label_en`` in English,
            which read the bokmål where they are empty.
        type: Its DuckDB type.
        nb: What it holds, in bokmål; ``nn`` in nynorsk and ``en`` in English.
        unit: What a number is counted in, one of ``UNITS``; empty for what is no number.
    """

    label: str
    type: str
    nb: str
    nn: str
    en: str
    unit: str = ""
    label_nn: str = ""
    label_en: str = ""


def dictionary_file(contract: Path) -> Path | None:
    """Return the dictionary beside a contract's folder, None when the folder has none.

    Args:
        contract: The contract's file, in ``sources/`` or ``products/``.
    """
    path = contract.parent.parent / FILE
    return path if path.is_file() else None


def read_fields(path: Path) -> Mapping[str, Field]:
    """Return the fields of one dictionary by name.

    Raises:
        ContractError: names the file and the field.
    """
    return _read_once(path, path.stat().st_mtime_ns, path.stat().st_size)


@lru_cache(maxsize=4)
def _read_once(path: Path, _changed: int, _size: int) -> Mapping[str, Field]:
    return {name: _field(path, name, told) for name, told in read_yaml(path, ContractError).items()}


def _field(path: Path, name: str, told: object) -> Field:
    texts = _texts(told)
    if texts is None or not (_KEYS - _OPTIONAL) <= set(texts) <= _KEYS:
        raise ContractError(
            say("contracts.fields.field_lacks_parts", keys=", ".join(sorted(_KEYS - _OPTIONAL))),
            where=f"{path}: {name}",
        )
    field = Field(**texts)
    is_number = _logical(field.type, f"{path}: {name}") in NUMBERS
    if is_number != bool(field.unit) or (field.unit and field.unit not in UNITS):
        raise ContractError(
            say("contracts.fields.number_needs_unit"),
            where=f"{path}: {name}",
            way_out=say("contracts.fields.write_unit", units=", ".join(sorted(UNITS))),
        )
    return field


def _texts(told: object) -> dict[str, str] | None:
    if not isinstance(told, dict) or not all(isinstance(text, str) for text in told.values()):
        return None
    return {str(key): " ".join(text.split()) for key, text in told.items()}


def described_by_dictionary(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a contract as it was written, with what the dictionary says filled in.

    A column that is described in place stays as it is where no dictionary is beside the folder;
    where there is one, that is where it is described.

    Args:
        raw: The contract's YAML; it is not changed.
        path: Its file.

    Raises:
        ContractError: names the file and the column: not in the dictionary, described in place
            beside it, or overriding without a reason or without a difference.
    """
    beside = dictionary_file(path)
    fields = read_fields(beside or CONTRACTS_DIR / FILE)
    tables = raw.get("schema")
    if not isinstance(tables, list):
        return raw
    filled = []
    for index, table in enumerate(tables):
        columns = table.get("properties") if isinstance(table, dict) else None
        if not isinstance(columns, list):
            filled.append(table)
            continue
        where = f"{path}: {table.get('name') or f'schema[{index}]'}"
        told = [
            _in_language(_filled(column, fields, where, is_strict=beside is not None), language)
            for column in columns
            for language in _languages_of(column)
        ]
        filled.append({**table, "properties": told})
    return {**raw, "schema": filled}


def _languages_of(column: object) -> tuple[str, ...]:
    is_worded = isinstance(column, dict) and str(column.get("name", "")).endswith(IN_EVERY_LANGUAGE)
    return codes() if is_worded else ("",)


def _in_language(column: object, language: str) -> object:
    """Return a column of words as the table has it in one language; any other as it is."""
    if not language or not isinstance(column, dict):
        return column
    named = languages()[language]
    custom = [
        {**entry, "value": _with(str(entry["property"]), str(entry["value"]), language)}
        if entry.get("property") in {*_IN_A_LANGUAGE, *_LABELS}
        else entry
        for entry in column["customProperties"]
    ]
    return {
        **column,
        "name": f"{str(column['name']).removesuffix(IN_EVERY_LANGUAGE)}_{language}",
        "businessName": _with("businessName", column["businessName"], language),
        "description": f"{column['description']} {named}.",
        "customProperties": custom,
    }


def _with(name: str, text: str, language: str) -> str:
    """Return a text about a column of words with the language it is in."""
    named = languages()[language]
    if name in _IN_A_LANGUAGE:
        return f"{text} {named}."
    return text if language == DEFAULT_LANGUAGE else f"{text} ({named})"


def _filled(column: object, fields: Mapping[str, Field], where: str, *, is_strict: bool) -> object:
    if not isinstance(column, dict) or "name" not in column:
        return column
    name = str(column["name"])
    in_place = [key for key in _IN_PLACE if key in column]
    if in_place and not is_strict:
        return column
    where = f"{where}.{name}"
    if name not in fields:
        if in_place or is_strict:
            raise ContractError(
                say("contracts.fields.column_not_in_dictionary", file=FILE),
                where=where,
                way_out=say("contracts.fields.write_it_in_dictionary", name=name, file=FILE),
            )
        return column
    if in_place:
        raise ContractError(
            say("contracts.fields.described_twice", file=FILE, in_place=in_place[0]),
            where=where,
            way_out=say(
                "contracts.fields.take_away_or_override",
                in_place=", ".join(in_place),
                overrides=OVERRIDES,
                because=BECAUSE,
            ),
        )
    custom = [entry for entry in column.get("customProperties") or [] if isinstance(entry, dict)]
    override = next((e.get("value") for e in custom if e.get("property") == OVERRIDES), None)
    field = fields[name] if override is None else _overridden(fields[name], override, where)
    return _told(column, field, custom, where)


def _overridden(field: Field, override: object, where: str) -> Field:
    told = _texts(override) or {}
    reason = told.pop(BECAUSE, "")
    if "label" in told:  # another name is another in every language
        field = replace(field, label_nn="", label_en="")
    differing = {
        key: text for key, text in told.items() if key in _KEYS and getattr(field, key) != text
    }
    is_told_in_both = ("nb" in told) == ("nn" in told)
    if not reason or not told or differing != told or not is_told_in_both:
        raise ContractError(
            say("contracts.fields.override_not_understood", overrides=OVERRIDES),
            where=where,
            way_out=say(
                "contracts.fields.write_reason_and_difference",
                because=BECAUSE,
                keys=", ".join(sorted(_KEYS)),
                file=FILE,
            ),
        )
    parts = {key: getattr(field, key) for key in _KEYS} | told
    return Field(**parts)


def _told(
    column: dict[str, Any], field: Field, custom: list[dict[str, Any]], where: str
) -> dict[str, Any]:
    # told as the standard has it, so that all that reads a contract needs to know no dictionary
    others = [entry for entry in custom if entry.get("property") != OVERRIDES]
    texts = {DESCRIPTION_NB: field.nb, DESCRIBED_NN: field.nn, UNIT: field.unit}
    texts |= {LABEL_NN: field.label_nn, LABEL_EN: field.label_en}
    own = [{"property": key, "value": text} for key, text in texts.items() if text]
    return {
        **column,
        "businessName": field.label,
        "description": field.en,
        "logicalType": _logical(field.type, where),
        "physicalType": field.type,
        "customProperties": own + others,
    }


def _logical(physical: str, where: str) -> str:
    if physical in _LOGICAL or physical.startswith("decimal"):
        return _LOGICAL.get(physical, "number")
    raise ContractError(
        say("contracts.fields.unknown_type", physical=physical),
        where=where,
        way_out=say("contracts.fields.write_type", logical=", ".join(_LOGICAL)),
    )


def require_used(folder: Path, contracts: Iterable[Contract]) -> None:
    """Do nothing when every field of a folder's dictionary is a column of some contract.

    Args:
        folder: The folder with the dictionary.
        contracts: Every contract of the folder, sources and products.

    Raises:
        ContractError: names the fields that no table has.
    """
    path = folder / FILE
    if not path.is_file():
        return
    used = {c.name for each in contracts for table in each.tables.values() for c in table.columns}
    unused = sorted(
        name
        for name in read_fields(path)
        if name.replace(IN_EVERY_LANGUAGE, f"_{DEFAULT_LANGUAGE}") not in used
    )
    if unused:
        raise ContractError(
            say("contracts.fields.unused_fields", unused=", ".join(unused)),
            where=str(path),
            way_out=say("contracts.fields.delete_or_rename"),
        )
