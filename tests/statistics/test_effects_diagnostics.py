"""Other methods beside the estimate: what they are asked, what is kept, how they are told."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.effects.beside.diagnostic_rows import DIAGNOSTICS_TABLE
from pipelines.effects.beside.event_study import (
    Staggered,
    callaway_santanna,
    imputation,
)
from pipelines.effects.beside.interrupted_series import fit_counts, step_design
from pipelines.effects.judge.verdicts import start_year
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kept_files import KEPT_INPUTS, clear_unused, read_kept, write_kept
from pipelines.effects.tables.run import Effects, estimate_effects
from pipelines.words.sentences import SENTENCES
from tests.statistics.effect_worlds import event, inputs_of, small_panel

START = 30
PLANTED = -3.0


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fits")


@pytest.fixture(scope="module")
def world() -> EffectInputs:
    """28 units, nine of them started in month 30; the figures are counts among 100 x employees."""
    panel = small_panel(5, n_units=28, n_months=60, holes=0)
    start = np.where(panel.start < panel.n_months, START, panel.n_months)
    values = panel.values.copy()
    values[:9, START:] += PLANTED
    inputs = inputs_of(replace(panel, values=values, start=start))
    counted = pl.col("value").clip(0) * 10
    return replace(
        inputs,
        values=inputs.values.with_columns(numerator=counted, denominator=pl.lit(1000.0)),
    )


@pytest.fixture(scope="module")
def effects(world: EffectInputs, cache: Path) -> Effects:
    return estimate_effects(world, cache, workers=1)


def overall(effects: Effects) -> dict[str, dict[str, object]]:
    rows = effects.diagnostics.filter(pl.col("kind") == "overall")
    return {row["estimator"]: row for row in rows.iter_rows(named=True)}


def note(row: dict[str, object], language: str) -> str:
    return SENTENCES["mart_effect_diagnostics", "note"].text(row, {}, language)


def test_every_method_finds_a_planted_effect_and_says_that_it_is_no_conclusion(
    effects: Effects,
) -> None:
    assert effects.diagnostics.schema == DIAGNOSTICS_TABLE
    found = overall(effects)
    compared = {"cs_not_yet", "cs_never", "imputation", "sdid"}
    assert set(found) == compared | {"interrupted_series"}
    for name in compared:
        assert found[name]["lo"] < PLANTED < found[name]["hi"]
        assert (found[name]["n_units"], found[name]["n_comparison"]) == (9, 19)
    series = found["interrupted_series"]
    assert series["effect_unit"] == "percent"
    assert series["n_comparison"] == 0
    assert series["hi"] < 0
    for row in found.values():
        assert note(row, "nb").startswith("Kontroll ved siden av, aldri konklusjonen.")
        assert note(row, "en").startswith("A check beside, never the conclusion.")


def test_months_before_and_after_are_told_without_the_base_month(effects: Effects) -> None:
    rows = effects.diagnostics.filter(
        (pl.col("kind") == "event_month") & (pl.col("estimator") == "cs_never")
    )
    assert rows["first_month_after"].to_list() == [*range(-24, -1), *range(24)]
    assert rows["first_month_after"].equals(rows["last_month_after"], check_names=False)


def test_nothing_is_asked_again_when_nothing_is_new(
    world: EffectInputs, effects: Effects, cache: Path
) -> None:
    (file,) = [f for f in cache.glob("*.diagnostics.json") if _is_of(f, effects)]
    kept, rows = file.read_text(), next(cache.glob("*.rows"))
    planted = read_kept(file, {"estimates"})
    assert planted is not None
    planted["estimates"][0]["estimate"] = 123.0
    write_kept(file, planted)
    rows.unlink()
    again = estimate_effects(world, cache, workers=1)
    file.write_text(kept)
    rows.unlink()
    assert overall(again)["cs_not_yet"]["estimate"] == 123.0  # read, not computed


def _is_of(file: Path, effects: Effects) -> bool:
    first = json.loads(file.read_text())["estimates"][0]["estimate"]
    return bool(first == overall(effects)["cs_not_yet"]["estimate"])


def test_a_unit_that_is_stopped_by_an_event_takes_no_part_and_the_fit_is_kept(
    world: EffectInputs, effects: Effects, cache: Path
) -> None:
    fits = {file.name: file.stat().st_mtime_ns for file in cache.glob("*.json")}
    stopped = replace(world, events=event("E03", START, "reorganisation"))
    again = estimate_effects(stopped, cache, workers=2)
    assert overall(again)["imputation"]["n_units"] == 8
    assert overall(again)["imputation"]["n_comparison"] == 19
    new = {f.name for f in cache.glob("*.json")} - set(fits)
    assert len(new) == 1  # the answers; the panel is the same
    assert overall(effects)["imputation"]["n_units"] == 9


def test_a_night_without_estimates_loads_no_library_for_them() -> None:
    code = (
        "import sys, pipelines.effects.tables.run;"
        "sys.exit('diff_diff' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("bump", "margin", "direction", "year"),
    [
        (3.0, 0.06, "lower", "bad"),
        (-3.0, 0.06, "lower", "good"),
        (-3.0, 0.06, "higher", "bad"),
        (3.0, 0.06, "neutral", "unusual"),
        (3.0, 0.0, "lower", None),
        (None, None, "lower", None),
    ],
)
def test_the_year_before_is_named_only_where_it_stood_out(
    bump: float | None, margin: float | None, direction: str, year: str | None
) -> None:
    assert start_year(bump, margin, direction) == year


def test_a_bad_year_before_the_start_fools_the_textbook_and_the_words_say_so(
    tmp_path: Path,
) -> None:
    panel = small_panel(8, n_units=28, n_months=60, holes=0)
    start = np.where(panel.start < panel.n_months, START, panel.n_months)
    values = panel.values.copy()
    values[:9, START - 12 : START] += 6.0
    found = estimate_effects(
        inputs_of(replace(panel, values=values, start=start)), tmp_path, workers=1
    )
    textbook = overall(found)["cs_not_yet"]
    assert textbook["hi"] < -3  # nothing was planted after the start
    assert "uvanlig dårlig år" in note(textbook, "nb")
    assert "unusually bad year" in note(textbook, "en")
    assert found.pooled.row(0, named=True)["start_year"] == "bad"


def test_months_of_introduction_are_neither_before_nor_after() -> None:
    panel = small_panel(3, n_units=24, n_months=50, holes=0)
    values = panel.values.copy()
    introduction = 3
    for unit in np.flatnonzero(panel.start < panel.n_months):
        values[unit, panel.start[unit] - introduction : panel.start[unit]] = np.nan
    design = Staggered(values, panel.start, introduction)
    for found in (callaway_santanna(design, "never"), imputation(design)):
        months = [estimate.month for estimate in found[1:]]
        assert not {-3, -2, -1} & set(months)
        assert set(range(12)) <= set(months)


def test_too_few_units_to_compare_give_nothing() -> None:
    panel = small_panel(3, n_units=24, n_months=50)
    lonely = Staggered(panel.values[:9], panel.start[:9])
    assert callaway_santanna(lonely, "not_yet") == []
    assert imputation(lonely) == []


def test_a_month_is_told_of_the_units_that_have_it_and_not_of_a_single_one() -> None:
    panel = small_panel(3, n_units=24, n_months=50, holes=0)
    start = np.full(24, 50)
    start[:4] = [30, 30, 38, 44]
    design = Staggered(panel.values, start)
    units = {e.month: e.n_units for e in callaway_santanna(design, "never")[1:]}
    assert [units.get(month) for month in (0, 5, 6, 11, 12, 19)] == [4, 4, 3, 3, 2, 2]
    alone = Staggered(panel.values, np.where(start == 38, 50, np.where(start == 30, 40, start)))
    alone.start[1] = 50
    assert max(e.month or 0 for e in callaway_santanna(alone, "never")) == 5


def test_a_series_of_counts_gives_back_its_step_trend_and_season() -> None:
    month = np.arange(96.0)
    step = (month >= 60).astype(float)
    rate = np.exp(-5 + 0.002 * month - 0.2 * step + 0.3 * np.sin(2 * np.pi * month / 12))
    exposure = 1e6 + 1e3 * month
    fit = fit_counts(exposure * rate, exposure, step_design(step, month))
    assert fit.coefficients[0] == pytest.approx(-0.2, abs=1e-9)
    assert fit.coefficients[2] == pytest.approx(0.002, abs=1e-9)
    assert fit.dispersion == pytest.approx(0, abs=1e-9)


def test_a_series_that_never_steps_is_refused() -> None:
    month = np.arange(48.0)
    with pytest.raises(ValueError, match="cannot tell the columns apart"):
        fit_counts(month + 1, np.ones(48), step_design(np.zeros(48), month))


def test_files_of_the_last_inputs_are_kept_and_older_ones_cleared(tmp_path: Path) -> None:
    def night(*names: str) -> set[str]:
        for name in names:
            write_kept(tmp_path / name, {"made": 1})
        clear_unused(tmp_path, frozenset(names))
        return {file.name for file in tmp_path.iterdir()} - {"used.json"}

    (tmp_path / "from_before.json").write_text("{}")
    assert night("a", "common") == {"a", "common"}
    for name in "bcde":
        left = night(name, "common")
    assert left == {"a", "b", "c", "d", "e", "common"}  # five inputs
    for _ in range(KEPT_INPUTS):
        assert night("e", "common") == left  # nothing new pushes nothing out
    assert night("f", "common") == {"b", "c", "d", "e", "f", "common"}
    # an input that comes back is the newest again
    night("b", "common")
    assert night("g", "common") == {"b", "d", "e", "f", "g", "common"}


def test_a_run_without_anything_to_estimate_clears_nothing(tmp_path: Path) -> None:
    write_kept(tmp_path / "a", {"made": 1})
    assert clear_unused(tmp_path, frozenset()) == 0
    assert clear_unused(tmp_path / "not_there", frozenset({"a"})) == 0
    assert (tmp_path / "a").exists()
