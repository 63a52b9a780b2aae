"""Month effects of several start orders of one waiting list, worked out together.

How sure the month effects are follows from who is measured before whom starts. Orders differ only
in when those who wait start, so a unit's own covariance is taken apart once, over the most months
that any order gives it before its start, and each order is given its part. What a start order finds
is in ``detectable``.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import cholesky, solve, solve_triangular

from pipelines.effects.model.kernel import KernelParams, covariance
from pipelines.effects.model.panel import Floats, Panel


def covariances_of_months(panels: Sequence[Panel], params: KernelParams) -> list[Floats]:
    """Return the covariance of the month effects of each panel, as ``fit.month_effects`` has it.

    With ``L`` from ``V = L L'``, the inverse of ``V`` of the first ``k`` months is the sum over the
    first ``k`` rows ``r`` of ``inv(L)`` of ``r r'``: months that come later only add to it.

    Args:
        panels: Of the same units and months, different only in who starts when.
        params: The metric's covariance parameters.

    Returns:
        Months x months per panel, 0 in the rows and columns of months in which nobody waits.
    """
    n_units, n_months = panels[0].values.shape
    precisions = [np.zeros((n_months, n_months)) for _ in panels]
    for unit in range(n_units):
        starts = [int(panel.start[unit]) for panel in panels]
        longest = panels[int(np.argmax(starts))]
        months = np.flatnonzero(longest.observed_before[unit])
        if months.size == 0:
            continue
        scale = float(longest.noise_scale[unit])
        whole = cholesky(covariance(params, scale, months, months), lower=True)
        rows = solve_triangular(whole, np.eye(months.size), lower=True)
        known, done = np.zeros((months.size, months.size)), 0
        for start in sorted(set(starts)):
            end = int(np.searchsorted(months, start))
            known[:end, :end] += rows[done:end, :end].T @ rows[done:end, :end]
            done = end
            part, place = known[:end, :end], np.ix_(months[:end], months[:end])
            for order, precision in enumerate(precisions):
                if starts[order] == start:
                    precision[place] += part
    return [_inverse(precision) for precision in precisions]


def _inverse(precision: Floats) -> Floats:
    seen = np.flatnonzero(precision.diagonal() > 0)
    found = np.zeros_like(precision)
    block = precision[np.ix_(seen, seen)]
    found[np.ix_(seen, seen)] = solve(block, np.eye(seen.size), assume_a="pos")
    return found
