"""When a unit began and ended, what it continues and what became of it, in words."""

from typing import Any

from dashboards.context import Context

Row = dict[str, Any]


def life_columns(context: Context) -> tuple[str, ...]:
    """Return the columns of ``dim_units`` that ``life`` reads: an older edition has fewer."""
    wanted = ("valid_from", "valid_to", "continues", "continued_by", context.column("history"))
    return context.present("dim_units", wanted)


def life(context: Context, unit: Row) -> list[str]:
    """Return what is known of a unit's life; nothing for one that has always been there.

    Args:
        context: Generation, language and reader.
        unit: The unit's row of ``dim_units`` with ``life_columns``.
    """
    lines = []
    begins, ends = (
        context.day(unit["valid_from"]),
        context.day(unit["valid_to"]),
    )
    continues, continued_by = unit.get("continues"), unit.get("continued_by")
    if begins and continues:
        lines.append(context.t("unit_begins_after", date=begins, units=continues))
    elif begins:
        lines.append(context.t("unit_begins", date=begins))
    elif continues:
        lines.append(context.t("unit_continues", units=continues))
    if ends and continued_by:
        lines.append(context.t("unit_ends_into", date=ends, units=continued_by))
    elif ends:
        lines.append(context.t("unit_ends", date=ends))
    history = unit.get(context.column("history"))
    return [*lines, history] if history else lines
