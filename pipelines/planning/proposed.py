"""Which start order is proposed: the one that finds the smallest changes, over all metrics."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_NOTHING = 4.0
"""What an order that finds nothing counts as: four times the smallest change of the best."""


@dataclass(frozen=True)
class Ranked:
    """What one order finds for one metric in one window.

    Attributes:
        order_no: The order.
        window: Months after the start.
        size: The smallest change found; None where nothing is.
        months: To the first verdict; None likewise.
    """

    order_no: int
    window: int
    size: float | None
    months: int | None


def proposed(metrics: Iterable[Sequence[Ranked]]) -> int | None:
    """Return the number of the proposed order; None where no order finds anything.

    Every metric and window counts alike: an order's smallest change against that of the best order,
    and of orders that find as much, the one whose first verdict comes first.

    Args:
        metrics: Every metric's rows, each order once per window.
    """
    shares: dict[int, list[float]] = defaultdict(list)
    first: dict[int, list[int]] = defaultdict(list)
    for row, share in _shares(metrics):
        shares[row.order_no].append(share)
        first[row.order_no] += [] if row.months is None else [row.months]
    if not shares:
        return None
    return min(
        shares,
        key=lambda number: (
            round(sum(shares[number]) / len(shares[number]), 2),
            min(first[number], default=0),
            number,
        ),
    )


def _shares(metrics: Iterable[Sequence[Ranked]]) -> Iterator[tuple[Ranked, float]]:
    """Each row with its smallest change as a share of the best order's, nothing as the most."""
    for rows in metrics:
        for window in {row.window for row in rows}:
            asked = [row for row in rows if row.window == window]
            sizes = [row.size for row in asked if row.size]
            for row in asked if sizes else []:
                yield row, min(row.size / min(sizes), _NOTHING) if row.size else _NOTHING
