"""The family of a metric: the units that have it. Small ones give wider intervals, or none.

In a family of 6 to 19 units the six parameters and all month effects come from few series, and the
standard error comes out too small. Fewer degrees of freedom pay for it: as many as there are units
that have not started when the window ends. Which gate that opens or closes is told in ``judge``.
"""

import numpy as np

from pipelines.effects.model.panel import Floats, Panel

SMALL = 20
"""From this many units on a family is large."""
LEAST = 6
"""Below this no comparison is made inside the house."""
LEAST_WAITING = 3
"""Fewer units not started than this, and a small family answers nothing."""
DEGREES_OF_FREEDOM = 20
_MIN_SHARE = 0.75


def family_size(panel: Panel) -> int:
    """Units with values before their start: those the model is fitted on."""
    return int(panel.observed_before.any(axis=1).sum())


def waiting_through(panel: Panel, months: Floats) -> int:
    """Count the units not started when a window ends, with values in three of four of its months.

    Args:
        panel: The metric's panel.
        months: One number per month of the panel, nonzero in those of the window.
    """
    inside = np.flatnonzero(months)
    if inside.size == 0:
        return 0
    share = (~np.isnan(panel.values[:, inside])).mean(axis=1)
    return int(((panel.start > inside[-1]) & (share >= _MIN_SHARE)).sum())


def degrees_of_freedom(n_family: int, n_waiting: int) -> int:
    """Degrees of freedom of the t of an effect: 20, in a small family the units not started."""
    if n_family >= SMALL:
        return DEGREES_OF_FREEDOM
    return max(min(DEGREES_OF_FREEDOM, n_waiting), 1)


def is_answerable(n_family: int, n_waiting: int) -> bool:
    """Whether a window of a family can be told: small ones need six units, three not started."""
    return n_family >= SMALL or (n_family >= LEAST and n_waiting >= LEAST_WAITING)
