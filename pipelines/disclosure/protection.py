"""How much room a hidden figure must have, in figures: the protection level turned into distances.

A hidden figure x of which an outsider can say that it lies in [L, U] is protected when U - x is at
least the larger of the least distance and p % of x, x - L at least p % of x, and U - L at least the
least distance; so zeros are protected too. The level itself is ``municipality.protection``. What a
figure's own visible total says is trivial: a part of a shown total of 0.3 days lies in [0, 0.3],
and no rule can make it wider.

Source: Hundepool et al. (2010), Handbook on Statistical Disclosure Control, chapters 4.2 and 4.4.
"""

import numpy as np
from numpy.typing import NDArray

from pipelines.municipality.protection import PROTECTION

# what is computed in floating point from figures with six decimals
TOLERANCE = 1e-4
# never less than a krone
_LEAST_NOK = 1.0
_PER_CENT = 100.0

Floats = NDArray[np.float64]


def narrow(x: Floats, is_nok: NDArray[np.bool_], lowest: Floats, highest: Floats) -> Floats:
    """Return the widths below which an interval gives the figure away, the trivial ones left out.

    Args:
        x: The hidden figures, shape ``(n,)``.
        is_nok: Which of them are kroner; the others are days, persons or cases.
        lowest: What each figure's own visible totals allow, downwards.
        highest: The same, upwards.
    """
    return np.minimum(_least(x, is_nok), highest - lowest)


def needed(
    x: Floats,
    is_nok: NDArray[np.bool_],
    lowest: Floats,
    highest: Floats,
    is_secret: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Return how far below and above each figure its interval must reach.

    Args:
        x: As in ``narrow``, and so are the next three.
        is_nok: Which are kroner.
        lowest: What its own visible totals allow, downwards.
        highest: The same, upwards.
        is_secret: Which are hidden for their own sake; of those that are hidden to protect others
            it is enough that nobody knows them (the handbook, chapter 4.4.1).

    Returns:
        Distances ``(down, up)``, both at least 0.
    """
    least = _least(x, is_nok)
    share = np.where(is_secret, PROTECTION.pct / _PER_CENT * np.abs(x), 0.0)
    up = np.clip(np.minimum(np.maximum(least, share), highest - x), 0.0, None)
    down = np.clip(np.minimum(np.maximum(share, least - up), x - lowest), 0.0, None)
    return down, up


def _least(x: Floats, is_nok: NDArray[np.bool_]) -> Floats:
    nok = np.maximum(PROTECTION.nok_pct / _PER_CENT * np.abs(x), _LEAST_NOK)
    return np.where(is_nok, nok, PROTECTION.least)
