"""What is computed in closed form, held against the library that others use for it."""

from typing import Literal

import numpy as np
import pytest
from numpy.testing import assert_allclose

from pipelines.effects.beside.event_study import (
    Staggered,
    callaway_santanna,
    imputation,
    library_callaway_santanna,
    library_imputation,
)
from pipelines.effects.beside.group_time import averaged
from pipelines.effects.beside.imputation import impute
from tests.statistics.effect_worlds import small_panel


def _holed(case: str, seed: int) -> Staggered:
    panel = small_panel(seed, n_units=26, n_months=52, holes=0.3 if case == "holes" else 0.02)
    values, start = panel.values.copy(), panel.start
    since = np.arange(values.shape[1]) - start[:, None]
    values[since >= 24] = np.nan
    if case == "introduction":
        values[(since < 0) & (since >= -2)] = np.nan
    elif case == "late unit":
        values[0, : start[0]] = np.nan
    elif case == "empty unit":
        values[4] = np.nan
    elif case == "empty month":
        values[:, 20] = np.nan
    elif case == "first months":
        values[:, :3] = np.nan
    elif case == "early start":  # nothing to compare with before it, and others wait for it
        start = np.where(start == start.min(), 2, start)
    elif case == "last months":
        values[start == values.shape[1], 50:] = np.nan
    return Staggered(values, start, 3 if case in ("introduction", "uneven") else 0)


@pytest.mark.filterwarnings("ignore:Rank condition", "ignore:ImputationDiD variance")
@pytest.mark.parametrize(
    "case",
    ["plain", "holes", "introduction", "uneven", "late unit", "empty unit", "empty month",
     "last months"],
)  # fmt: skip
def test_the_closed_form_of_imputation_is_what_the_library_gives(case: str) -> None:
    for seed in (1, 5):
        design = _holed(case, seed)
        ours, theirs = imputation(design), library_imputation(design)
        assert len(ours) > 12
        assert [(e.month, e.n_units) for e in ours] == [(e.month, e.n_units) for e in theirs]
        # the library finds the levels by going back and forth until little moves
        for name in ("estimate", "se"):
            found = [getattr(estimate, name) for estimate in ours]
            wanted = [getattr(estimate, name) for estimate in theirs]
            assert_allclose(found, wanted, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("control", ["not_yet", "never"])
@pytest.mark.parametrize(
    "case",
    ["plain", "holes", "introduction", "uneven", "late unit", "empty unit", "empty month",
     "first months", "early start"],
)  # fmt: skip
def test_the_closed_form_of_group_time_effects_is_what_the_library_gives(
    case: str, control: Literal["not_yet", "never"]
) -> None:
    for seed in (1, 5):
        design = _holed(case, seed)
        found = averaged(
            design.values, design.start, design.anticipation, is_never=control == "never"
        )
        # where a month is empty the base is another, and the library is asked
        assert (found is None) == (case == "empty month")
        ours = callaway_santanna(design, control)
        theirs = library_callaway_santanna(design, control)
        assert len(ours) > 24
        assert [(e.month, e.n_units) for e in ours] == [(e.month, e.n_units) for e in theirs]
        for name in ("estimate", "se"):
            wanted = [getattr(estimate, name) for estimate in theirs]
            assert_allclose([getattr(e, name) for e in ours], wanted, rtol=1e-10, atol=1e-12)


def test_units_that_share_no_month_before_are_left_to_the_library() -> None:
    panel = small_panel(3, n_units=24, n_months=50, holes=0)
    values = panel.values.copy()
    apart = panel.start == panel.n_months
    values[apart, :40], values[~apart, 40:] = np.nan, np.nan
    assert impute(values, panel.start, 0) is None
