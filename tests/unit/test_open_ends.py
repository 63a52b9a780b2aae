"""No end of a calendar acts as an end date: positions that last, and leave planned ahead."""

from datetime import date
from pathlib import Path

from tests.dbt_fixture import build_warehouse, fetch, municipality, run_dbt

D = date


def _build(file: Path, *models: str) -> None:
    run_dbt(file, "build", "--select", *models, "--exclude-resource-type", "test")


def _position(person: str, start: date, end: date | None = None, **more: object) -> dict:
    return {
        "position_id": f"{person}-1",
        "person_id": person,
        "unit_id": "a",
        "position_pct": 100,
        "employment_type": "permanent",
        "start_date": start,
        "end_date": end,
        **more,
    }


def test_nobody_leaves_because_the_calendar_ends(tmp_path: Path) -> None:
    """Figures to the last month of the calendar: one left in June, one is to leave later."""
    staying = [_position(f"p{n}", D(2020, 1, 1)) for n in range(5)]
    rows = {
        "hr.positions": [
            *staying,
            _position("leaver", D(2020, 1, 1), D(2035, 6, 30)),
            _position("later", D(2020, 1, 1), D(2199, 12, 30)),
            _position("changed", D(2020, 1, 1)),
            _position("changed", D(2030, 1, 1), position_pct=50),
        ],
        "sick_leave.spells": [
            {"person_id": "p0", "unit_id": "a", "start_date": D(2035, 12, 3), "absence_type": kind,
             "grade_pct": 100, "end_date": None}
            for kind in ("certified",)
        ],
    }  # fmt: skip
    file = build_warehouse(tmp_path / "town.duckdb", municipality(D(2035, 1, 1)), rows)
    _build(file, "+int_hr__unit_months", "+int_sick_leave__spell_positions")
    months = fetch(
        file,
        "select month, leavers, movers, permanent_staff, agreed_fte from"
        " intermediate.int_hr__unit_months order by month",
    )
    assert [month for month, *_ in months] == [D(2035, n, 1) for n in range(1, 13)]
    assert [leavers for _, leavers, *_ in months] == [0] * 5 + [1] + [0] * 6
    assert {movers for _, _, movers, *_ in months} == {0}
    assert (months[0][3], months[-1][3]) == (8, 7)
    assert months[-1][4] == 6.5
    spells = "select last_day from intermediate.int_sick_leave__spell_positions"
    assert fetch(file, spells) == [(D(2035, 12, 31),)]


def test_leave_planned_ahead_makes_no_month_of_figures(tmp_path: Path) -> None:
    def spell(start: date, kind: str, period: str) -> dict:
        return {
            "person_id": "p", "unit_id": "a", "start_date": start, "absence_type": kind,
            "grade_pct": 100, "period_ym": period,
        }  # fmt: skip

    for period in (lambda _: "all", lambda day: f"{day:%Y-%m}"):
        found = [
            (D(2024, 1, 8), "certified"),
            (D(2024, 4, 8), "certified"),
            (D(2024, 7, 1), "holiday"),
        ]
        rows = {
            "sick_leave.spells": [spell(day, kind, period(day)) for day, kind in found],
            "ops.deliveries": [
                {"delivery_id": "D1", "seq": 1, "contract_id": "sick_leave", "feed_id": "feed",
                 "table_name": "spells", "status": "loaded",
                 "periods": ",".join(sorted({period(day) for day, _ in found}))}
            ],
        }  # fmt: skip
        (tmp_path / "town.duckdb").unlink(missing_ok=True)
        file = build_warehouse(tmp_path / "town.duckdb", municipality(D(2024, 1, 1)), rows)
        _build(file, "+int_data_range", "+int_sick_leave__months_delivered")
        months = fetch(
            file, "select month from intermediate.int_sick_leave__months_delivered order by 1"
        )
        assert [month for (month,) in months] == [D(2024, n, 1) for n in range(1, 5)]
        assert fetch(file, "select last_month from intermediate.int_data_range") == [
            (D(2024, 4, 1),)
        ]


def test_a_file_named_for_a_month_without_sickness_makes_the_month_a_true_zero(
    tmp_path: Path,
) -> None:
    rows = {
        "sick_leave.spells": [
            {"person_id": "p", "unit_id": "a", "start_date": D(2024, 2, 5), "grade_pct": 100,
             "absence_type": "holiday", "period_ym": "2024-02"}
        ],
    }  # fmt: skip
    file = build_warehouse(tmp_path / "town.duckdb", municipality(D(2024, 1, 1)), rows)
    _build(file, "+int_sick_leave__months_delivered")
    months = fetch(file, "select month from intermediate.int_sick_leave__months_delivered")
    assert months == [(D(2024, 2, 1),)]
