"""What is known about figures nobody shows: rows of sums and bounds, and how they tighten.

The unknown figures are called atoms. Everything is told as distances from the truth, so that a row
says ``row @ distance = 0`` and the truth itself is always one of the possible worlds. What the rows
mean is in ``atoms`` and ``figures``; what they give away is searched for in ``intervals``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.protection import Floats

_NO_ROOM = 1e-7
_MOST_ROUNDS = 60


@dataclass(frozen=True)
class System:
    """Sums that are known and bounds that hold.

    Attributes:
        truth: The atoms' true figures, shape ``(n_atoms,)``.
        lower: What they cannot be less than, ``-inf`` where nobody knows.
        upper: What they cannot be more than.
        rows: Known sums, shape ``(n_rows, n_atoms)``.
    """

    truth: Floats
    lower: Floats
    upper: Floats
    rows: sparse.csr_array

    def part(self, atoms: NDArray[np.int64]) -> "System":
        """Return the system of some atoms, the others being known: it allows less than this one."""
        rows = self.rows[:, atoms].tocsr()
        rows = rows[np.diff(rows.indptr) > 0]
        return System(self.truth[atoms], self.lower[atoms], self.upper[atoms], rows)

    @property
    def room(self) -> tuple[Floats, Floats]:
        """How far each atom may lie below and above the truth, by its bounds alone."""
        return self.truth - self.lower, self.upper - self.truth


def tightened(system: System) -> System:
    """Tighten the bounds by every row in turn until nothing more follows.

    What a row says of one atom is its sum less what the others can be. This finds most of what
    follows from differences and from figures that cannot be negative; never more than follows.

    Args:
        system: The system; its bounds hold for the truth.

    Returns:
        The same atoms and rows with narrower bounds.
    """
    below, above = system.room
    below, above = below.copy(), above.copy()
    entries = system.rows.tocoo()
    coef, row, atom = entries.data, entries.row, entries.col
    n_rows = system.rows.shape[0]
    if not coef.size:
        return system
    for _ in range(_MOST_ROUNDS):
        # a term lies in [-down, up] around its true share of the sum
        up = np.abs(coef) * np.where(coef > 0, above[atom], below[atom])
        down = np.abs(coef) * np.where(coef > 0, below[atom], above[atom])
        # a term can rise by no more than the others can fall
        rise = _others(down, row, n_rows) / np.abs(coef)
        fall = _others(up, row, n_rows) / np.abs(coef)
        new_above, new_below = above.copy(), below.copy()
        np.minimum.at(new_above, atom, np.where(coef > 0, rise, fall))
        np.minimum.at(new_below, atom, np.where(coef > 0, fall, rise))
        is_still = _same(above, new_above) and _same(below, new_below)
        above, below = new_above, new_below
        if is_still:
            break
    return System(system.truth, system.truth - below, system.truth + above, system.rows)


def _others(terms: Floats, row: NDArray[np.int32], n_rows: int) -> Floats:
    """Sum of the other terms of each term's row; infinite where another one is."""
    endless = ~np.isfinite(terms)
    finite = np.where(endless, 0.0, terms)
    sums = np.bincount(row, weights=finite, minlength=n_rows)
    n_endless = np.bincount(row, weights=endless.astype(float), minlength=n_rows)
    others_endless = n_endless[row] - endless > 0
    return np.where(others_endless, np.inf, np.maximum(sums[row] - finite, 0.0))


def _same(before: Floats, after: Floats) -> bool:
    return bool(np.allclose(before, after, rtol=0.0, atol=_NO_ROOM))


def has_room(system: System) -> NDArray[np.bool_]:
    """Return which atoms are not given away by their bounds."""
    return (system.upper - system.lower) > _NO_ROOM
