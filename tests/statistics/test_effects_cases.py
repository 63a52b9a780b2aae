"""Every reference case within its tolerance; the whole batch only under the calibration marker."""

import json
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
    unknown,
)
from tests.statistics.effect_columns import column
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
    assert unknown() == [], "of no known kind"


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


@pytest.mark.parametrize("name", ["mpdta", "prop99", "medicaid"])
def test_columns_are_known_by_what_they_hold(name: str, tmp_path: Path) -> None:
    folder = Path(__file__).parents[1] / "reference/effects" / name
    other = tmp_path / name
    other.mkdir()
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    text = (folder / f"{name}.csv").read_text("utf-8")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    head, rows = text.split("\n", 1)
    names = [f"kolonne {place}" for place, _ in enumerate(head.split(separator))]
    (other / "data.csv").write_text(separator.join(names) + "\n" + rows, encoding="utf-8")
    (other / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    assert broken(list(design_checks(other))) == []


def test_what_could_be_meant_in_two_ways_is_asked_for() -> None:
    data = pl.DataFrame({"a": [1, 1, 2, 2], "t": [1, 2, 1, 2], "x": [0.1] * 4, "y": [0.2] * 4})
    with pytest.raises(ValueError, match="outcome"):
        column(data, {}, "outcome", ["x", "y"])
    assert column(data, {"columns": {"outcome": "y"}}, "outcome", ["x", "y"]) == "y"


@pytest.mark.parametrize("content", [{"expected": 1}, {"rows": []}, {}])
def test_a_folder_of_no_known_kind_fails(content: dict[str, object], tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "answers.json").write_text(json.dumps(content), encoding="utf-8")
    assert unknown(tmp_path) == ["study"]
    (folder / "answers.json").rename(folder / "expected.json")
    with pytest.raises(AssertionError, match="no known kind"):
        list(design_checks(folder))


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
