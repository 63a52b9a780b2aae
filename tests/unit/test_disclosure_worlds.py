"""Places that nothing ties together share a programme, and each gets what it would get alone."""

import numpy as np
from scipy import sparse

from pipelines.disclosure.system import System
from pipelines.disclosure.worlds import Place, Reach, search

FAR = 3.0


def place(truth: list[float], lower: float) -> Place:
    """Figures of which the sum is known, the first of them hidden and sought both ways."""
    n = len(truth)
    system = System(
        np.array(truth), np.full(n, lower), np.full(n, np.inf), sparse.csr_array(np.ones((1, n)))
    )
    cells = sparse.csr_array(([1.0], ([0], [0])), shape=(1, n))
    reach = Reach.towards(np.array([FAR]), np.array([FAR]))
    return Place(system, cells, reach, np.array([False]))


def reached(one: Place) -> tuple[float, float]:
    """How far it was seen to go, as far as was asked."""
    return min(float(one.reach.down[0]), FAR), min(float(one.reach.up[0]), FAR)


def test_each_place_reaches_what_it_reaches_alone() -> None:
    def made() -> list[Place]:
        # the second can fall by two, for none is below 0, and the third not move at all
        return [place([5.0, 5.0], 0.0), place([2.0, 9.0], 0.0), place([4.0], 0.0)]

    together, alone = made(), made()
    search(together)
    for one in alone:
        search([one])
    assert [reached(one) for one in together] == [reached(one) for one in alone]
    assert [reached(one) for one in together] == [(FAR, FAR), (2.0, FAR), (0.0, 0.0)]


def test_a_place_without_any_world_stands_in_no_others_way() -> None:
    impossible, possible = place([1.0, 1.0], 2.0), place([5.0, 5.0], 0.0)
    search([impossible, possible])
    assert reached(possible) == (FAR, FAR)
    assert reached(impossible) == (0.0, 0.0)
