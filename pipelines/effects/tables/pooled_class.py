"""Which of the seven classes a group of units has: the headline's own table, without a chart.

The table is the seed ``headline_rules`` and the class of each headline stands in ``headlines``;
nothing is decided here.
"""

from csv import DictReader
from functools import cache

from pipelines.settings import DBT_DIR

_SEEDS = DBT_DIR / "seeds"
# a group of units has no control chart of its own
_NO_CHART = ("none", "*")


def pooled_class(verdict: str | None, precision: str | None, persistence: str | None) -> str | None:
    """Return the class of a pooled row; ``None`` where it has no verdict, as a contrast.

    Args:
        verdict: What was judged.
        precision: Where no change was found: whether one that matters is ruled out.
        persistence: Whether what got better lasted.

    Raises:
        KeyError: the truth table has no row for it.
    """
    if verdict is None:
        return None
    # as the macro effect_class
    if verdict == "improved":
        return _classes()[f"improved_{persistence or 'unclear'}"]
    return _classes()[precision if precision is not None else verdict]


@cache
def _classes() -> dict[str, str]:
    of_headline = {row["headline"]: row["verdict_class"] for row in _rows("headlines")}
    return {
        row["effect_class"]: of_headline[row["headline"]]
        for row in _rows("headline_rules")
        if row["chart_verdict"] in _NO_CHART
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(DictReader(file))
