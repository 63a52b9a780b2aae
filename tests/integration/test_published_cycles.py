"""Frozen baselines, new bases and PUKK steps of the example, as published."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import pukk
from tests.published import pointer, published, warehouse

pytestmark = pytest.mark.integration

WAITING = "unit_id = 'u0410' and metric_id = 'waiting_days_mean'"


def test_every_started_cycle_with_figures_has_a_frozen_baseline(example_home: Path) -> None:
    (without,) = published(
        example_home,
        "select string_agg(cycle_id, ' ') from mart_cycles where start_date is not null"
        " and not has_frozen_baseline",
    )
    # four persons: nothing of the unit may be shown, so there is nothing to freeze
    assert without == ("S-0114-1",)
    (frozen,) = published(
        example_home, "select n_months, state, frozen_as_of, length(baseline_hash),"
        f" delivery_ids is not null from mart_baselines where {WAITING}"
    )  # fmt: skip
    assert frozen == (24, "as_frozen", date(2018, 12, 1), 32, True)
    kept = warehouse(
        example_home,
        "select count(*) = (select count(*) from marts.mart_baselines) from ops.frozen_baselines",
    )
    assert kept == [(True,)]


def test_what_is_frozen_is_what_the_chart_and_the_before_figure_stand_on(
    example_home: Path,
) -> None:
    apart = published(
        example_home,
        "select b.unit_id, b.metric_id from mart_baselines as b"
        " inner join mart_control_chart_phases as c using (cycle_id, metric_id)"
        " left join mart_before_after as a using (cycle_id, metric_id)"
        " where c.series = 'value' and c.phase_no = 1 and (b.centre is distinct from c.centre"
        " or b.sigma is distinct from c.sigma"
        " or (a.window_months = 24 and abs(a.value_before - b.value) > 1e-6))",
    )
    assert apart == []


def test_the_allowed_basis_has_ghost_limits_and_the_refused_one_its_reason(
    example_home: Path,
) -> None:
    decisions = published(
        example_home,
        "select decision_id, outcome, n_points, phase_no from mart_rebase_decisions order by 1",
    )
    assert decisions == [("B-001", "in_force", 15, 2), ("B-002", "few_points", 6, None)]
    (refused,) = published(
        example_home, "select outcome_nb from mart_rebase_decisions where decision_id = 'B-002'"
    )
    assert "bare 6 målinger" in refused[0]
    first, second = published(
        example_home,
        "select verdict, centre, decision_id from mart_control_chart_phases"
        f" where {WAITING} and series = 'value' order by phase_no",
    )
    assert first[0] == "sustained_improvement"
    assert (second[0], second[2]) == (None, "B-001")
    ghosts = published(
        example_home,
        "select distinct phase_no, ghost_centre from mart_control_chart_points"
        f" where {WAITING} and series = 'value' order by phase_no",
    )
    assert ghosts == [(1, None), (2, first[1])]
    assert second[1] < first[1]


def test_a_cycle_in_k_too_early_is_told_what_is_missing(example_home: Path) -> None:
    unsupported = published(
        example_home,
        "select cycle_id, step_claimed, step_supported, step_problem, step_problem_nb"
        " from mart_cycles where not is_step_supported order by cycle_id",
    )
    assert [row[:4] for row in unsupported] == [
        ("S-0114-1", "check", "plan", "no_frozen_baseline"),
        ("S-0351-1", "check", "do", "few_after_months"),
    ]
    assert "mangler 5 av 8 måneder" in unsupported[1][4]


def test_a_corrected_file_leaves_the_frozen_figure_and_is_told_beside_it(
    example_copy: Path,
) -> None:
    (before,) = published(
        example_copy, f"select value, delivery_ids from mart_baselines where {WAITING}"
    )
    file = next((example_copy / "vestre_toten" / "inbox" / "nokkeltall").glob("*2010*"))
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    at = next(i for i, row in enumerate(rows) if "Fysio" in row and "Ventedager i alt" in row)
    cells = rows[at].split(";")
    cells[3] = "9000"
    rows[at] = ";".join(cells)
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    pukk("run", home=example_copy)
    assert pointer(example_copy)["generation"] == 2
    (after,) = published(
        example_copy,
        "select value, delivery_ids, state, restated_by, restated_difference > 0"
        f" from mart_baselines where {WAITING}",
    )
    assert after[:3] == (*before, "restated")
    assert after[4] is True
    delivered = warehouse(
        example_copy,
        "select delivery_id from ops.deliveries order by seq desc limit 1",
    )
    assert after[3] == delivered[0][0]
    told = pukk("baselines", home=example_copy).stdout
    assert "Fysio" in told
    assert after[3] in told
