"""How many improvements chance alone gives among what the reader may see.

A reader of some units gets the sum of those units, never the whole municipality's as theirs.
"""

from dashboards.context import Context


def by_chance(context: Context) -> float | None:
    """Return the number over what the pages show; ``None`` where the edition does not say it."""
    level = "shown" if context.viewer.scope.is_everything else "unit"
    rows = context.rows("mart_overview", ("expected_by_chance",), scope_type=level)
    return sum(row["expected_by_chance"] for row in rows) if rows else None
