"""From ODCS properties and quality entries to rules with stable ids and sentences.

The files are read in ``model.py``; nothing here touches the disk.
"""

from collections.abc import Callable, Iterable
from typing import Any

from open_data_contract_standard.model import DataQuality, SchemaObject, SchemaProperty

from pipelines.contracts.shapes import Column, Rule, RuleKind, Severity
from pipelines.words.messages import say

CUSTOM_KEYS: dict[str, tuple[str, ...]] = {
    "order": ("lower", "upper"),
    "sum_equals": ("columns", "total"),
    "kostra_code": ("code", "year", "code_type"),
    "first_of_month": ("column",),
    "row_count_min": ("minimum",),
    "unique_key": ("columns",),
}
"""What ``implementation`` must hold for each kind of ``type: custom, engine: pukk``."""


class RuleProblem(Exception):  # noqa: N818 - becomes a ContractError with the file's name
    """A rule that cannot be understood; ``key`` is its place in the file."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


def enum_values(prop: SchemaProperty) -> tuple[Any, ...]:
    """Return the allowed values of a property, empty when any value is allowed."""
    for quality in prop.quality or []:
        if quality.metric == "invalidValues":
            return tuple((quality.arguments or {}).get("validValues", ()))
    return ()


def column_rules(column: Column, quality: Iterable[DataQuality]) -> list[Rule]:
    """Return the rules of one column in a fixed order: not_null, enum, range, pattern."""
    name, shown = column.name, column.business_name or column.name
    severities = {entry.metric: _severity(entry) for entry in quality}
    rules: list[Rule] = []

    def add(kind: RuleKind, params: dict[str, Any], text: str, severity: Severity) -> None:
        rules.append(Rule(f"{kind}_{name}", kind, (name,), params, severity, text))

    if column.required:
        add("not_null", {}, say("contracts.rules.always_filled", shown=shown), "error")
    if column.enum:
        allowed = ", ".join(str(value) for value in column.enum)
        severity = severities.get("invalidValues", "error")
        add(
            "enum",
            {"values": column.enum},
            say("contracts.rules.one_of", shown=shown, allowed=allowed),
            severity,
        )
    if column.minimum is not None or column.maximum is not None:
        limits = {"minimum": column.minimum, "maximum": column.maximum}
        add(
            "range",
            limits,
            say("contracts.rules.within_limits", shown=shown, column=_limits(column)),
            "error",
        )
    if column.pattern is not None:
        text = say("contracts.rules.has_form", shown=shown, pattern=column.pattern)
        add("pattern", {"pattern": column.pattern}, text, "error")
    return rules


def key_rule(primary_key: tuple[str, ...]) -> Rule:
    """Return the rule that the primary key is unique."""
    return Rule(
        "unique_key",
        "unique_key",
        primary_key,
        {},
        "error",
        say("contracts.rules.no_double_keys", primary_key=", ".join(primary_key)),
    )


def table_rules(schema: SchemaObject, key: str) -> list[Rule]:
    """Return the rules of a table's own ``quality`` list.

    Args:
        schema: The ODCS schema object.
        key: Its place in the file, e.g. ``schema[0]``, for messages.

    Raises:
        RuleProblem: when an entry has an unknown kind or misses a key or names an unknown column.
    """
    known = {prop.name or "" for prop in schema.properties or []}
    rules: list[Rule] = []
    for index, entry in enumerate(schema.quality or []):
        where = f"{key}.quality[{index}]"
        rule = _library_rule(entry, where) if entry.metric else _custom_rule(entry, where)
        total = rule.params.get("total")
        named = (*rule.columns, total) if isinstance(total, str) else rule.columns
        unknown = [column for column in named if column not in known]
        if unknown:
            raise RuleProblem(
                where, say("contracts.rules.no_such_column", unknown=unknown[0], name=schema.name)
            )
        rules.append(rule)
    return rules


def _library_rule(entry: DataQuality, where: str) -> Rule:
    if entry.metric == "rowCount":
        minimum = entry.mustBeGreaterOrEqualTo
        if minimum is None and entry.mustBeGreaterThan is not None:
            minimum = entry.mustBeGreaterThan + 1
        if minimum is None:
            raise RuleProblem(where, "rowCount trenger mustBeGreaterOrEqualTo.")
        return _rule(entry, "row_count_min", (), {"minimum": int(minimum)})
    if entry.metric == "duplicateValues":
        columns = tuple((entry.arguments or {}).get("properties", ()))
        if not columns:
            raise RuleProblem(where, "duplicateValues trenger arguments.properties.")
        return _rule(entry, "unique_key", columns, {})
    raise RuleProblem(
        f"{where}.metric",
        say("contracts.rules.not_on_a_table", metric=entry.metric),
    )


def _custom_rule(entry: DataQuality, where: str) -> Rule:
    if entry.type != "custom" or entry.engine != "pukk":
        raise RuleProblem(where, say("contracts.rules.needs_metric_or_custom"))
    if not isinstance(entry.implementation, dict):
        raise RuleProblem(f"{where}.implementation", say("contracts.rules.needs_kind"))
    body = dict(entry.implementation)
    kind = str(body.pop("kind", ""))
    if kind not in CUSTOM_KEYS:
        allowed = ", ".join(CUSTOM_KEYS)
        raise RuleProblem(
            f"{where}.implementation.kind", f"Ukjent regel «{kind}». Lovlige: {allowed}."
        )
    missing = [name for name in CUSTOM_KEYS[kind] if name not in body]
    if missing:
        raise RuleProblem(
            f"{where}.implementation",
            say("contracts.rules.lacks_argument", kind=kind, missing=missing[0]),
        )
    return _CUSTOM[kind](entry, body)


def _order(entry: DataQuality, body: dict[str, Any]) -> Rule:
    return _rule(entry, "order", (body["lower"], body["upper"]), {})


def _sum_equals(entry: DataQuality, body: dict[str, Any]) -> Rule:
    params = {"total": body["total"], "tolerance": body.get("tolerance", 1e-6)}
    return _rule(entry, "sum_equals", tuple(body["columns"]), params)


def _kostra_code(entry: DataQuality, body: dict[str, Any]) -> Rule:
    columns = (body["code"], body["year"])
    params = {"code_type": body["code_type"], "except_for": dict(body.get("except_for", {}))}
    return _rule(entry, "kostra_code", columns, params)


def _first_of_month(entry: DataQuality, body: dict[str, Any]) -> Rule:
    return _rule(entry, "first_of_month", (body["column"],), {})


def _row_count_min(entry: DataQuality, body: dict[str, Any]) -> Rule:
    return _rule(entry, "row_count_min", (), {"minimum": int(body["minimum"])})


def _unique_key(entry: DataQuality, body: dict[str, Any]) -> Rule:
    return _rule(entry, "unique_key", tuple(body["columns"]), {})


_CUSTOM: dict[str, Callable[[DataQuality, dict[str, Any]], Rule]] = {
    "order": _order,
    "sum_equals": _sum_equals,
    "kostra_code": _kostra_code,
    "first_of_month": _first_of_month,
    "row_count_min": _row_count_min,
    "unique_key": _unique_key,
}


def _rule(
    entry: DataQuality, kind: RuleKind, columns: tuple[str, ...], params: dict[str, Any]
) -> Rule:
    rule_id = entry.name or entry.id or "_".join((kind, *columns))
    text = entry.description or f"{kind}: {', '.join(columns)}"
    return Rule(rule_id, kind, columns, params, _severity(entry), " ".join(text.split()))


def _severity(entry: DataQuality) -> Severity:
    return "warning" if entry.severity in {"warning", "info"} else "error"


def _limits(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return say("contracts.rules.between", low=_nb(low), high=_nb(high))
    return (
        f"minst {_nb(low)}" if low is not None else say("contracts.rules.at_most", high=_nb(high))
    )


def _nb(value: float | int | None) -> str:
    return f"{value:g}".replace(".", ",") if value is not None else ""
