"""Every reference case within its tolerance; the whole batch only under the calibration marker."""

import os
from pathlib import Path

import polars as pl
import pytest

from tests.statistics.effect_batch import batch_checks, batch_summary
from tests.statistics.effect_cases import (
    Check,
    batch_folders,
    city_folders,
    city_inputs,
    kernel_files,
)
from tests.statistics.effect_designs import design_checks, design_folders
from tests.statistics.effect_runner import city_checks, city_models, kernel_checks

PANELS_PER_SCENARIO = 1


def broken(checks: list[Check]) -> list[str]:
    assert checks, "no check was made"
    return [f"{c.case}: {c.what} = {c.measured:.4g}" for c in checks if not c.ok]


def test_there_are_cases() -> None:
    found = [kernel_files(), city_folders(), batch_folders(), design_folders()]
    # a folder of further cases need not have every kind
    assert any(found)
    assert all(found) or "PUKK_EFFECT_CASES" in os.environ


@pytest.mark.parametrize("file", kernel_files(), ids=lambda file: file.stem)
def test_the_formulas_give_the_expected_numbers_at_given_parameters(file: Path) -> None:
    assert broken(list(kernel_checks(file))) == []


@pytest.mark.parametrize("folder", city_folders(), ids=lambda folder: folder.name)
def test_a_whole_municipality_agrees_with_an_independent_implementation(
    folder: Path, tmp_path: Path
) -> None:
    models = city_models(city_inputs(folder), tmp_path)
    assert broken(list(city_checks(folder, models))) == []


@pytest.mark.parametrize("folder", design_folders(), ids=lambda folder: folder.name)
def test_a_published_study_comes_out_as_published(folder: Path) -> None:
    assert broken(list(design_checks(folder))) == []


@pytest.mark.parametrize("folder", batch_folders(), ids=lambda folder: folder.name)
def test_a_few_simulated_panels_are_covered_about_as_often_as_promised(folder: Path) -> None:
    panels = (
        pl.read_parquet(folder / "truth.parquet")
        .group_by("scenario")
        .agg(pl.col("panel_id").unique().sort().head(PANELS_PER_SCENARIO))
        .explode("panel_id")["panel_id"]
        .sort()
        .to_list()
    )
    # 43 units per scenario: three standard errors below 95 %
    assert broken(list(batch_checks(folder.name, batch_summary(folder, panels), 85, 100))) == []


@pytest.mark.calibration
@pytest.mark.parametrize("folder", batch_folders(), ids=lambda folder: folder.name)
def test_false_positives_and_coverage_hold_over_the_whole_batch(folder: Path) -> None:
    assert broken(list(batch_checks(folder.name, batch_summary(folder)))) == []
