"""Every hidden figure's interval: searched for year by year, and by what rows tie together.

A figure of a year may be made of months that nothing ties to each other. Its parts then move on
their own, and what each can do adds up.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipelines.disclosure.protection import Floats
from pipelines.disclosure.system import System, has_room
from pipelines.disclosure.worlds import Place, Reach, components, furthest, search

# a part of a year: every third month
_PARTS_OF_YEAR = 3


def search_all(
    system: System,
    hidden: sparse.csr_array,
    reach: Reach,
    years: NDArray[np.int32],
    months: NDArray[np.int32],
) -> None:
    """Look for worlds in which all figures lie as far from the truth as they should.

    Most can be moved within a few months while everything else stays as it truly is. What cannot
    is looked at again with its year free, and then with all years free.

    Args:
        system: What is known of the atoms.
        hidden: Hidden figures as sums of atoms, shape ``(n_cells, n_atoms)``.
        reach: What has been seen of them so far; widened here.
        years: The atoms' years, shape ``(n_atoms,)``.
        months: Their months of the year.
    """
    free = np.flatnonzero(has_room(system))
    for year in np.unique(years[free]):
        in_year = free[years[free] == year]
        for part in range(_PARTS_OF_YEAR):
            in_part = in_year[months[in_year] % _PARTS_OF_YEAR == part]
            _search(system, hidden, reach, in_part, None, is_last=False)
        _search(system, hidden, reach, in_year, None)
    if reach.seeks.any():
        _search(system, hidden, reach, free, years[free])


def _search(  # noqa: PLR0913 - what is known and sought, and where
    system: System,
    hidden: sparse.csr_array,
    reach: Reach,
    atoms: NDArray[np.int64],
    years: NDArray[np.int32] | None,
    *,
    is_last: bool = True,
) -> None:
    own = hidden[:, atoms].tocsr()
    sought = np.flatnonzero(reach.seeks & (np.diff(own.indptr) > 0))
    if not sought.size:
        return
    part = system.part(atoms)
    groups = list(_groups(part, own[sought], years))
    if not groups:
        return
    n_pieces = np.bincount(np.concatenate([cells for _, cells in groups]), minlength=sought.size)
    down, up = np.zeros(sought.size), np.zeros(sought.size)
    places = []
    for group, cells in groups:
        ids, n_each = sought[cells], n_pieces[cells]
        seen = Reach.towards(reach.to_down[ids] / n_each, reach.to_up[ids] / n_each)
        figures = own[ids][:, group].tocsr()
        places.append(Place(part.part(group), figures, seen, (n_each == 1) & is_last))
    search(places)
    for (_, cells), place in zip(groups, places, strict=True):
        down[cells] += place.reach.down
        up[cells] += place.reach.up
    reach.see(down, up, sought)
    if is_last:
        _together(part, own, reach, sought, groups)


def _groups(
    part: System, own: sparse.csr_array, years: NDArray[np.int32] | None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield groups of atoms tied together, each with the cells that have atoms there.

    Where years are given, only the groups of more than one year: the others were looked at.
    """
    for group in components(part):
        if years is not None and len(np.unique(years[group])) == 1:
            continue
        touched = np.flatnonzero(np.diff(own[:, group].tocsr().indptr) > 0)
        if touched.size:
            yield group, touched


def _together(
    part: System,
    own: sparse.csr_array,
    reach: Reach,
    sought: NDArray[np.int64],
    groups: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> None:
    """Add up how far each of a figure's pieces can go, where its pieces' shares were not enough."""
    of_cell: dict[int, list[NDArray[np.int64]]] = {}
    for group, cells in groups:
        for cell in cells:
            of_cell.setdefault(int(cell), []).append(group)
    for cell, places in of_cell.items():
        one = sought[[cell]]
        if len(places) > 1 and reach.seeks[one].any():
            moved: list[Floats] = []
            for direction in (1.0, -1.0):
                pieces = [(part.part(group), own[one][:, group].tocsr()) for group in places]
                moved.append(
                    np.sum([piece @ furthest(of, piece, direction) for of, piece in pieces], 0)
                )
            reach.see(-moved[1], moved[0], one)
