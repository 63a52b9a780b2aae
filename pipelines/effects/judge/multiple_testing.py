"""Benjamini-Hochberg q-values: how many of the hits at this level would be false."""

import numpy as np

from pipelines.effects.model.panel import Floats


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p-values for the false discovery rate (Benjamini and Hochberg 1995).

    Args:
        p_values: Length M, none missing.

    Returns:
        q-values in the order of the input, each >= its p and <= 1.
    """
    n = p_values.size
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * n / np.arange(1, n + 1)
    q_values = np.empty(n)
    q_values[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q_values
