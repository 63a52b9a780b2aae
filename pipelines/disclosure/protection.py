"""How much room a hidden figure must have, in figures: the protection level turned into distances.

A hidden figure x of which an outsider can say that it lies in [L, U] is protected when U - x is at
least the larger of the least distance and p % of x, x - L at least p % of x, and U - L at least the
least distance; so zeros are protected too. The level itself is ``municipality.protection``. What a
figure's own visible total says is trivial: a part of a shown total of 0.3 days lies in [0, 0.3],
and no rule can make it wider. Of a difference (pay after the refund) the secret is what is taken
off, and shares are of that: the rest is a figure of its own, shown or judged by itself.

Source: Hundepool et al. (2010), Handbook on Statistical Disclosure Control, chapters 4.2 and 4.4.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.municipality.protection import PROTECTION

# what is computed in floating point from figures with six decimals
TOLERANCE = 1e-4
# never less than a krone
_LEAST_NOK = 1.0
_PER_CENT = 100.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Secrets:
    """Hidden figures, each array of shape ``(n,)``.

    Attributes:
        x: The figures.
        size: How much each keeps secret, at least 0; shares are of that.
        is_nok: Which of them are kroner; the others are days, persons or cases.
        lowest: What each figure's own visible totals allow, downwards.
        highest: The same, upwards.
        is_secret: Which are hidden for their own sake; of those that are hidden to protect others
            it is enough that nobody knows them (the handbook, chapter 4.4.1).
    """

    x: Floats
    size: Floats
    is_nok: NDArray[np.bool_]
    lowest: Floats
    highest: Floats
    is_secret: NDArray[np.bool_]

    def narrow(self) -> Floats:
        """Return the widths below which an interval gives the figure away, the trivial left out."""
        return np.minimum(self._least(), self.highest - self.lowest)

    def needed(self) -> tuple[Floats, Floats]:
        """Return how far below and above each figure its interval must reach.

        Returns:
            Distances ``(down, up)``, both at least 0.
        """
        least = self._least()
        share = np.where(self.is_secret, PROTECTION.pct / _PER_CENT * self.size, 0.0)
        up = np.clip(np.minimum(np.maximum(least, share), self.highest - self.x), 0.0, None)
        down = np.clip(np.minimum(np.maximum(share, least - up), self.x - self.lowest), 0.0, None)
        return down, up

    def _least(self) -> Floats:
        # nothing taken off must be hidden too: then by a share of what it would be taken off
        of_nok = np.where(self.size > 0, self.size, np.abs(self.x))
        nok = np.maximum(PROTECTION.nok_pct / _PER_CENT * of_nok, _LEAST_NOK)
        return np.where(self.is_nok, nok, PROTECTION.least)
