"""What a published table promises, as readers of each language are told it.

What those who deliver are told when a rule is broken is in bokmål, where the rule is made.
"""

from collections.abc import Iterable

from pipelines.contracts.shapes import Column, Rule, Table
from pipelines.words.catalogue import text
from pipelines.words.numbers import any_value


def label_of(column: Column, language: str) -> str:
    """Return what a column is called in a language; bokmål where it is not written in it."""
    told = {"nn": column.label_nn, "en": column.label_en}
    return told.get(language) or column.business_name or column.name


def table_label(table: Table, language: str) -> str:
    """Return what a table is called in a language; bokmål where it is not written in it."""
    return {"nn": table.label_nn, "en": table.label_en}.get(language) or table.business_name


def promised(rules: Iterable[Rule], table: Table, language: str) -> str:
    """Return what some rules of a table promise, a sentence each; empty when there are none.

    Args:
        rules: Those to tell, of that table.
        table: Whose columns they name.
        language: The reader's.
    """
    return " ".join(_sentence(rule, table, language) for rule in rules)


def _sentence(rule: Rule, table: Table, language: str) -> str:
    labels = [label_of(table.column(name), language) for name in rule.columns]
    params = rule.params
    if rule.kind == "range":
        return _within(labels[0], params["minimum"], params["maximum"], language)
    if rule.kind == "enum":
        allowed = ", ".join(str(value) for value in params["values"])
        return text("promise.enum", language, column=labels[0], allowed=allowed)
    if rule.kind == "sum_equals":
        total = params["total"]
        is_column = isinstance(total, str)
        whole = f"«{label_of(table.column(total), language)}»" if is_column else str(total)
        parts = ", ".join(f"«{label}»" for label in labels)
        return text("promise.sum_equals", language, columns=parts, total=whole)
    places = {
        "not_null": {"column": labels[:1]},
        "unique_key": {"columns": [", ".join(rule.columns)]},
        "order": {"lower": labels[:1], "upper": labels[-1:]},
        "empty_when_hidden": {"column": [_marker(params.get("marker"), table, language)]},
    }.get(rule.kind)
    if places is None:  # a form, a code: told as those who deliver are
        return rule.description_nb
    return text(f"promise.{rule.kind}", language, **{key: each[0] for key, each in places.items()})


def _marker(name: object, table: Table, language: str) -> str:
    return label_of(table.column(name), language) if isinstance(name, str) else ""


def _within(column: str, low: float | None, high: float | None, language: str) -> str:
    said = [any_value(float(limit), language) for limit in (low, high) if limit is not None]
    if low is not None and high is not None:
        return text("promise.between", language, column=column, low=said[0], high=said[1])
    key = "promise.at_least" if low is not None else "promise.at_most"
    return text(key, language, column=column, limit=said[0])
