"""How likely a unit got better: of what is called likely, as many are true as is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.effects.model.shrinkage import probability_above

ESTIMATES = st.lists(st.floats(-50, 50), min_size=2, max_size=40).map(np.array)


@given(estimates=ESTIMATES)
def test_better_and_worse_are_certain_together_and_the_larger_effect_is_likelier(
    estimates: np.ndarray,
) -> None:
    variances = np.full(estimates.size, 4.0)
    likely = probability_above(estimates, variances)
    assert_allclose(likely + probability_above(-estimates, variances), 1, atol=1e-9)
    assert (np.diff(likely[np.argsort(estimates, kind="stable")]) >= -1e-9).all()


def test_of_what_is_called_likely_as_many_are_true_as_is_said() -> None:
    rng = np.random.default_rng(12)
    said, true = [], []
    for _ in range(400):
        variances = rng.uniform(0.5, 4, 20)
        effects = rng.normal(rng.normal(0, 1.5), rng.uniform(0, 2), 20)
        said.append(probability_above(effects + rng.normal(0, np.sqrt(variances)), variances))
        true.append(effects > 0)
    likely, is_above = np.concatenate(said), np.concatenate(true)
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 0.97)):
        inside = (likely >= low) & (likely < high)
        assert inside.sum() > 300
        assert is_above[inside].mean() == pytest.approx(likely[inside].mean(), abs=0.07)
