"""The plan as a published table: for each headline metric, what each start order would find.

Figures alone, of the whole waiting list and of no unit. A metric's rows are kept by a hash of what
they are made of, so a night that brings nothing new works nothing out. The words are the page's.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kept_files import clear_unused, read_kept, write_kept
from pipelines.planning.drawing import draw, list_hash
from pipelines.planning.orders import COMPARED, Order
from pipelines.planning.proposed import Ranked, proposed
from pipelines.planning.waiting_list import PLANNED_METRICS, WaitingUnit, waiting_units

if TYPE_CHECKING:
    from pipelines.planning.comparison import Found

PLAN_TABLE = "mart_plan"
HORIZON_MONTHS = 36
"""How far the plan looks ahead where nobody asks for more."""
FITS = "effects"
"""Where the night keeps its fits, under the municipality's state."""
_FOLDER = "plans"
_HERE = Path(__file__).resolve().parent
# what a small change is, not what the months it follows from were
_DIGITS = 3
_SCHEMA = pl.Schema(
    {
        "metric_id": pl.String(),
        "order_no": pl.Int32(),
        "window_months": pl.Int32(),
        "n_waiting": pl.Int32(),
        "n_waves": pl.Int32(),
        "wave_size": pl.Int32(),
        "months_between": pl.Int32(),
        "months_to_last_start": pl.Int32(),
        "n_judged": pl.Int32(),
        "mde80": pl.Float64(),
        "effect_unit": pl.String(),
        "months_to_verdict": pl.Int32(),
        "is_proposed": pl.Boolean(),
        "as_of_month": pl.Date(),
    }
)


@dataclass(frozen=True)
class _Kept:
    """What is kept of one metric: per order and window, and the unit it is told in."""

    found: list[dict[str, Any]]
    effect_unit: str


def write_plan(
    con: duckdb.DuckDBPyConnection, inputs: EffectInputs, rows: Mapping[str, str], state: Path
) -> int:
    """Replace the table of the plan among the marts and return its number of rows.

    Args:
        con: The open warehouse after the effects, outside a transaction.
        inputs: What the effects were estimated from.
        rows: Metric to the name of its kept rows, which stands for all that they are made of.
        state: The municipality's folder of what is kept between runs.
    """
    folder = state / _FOLDER
    units = waiting_units(con)
    metrics = con.execute(PLANNED_METRICS).fetchall() if units else []
    names = {
        metric_id: _name(rows[metric_id], units)
        for metric_id, is_headline in metrics
        if is_headline and metric_id in rows
    }
    kept = {metric_id: _read(folder / name) for metric_id, name in names.items()}
    absent = [metric_id for metric_id, found in kept.items() if found is None]
    if absent:
        for metric_id, found in _work_out(con, inputs, units, state / FITS, absent).items():
            write_kept(folder / names[metric_id], asdict(found))
            kept[metric_id] = found
    if folder.exists():
        clear_unused(folder, set(names.values()))
    table = _table({m: found for m, found in kept.items() if found}, len(units), inputs)
    con.execute("create schema if not exists marts")
    con.register("plan_frame", table)
    con.execute(f"create or replace table marts.{PLAN_TABLE} as select * from plan_frame")
    con.unregister("plan_frame")
    return table.height


def _name(rows: str, units: tuple[WaitingUnit, ...]) -> str:
    digest = hashlib.sha256(f"{rows} {HORIZON_MONTHS}".encode())
    strata = sorted((unit.unit_id, unit.service_type) for unit in units)
    digest.update(json.dumps(strata).encode())
    for file in sorted(_HERE.glob("*.py")):
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{digest.hexdigest()}.plan"


def _read(file: Path) -> _Kept | None:
    content = read_kept(file, _Kept.__dataclass_fields__.keys())
    return None if content is None else _Kept(**content)


def _work_out(
    con: duckdb.DuckDBPyConnection,
    inputs: EffectInputs,
    units: tuple[WaitingUnit, ...],
    fits: Path,
    metric_ids: list[str],
) -> dict[str, _Kept]:
    # what estimates takes long to load, and most nights nothing is to be worked out
    from pipelines.planning.comparison import compare
    from pipelines.planning.waiting import planned_metrics

    strata = {unit.unit_id: unit.service_type for unit in units}
    sequence = draw(strata, list_hash(strata))
    return {
        metric.metric_id: _Kept(
            [_plain(one) for one in compare(metric, sequence, COMPARED, HORIZON_MONTHS)],
            metric.telling.effect_unit,
        )
        for metric in planned_metrics(con, inputs, fits, metric_ids)
    }


def _plain(found: "Found") -> dict[str, Any]:
    return {
        "order_no": COMPARED.index(found.order) + 1,
        "window_months": found.window,
        "n_judged": found.n_judged,
        "mde80": found.mde80,
        "months_to_verdict": found.months_to_verdict,
    }


def _table(kept: Mapping[str, _Kept], n_waiting: int, inputs: EffectInputs) -> pl.DataFrame:
    best = proposed(_ranked(found) for found in kept.values())
    told = [
        {"metric_id": metric_id, "n_waiting": n_waiting, "effect_unit": found.effect_unit}
        | row
        | _of_order(COMPARED[row["order_no"] - 1], n_waiting)
        | {"is_proposed": row["order_no"] == best, "as_of_month": inputs.as_of_month}
        for metric_id, found in kept.items()
        for row in found.found
    ]
    frame = pl.DataFrame(told, schema=_SCHEMA, orient="row")
    return frame.with_columns(pl.col("mde80").round_sig_figs(_DIGITS)).sort(
        "metric_id", "order_no", "window_months"
    )


def _ranked(found: _Kept) -> list[Ranked]:
    return [
        Ranked(row["order_no"], row["window_months"], row["mde80"], row["months_to_verdict"])
        for row in found.found
    ]


def _of_order(order: Order, n_waiting: int) -> dict[str, int]:
    sizes = order.sizes(n_waiting)
    return {
        "n_waves": len(sizes),
        "wave_size": max(sizes),
        "months_between": order.months_between,
        "months_to_last_start": (len(sizes) - 1) * order.months_between,
    }
