"""Months of the introduction, and a fit that is kept until a figure changes."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.effects.model.as_measured import Series, Window, measure
from pipelines.effects.model.cache import cached_fit, is_kept
from pipelines.effects.model.panel import build_panel


def test_the_months_of_the_introduction_do_not_count_as_missing_before() -> None:
    values = np.arange(40.0)
    values[20:25] = np.nan
    nothing = np.full(40, np.nan)
    series = Series(values, nothing, nothing, factor=1, start=25, first_calendar_month=1, gap=5)
    measured = measure(series, Window(before=12, after=12, is_preliminary=False))
    assert (measured.n_before, measured.n_after) == (12, 12)
    assert measured.mean_before == pytest.approx(np.arange(8, 20).mean())
    assert measured.mean_after == pytest.approx(np.arange(25, 37).mean())


def test_a_fit_is_kept_until_a_figure_changes(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    values = pl.DataFrame(
        [
            {"unit_id": unit, "month": date(2010 + m // 12, m % 12 + 1, 1), "value": rng.normal()}
            for unit in "ab"
            for m in range(24)
        ]
    )
    units = pl.DataFrame(
        {"unit_id": ["a", "b"], "employees": [9.0, 12.0], "lean_start": [None, None]},
        schema_overrides={"lean_start": pl.Date},
    )
    panel = build_panel(values, units)
    assert not is_kept(tmp_path, panel)
    cached_fit(tmp_path, panel)
    assert is_kept(tmp_path, panel)
    changed = values.with_columns(value=pl.col("value") + (pl.col("month") == date(2010, 1, 1)))
    assert not is_kept(tmp_path, build_panel(changed, units))
