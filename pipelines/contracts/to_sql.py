"""Rules about one row as SQL: what a row that keeps the rule is like, and one that breaks it.

A condition is NULL for a row that the rule has no say about. How rows are counted is in
``pipelines.quality.scan``. The SQL is DuckDB's.
"""

from collections.abc import Collection

from pipelines.contracts.kostra import Validity, kostra_validity
from pipelines.contracts.shapes import FILLED, Rule, Table

_FLOATING = frozenset({"double", "float", "real"})


def floating_columns(table: Table) -> frozenset[str]:
    """Return the columns of a table that can hold NaN."""
    return frozenset(c.name for c in table.columns if c.physical_type.lower() in _FLOATING)


def breach(rule: Rule, floating: Collection[str] = ()) -> str | None:
    """Return the condition of a row that breaks a rule; ``None`` for rules about several rows.

    Args:
        rule: A rule of a contract's table.
        floating: Columns that can hold NaN, which fills no cell.
    """
    columns = [f'"{column}"' for column in rule.columns]
    match rule.kind:
        case "not_null":
            is_nan = f" or isnan({columns[0]})" if rule.columns[0] in floating else ""
            return f"{columns[0]} is null{is_nan}"
        case "enum":
            allowed = ", ".join(_literal(value) for value in rule.params["values"])
            return f"{columns[0]} not in ({allowed})"
        case "range":
            bounds = {"<": rule.params["minimum"], ">": rule.params["maximum"]}
            return " or ".join(
                f"{columns[0]} {sign} {b}" for sign, b in bounds.items() if b is not None
            )
        case "order":
            return f"{columns[0]} > {columns[1]}"
        case "unique_key" | "row_count_min":
            return None
        case _:
            return f"not ({condition(rule)})"


def condition(rule: Rule) -> str:
    """Return the condition of a rule that the executors have no check of their own for.

    Raises:
        ValueError: for kinds that are not about one row, or that every executor has natively.
    """
    match rule.kind:
        case "pattern":
            return f"regexp_full_match({rule.columns[0]}, {_text(rule.params['pattern'])})"
        case "sum_equals":
            total = " + ".join(f"cast({column} as double)" for column in rule.columns)
            target = f"cast({rule.params['total']} as double)"
            return f"abs({total} - {target}) <= {rule.params['tolerance']!r}"
        case "first_of_month":
            return f"day({rule.columns[0]}) = 1"
        case "kostra_code":
            return _kostra(rule)
        case "empty_when_hidden":
            return _empty_when_hidden(rule)
    raise ValueError(rule.kind)


def verdict(rule: Rule) -> str:
    """Return the expression that is 1 when a row keeps the rule, 0 when not, NULL without a say.

    A number and not a truth value: pandas reads a nullable boolean as objects.
    """
    return f"cast({condition(rule)} as integer)"


def _empty_when_hidden(rule: Rule) -> str:
    marker, values = rule.params["marker"], rule.params["values"]
    marks = f"{marker} in ({', '.join(_text(value) for value in values)})"
    empty = " and ".join(f"{column} is null" for column in rule.columns)
    return f"not {f'{marker} is not null' if values == (FILLED,) else marks} or ({empty})"


def _kostra(rule: Rule) -> str:
    code, year = rule.columns
    invalid = [
        f"({code} in ({', '.join(_text(c) for c in group.codes)}) and not ({_within(group, year)}))"
        for group in kostra_validity(rule.params["code_type"])
    ]
    if not invalid:
        return "true"
    exceptions = [
        f" and {column} <> {_text(value)}"
        for column, value in rule.params.get("except_for", {}).items()
    ]
    return f"not (({' or '.join(invalid)}){''.join(exceptions)})"


def _within(group: Validity, year: str) -> str:
    spans = []
    for first, last in group.years:
        bounds = [f"{year} >= {first}"] if first is not None else []
        bounds += [f"{year} <= {last}"] if last is not None else []
        spans.append(" and ".join(bounds))
    return " or ".join(spans)


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _literal(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)
