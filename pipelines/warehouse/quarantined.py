"""How much is set aside, in words: rows, and the kroner, days or persons in them."""

from typing import TypedDict

from pipelines.words.numbers import counted_nb, number_nb

AMOUNTS = "rows_quarantined, quarantined_nok, quarantined_days, quarantined_persons"
"""The columns of ``ops.deliveries`` that say it."""


class SetAside(TypedDict):
    """What is set aside of a delivery or of several; what a table does not measure is null."""

    rows_quarantined: int | None
    quarantined_nok: float | None
    quarantined_days: float | None
    quarantined_persons: int | None


def quarantined_nb(row: SetAside) -> str:
    """Return «12 rader i karantene, 1 234 567 kr» of a delivery or of a sum of deliveries.

    Args:
        row: The columns ``AMOUNTS``; neither what is not measured nor nothing is said.
    """
    parts = [f"{counted_nb(row['rows_quarantined'] or 0, 'rad', 'rader')} i karantene"]
    # none of a kind is not said: rows of persons have no kroner
    if row["quarantined_nok"]:
        parts.append(f"{number_nb(row['quarantined_nok'], 0)} kr")
    if row["quarantined_days"]:
        days = row["quarantined_days"]
        decimals = 0 if float(days).is_integer() else 1
        parts.append(counted_nb(days, "dag", "dager", decimals))
    if row["quarantined_persons"]:
        parts.append(counted_nb(row["quarantined_persons"], "person", "personer"))
    return ", ".join(parts)
