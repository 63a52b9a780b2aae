"""Windows, phases and gates of before/after, worked out by hand on series made for it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from pipelines.municipality.model import Fact, Pilot
from tests.dbt_fixture import build_warehouse, fetch, municipality
from tests.golden.compiled_town import Compiled

D = date
MONTHS = [D(2011 + i // 12, 1 + i % 12, 1) for i in range(72)]
UNITS = ("seasonal", "short", "open", "cut", "moved", "redefined", "worse", "gaps", "small", "flat")
START, END = D(2013, 3, 11), D(2013, 9, 16)
WINTER = {1, 2, 12}


def _falls(unit: str, month: date) -> float | None:
    """Falls per 1000 bed days: 10 in summer, 20 in winter; half of that from October 2013."""
    level = 20.0 if month.month in WINTER else 10.0
    after = month >= D(2013, 10, 1)
    if unit == "worse":
        return level * (2 if after else 1)
    if unit == "flat":
        return level
    if unit == "gaps" and after and month.month % 2 == 0:
        return None
    return level / (2 if after else 1)


def _rows() -> dict[str, list[dict[str, Any]]]:
    values = []
    for unit in UNITS:
        for month in MONTHS:
            falls = _falls(unit, month)
            if falls is not None:
                values.append(
                    {"unit_id": unit, "month": month, "measure_id": "falls", "value": falls}
                )
            values.append(
                {"unit_id": unit, "month": month, "measure_id": "bed_days", "value": 1000.0}
            )
    cycles = [
        {"cycle_id": unit, "unit_id": unit, "cycle_no": 1, "status": "in_operation",
         "start_date": D(2012, 3, 1) if unit == "short" else START,
         "introduction_end_date": None if unit == "open" else
         D(2012, 9, 3) if unit == "short" else END}
        for unit in UNITS
    ]  # fmt: skip
    events = [
        ("e1", "cut", D(2014, 3, 31), "budget_cut", None),
        ("e2", "redefined", D(2011, 3, 15), "definition_change", "falls_per_1000"),
        ("e3", "seasonal", D(2012, 3, 1), "leader_change", None),
        ("e4", "seasonal", D(2014, 4, 1), "external", None),
        ("e5", "worse", D(2013, 5, 1), "definition_change", "agreed_fte"),
    ]
    gains = [
        ("g1", "seasonal", D(2013, 4, 15), 2.0, (0.5, 0.3, 0.2)),
        ("g2", "worse", D(2013, 6, 1), 1.5, (1.0, 0.0, 0.0)),
    ]
    return {
        "organisation.units": [
            {"unit_id": unit, "unit_name": unit, "sector": "omsorg", "service_type": "nursing_home",
             "valid_to": D(2014, 6, 30) if unit == "flat" else None}
            for unit in UNITS
        ],
        "organisation.unit_changes": [
            {"change_date": D(2013, 1, 1), "from_unit_id": "elsewhere", "to_unit_id": "moved",
             "share": 1.0, "change_type": "merge"},
        ],
        "hr.positions": [
            {"position_id": f"{unit}-{n}", "person_id": f"{unit}-{n}", "unit_id": unit,
             "position_pct": 100, "employment_type": "permanent", "start_date": D(2010, 1, 1)}
            for unit in UNITS
            for n in range(3 if unit == "small" else 12)
        ],
        "sick_leave.spells": [
            {"person_id": "seasonal-1", "unit_id": "seasonal", "start_date": day, "end_date": day,
             "absence_type": "certified", "grade_pct": 100}
            for day in (D(2011, 1, 3), D(2016, 12, 5))
        ],
        "unit_metrics.values": values,
        "lean.cycles": cycles,
        "lean.course_days": [
            {"cycle_id": "seasonal", "unit_id": "seasonal", "day_no": n, "course_date":
             D(2013, 3 + n, 11)}
            for n in range(1, 7)
        ],
        "lean.events": [
            {"event_id": i, "unit_id": u, "event_date": d, "event_type": t, "metric_id": m,
             "description": t}
            for i, u, d, t, m in events
        ],
        "lean.gains": [
            {"gain_id": g, "unit_id": u, "title": g, "tool": "verdistrømsanalyse",
             "identified_date": d, "identified_fte": fte, "share_quality": s[0],
             "share_quantity": s[1], "share_saving": s[2]}
            for g, u, d, fte, s in gains
        ],
        "lean.gain_events": [
            {"gain_id": "g1", "event_no": 1, "event_date": D(2014, 1, 15),
             "status": "partly_realised", "realised_fte_change": 0.5},
            {"gain_id": "g1", "event_no": 2, "event_date": D(2014, 6, 14), "status": "realised",
             "realised_fte_change": 1.0, "evidence": "vedtak 12"},
            {"gain_id": "g2", "event_no": 1, "event_date": D(2014, 2, 1), "status": "dropped",
             "realised_fte_change": 0.0},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    file = shared / "before_after.duckdb"
    with FileLock(shared / "before_after.lock"):
        if not file.exists():
            building = shared / "before_after_building.duckdb"
            fact = Fact.model_validate(
                {"id": "decision", "label": {"nb": "Vedtak", "en": "Decision"}, "value": 8.5,
                 "as_of": D(2014, 6, 14), "source": "seed"}
            )  # fmt: skip
            config = municipality(
                D(2011, 1, 1),
                D(2016, 12, 1),
                pilots=(Pilot(unit_id="seasonal", order=1, wave=1),),
                facts=(fact,),
            )
            build_warehouse(building, config, _rows())
            Compiled(tmp_path_factory, worker_id).build(building)
            building.rename(file)
    return file


def _row(file: Path, unit: str, columns: str, metric: str = "falls_per_1000") -> tuple[Any, ...]:
    (row,) = fetch(
        file,
        f"select {columns} from marts.mart_before_after"
        f" where cycle_id = '{unit}' and metric_id = '{metric}'",
    )
    return row


def test_windows_are_whole_months_around_the_introduction_which_is_in_neither(
    warehouse: Path,
) -> None:
    row = _row(
        warehouse, "seasonal",
        "window_months, baseline_first_month, baseline_last_month, introduction_first_month,"
        " introduction_last_month, after_first_month, after_last_month, n_before, n_after",
    )  # fmt: skip
    assert row == (
        24, D(2011, 3, 1), D(2013, 2, 1), D(2013, 3, 1), D(2013, 9, 1), D(2013, 10, 1),
        D(2015, 9, 1), 24, 24,
    )  # fmt: skip


def test_values_are_sum_over_sum_and_the_pilot_is_named(warehouse: Path) -> None:
    row = _row(
        warehouse, "seasonal",
        "numerator_before, denominator_before, value_before, value_after, difference, is_pilot,"
        " pilot_order, verdict, is_better",
    )  # fmt: skip
    before = 18 * 10 + 6 * 20
    assert row == (
        before, 24_000.0, before / 24, before / 48, -before / 48, True, 1, "measured_better", True
    )  # fmt: skip


def test_twelve_months_are_used_when_twenty_four_do_not_exist_before(warehouse: Path) -> None:
    row = _row(warehouse, "short", "window_months, baseline_first_month, after_last_month")
    assert row == (12, D(2011, 3, 1), D(2013, 9, 1))


def test_seasonal_difference_is_the_mean_over_calendar_months_on_both_sides(
    warehouse: Path,
) -> None:
    # after without even months: January and the odd summer months are left on both sides
    row = _row(warehouse, "gaps", "n_after, n_calendar_months, seasonal_difference, verdict")
    assert row == (12, 6, pytest.approx(-(5 * 5 + 10) / 6), "too_little_data")


def test_too_many_missing_months_is_too_little_data(warehouse: Path) -> None:
    assert _row(warehouse, "gaps", "reason_code") == ("missing_after",)


def test_cycle_without_an_end_of_introduction_has_a_start_only_and_says_why(
    warehouse: Path,
) -> None:
    row = _row(
        warehouse, "open",
        "introduction_first_month, introduction_last_month, window_months, value_before, verdict,"
        " reason_code",
    )  # fmt: skip
    assert row == (D(2013, 3, 1), None, None, None, "too_little_data", "no_introduction_end")


def test_budget_cut_blocks_cost_linked_metrics_only_and_is_a_caveat_elsewhere(
    warehouse: Path,
) -> None:
    assert _row(warehouse, "cut", "verdict, caveats") == ("measured_better", "budget_cut")
    fte = _row(warehouse, "cut", "verdict, reason_code", "agreed_fte")
    assert fte == ("not_interpretable", "budget_cut")


def test_merge_within_a_year_cannot_be_interpreted(warehouse: Path) -> None:
    assert _row(warehouse, "moved", "verdict, reason_code, caveats") == (
        "not_interpretable", "reorganisation", "reorganisation"
    )  # fmt: skip


def test_new_definition_anywhere_in_the_windows_cannot_be_interpreted(warehouse: Path) -> None:
    assert _row(warehouse, "redefined", "reason_code") == ("definition_change",)
    assert _row(warehouse, "redefined", "reason_code", "agreed_fte") == ("unchanged",)


def test_definition_change_of_another_metric_does_not_matter(warehouse: Path) -> None:
    assert _row(warehouse, "worse", "verdict, is_better, caveats") == (
        "measured_worse",
        False,
        None,
    )


def test_caveats_are_events_within_twelve_months_month_inclusive(warehouse: Path) -> None:
    # March 2012 is twelve months before March 2013, April 2014 thirteen after
    assert _row(warehouse, "seasonal", "caveats") == ("leader_change",)


def test_unit_of_three_is_suppressed_and_shows_nothing(warehouse: Path) -> None:
    row = _row(
        warehouse, "small", "verdict, reason_code, value_before, numerator_after, is_better",
        "sick_leave_pct",
    )  # fmt: skip
    assert row == ("suppressed", "suppressed", None, None, None)


def test_fewer_than_a_year_after_is_preliminary(warehouse: Path) -> None:
    # the unit closed in June 2014: nine months after
    row = _row(
        warehouse, "flat", "window_months, is_preliminary, verdict, reason_code, value_after"
    )
    assert row[:4] == (9, True, "too_little_data", "preliminary")
    assert row[4] is not None


def test_texts_never_say_why_it_changed(warehouse: Path) -> None:
    (text,) = _row(warehouse, "seasonal", "reason_nb")
    assert text == "Bedre som målt; om det ville kommet uansett er ikke vurdert."


def test_gains_as_of_a_fact_date_count_dropped_gains_no_more(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select identified_fte, realised_fte, n_gains, n_dropped, is_fact_date, is_month_end"
        " from marts.mart_gain_totals"
        " where breakdown = 'total' and as_of_date = date '2014-06-14'",
    )
    assert rows == [(2.0, 1.5, 1, 1, True, False)]


def test_gains_are_split_by_the_shares_of_each(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select breakdown_value, identified_fte from marts.mart_gain_totals"
        " where breakdown = 'type' and as_of_date = date '2013-12-31' order by 1",
    )
    assert rows == [("quality", 2.5), ("quantity", 0.6), ("saving", 0.4)]


def test_a_unit_is_trained_on_its_sixth_course_day(warehouse: Path) -> None:
    rows = fetch(
        warehouse,
        "select lean_start_date, lean_trained_date from marts.dim_units where unit_id = 'seasonal'",
    )
    assert rows == [(D(2013, 4, 11), D(2013, 9, 11))]
    (adopted,) = fetch(
        warehouse,
        "select units_total, units_trained, units_in_progress, units_not_started,"
        " units_trained_ever"
        " from marts.mart_adoption where as_of_date = date '2014-07-31'",
    )
    # ten units: one closed after training, one whose introduction never ended
    assert adopted == (9, 8, 1, 0, 9)
