"""Possible worlds: figures that fit everything known, found by linear programmes (HiGHS).

One programme moves as many hidden figures at once as it can, each no further than it needs: what it
reaches is possible for certain, since the world it found fits everything known. Only figures that
never move far enough get programmes of their own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from pipelines.disclosure.protection import TOLERANCE, Floats
from pipelines.disclosure.system import System

# one in how many of those still sought each common programme is for
_ROUNDS = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 6, 6, 6, 6, 8, 8, 8, 8)
_HALF = 0.5
# so many rounds after each other that move so few of those they are for have done what rounds can
_POOR_ROUNDS = 2
_POOR = 0.1
_OPTIMAL = 0
# further than any figure needs: a programme without an end has no best world
_FAR = 1e9


@dataclass
class Reach:
    """How far figures were seen to move from the truth, downwards and upwards, and how far to seek.

    Attributes:
        down: Furthest below the truth in any possible world found so far, shape ``(n_cells,)``.
        up: Furthest above.
        to_down: How far down to look.
        to_up: How far up to look.
    """

    down: Floats
    up: Floats
    to_down: Floats
    to_up: Floats

    @classmethod
    def towards(cls, to_down: Floats, to_up: Floats) -> "Reach":
        """Return a reach in which only the truth has been seen."""
        nothing = np.zeros(len(to_down))
        return cls(nothing, nothing.copy(), to_down, to_up)

    def see(self, down: Floats, up: Floats, cells: NDArray[np.int64] | slice) -> None:
        """Note how far the given cells were seen to move."""
        self.down[cells] = np.maximum(self.down[cells], down)
        self.up[cells] = np.maximum(self.up[cells], up)

    @property
    def seeks_down(self) -> NDArray[np.bool_]:
        """Which figures have not been seen low enough."""
        return self.down < self.to_down - TOLERANCE

    @property
    def seeks_up(self) -> NDArray[np.bool_]:
        """Which figures have not been seen high enough."""
        return self.up < self.to_up - TOLERANCE

    @property
    def seeks(self) -> NDArray[np.bool_]:
        """Which figures have not been seen far enough one way or the other."""
        return self.seeks_down | self.seeks_up

    @property
    def n_sought(self) -> int:
        """How many ends are still sought."""
        return int(self.seeks_down.sum() + self.seeks_up.sum())


def components(system: System) -> list[NDArray[np.int64]]:
    """Return the groups of atoms that no row ties together.

    Args:
        system: Rows of known sums.
    """
    n, m = len(system.truth), system.rows.shape[0]
    entries = system.rows.tocoo()
    ones = np.ones(entries.nnz)
    graph = sparse.csr_array((ones, (entries.row + n, entries.col)), shape=(n + m, n + m))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[:n], kind="stable")
    cuts = np.flatnonzero(np.diff(label[:n][order])) + 1
    return list(np.split(order, cuts))


def search(
    system: System, cells: sparse.csr_array, reach: Reach, singly: NDArray[np.bool_]
) -> None:
    """Look for worlds in which figures lie as far from the truth as they should.

    Args:
        system: What is known of the atoms the cells are made of.
        cells: Hidden figures as sums of atoms, shape ``(n_cells, n_atoms)``.
        reach: What has been seen of them so far; widened here.
        singly: Which cells get programmes of their own when the common ones do not move them.
    """
    # the same worlds every time
    rng = np.random.default_rng(0)
    n_poor = 0
    for one_in in _ROUNDS:
        before = reach.n_sought
        if not before or n_poor == _POOR_ROUNDS:
            break
        # every other one upwards, for what rises must be met by what falls; and fewer at a time,
        # since of many that pull the same way each gets a share and none gets there
        sought = np.flatnonzero(reach.seeks)
        picked = sought[rng.permutation(sought.size)[: -(-sought.size // one_in)]]
        upwards = rng.random(len(reach.up)) < _HALF
        go_up = reach.seeks_up & (~reach.seeks_down | upwards)
        _look(system, cells, reach, picked, go_up)
        is_poor = before - reach.n_sought < _POOR * picked.size
        n_poor = n_poor + 1 if is_poor else 0
    for place in np.flatnonzero(singly):
        for direction in (1.0, -1.0):
            if (reach.seeks_up if direction > 0 else reach.seeks_down)[place]:
                _see(reach, cells, furthest(system, cells[[place]], direction))


def _look(
    system: System,
    cells: sparse.csr_array,
    reach: Reach,
    wanted: NDArray[np.int64],
    go_up: NDArray[np.bool_],
) -> None:
    """Maximise the sum of the shares of its way that each wanted cell gets, none above one."""
    n, k = len(system.truth), len(wanted)
    sign = np.where(go_up[wanted], 1.0, -1.0)
    way = np.where(go_up[wanted], reach.to_up[wanted], reach.to_down[wanted])
    # share * way <= sign * (the cell's movement)
    limits = sparse.hstack(
        [sparse.diags_array(-sign) @ cells[wanted], sparse.diags_array(way)], format="csr"
    )
    rows = sparse.hstack([system.rows, sparse.csr_array((system.rows.shape[0], k))])
    below, above = _ends(system)
    found = _best(
        np.concatenate([np.zeros(n), np.ones(k)]),
        sparse.vstack([rows, limits], format="csr"),
        np.concatenate([np.zeros(rows.shape[0]), np.full(k, -np.inf)]),
        (np.concatenate([below, np.zeros(k)]), np.concatenate([above, np.ones(k)])),
    )
    if found is not None:
        _see(reach, cells, found[:n])


def furthest(system: System, cell: sparse.csr_array, direction: float) -> Floats:
    """Return the world in which one figure is as high or as low as it can be, from the truth.

    Args:
        system: What is known.
        cell: The figure, shape ``(1, n_atoms)``.
        direction: 1 for the highest, -1 for the lowest.
    """
    goal = direction * cell.toarray().ravel()
    found = _best(goal, system.rows, np.zeros(system.rows.shape[0]), _ends(system))
    return np.zeros(len(system.truth)) if found is None else found


def _best(
    goal: Floats, rows: sparse.csr_array, lowest: Floats, ends: tuple[Floats, Floats]
) -> Floats | None:
    """Maximise a goal; no row's sum may be above 0 or below its lowest."""
    found = milp(
        -goal,
        constraints=LinearConstraint(rows, lowest, np.zeros(rows.shape[0])),
        bounds=Bounds(*ends),
    )
    return np.asarray(found.x, dtype=np.float64) if found.status == _OPTIMAL else None


def _ends(system: System) -> tuple[Floats, Floats]:
    below, above = system.room
    return -np.minimum(below, _FAR), np.minimum(above, _FAR)


def _see(reach: Reach, cells: sparse.csr_array, world: Floats) -> None:
    moved = cells @ world
    reach.see(-moved, moved, slice(None))
