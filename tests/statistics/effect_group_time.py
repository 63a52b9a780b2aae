"""Group-time effects and their averages by plain means and influence functions, without diff-diff.

Callaway and Sant'Anna (2021) without covariates, written for the reference cases only.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class GroupTime:
    """ATT(g, t) with the units' influence on each; ``effects[i]`` belongs to ``cells[i]``."""

    cells: list[tuple[int, int]]
    effects: np.ndarray
    influence: np.ndarray
    shares: dict[int, float]
    member: dict[int, np.ndarray]

    def se(self, place: int) -> float:
        return spread(self.influence[:, place])

    def average(self, places: list[int]) -> tuple[float, np.ndarray]:
        """Mean of cells weighted by group size, and its influence, that of the weights included."""
        groups = [self.cells[place][0] for place in places]
        share = np.array([self.shares[g] for g in groups])
        total = share.sum()
        belongs = np.column_stack([self.member[g] - self.shares[g] for g in groups])
        by_weights = belongs / total - np.outer(belongs.sum(axis=1), share) / total**2
        effects, weights = self.effects[places], share / total
        moved = self.influence[:, places] @ weights + by_weights @ effects
        return float(weights @ effects), moved

    def mean_of(self, parts: list[tuple[float, np.ndarray]]) -> tuple[float, float]:
        """Plain mean of averages, with its standard error."""
        return (
            float(np.mean([effect for effect, _ in parts])),
            spread(np.mean([moved for _, moved in parts], axis=0)),
        )

    def pretest(self) -> float:
        """Wald statistic of all effects before the start."""
        early = [place for place, (group, time) in enumerate(self.cells) if time < group]
        n = self.influence.shape[0]
        variance = self.influence[:, early].T @ self.influence[:, early] / n
        effects = self.effects[early]
        return float(n * effects @ np.linalg.solve(variance, effects))


def spread(influence: np.ndarray) -> float:
    return float(np.sqrt((influence**2).sum()) / influence.size)


def group_time(
    values: np.ndarray, times: list[int], groups: np.ndarray, *, never: bool
) -> GroupTime:
    """Estimate every cell.

    Args:
        values: Units x times, complete.
        times: Ascending.
        groups: First treated time per unit, 0 = never.
        never: Compare with never-treated units only, else with all not yet treated.
    """
    cells, effects, influences = [], [], []
    for group in sorted(set(groups) - {0}):
        for place in range(1, len(times)):
            base = place - 1 if times[place] < group else times.index(group) - 1
            latest = max(times[place], times[base])
            waits = groups == 0 if never else (groups == 0) | (groups > latest)
            change = values[:, place] - values[:, base]
            mine, others = groups == group, waits & (groups != group)
            gap = change[mine].mean() - change[others].mean()
            influence = np.where(mine, (change - change[mine].mean()) / mine.mean(), 0)
            influence -= np.where(others, (change - change[others].mean()) / others.mean(), 0)
            cells.append((int(group), times[place]))
            effects.append(gap)
            influences.append(influence)
    names = sorted({group for group, _ in cells})
    return GroupTime(
        cells,
        np.array(effects),
        np.column_stack(influences),
        {g: float((groups == g).mean()) for g in names},
        {g: (groups == g).astype(float) for g in names},
    )
