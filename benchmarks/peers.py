"""The same charts and the same panel with other libraries, as a process of its own.

Charts: every unit's monthly series of a published edition. Effects: one metric's panel, by this
project's model, diff-diff (imputation) and pyfixest (two-way fixed effects). Limits and
estimates differ by design (phases, seasons, windows, comparison); what is compared is the cost.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

METRIC = "sick_leave_pct"
_MIN_MONTHS = 24
_CHARTS = "select count(distinct series_id) from mart_control_chart_points"
_SERIES = """
select metric_id, group_id, list(value order by month) as y, list(month order by month) as months
from fct_metric_months
where level = 'unit' and value is not null
group by all having count(*) >= ? order by all
"""


def main() -> None:
    """Measure and write the answer as JSON."""
    edition, home, answer = (Path(word) for word in sys.argv[1:4])
    with duckdb.connect(str(edition), read_only=True, config={"threads": 1}) as con:
        found = {"charts": _charts(con, float(sys.argv[4])), "effects": _effects(home)}
    answer.write_text(json.dumps(found), encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _charts(con: duckdb.DuckDBPyConnection, own_cpu_s: float) -> dict[str, Any]:
    from controlchartspy import spc

    series = con.execute(_SERIES, [_MIN_MONTHS]).fetchall()
    ((n_charts,),) = con.execute(_CHARTS).fetchall()
    some = series[:: max(len(series) // 100, 1)]

    limits: list[object] = []

    def peer() -> None:
        for _, _, y, months in some:
            limits.append(spc(data={"month": months, "y": y}, keys="month", numerators="y").limits)

    return {
        "n_series": n_charts,
        "own_per_s": n_charts / own_cpu_s,
        "controlchartspy_per_s": len(some) / _timed(peer),
    }


def _effects(home: Path) -> dict[str, Any]:
    from pipelines.effects.beside.event_study import Staggered, long_frame
    from pipelines.effects.model.fit import fit_panel
    from pipelines.effects.tables.metric_estimate import metric_panel
    from pipelines.effects.tables.warehouse_inputs import read_inputs

    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        panel = metric_panel(read_inputs(con), METRIC)
    if panel is None:
        raise SystemExit(f"{METRIC} has no panel in this warehouse")
    design = Staggered(panel.values, panel.start)
    frame = long_frame(design)
    frame["on"] = ((frame["month"] >= frame["start"]) & (frame["start"] > 0)).astype(int)

    def imputation() -> None:
        from diff_diff import ImputationDiD

        ImputationDiD().fit(frame, outcome="y", unit="unit", time="month", first_treat="start")

    def fixed_effects() -> None:
        import pyfixest

        pyfixest.feols("y ~ on | unit + month", data=frame, vcov={"CRV1": "unit"})

    works = {
        "this project (the model behind every unit's effect)": lambda: fit_panel(panel),
        "diff-diff (imputation, Borusyak and others)": imputation,
        "pyfixest (two-way fixed effects)": fixed_effects,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # libraries compile and import at the first call
        return {name: min(_timed(work) for _ in range(3)) for name, work in works.items()}


if __name__ == "__main__":
    main()
