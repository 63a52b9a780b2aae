"""Possible worlds: figures that fit everything known, found by linear programmes (HiGHS).

One programme moves as many hidden figures at once as it can, each no further than it needs: what it
reaches is possible for certain, since the world it found fits everything known. Only figures that
never move far enough get programmes of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
# atoms of places that share a programme: of more, a step costs each of them too much
_MOST_TOGETHER = 500
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


@dataclass(frozen=True)
class Place:
    """Atoms that rows tie together, and the hidden figures that are sums of some of them.

    Attributes:
        system: What is known of the atoms.
        cells: The figures as sums of the atoms, shape ``(n_cells, n_atoms)``.
        reach: What has been seen of the figures so far; widened here.
        singly: Which figures get programmes of their own when the common ones do not move them.
    """

    system: System
    cells: sparse.csr_array
    reach: Reach
    singly: NDArray[np.bool_]


@dataclass(frozen=True)
class _Wish:
    """The figures of a place that one programme is to move, and which way each goes."""

    place: Place
    cells: NDArray[np.int64]
    goes_up: NDArray[np.bool_]


class _Rounds:
    """The rounds of one place: whom each is for, and when rounds have done what they can."""

    def __init__(self, place: Place) -> None:
        self._place = place
        # the same worlds every time
        self._rng = np.random.default_rng(0)
        self._n_poor = 0
        self._before = place.reach.n_sought
        self._n_picked = 0

    def next(self, one_in: int) -> _Wish | None:
        """Return whom the next round is for; ``None`` when there is nobody, or no use."""
        reach = self._place.reach
        left = reach.n_sought
        if self._n_picked:
            is_poor = self._before - left < _POOR * self._n_picked
            self._n_poor = self._n_poor + 1 if is_poor else 0
        if not left or self._n_poor == _POOR_ROUNDS:
            return None
        # every other one upwards, for what rises must be met by what falls; and fewer at a time,
        # since of many that pull the same way each gets a share and none gets there
        sought = np.flatnonzero(reach.seeks)
        picked = sought[self._rng.permutation(sought.size)[: -(-sought.size // one_in)]]
        upwards = self._rng.random(len(reach.up)) < _HALF
        self._before, self._n_picked = left, picked.size
        return _Wish(self._place, picked, reach.seeks_up & (~reach.seeks_down | upwards))


def search(places: Sequence[Place]) -> None:
    """Look for worlds in which figures lie as far from the truth as they should.

    What nothing ties together moves freely of each other, so small places share a programme: most
    of what a small one costs is that it is one.

    Args:
        places: Atoms that no row ties to those of another place.
    """
    rounds = [_Rounds(place) for place in places]
    for one_in in _ROUNDS:
        asked = [(each, each.next(one_in)) for each in rounds]
        rounds = [each for each, wish in asked if wish is not None]
        for wishes in _shared([wish for _, wish in asked if wish is not None]):
            _look(wishes)
    for place in places:
        reach = place.reach
        for number in np.flatnonzero(place.singly):
            for direction in (1.0, -1.0):
                if (reach.seeks_up if direction > 0 else reach.seeks_down)[number]:
                    one = place.cells[[number]]
                    _see(reach, place.cells, furthest(place.system, one, direction))


def _shared(wishes: Sequence[_Wish]) -> Iterator[list[_Wish]]:
    """Yield the wishes that one programme is for; a large place has one of its own."""
    together: list[_Wish] = []
    n_atoms = 0
    for wish in wishes:
        n = len(wish.place.system.truth)
        if together and n_atoms + n > _MOST_TOGETHER:
            yield together
            together, n_atoms = [], 0
        together.append(wish)
        n_atoms += n
    if together:
        yield together


def _look(wishes: list[_Wish]) -> None:
    """Maximise the sum of the shares of its way that each wanted cell gets, none above one."""
    programme = _Programme()
    for wish in wishes:
        programme.add(wish)
    found = programme.best()
    if found is None:
        # what one place forbids is not to stand in another's way
        for wish in wishes if len(wishes) > 1 else ():
            _look([wish])
        return
    for wish, first in zip(wishes, programme.first_atoms, strict=True):
        place = wish.place
        _see(place.reach, place.cells, found[first : first + len(place.system.truth)])


_Entries = tuple[Floats, NDArray[np.integer[Any]], NDArray[np.integer[Any]]]


class _Programme:
    """One linear programme for some places: below each other, none with a column of another."""

    def __init__(self) -> None:
        self.first_atoms: list[int] = []
        self._entries: list[_Entries] = []
        self._goal: list[Floats] = []
        self._lowest: list[Floats] = []
        self._ends: list[tuple[Floats, Floats]] = []
        self._n_rows = self._n_columns = 0

    def add(self, wish: _Wish) -> None:
        """Add a place: its known sums, and for each wanted figure the share of its way it goes."""
        system, reach = wish.place.system, wish.place.reach
        n, k, m = len(system.truth), len(wish.cells), system.rows.shape[0]
        up = wish.goes_up[wish.cells]
        way = np.where(up, reach.to_up[wish.cells], reach.to_down[wish.cells])
        rows, cells = system.rows.tocoo(), wish.place.cells[wish.cells].tocoo()
        row, column, numbers = self._n_rows, self._n_columns, np.arange(k)
        self._entries += [
            (rows.data, row + rows.row, column + rows.col),
            # share * way <= sign * (the cell's movement)
            (np.where(up, -1.0, 1.0)[cells.row] * cells.data, row + m + cells.row,
             column + cells.col),
            (way, row + m + numbers, column + n + numbers),
        ]  # fmt: skip
        self._goal += [np.zeros(n), np.ones(k)]
        self._lowest += [np.zeros(m), np.full(k, -np.inf)]
        self._ends += [_ends(system), (np.zeros(k), np.ones(k))]
        self.first_atoms.append(column)
        self._n_rows, self._n_columns = row + m + k, column + n + k

    def best(self) -> Floats | None:
        """Return the best world; ``None`` where there is none."""
        data, row, column = map(np.concatenate, zip(*self._entries, strict=True))
        below, above = map(np.concatenate, zip(*self._ends, strict=True))
        return _best(
            np.concatenate(self._goal),
            sparse.csc_array((data, (row, column)), shape=(self._n_rows, self._n_columns)),
            np.concatenate(self._lowest),
            (below, above),
        )


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
    goal: Floats,
    rows: sparse.csr_array | sparse.csc_array,
    lowest: Floats,
    ends: tuple[Floats, Floats],
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
