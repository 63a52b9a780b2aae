"""Frozen baselines, decisions on a new basis and PUKK steps, night by night."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.dbt_fixture import fetch
from tests.golden.compiled_town import Compiled
from tests.golden.cycles_town import nights, one
from tests.statistics.method_tables import text_of

BASELINE = (
    "select n_months, value, centre, baseline_hash, delivery_ids, is_restated, restated_value,"
    " restated_by, verdict, restated_verdict, is_verdict_changed, state, corrected_by"
    " from marts.mart_baselines where unit_id = '{}' and metric_id = '{}'"
)
MARTS = (
    "mart_baselines", "mart_before_after", "mart_control_chart_phases", "mart_control_chart_points",
    "mart_cycles", "mart_rebase_decisions",
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Path]:
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "cycles"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "done").exists():
            folder.mkdir()
            nights(folder, Compiled(tmp_path_factory, worker_id))
            (folder / "done").touch()
    return [folder / f"night{number}.duckdb" for number in range(1, 5)]


def baseline(file: Path, unit: str, metric: str = "waiting_days_mean") -> dict[str, Any]:
    names = BASELINE[len("select ") : BASELINE.index(" from ")].replace(",", "").split()
    return dict(zip(names, one(file, BASELINE.format(unit, metric)), strict=True))


def test_a_baseline_is_frozen_with_its_figures_and_deliveries(files: list[Path]) -> None:
    frozen = baseline(files[0], "lasting")
    assert (frozen["n_months"], frozen["value"], frozen["centre"]) == (24, 41.0, 41.0)
    assert (frozen["delivery_ids"], frozen["state"], frozen["is_restated"]) == (
        *("D1", "as_frozen"),
        False,
    )
    kept = one(
        files[0],
        "select count(*), sum(numerator) / sum(denominator) from ops.frozen_months"
        " where baseline_id = 'lasting/waiting_days_mean/2013-03-01/-'",
    )
    assert kept == (24, pytest.approx(41.0))


def test_a_night_without_news_gives_the_same_marts_and_freezes_nothing_more(
    files: list[Path],
) -> None:
    for mart in (*(f"marts.{mart}" for mart in MARTS), "ops.frozen_months", "ops.frozen_baselines"):
        once, again = (fetch(f, f"select * from {mart} order by all") for f in files[:2])
        assert once, mart
        assert once == again


def test_a_correction_stands_beside_the_frozen_figure_and_never_in_its_place(
    files: list[Path],
) -> None:
    before, after = (baseline(file, "lasting") for file in files[1:3])
    assert {
        k: after[k] for k in ("n_months", "value", "centre", "baseline_hash", "delivery_ids")
    } == {k: before[k] for k in ("n_months", "value", "centre", "baseline_hash", "delivery_ids")}
    # May 2012 was 42 (an odd month) and became 30
    assert after["restated_value"] == pytest.approx(41.0 - 12 / 24)
    assert (after["state"], after["restated_by"], after["is_verdict_changed"]) == (
        *("restated", "D3"),
        False,
    )
    for column in ("value_before", "difference", "verdict"):
        sql = f"select {column} from marts.mart_before_after where unit_id = 'lasting'"
        assert one(files[1], sql + " and metric_id = 'waiting_days_mean'") == one(
            files[2], sql + " and metric_id = 'waiting_days_mean'"
        )
    sql = "select caveats from marts.mart_before_after where cycle_id = '{}' and metric_id = '{}'"
    assert one(files[2], sql.format("lasting", "waiting_days_mean")) == ("baseline_restated",)
    assert one(files[2], sql.format("flat", "waiting_days_mean")) == (None,)


def test_a_correction_that_would_change_the_verdict_says_so_and_does_not_change_it(
    files: list[Path],
) -> None:
    frozen = baseline(files[2], "swing")
    assert (frozen["verdict"], frozen["value"]) == ("sustained_improvement", 41.0)
    assert frozen["restated_value"] == 25.5
    assert frozen["restated_verdict"] == "no_change_detected"
    assert frozen["is_verdict_changed"] is True
    drawn = one(
        files[2],
        "select max(case when series = 'value' then value end),"
        " max(case when series = 'restated' then value end)"
        " from marts.mart_control_chart_points where unit_id = 'swing'"
        " and metric_id = 'waiting_days_mean' and phase = 'baseline' and series <> 'comparison'",
    )
    assert drawn == (42.0, 26.0)


def test_only_a_recorded_decision_freezes_a_baseline_anew(files: list[Path]) -> None:
    frozen = baseline(files[3], "swing")
    assert (frozen["value"], frozen["corrected_by"], frozen["state"]) == (25.5, "B7", "as_frozen")
    assert frozen["verdict"] == "no_change_detected"
    kept = fetch(
        files[3],
        "select value from ops.frozen_baselines where cycle_id = 'swing'"
        " and metric_id = 'waiting_days_mean' order by corrected_by nulls first",
    )
    assert kept == [(41.0,), (25.5,)]


def test_figures_hidden_since_are_not_shown_because_they_were_frozen(files: list[Path]) -> None:
    assert baseline(files[1], "sick", "sick_leave_pct")["value"] is not None
    hidden = baseline(files[2], "sick", "sick_leave_pct")
    assert hidden["state"] == "hidden"
    shown = ("n_months", "value", "centre", "baseline_hash")
    assert {hidden[column] for column in shown} == {None}
    drawn = one(
        files[2],
        "select value, measured_value from marts.mart_control_chart_points where unit_id = 'sick'"
        " and metric_id = 'sick_leave_pct' and series = 'value' and month = date '2012-02-01'",
    )
    assert drawn == (None, None)


@pytest.mark.parametrize(
    ("decision", "outcome", "said"),
    [
        ("B1", "in_force", "Ny basis gjelder"),
        ("B2", "few_points", "det var bare 6 målinger i ny basis da det ble besluttet, og det må"),
        ("B3", "no_known_cause", "ikke ført hva"),
        ("B4", "not_sustained", "ikke vedvarende forbedring"),
        ("B5", "before_introduction_end", "etter at innføringen var ferdig"),
        ("B6", "no_such_chart", "ikke noe diagram"),
    ],
)
def test_a_new_basis_is_allowed_or_refused_with_the_reason(
    files: list[Path], decision: str, outcome: str, said: str
) -> None:
    found, text, phase = one(
        files[0],
        "select outcome, outcome_nb, phase_no from marts.mart_rebase_decisions"
        f" where decision_id = '{decision}'",
    )
    assert found == outcome
    assert said in text
    assert phase == (2 if outcome == "in_force" else None)


def test_old_limits_go_on_as_a_ghost_and_the_verdict_stays_with_the_first_basis(
    files: list[Path],
) -> None:
    first, second = fetch(
        files[0],
        "select phase_no, phase_first_month, centre, verdict, decision_id, decided_by_role,"
        " known_cause, n_baseline from marts.mart_control_chart_phases"
        " where series_id = 'lasting/waiting_days_mean/lasting/value' order by phase_no",
    )
    assert first[2:5] == (41.0, "sustained_improvement", None)
    assert second == (2, date(2013, 9, 1), 25.5, None, "B1", "Enhetsleder", "Felles inntak", 24)
    points = fetch(
        files[0],
        "select month, phase_no, centre, upper_3s, ghost_centre, ghost_lower_3s, ghost_upper_3s,"
        " lower_3s, is_after from marts.mart_control_chart_points"
        " where series_id = 'lasting/waiting_days_mean/lasting/value' order by month",
    )
    before = [point for point in points if point[0] < date(2013, 9, 1)]
    since = points[len(before) :]
    assert {point[1] for point in before} == {1}
    assert {point[1] for point in since} == {2}
    assert {(point[4], point[6]) for point in before} == {(None, None)}
    assert {(p[4], p[5], p[6]) for p in since} == {(before[-1][2], before[-1][7], before[-1][3])}
    assert {point[2] for point in since} == {25.5}
    # the new limits are from the new months only: no range from 41 down to 25 in them
    assert max(point[3] for point in since) == pytest.approx(25.5 + 2.66, abs=0.01)
    assert sum(point[8] for point in points) == 24


def test_a_basis_that_is_taken_back_leaves_the_first_one_alone(files: list[Path]) -> None:
    sql = "select outcome from marts.mart_rebase_decisions where decision_id = 'B1'"
    assert (one(files[2], sql), one(files[3], sql)) == (("in_force",), ("revoked",))
    assert one(
        files[3],
        "select max(phase_no), count(ghost_centre) from marts.mart_control_chart_points"
        " where series_id = 'lasting/waiting_days_mean/lasting/value'",
    ) == (1, 0)


def test_a_basis_that_was_allowed_stands_when_the_verdict_no_longer_would(
    files: list[Path],
) -> None:
    assert baseline(files[3], "swing")["verdict"] == "no_change_detected"
    assert one(
        files[3], "select outcome from marts.mart_rebase_decisions where decision_id = 'B9'"
    ) == ("in_force",)


STEPS = (
    "select step_claimed, step_supported, is_step_supported, step_problem, is_step_derived,"
    " has_frozen_baseline, n_after_months from marts.mart_cycles where cycle_id = '{}'"
)


@pytest.mark.parametrize(
    ("cycle", "row"),
    [
        # a second round of planning after the first was made standard
        ("lasting", ("plan", "act", True, None, False, True, 30)),
        ("young", ("check", "do", False, "few_after_months", False, True, 3)),
        ("future", ("do", "plan", False, "start_not_in_data", False, False, 0)),
        # no step recorded, and no date of a check
        ("flat", ("do", "act", True, None, True, True, 30)),
    ],
)
def test_a_step_is_what_is_claimed_beside_what_the_data_carry(
    files: list[Path], cycle: str, row: tuple[Any, ...]
) -> None:
    assert one(files[0], STEPS.format(cycle)) == row


def test_k_without_an_after_window_says_what_is_missing(files: list[Path]) -> None:
    said = one(
        files[0],
        "select step_problem_nb, step_problem_en, step_check_date from marts.mart_cycles"
        " where cycle_id = 'young'",
    )
    assert "mangler 5 av 8 måneder" in said[0]
    assert "5 of 8 months" in said[1]
    assert said[2] == date(2015, 12, 10)


def test_the_worked_example_of_the_documentation_is_what_the_nights_give(
    files: list[Path],
) -> None:
    shown = text_of("cycles").split("## Worked example")[1]
    first, _, third = (baseline(file, "lasting") for file in files[:3])
    assert f"| {first['value']:.1f} days | {first['value']:.1f} | `{first['state']}`" in shown
    assert f"= {third['restated_value']:.1f} | `{third['state']}`" in shown
    assert first["verdict"] == third["verdict"] == third["restated_verdict"]
    swing, decided = (baseline(file, "swing") for file in files[2:4])
    assert f"{swing['value']:.1f} stays, {swing['restated_value']:.1f} stands beside it" in shown
    assert f"the restated verdict is `{swing['restated_verdict']}`" in shown
    assert f"freezes {decided['value']:.1f}" in shown
    for decision, words in (
        ("B1", 'a cause ("common intake") it is `{}`'),
        ("B2", "it is refused, `{}`"),
        ("B3", "Without a cause: `{}`"),
    ):
        (outcome,) = one(
            files[0],
            f"select outcome from marts.mart_rebase_decisions where decision_id = '{decision}'",
        )
        assert words.format(outcome) in shown
    centre, ghost = one(
        files[0],
        "select max(centre), max(ghost_centre) from marts.mart_control_chart_points"
        " where series_id = 'lasting/waiting_days_mean/lasting/value' and phase_no = 2",
    )
    assert f"centre {centre}, ghost {ghost}" in shown
    supported, problem = one(
        files[0],
        "select step_supported_en, step_problem_en from marts.mart_cycles where cycle_id = 'young'",
    )
    assert f"the data carry it to {supported[0].replace('D', 'U')}" in shown
    assert problem.split(": ")[1].rstrip(".") in shown
