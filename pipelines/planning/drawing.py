"""A start order drawn by lot that anyone can check, and orders cut into waves.

The seed is typed in after a draw that others saw, and the list's hash is noted before it, so nobody
can choose the one to get the other. Within a kind of service the units are sorted by
HMAC-SHA256(seed, unit); the unit of rank r of n gets (r + 0.5) / n, so every kind is spread evenly
over the order.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence


def draw(strata: Mapping[str, str], seed: str) -> tuple[str, ...]:
    """Return the units in the order that the seed draws.

    Args:
        strata: Unit to its kind of service.
        seed: As it was typed in.
    """
    groups: dict[str, list[str]] = {}
    for unit, stratum in strata.items():
        groups.setdefault(stratum, []).append(unit)
    placed = [
        ((rank + 0.5) / len(units), stratum, unit)
        for stratum, units in groups.items()
        for rank, unit in enumerate(sorted(units, key=lambda unit: (_ticket(seed, unit), unit)))
    ]
    return tuple(unit for _, _, unit in sorted(placed))


def list_hash(strata: Mapping[str, str]) -> str:
    """Return the SHA-256 of the list to be drawn from, to be noted before the seed is known.

    One line per unit in the units' order: the unit, a tab, its kind of service.
    """
    lines = "".join(f"{unit}\t{stratum}\n" for unit, stratum in sorted(strata.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def waves(order: Sequence[str], sizes: Sequence[int]) -> list[tuple[str, ...]]:
    """Cut an order into waves of these sizes; the last size is repeated until all are in one.

    Args:
        order: Units in their order.
        sizes: At least one, each at least 1.
    """
    cut: list[tuple[str, ...]] = []
    rest = list(order)
    while rest:
        size = sizes[min(len(cut), len(sizes) - 1)]
        cut.append(tuple(rest[:size]))
        rest = rest[size:]
    return cut


def _ticket(seed: str, unit: str) -> str:
    return hmac.new(seed.encode(), unit.encode(), hashlib.sha256).hexdigest()
