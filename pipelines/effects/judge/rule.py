"""The rule that judges a series: which test it is held to, its q and its verdict.

A target locked before its cycle began is one test (``registered``): p and the good sign. What is
seen afterwards (``screened``) must also hold against all other series of the same metric, never
against other metrics. How wide the t is in a small family is in ``pipelines.effects.model``. Gates
that stop a series before it is judged live in ``verdicts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.effects.judge.multiple_testing import benjamini_hochberg
from pipelines.effects.judge.verdicts import Precision, Verdict, judge, precision_of
from pipelines.effects.model.inputs import Rules

Basis = Literal["registered", "screened"]


@dataclass(frozen=True)
class Tested:
    """One series that passed the gates, as the rule sees it.

    Attributes:
        metric_id: Whose family it belongs to.
        p: Two-sided.
        low: Lower end of the 95 % interval.
        high: Upper end.
        is_good: The effect is for the better; None if no direction is better.
        relevant: The smallest effect that matters, None if none is fixed.
        is_registered: It is the locked target of its cycle.
    """

    metric_id: str
    p: float
    low: float
    high: float
    is_good: bool | None
    relevant: float | None
    is_registered: bool = False


@dataclass(frozen=True)
class Judged:
    """What the rule says of one series.

    Attributes:
        basis: The test it was held to.
        q: Among the screened series of its metric; None for a registered one.
        n_tested: Series of its metric that were screened; 1 for a registered one, a test by itself.
        verdict: improved, worsened, changed or no_detectable_change.
        precision: Of no detectable change, else None.
    """

    basis: Basis
    q: float | None
    n_tested: int
    verdict: Verdict
    precision: Precision | None


def judge_series(series: Sequence[Tested], rules: Rules) -> list[Judged]:
    """Judge all series of a municipality that passed the gates.

    Args:
        series: In any order; one metric's series make a family.
        rules: Largest p and q of a finding.

    Returns:
        One verdict per series, in the order given.
    """
    q_values = screened_q([(each.metric_id, each.p, each.is_registered) for each in series])
    screened = [each.metric_id for each in series if not each.is_registered]
    judged = []
    for each, q in zip(series, q_values, strict=True):
        verdict = judge(each.p, q, rules, is_good=each.is_good)
        precision = None
        if verdict == "no_detectable_change":
            precision = precision_of(each.p, (each.low, each.high), each.relevant, rules)
        judged.append(
            Judged(
                basis="registered" if each.is_registered else "screened",
                q=q,
                n_tested=1 if each.is_registered else screened.count(each.metric_id),
                verdict=verdict,
                precision=precision,
            )
        )
    return judged


def screened_q(series: Sequence[tuple[str, float, bool]]) -> list[float | None]:
    """Benjamini-Hochberg within each family, over the series that are not registered.

    Args:
        series: Family, p, and whether it is registered.

    Returns:
        One q per series, None for a registered one.
    """
    places: dict[str, list[int]] = {}
    for place, (family, _, is_registered) in enumerate(series):
        if not is_registered:
            places.setdefault(family, []).append(place)
    found: list[float | None] = [None] * len(series)
    for members in places.values():
        q_values = benjamini_hochberg(np.array([series[place][1] for place in members]))
        for place, q in zip(members, q_values, strict=True):
            found[place] = float(q)
    return found
