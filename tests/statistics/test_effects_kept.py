"""A metric whose figures are unchanged costs nothing: what is kept, when it counts, when not."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.effects.model.inputs import EffectInputs, Rules
from pipelines.effects.tables import metric_estimate
from pipelines.effects.tables.metric_rows import COUNTED, MetricRows, counted, rows_name
from pipelines.effects.tables.run import Effects, estimate_effects
from tests.statistics.effect_worlds import event, inputs_of, month_of, small_panel

FRAMES = ("units", "pooled", "checks", "diagnostics")
START = 26


def two_metrics() -> EffectInputs:
    """Metric m ends a month before metric n."""
    panel = small_panel(5, n_units=28, n_months=52, holes=0.03)
    start = np.where(panel.start < panel.n_months, START, panel.n_months)
    values = panel.values.copy()
    values[:9, START:] -= 2.5
    first = inputs_of(replace(panel, values=values, start=start))
    second = pl.col("value").alias("value") * 1.5 + pl.col("month").dt.month()
    return replace(
        first,
        values=pl.concat([
            first.values.filter(pl.col("month") < first.as_of_month),
            first.values.with_columns(second, metric_id=pl.lit("n")),
        ]),
        metrics=pl.concat([
            first.metrics, first.metrics.with_columns(metric_id=pl.lit("n")),
        ]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def world() -> EffectInputs:
    return two_metrics()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def fresh(world: EffectInputs, folder: Path) -> Effects:
    return estimate_effects(world, folder, workers=1)


@pytest.fixture
def estimated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the metrics that are estimated while the test runs."""
    names: list[str] = []
    plain = metric_estimate.estimate_metric

    def noted(task: metric_estimate.MetricTask) -> MetricRows | None:
        names.append(task.metric["metric_id"])
        return plain(task)

    monkeypatch.setattr(metric_estimate, "estimate_metric", noted)
    return names


def assert_same(one: Effects, other: Effects) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


def test_what_is_kept_gives_the_same_tables_to_the_last_bit_and_nothing_is_estimated(
    world: EffectInputs, fresh: Effects, folder: Path, estimated: list[str]
) -> None:
    assert {row for (row,) in fresh.pooled.select("metric_id").unique().iter_rows()} == {"m", "n"}
    assert_same(estimate_effects(world, folder, workers=1), fresh)
    assert estimated == []


def test_rows_in_another_order_are_the_same_rows(
    world: EffectInputs, fresh: Effects, folder: Path, estimated: list[str]
) -> None:
    mixed = replace(
        world,
        values=world.values.sample(fraction=1, shuffle=True, seed=1),
        units=world.units.sample(fraction=1, shuffle=True, seed=2).select(
            reversed(world.units.columns)
        ),
    )
    assert_same(estimate_effects(mixed, folder, workers=1), fresh)
    assert estimated == []


def test_only_the_metric_with_a_new_month_is_estimated_and_all_is_as_in_one_clean_run(
    world: EffectInputs, fresh: Effects, folder: Path, tmp_path: Path, estimated: list[str]
) -> None:
    new = month_of(52)
    added = world.values.filter((pl.col("metric_id") == "n") & (pl.col("month") == month_of(51)))
    later = replace(
        world,
        values=pl.concat([world.values, added.with_columns(month=pl.lit(new))]),
        as_of_month=new,
    )
    found = estimate_effects(later, folder, workers=1)
    assert estimated == ["n"]
    assert found.units["as_of_month"].unique().to_list() == [new]
    assert not found.units.equals(fresh.units)
    assert_same(found, estimate_effects(later, tmp_path, workers=1))


def test_words_and_limits_are_no_figures(
    world: EffectInputs, fresh: Effects, folder: Path, tmp_path: Path, estimated: list[str]
) -> None:
    renamed = replace(
        world,
        metrics=world.metrics.with_columns(
            label_nb=pl.lit("Fravær"), minimum_relevant_effect=pl.lit(50.0)
        ),
    )
    found = estimate_effects(renamed, folder, workers=1)
    assert estimated == []
    assert_same(found, estimate_effects(renamed, tmp_path, workers=1))


def _with_value(world: EffectInputs, unit: str, change: float) -> EffectInputs:
    here = (pl.col("unit_id") == unit) & (pl.col("month") == month_of(3))
    changed = pl.when(here).then(pl.col("value") + change).otherwise(pl.col("value"))
    return replace(world, values=world.values.with_columns(value=changed))


CHANGES: dict[str, Callable[[EffectInputs], EffectInputs]] = {
    "a figure": lambda world: _with_value(world, "E20", 1e-9),
    "a numerator": lambda world: replace(
        world, values=world.values.with_columns(numerator=pl.lit(1.0), denominator=pl.lit(9.0))
    ),
    "employees": lambda world: replace(
        world, units=world.units.with_columns(employees=pl.col("employees") + 0.5)
    ),
    "a sector": lambda world: replace(world, units=world.units.with_columns(sector=pl.lit("Ny"))),
    "an introduction": lambda world: replace(
        world, units=world.units.with_columns(introduction_months=pl.lit(2))
    ),
    "an event": lambda world: replace(world, events=event("E03", START, "reorganisation")),
    "a definition": lambda world: replace(world, events=event(None, 9, "definition_change", "m")),
    "a limit": lambda world: replace(world, rules=Rules(min_share=0.5)),
    "the direction": lambda world: replace(
        world, metrics=world.metrics.with_columns(direction=pl.lit("higher"))
    ),
    "described only": lambda world: replace(world, unmodelled=frozenset({"m"})),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_counts_is_in_the_name(world: EffectInputs, change: str) -> None:
    (metric, _) = world.metrics.iter_rows(named=True)
    changed = CHANGES[change](world)
    (metric_changed, _) = changed.metrics.iter_rows(named=True)
    before = rows_name(world.about("m"), counted(metric))
    assert rows_name(changed.about("m"), counted(metric_changed)) != before


def test_what_is_another_metrics_is_not_in_the_name(world: EffectInputs) -> None:
    metric = counted(next(world.metrics.iter_rows(named=True)))
    before = rows_name(world.about("m"), metric)
    other = replace(
        world,
        values=world.values.with_columns(
            value=pl.when(pl.col("metric_id") == "n").then(1.0).otherwise(pl.col("value"))
        ),
        events=event(None, 9, "definition_change", "n"),
        unmodelled=frozenset({"n"}),
        as_of_month=month_of(60),
    )
    assert rows_name(other.about("m"), metric) == before
    assert set(metric) == set(COUNTED)


def _cut_off(file: Path) -> None:
    file.write_text(file.read_text()[:-200])


def _another_digit(file: Path) -> None:
    kept = json.loads(file.read_text())
    kept["units"][0]["naive_delta"] += 1
    file.write_text(json.dumps(kept))


def _another_metrics(file: Path) -> None:
    other = next(one for one in file.parent.glob("*.rows") if one != file)
    file.write_bytes(other.read_bytes())


def _nothing_known(file: Path) -> None:
    file.write_text('["rows"]')


def _no_text(file: Path) -> None:
    file.write_bytes(b"\xff\x00\xfe")


@pytest.mark.parametrize(
    "damage", [_cut_off, _another_digit, _another_metrics, _nothing_known, _no_text]
)
def test_a_damaged_or_foreign_file_is_made_again(
    damage: Callable[[Path], None], world: EffectInputs, fresh: Effects, folder: Path,
    estimated: list[str],
) -> None:  # fmt: skip
    estimate_effects(world, folder, workers=1)
    metric = counted(next(world.metrics.iter_rows(named=True)))
    file = folder / rows_name(world.about("m"), metric)
    whole = file.read_bytes()
    estimated.clear()
    damage(file)
    assert_same(estimate_effects(world, folder, workers=1), fresh)
    assert estimated == ["m"]
    assert file.read_bytes() == whole


def test_kept_files_are_their_owners_alone_and_live_as_long_as_their_rows(
    world: EffectInputs, fresh: Effects, folder: Path
) -> None:
    estimate_effects(world, folder, workers=1)
    files = sorted(folder.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    used = json.loads((folder / "used.json").read_text())["inputs"][-1]
    # rows of two metrics, their fits and what other methods said
    assert len(used) == 6
    assert set(used) <= {file.name for file in files}


def test_in_other_processes_the_rows_are_the_same(
    world: EffectInputs, fresh: Effects, tmp_path: Path
) -> None:
    assert_same(estimate_effects(world, tmp_path, workers=2), fresh)


def test_a_night_without_anything_new_loads_no_library_that_estimates() -> None:
    code = "import sys, pipelines.effects.tables.run; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
