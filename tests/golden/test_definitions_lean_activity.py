"""Pitfall signals, maturity, Kotter and culture, worked out by hand in a small town."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.words.catalogue import codes, text
from tests.dbt_fixture import fetch
from tests.golden.lean_activity_town import built_town, said
from tests.statistics.method_tables import text_of

D = date


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return built_town(tmp_path_factory, worker_id)


def _signal(town: Path, unit: str, signal: str) -> tuple[str, float | None, str | None]:
    (row,) = fetch(
        town,
        "select status, round(value, 3), cannot_see_reason from marts.mart_pitfalls"
        f" where scope_id = '{unit}' and signal_id = '{signal}'",
    )
    return row[0], row[1], row[2]


@pytest.mark.parametrize(
    ("signal", "bad", "good"),
    [
        ("plan_overdue", 184, 0),
        ("plan_slips", 2, 1),
        ("no_anchoring", 61, 60),
        ("leader_change", 1, 0),
        ("few_course_days", 4, 6),
        ("days_cancelled", 1, 0),
        ("actions_fall", 60, 40),
        ("culture_gap", 0.1, -0.5),
        ("budget_cut", 3, 1.5),
        ("fte_cut", 8.333, 0),
        ("saving_share", 60, 50),
        ("short_baseline", 5, 26),
        ("no_after", 0, 12),
        ("no_evidence", 1, 0),
    ],
)
def test_a_signal_is_given_past_its_limit_and_not_at_it(
    town: Path, signal: str, bad: float, good: float
) -> None:
    assert _signal(town, "bad", signal) == ("signal", bad, None)
    assert _signal(town, "good", signal) == ("no_signal", good, None)


def test_a_kotter_step_stands_still_from_its_first_day_and_the_last_step_never_does(
    town: Path,
) -> None:
    assert _signal(town, "bad", "kotter_standstill") == ("signal", 6, None)
    assert _signal(town, "good", "kotter_standstill") == ("no_signal", 23, None)


def test_a_unit_measured_only_after_its_course_has_no_baseline_and_no_short_one(
    town: Path,
) -> None:
    assert _signal(town, "tiny", "no_baseline") == ("signal", 0, None)
    assert _signal(town, "tiny", "short_baseline") == ("cannot_see", None, "no_baseline")


@pytest.mark.parametrize(
    ("unit", "signal", "reason"),
    [
        ("new", "plan_overdue", "no_plan"),
        ("new", "saving_share", "no_gains"),
        ("new", "kotter_standstill", "no_step"),
        ("new", "actions_fall", "too_early"),
        ("new", "culture_gap", "few_surveys"),
        ("new", "budget_cut", "no_budget"),
        ("new", "no_after", "too_early"),
        ("new", "days_cancelled", "not_delivered"),
        ("tiny", "culture_gap", "few_surveys"),
        ("tiny", "actions_fall", "no_actions"),
        ("new", "fte_cut", "no_fte"),
    ],
)
def test_what_cannot_be_seen_says_why_and_is_never_no_signal(
    town: Path, unit: str, signal: str, reason: str
) -> None:
    assert _signal(town, unit, signal) == ("cannot_see", None, reason)


def test_a_unit_on_the_waiting_list_has_no_signals(town: Path) -> None:
    assert fetch(town, "select 1 from marts.mart_pitfalls where scope_id = 'waiting'") == []


def test_the_municipality_counts_units_with_the_signal_of_those_where_it_can_be_seen(
    town: Path,
) -> None:
    assert _signal(town, "all", "plan_overdue") == ("signal", 1, None)
    (found,) = said(town, "scope_id = 'all' and signal_id = 'plan_overdue'")
    assert found["n"] == 2
    assert found["text_nb"] == "1 av 2 enheter der det kan ses, har signalet."


def test_a_coach_who_has_left_is_not_counted(town: Path) -> None:
    found = fetch(
        town,
        "select units_started, coaches_active, units_per_coach from marts.mart_coach_load"
        " where is_latest",
    )
    assert found == [(5, 1, 5.0)]
    assert _signal(town, "all", "units_per_coach") == ("no_signal", 5, None)


def test_the_figures_stand_in_the_sentence_with_first_day_and_note(town: Path) -> None:
    (found,) = said(town, "scope_id = 'bad' and signal_id = 'no_anchoring'")
    assert [found[name] for name in ("text_nb", "text_en", "rule_nb")] == [
        "Dager siden siste tavlemøte eller lederforum, 31.10.2016: 61 (grense 60)."
        " Møter siden kursstart: 1.",
        "Days since the last board meeting or leader forum, 31 Oct 2016: 61 (limit 60)."
        " Meetings since the course began: 1.",
        "Verken tavlemøte eller lederforum på mer enn 60 dager.",
    ]
    assert (found["first_seen_date"], found["note"]) == (D(2016, 12, 31), "permisjon")


def test_no_sentence_has_an_unfilled_place(town: Path) -> None:
    for row in said(town, "true"):
        for name in ("text", "rule"):
            for code in codes():
                assert row[f"{name}_{code}"]
                assert "{" not in row[f"{name}_{code}"]


@pytest.mark.parametrize(
    ("unit", "day", "level", "kept"),
    [
        ("waiting", "2016-12-31", 0, 0),
        ("bad", "2016-12-31", 1, 0),
        ("new", "2016-12-31", 2, 0),
        ("good", "2016-12-31", 3, 0),
        ("mature", "2014-08-31", 3, 0),
        ("mature", "2014-09-30", 4, 0),
        ("mature", "2016-08-31", 4, 23),
        ("mature", "2016-09-30", 5, 24),
    ],
)
def test_a_maturity_level_needs_all_levels_below_it(
    town: Path, unit: str, day: str, level: int, kept: int
) -> None:
    found = fetch(
        town,
        "select level_computed, months_kept from marts.mart_maturity"
        f" where unit_id = '{unit}' and as_of_date = date '{day}'",
    )
    assert found == [(level, kept)]


def test_an_override_is_shown_beside_the_computed_level_from_its_day(town: Path) -> None:
    found = fetch(
        town,
        "select level_shown, level_computed, override_reason from marts.mart_maturity"
        " where unit_id = 'bad' and as_of_date >= date '2016-11-30' order by as_of_date",
    )
    assert found == [(1, 1, None), (3, 1, "tavla er ny")]


def test_surveys_with_four_answers_are_hidden_and_with_five_are_shown(town: Path) -> None:
    hidden = fetch(
        town,
        "select distinct now_mean, target_mean, gap, gap_change, n_respondents, response_rate,"
        " suppression_reason from marts.mart_culture where unit_id = 'tiny'",
    )
    assert hidden == [(None, None, None, None, None, None, "few_persons")]
    shown = fetch(
        town,
        "select round(gap, 2), round(gap_change, 2), n_respondents, suppression_reason"
        " from marts.mart_culture where unit_id = 'bad' and statement_id = 'K1'"
        " order by survey_date",
    )
    assert shown == [(1.0, None, 5, None), (1.1, 0.1, 5, None)]
    factors = "select unit_id, factor_mean, n_respondents from marts.mart_factors order by unit_id"
    assert fetch(town, factors) == [("good", 4.2, 5), ("tiny", None, None)]


def test_kotter_keeps_its_history_and_says_when_a_unit_went_back(town: Path) -> None:
    found = fetch(
        town,
        "select step, phase, is_step_back, since_date, months_standing from marts.mart_kotter"
        " where unit_id = 'bad' order by step_date",
    )
    assert found == [
        (5, "move", False, D(2015, 1, 1), None),
        (3, "unfreeze", True, D(2016, 6, 30), None),
        (3, "unfreeze", False, D(2016, 6, 30), 6),
    ]


def test_figures_support_a_kotter_step_or_not_or_cannot_be_seen(town: Path) -> None:
    found = fetch(town, "select unit_id, step, supported from marts.mart_kotter_hints")
    hints = {(unit, step): supported for unit, step, supported in found}
    assert [hints["good", step] for step in (2, 5, 6, 7, 8)] == ["yes", "yes", "yes", "yes", "no"]
    assert [hints["bad", step] for step in (2, 5, 6, 7, 8)] == ["no", "no", "yes", "no", "no"]
    assert hints["tiny", 8] == "cannot_see"


def test_actions_are_counted_with_the_middle_lead_time_of_those_done(town: Path) -> None:
    found = fetch(
        town,
        "select year, n_actions, n_done, done_pct, median_lead_days from marts.mart_actions"
        " where unit_id = 'good' order by year",
    )
    assert found == [(2013, 10, 5, 50.0, 5.0), (2014, 6, 3, 50.0, 3.0)]


def test_open_actions_tell_no_cause_that_few_meet_and_a_date_is_not_asked_for_twice(
    town: Path,
) -> None:
    told = "select count(*), min(age_days) > 0, count(root_cause) from marts.mart_open_actions"
    assert fetch(town, f"{told} where unit_id = 'good'") == [(8, True, 0)]
    step = "select next_step_nb from marts.mart_maturity where unit_id = 'waiting' and is_latest"
    assert fetch(town, step) == [(text("maturity_next_step_planned.0", "nb"),)]


def test_the_waiting_list_says_how_many_weeks_there_are_to_the_planned_start(town: Path) -> None:
    found = fetch(town, "select unit_id, weeks_to_start from marts.mart_waiting_list")
    assert found == [("waiting", 2.0)]


@pytest.mark.parametrize(
    ("signal", "bad", "good"),
    [
        ("no_anchoring", "{:.0f} days, over 60", "{:.0f} days"),
        ("budget_cut", "{:.0f} % less, over 2", "{} %"),
        ("fte_cut", "{:.1f} %", "{:.0f}"),
        ("actions_fall", "{:.0f} %, over 50", "{:.0f} %"),
        ("culture_gap", "{:+}", "{:+}"),
        ("few_course_days", "{:.0f} of 6", "{:.0f}"),
    ],
)
def test_the_worked_example_of_the_documentation_has_these_signals(
    town: Path, signal: str, bad: str, good: str
) -> None:
    cells = []
    for unit, words in (("bad", bad), ("good", good)):
        status, value, _ = _signal(town, unit, signal)
        assert value is not None
        cells.append(f"{words.format(round(value, 3))}: `{status}` |")
    rows = text_of("pitfalls_maturity_culture").split("## Worked example")[1].splitlines()
    assert any(cells[0] in row and row.endswith(cells[1]) for row in rows), cells


def test_the_worked_example_of_the_documentation_has_these_levels(town: Path) -> None:
    shown = text_of("pitfalls_maturity_culture").split("## Worked example")[1]
    latest = {
        unit: (computed, level, reason)
        for unit, computed, level, reason in fetch(
            town,
            "select unit_id, level_computed, level_shown, override_reason from marts.mart_maturity"
            " where is_latest",
        )
    }
    computed, level, reason = latest["bad"]
    assert f'| {computed}: no board in use; set to {level} by its leader, "{reason}"' in shown
    assert f"| {latest['good'][0]}: gains realised" in shown
    assert _signal(town, "tiny", "culture_gap")[::2] == ("cannot_see", "few_surveys")
    assert "cannot be seen (`few_surveys`)" in shown
    for level in (4, 5):
        (first,) = fetch(
            town,
            "select min(as_of_date) from marts.mart_maturity"
            f" where unit_id = 'mature' and level_computed = {level}",
        )
        assert f"level {level} from {first[0].day} September {first[0].year}" in shown
        assert first[0].month == 9


def test_every_row_told_of_lean_is_behind_what_is_shown_or_says_why_not(town: Path) -> None:
    assert fetch(town, "select * from intermediate.int_reconciliation where is_unexplained") == []
    parts = fetch(
        town,
        "select source, part, sum(n_rows)::integer from intermediate.int_reconciliation_parts"
        " where source like 'lean%' and feed_id <> '' group by all",
    )
    found = {(source, part): n for source, part, n in parts}
    delivered = {source for source, part in found if part == "loaded"}
    assert {
        "lean.cycles",
        "lean.gains",
        "lean.gain_events",
        "lean_activity.culture_surveys",
        "lean_activity.improvement_actions",
        "lean_activity.board_meetings",
    } <= delivered
    for source in delivered:
        told = sum(n for (each, part), n in found.items() if each == source and part != "loaded")
        assert told == found[source, "loaded"], source
    assert found["lean.gain_events", "used"] > 0
