"""Designs the product does not offer, for the reference cases only: by hand, or from diff-diff."""

import numpy as np
import polars as pl
from diff_diff import HonestDiD, TwoWayFixedEffects

from pipelines.effects.beside.event_study import Block

_WARM_UP, _ROUNDS = 100, 10_000


def two_way_fixed_effects(values: np.ndarray, treated: np.ndarray) -> tuple[float, float]:
    """One coefficient with units' and times' means taken out; standard error by unit clusters."""
    n_units, n_times = values.shape
    x, y = (_swept(part.astype(float)) for part in (treated, values))
    coefficient = float((x * y).sum() / (x**2).sum())
    scores = (x * (y - coefficient * x)).sum(axis=1)
    # columns that units' means take no part in: the coefficient and the times
    free = values.size - 1 - n_times
    small = n_units / (n_units - 1) * (values.size - 1) / free
    return coefficient, float(np.sqrt(small * (scores**2).sum()) / (x**2).sum())


def _swept(part: np.ndarray) -> np.ndarray:
    swept: np.ndarray = part - part.mean(1, keepdims=True) - part.mean(0) + part.mean()
    return swept


def synthetic_control(block: Block) -> float:
    """Synthetic control on outcomes with the weights of the synthdid authors' own search.

    That search stops early and once throws out small weights; at the true optimum Proposition 99
    gives -19.51, not the published -19.62.
    """
    donors = block.values[~block.is_treated]
    target = block.values[block.is_treated].mean(axis=0)
    before = donors[:, : block.n_before].T
    noise = np.diff(donors[:, : block.n_before], axis=1).std(ddof=1)
    weights = np.full(donors.shape[0], 1 / donors.shape[0])
    weights = _frank_wolfe(before, target[: block.n_before], weights, noise, _WARM_UP)
    weights[weights <= weights.max() / 4] = 0
    weights /= weights.sum()
    weights = _frank_wolfe(before, target[: block.n_before], weights, noise, _ROUNDS)
    return float((target - weights @ donors)[block.n_before :].mean())


def _frank_wolfe(
    columns: np.ndarray, target: np.ndarray, weights: np.ndarray, noise: float, rounds: int
) -> np.ndarray:
    penalty, smallest = columns.shape[0] * (1e-6 * noise) ** 2, (1e-5 * noise) ** 2
    before = np.inf
    for _ in range(rounds):
        gap = columns @ weights - target
        slope = columns.T @ gap + penalty * weights
        step = -weights
        step[np.argmin(slope)] += 1
        moved = columns @ step
        length = -(slope @ step) / (moved @ moved + penalty * (step @ step))
        weights = weights + np.clip(length, 0, 1) * step
        now = float(((columns @ weights - target) ** 2).mean())
        if before - now < smallest:
            break
        before = now
    return weights


def event_study_by_hand(
    data: pl.DataFrame, base: int = 2013, start: int = 2014
) -> dict[int, float]:
    """Differences of differences against the base year, states that start in ``start``."""
    wide = data.pivot("year", index=["stfips", "yexp2"], values="dins")
    mine = (wide["yexp2"] == start).fill_null(value=False)
    return {
        int(year): (wide.filter(mine)[year] - wide.filter(mine)[str(base)]).mean()
        - (wide.filter(~mine)[year] - wide.filter(~mine)[str(base)]).mean()
        for year in wide.columns[2:]
        if int(year) != base
    }


def smoothness_intervals(
    data: pl.DataFrame, limits: list[float], base: int = 2013, start: int = 2014
) -> list[tuple[float, float]]:
    """Fixed-length intervals of the first year after, bends of at most M between years."""
    after = sorted(year for year in data["year"].unique() if year >= start)
    first = np.eye(len(after))[0]
    frame = data.with_columns(
        (pl.col("yexp2") == start).fill_null(value=False).cast(pl.Int8).alias("treated")
    ).select("stfips", "year", "dins", "treated")
    study = TwoWayFixedEffects(cluster="stfips").fit(
        frame.to_pandas(),
        outcome="dins",
        treatment="treated",
        unit="stfips",
        time="year",
        event_study=True,
        post_periods=after,
        reference_period=base,
    )
    found = []
    for limit in limits:
        honest = HonestDiD(method="smoothness", M=limit, l_vec=first).fit(study)
        found.append((float(honest.ci_lb), float(honest.ci_ub)))
    return found
