"""How many conclusions of each kind there are among what the reader may see.

A reader of some units gets the counts of those units, never the whole municipality's as theirs.
"""

from typing import Any

from dashboards.context import Context
from dashboards.reports.told import told

_COUNTED = ("n_series", "n_by_comparison", "n_by_chart", "expected_by_chance")


def counts(context: Context) -> dict[str, Any] | None:
    """Return the counts with ``chance``, the sentence on what chance alone would give.

    ``None`` when there is nothing to count.
    """
    is_all = context.viewer.scope.is_everything
    level = "municipality" if is_all else "unit"
    rows = told(context, "mart_overview", _COUNTED, ("chance",), scope_type=level)
    if not rows:
        return None
    if is_all:
        return rows[0]
    total = {name: sum(row[name] for row in rows) for name in _COUNTED}
    judged = total["n_by_comparison"] + total["n_by_chart"]
    words = context.t(
        "chance_own",
        judged=context.number(judged),
        improvements=context.number(total["expected_by_chance"], 1),
    )
    return total | {"chance": words}
