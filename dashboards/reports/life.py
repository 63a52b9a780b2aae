"""When a unit began and ended, what it continues and what became of it, in words."""

from typing import Any

from dashboards.context import Context
from dashboards.text.formats import day

Row = dict[str, Any]


def life_columns(context: Context) -> tuple[str, ...]:
    """Return the columns of ``dim_units`` that ``life`` is read from."""
    return ("valid_from", "valid_to", "continues", "continued_by", context.column("history"))


def life(context: Context, unit: Row) -> list[str]:
    """Return what is known of a unit's life; nothing for one that has always been there.

    Args:
        context: Generation, language and reader.
        unit: The unit's row of ``dim_units`` with ``life_columns``.
    """
    lines = []
    begins, ends = day(unit["valid_from"]), day(unit["valid_to"])
    if begins and unit["continues"]:
        lines.append(context.t("unit_begins_after", date=begins, units=unit["continues"]))
    elif begins:
        lines.append(context.t("unit_begins", date=begins))
    elif unit["continues"]:
        lines.append(context.t("unit_continues", units=unit["continues"]))
    if ends and unit["continued_by"]:
        lines.append(context.t("unit_ends_into", date=ends, units=unit["continued_by"]))
    elif ends:
        lines.append(context.t("unit_ends", date=ends))
    history = unit[context.column("history")]
    return [*lines, history] if history else lines
