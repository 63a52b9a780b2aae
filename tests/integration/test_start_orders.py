"""``pukk plan orders`` and ``pukk plan draw`` on the published example."""

import json
from pathlib import Path

from pipelines.planning.drawing import draw, waves
from tests.conftest import pukk
from tests.published import published


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
    shown = told(home, "orders", "--metric", "sick_leave_pct", "--wave", "5", "--every", "9")
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
