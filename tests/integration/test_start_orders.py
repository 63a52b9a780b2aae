"""``pukk plan orders`` and ``pukk plan draw`` on the published example."""

import json
from pathlib import Path

from pipelines.planning.drawing import draw, waves
from tests.conftest import pukk
from tests.dbt_fixture import run_dbt
from tests.published import published, warehouse


def told(home: Path, *args: str, check: bool = True) -> str:
    done = pukk("plan", *args, home=home, check=check)
    return " ".join((done.stdout + done.stderr).split())


def test_what_the_waiting_list_can_find_and_a_draw_that_can_be_checked(example_copy: Path) -> None:
    home = example_copy
    rows = json.loads(
        pukk("plan", "orders", "--metric", "sick_leave_pct", "--json", home=home).stdout
    )
    n_waiting = published(home, "select count(*) from mart_waiting_list")[0][0]
    assert {sum(row["sizes"]) for row in rows} == {n_waiting}
    by_order = {
        (len(row["sizes"]), row["months_between"], row["window_months"]): row["mde80"]
        for row in rows
    }
    # who waits longer is there to be compared with: three waves find less than half of one crowd
    assert by_order[(3, 12, 12)] < by_order[(1, 0, 12)]
    in_table = published(
        home,
        "select n_waves, months_between, window_months, n_judged, mde80 from mart_plan"
        " where metric_id = 'sick_leave_pct' order by order_no, window_months",
    )
    assert [row[:4] for row in in_table] == [
        (len(row["sizes"]), row["months_between"], row["window_months"], row["n_judged"])
        for row in rows
    ]
    # a table that anyone may read says how small, not what it follows from
    assert [row[4] for row in in_table] == [
        None if row["mde80"] is None else float(f"{row['mde80']:.3g}") for row in rows
    ]
    ((n_metrics, n_proposed),) = published(
        home,
        "select count(distinct metric_id), count(distinct order_no) filter (is_proposed)"
        " from mart_plan",
    )
    assert n_metrics > 5
    assert n_proposed == 1
    shown = told(home, "orders", "--metric", "sick_leave_pct", "--wave", "5", "--every", "9")
    assert shown.index("Forslag: trekk lodd") < shown.index("Vurdert, 12 md.")
    assert "Puljer på 5, 9 md. mellom" in shown
    assert "pukk plan lock" in shown
    unknown = told(home, "orders", "--metric", "lykke", check=False)
    assert "ingen modell" in unknown
    too_early = told(home, "draw", "--seed", "12 6 3", check=False)
    assert "ikke notert" in too_early
    assert "Notert" in told(home, "draw")
    made = json.loads(
        pukk("plan", "draw", "--seed", "12 6 3", "--size", "6", "--json", home=home).stdout
    )
    strata = {
        unit: service or ""
        for unit, service in published(
            home,
            "select w.unit_id, u.service_type from mart_waiting_list as w"
            " inner join dim_units as u on w.unit_id = u.unit_id",
        )
    }
    assert made["waves"] == [list(wave) for wave in waves(draw(strata, "12 6 3"), [6])]
    log = told(home.parent / home.name, "draw", "--seed", "01017012345", check=False)
    assert "loggføres ikke" in log or "Trukket med" in log
    moved = told(home, "exchange", made["waves"][0][0], "--wave", "2", "--reason", "lokaler")
    assert "regnes som valgt" in moved
    assert "ikke trukket" in told(
        home, "exchange", "u0312", "--wave", "2", "--reason", "leder", check=False
    )
    in_time = json.loads(
        pukk("plan", "lock", "S-0211-1", "sick_leave_pct", "--json", home=home).stdout
    )
    late = json.loads(
        pukk("plan", "lock", "S-0316-1", "sick_leave_pct", "--json", home=home).stdout
    )
    assert (in_time["is_in_time"], late["is_in_time"]) == (True, False)
    file = home / "vestre_toten" / "warehouse.duckdb"
    run_dbt(file, "run", "--select", "stg_ops__target_locks", "int_target_locks", "mart_cycles")
    states = dict(
        warehouse(
            home,
            "select cycle_id, target_state from marts.mart_cycles where target_state <> 'none'",
        )
    )
    # agreed beforehand, locked when it had begun, and stated in the register and never locked
    assert states["S-0211-1"] == "registered"
    assert states["S-0316-1"] == "late"
    assert states["S-0410-1"] == "stated"
    # and the example's own, made before its first course day
    assert states["S-0312-1"] == "registered"
