"""Targets that a constructed municipality agreed on before its rounds began, or too late.

Its years are in the past, and a lock made now would be late for every round of them. So they are
put into the journal of a home where nothing has happened yet, with the constructed day; the log
says when that was done. A municipality of one's own has no such door: its locks have the clock's
time (``pipelines.ingest.target_locks``).
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

import duckdb

from pipelines.desk.events import log_event
from pipelines.example.lean import cycle_id
from pipelines.example.spec import ExampleSpec
from pipelines.municipality.metrics import Metric
from pipelines.settings import Paths
from pipelines.warehouse.replay import append, last_applied
from pipelines.warehouse.transaction import transaction

_MADE_AT = time(12)


def plant_locks(
    con: duckdb.DuckDBPyConnection, paths: Paths, spec: ExampleSpec, metrics: Iterable[Metric]
) -> int:
    """Put the example's locks into journal and warehouse; returns how many, 0 in a used home.

    Args:
        con: The working warehouse, outside a transaction.
        paths: The municipality's folders.
        spec: The example.
        metrics: The municipality's metrics, whose meaning is locked.
    """
    rows = _rows(spec, {metric.id: metric for metric in metrics})
    if not rows or last_applied(con)[0]:
        return 0
    log_event(paths.state, "lock", "example", n_rows=len(rows), detail="constructed")
    with transaction(con):
        append(con, paths, "lock", {"target_locks": rows})
    return len(rows)


def _rows(spec: ExampleSpec, metrics: dict[str, Metric]) -> list[dict[str, Any]]:
    courses = {course.unit: course for course in spec.lean.courses}
    return [
        {
            "entry_no": number,
            "locked_at": datetime.combine(lock.locked, _MADE_AT),
            "locked_on": lock.locked,
            "action": "lock",
            "made_by": "command",
            "cycle_id": cycle_id(courses[lock.unit]),
            "unit_id": lock.unit,
            "metric_id": lock.metric,
            "definition_sha256": metrics[lock.metric].definition_sha256,
            "direction": metrics[lock.metric].direction,
            "target_value": lock.target,
            "look_months": lock.look_months,
        }
        for number, lock in enumerate(spec.lean.locks, start=1)
    ]
