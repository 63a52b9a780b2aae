"""How much is set aside, in words: rows, and the kroner, days or persons in them."""

from collections.abc import Mapping
from typing import Any

from pipelines.desk.figures import number

AMOUNTS = "rows_quarantined, quarantined_nok, quarantined_days, quarantined_persons"
"""The columns of ``ops.deliveries`` that say it."""


def quarantined_nb(row: Mapping[str, Any]) -> str:
    """Return «12 rader i karantene, 1 234 567 kr» of a delivery or of a sum of deliveries.

    Args:
        row: The columns ``AMOUNTS``; what a table does not measure is null.
    """
    n = row["rows_quarantined"] or 0
    parts = [f"{number(n, 0)} {'rad' if n == 1 else 'rader'} i karantene"]
    if row["quarantined_nok"] is not None:
        parts.append(f"{number(row['quarantined_nok'], 0)} kr")
    if row["quarantined_days"] is not None:
        parts.append(f"{number(row['quarantined_days'], 1).removesuffix(',0')} dager")
    if row["quarantined_persons"] is not None:
        persons = row["quarantined_persons"]
        parts.append(f"{number(persons, 0)} {'person' if persons == 1 else 'personer'}")
    return ", ".join(parts)
