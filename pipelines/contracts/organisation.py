"""The one contract that the others lean on: the register of units, and the order that follows.

What a unit is, and how its codes are looked up, is in ``ingest.units``.
"""

from collections.abc import Iterable

FIRST_CONTRACT = "organisation"
"""Read before all others: units are looked up in it."""
REGISTER = (FIRST_CONTRACT, "units")
"""The register itself, by contract and table."""
UNIT_CODES = (FIRST_CONTRACT, "unit_codes")
UNIT_CHANGES = (FIRST_CONTRACT, "unit_changes")


def in_reading_order(contract_ids: Iterable[str]) -> list[str]:
    """Return contracts in the order they are read: the register first, the others by name."""
    return sorted(contract_ids, key=lambda name: (name != FIRST_CONTRACT, name))
