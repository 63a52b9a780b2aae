"""Start orders that are compared, and what each gives each unit: the month it starts.

Which units come first is another question, answered by lot (``drawing``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from pipelines.ingest.target_locks import LOOKS
from pipelines.planning.drawing import waves

WINDOWS = LOOKS
"""Months after the start at which a verdict is taken: those that can be locked."""


@dataclass(frozen=True)
class Order:
    """Waves of units and the months between them.

    Attributes:
        n_waves: How many waves all are cut into; None = as many as ``size`` gives.
        size: Units per wave; None = as equal as can be.
        months_between: Months from the start of one wave to that of the next.
    """

    n_waves: int | None
    size: int | None
    months_between: int

    def sizes(self, n_units: int) -> list[int]:
        """Return the size of each wave, the largest first; they sum to ``n_units``."""
        if self.size is not None:
            cut = waves([str(n) for n in range(n_units)], [self.size])
            return [len(wave) for wave in cut]
        n_waves = min(self.n_waves or 1, n_units)
        rest, sizes = n_units, []
        for left in range(n_waves, 0, -1):
            sizes.append(ceil(rest / left))
            rest -= sizes[-1]
        return sizes

    def months(self, n_units: int) -> list[int]:
        """Return the month of start by place in the order, counted from the first wave's."""
        return [
            number * self.months_between
            for number, size in enumerate(self.sizes(n_units))
            for _ in range(size)
        ]


COMPARED: Sequence[Order] = (
    Order(1, None, 0),
    Order(2, None, 12),
    Order(2, None, 24),
    Order(None, 6, 8),
    Order(3, None, 12),
    Order(None, 4, 6),
    Order(None, 6, 12),
)
