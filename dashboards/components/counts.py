"""How many conclusions of each kind there are among what the reader may see.

A reader of some units gets the counts of those units, never the whole municipality's as theirs.
"""

from typing import Any

from dashboards.context import Context

_COUNTED = (
    "n_series", "n_by_comparison", "n_by_chart", "n_improved", "n_association", "n_worsened",
    "n_association_worsened", "n_changed", "n_association_changed", "n_no_change", "n_cannot_tell",
    "n_too_little_data", "n_not_interpretable", "n_suppressed", "expected_by_chance",
)  # fmt: skip


def counts(context: Context) -> dict[str, Any] | None:
    """Return the counts with ``chance``, the sentence on what chance alone would give.

    ``None`` when there is nothing to count.
    """
    chance = context.column("expected_by_chance")
    is_all = context.viewer.scope.is_everything
    rows = context.rows(
        "mart_overview", (*_COUNTED, chance), scope_type="municipality" if is_all else "unit"
    )
    if not rows:
        return None
    if is_all:
        return rows[0] | {"chance": rows[0][chance]}
    total = {name: sum(row[name] for row in rows) for name in _COUNTED}
    judged = total["n_by_comparison"] + total["n_by_chart"]
    words = context.t(
        "chance_own",
        judged=context.number(judged),
        improvements=context.number(total["expected_by_chance"], 1),
    )
    return total | {"chance": words}
