"""Read data contracts (ODCS 3.1 YAML) into the frozen shapes of the house.

Every other room imports the shapes from here. What is checked in a municipality's own YAML is in
``pipelines.municipality``.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from open_data_contract_standard.model import (
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from pipelines.contracts.custom_properties import (
    BUILT_BY,
    NAMED,
    column_properties,
    table_properties,
)
from pipelines.contracts.fields import described_by_dictionary, dictionary_file
from pipelines.contracts.kept import SUFFIX, Kind, contract_files
from pipelines.contracts.measures import stated_measures
from pipelines.contracts.odcs import parsed_odcs
from pipelines.contracts.rules import (
    RuleProblem,
    column_rules,
    enum_values,
    key_rule,
    table_rules,
)
from pipelines.contracts.shapes import (
    DBT,
    IDENTIFIER,
    TECHNICAL_COLUMNS,
    Column,
    Contract,
    LogicalType,
    Rule,
    RuleKind,
    Severity,
    Sla,
    Table,
)
from pipelines.contracts.stated_privacy import (
    HIDES,
    SCOPE,
    hidden_rules,
    require_privacy,
    stated_marks,
    stated_scope,
    stated_suppression,
)
from pipelines.contracts.times import require_times, stated_plans, stated_time
from pipelines.contracts.wording import (
    LABEL_EN,
    LABEL_NN,
    UNIT,
    described_nb,
    described_nn,
    require_both_languages,
)
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ContractError
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.messages import say

__all__ = [
    "TECHNICAL_COLUMNS",
    "Column",
    "Contract",
    "LogicalType",
    "Rule",
    "RuleKind",
    "Severity",
    "Sla",
    "Table",
    "load_contract",
    "load_contracts",
]

_Identity = tuple[int, int, int, int, int]
_PHYSICAL = re.compile(r"varchar|integer|bigint|double|date|timestamp|boolean|decimal\(\d+, ?\d+\)")


def load_contracts(folder: Path | None = None, kind: Kind = "sources") -> dict[str, Contract]:
    """Return every contract of one kind, by id, sorted by id.

    Args:
        folder: The folder that holds ``sources/`` and ``products/``; the repo's own by default.
        kind: Which of the two to read; what is published must be described in both languages and
            say whether it is about persons, what hides it and whose rows it holds.

    Raises:
        ContractError: names the file and the key.
    """
    files = contract_files((folder or CONTRACTS_DIR) / kind)
    dictionary = dictionary_file(files[0]) if files else None
    read = [*files, dictionary] if dictionary else files
    return dict(_read_once(tuple((path, _identity(path)) for path in read), len(files), kind))


@lru_cache(maxsize=8)
def _read_once(
    files: tuple[tuple[Path, _Identity], ...], n_contracts: int, kind: Kind
) -> dict[str, Contract]:
    # a file that was written to has another identity; what was read is frozen
    contracts = {}
    for path, _ in files[:n_contracts]:
        contract = load_contract(path)
        if kind == "products":
            require_both_languages(contract, path)
            require_privacy(contract, path)
        else:
            require_times(contract, path)
        contracts[contract.id] = contract
    return contracts


def _identity(path: Path) -> _Identity:
    stat = path.stat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def load_contract(path: Path) -> Contract:
    """Return the contract in one ODCS file, whose name must be ``<id>.odcs.yaml``.

    Raises:
        ContractError: names the file and the key.
    """
    raw = read_yaml(path, ContractError)
    odcs = parsed_odcs(path, described_by_dictionary(raw, path))
    try:
        return _contract(odcs, path.name.removesuffix(SUFFIX))
    except RuleProblem as problem:
        raise ContractError(str(problem), where=f"{path}: {problem.key}") from None


def _contract(odcs: OpenDataContractStandard, file_id: str) -> Contract:
    if odcs.kind != "DataContract":
        raise RuleProblem("kind", say("contracts.model.must_be_data_contract"))
    if not (odcs.apiVersion or "").startswith("v3."):
        raise RuleProblem("apiVersion", say("contracts.model.must_be_this_version"))
    if not odcs.version:
        raise RuleProblem("version", say("contracts.model.lacks_version"))
    if odcs.id != file_id:
        raise RuleProblem(
            "id", say("contracts.model.id_is_not_file_name", id=odcs.id, file_id=file_id)
        )
    tables = [_table(schema, f"schema[{i}]") for i, schema in enumerate(odcs.schema_ or [])]
    if not tables:
        raise RuleProblem("schema", say("contracts.model.no_tables"))
    description = odcs.description
    return Contract(
        id=file_id,
        version=odcs.version,
        name=odcs.name or file_id,
        description=_line(description.purpose if description else None),
        tables={table.name: table for table in tables},
        limitations=_line(description.limitations if description else None),
        sla=tuple(
            Sla(
                property=entry.property or "",
                value=cast("str | float", entry.value if entry.value is not None else ""),
                unit=entry.unit or "",
                element=entry.element or "",
                description=_line(entry.description),
            )
            for entry in odcs.slaProperties or []
        ),
        roles=tuple(role.role or "" for role in odcs.roles or []),
        measures=stated_measures(odcs.customProperties or []),
    )


def _table(schema: SchemaObject, key: str) -> Table:
    name = _identifier(schema.name, f"{key}.name")
    properties = schema.properties or []
    if not properties:
        raise RuleProblem(
            f"{key}.properties", say("contracts.model.table_without_columns", name=name)
        )
    columns = tuple(_column(p, f"{key}.properties[{i}]") for i, p in enumerate(properties))
    keyed = sorted(
        ((p.primaryKeyPosition or 0, p.name or "") for p in properties if p.primaryKey),
        key=lambda entry: entry[0],
    )
    primary_key = tuple(name for _, name in keyed)
    rules = [
        rule
        for column, prop in zip(columns, properties, strict=True)
        for rule in column_rules(column, prop.quality or [])
    ]
    if primary_key:
        rules.append(key_rule(primary_key))
    rules.extend(table_rules(schema, key))
    rules.extend(hidden_rules(columns))
    custom = table_properties(schema, key)
    names = tuple(column.name for column in columns)
    _no_doubles(list(names), f"{key}.properties", "Kolonnen")
    _no_doubles([rule.id for rule in rules], f"{key}.quality", "Regelen")
    return Table(
        name=name,
        description=_line(schema.description),
        columns=columns,
        rules=tuple(rules),
        primary_key=primary_key,
        business_name=schema.businessName or "",
        label_nn=custom.get(NAMED, {}).get("nn", ""),
        label_en=custom.get(NAMED, {}).get("en", ""),
        built_by=custom.get(BUILT_BY, DBT),
        scope=stated_scope(custom[SCOPE], names, key) if SCOPE in custom else None,
    )


def _column(prop: SchemaProperty, key: str) -> Column:
    name = _identifier(prop.name, f"{key}.name")
    if prop.logicalType not in get_args(LogicalType):
        allowed = ", ".join(get_args(LogicalType))
        raise RuleProblem(
            f"{key}.logicalType",
            say("contracts.model.logical_type_must_be", name=name, allowed=allowed),
        )
    physical = (prop.physicalType or "").lower()
    if not _PHYSICAL.fullmatch(physical):
        raise RuleProblem(
            f"{key}.physicalType",
            say("contracts.model.unknown_physical_type", name=name, physicaltype=prop.physicalType),
        )
    for index, entry in enumerate(prop.quality or []):
        if entry.metric != "invalidValues":
            raise RuleProblem(
                f"{key}.quality[{index}].metric",
                say("contracts.model.only_invalid_values", name=name),
            )
    options = prop.logicalTypeOptions or {}
    unknown = set(options) - {"minimum", "maximum", "pattern"}
    if unknown:
        raise RuleProblem(
            f"{key}.logicalTypeOptions.{min(unknown)}", say("contracts.model.key_not_supported")
        )
    if re.search(r"\\[dws]", options.get("pattern", ""), re.IGNORECASE):
        raise RuleProblem(
            f"{key}.logicalTypeOptions.pattern",
            say("contracts.model.write_portable_pattern"),
        )
    custom = column_properties(prop, key)
    return Column(
        name=name,
        logical_type=cast("LogicalType", prop.logicalType),
        physical_type=physical,
        required=bool(prop.required),
        description=_line(prop.description),
        description_nb=described_nb(custom),
        description_nn=described_nn(custom),
        label_nn=str(custom.get(LABEL_NN, "")),
        label_en=str(custom.get(LABEL_EN, "")),
        unit=str(custom.get(UNIT, "")),
        business_name=prop.businessName or "",
        classification=prop.classification or "",
        enum=enum_values(prop),
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        pattern=options.get("pattern"),
        time=stated_time(custom, prop, key),
        planned_when=stated_plans(custom, prop, key),
        suppression=stated_suppression(custom, name, key),
        hidden_when=stated_marks(custom, name, key),
        hides=tuple(str(hidden) for hidden in custom.get(HIDES, ())),
    )


def _identifier(name: str | None, key: str) -> str:
    if not name or not IDENTIFIER.fullmatch(name):
        raise RuleProblem(key, say("contracts.model.identifier_letters", name=name))
    return name


def _no_doubles(names: list[str], key: str, what: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise RuleProblem(key, say("contracts.model.described_twice", what=what, name=name))


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
