"""Locking a cycle's target before it begins: one metric, its definition, and when to look.

A lock is an event of the journal like any other: written with the clock's own time, chained, with
the access log's head. It is never changed; a change is a further event. Whether a lock counts is
worked out by dbt (``int_target_locks``) each time, from when its cycle began and what the metric
means now. The register counts too: a row that named its target while the cycle had not begun is
noted the night it was seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import duckdb

from pipelines.desk.events import log_event
from pipelines.errors import PukkError
from pipelines.ingest.clock import NORWAY
from pipelines.municipality.metrics import Metric
from pipelines.settings import Paths
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

LOOKS = (12, 24)
Action = Literal["lock", "unlock"]
_CYCLE = """
select cycle_id, unit_id, first_day from (
    select cycles.cycle_id, cycles.unit_id,
        coalesce(cycles.start_date, min(days.course_date)) as first_day
    from lean.cycles as cycles
    left join lean.course_days as days on cycles.cycle_id = days.cycle_id
    group by cycles.cycle_id, cycles.unit_id, cycles.start_date
)
where cycle_id = ?
"""
_STANDING = """
select metric_id from (
    select metric_id, arg_max(action, entry_no) as last_action
    from ops.target_locks where cycle_id = ? and made_by = 'command' group by metric_id
)
where last_action = 'lock'
"""
# rows of the register whose target is another than when it was last noted; nothing is noted of a
# cycle that had begun before its target was first seen
_REGISTER = """
with noted as (
    select cycle_id, arg_max(metric_id, entry_no) as metric_id,
        arg_max(target_value, entry_no) as target_value
    from ops.target_locks where made_by = 'register' group by cycle_id
)
select cycles.cycle_id, cycles.unit_id, cycles.metric_id, cycles.target_value,
    metrics.definition_sha256, metrics.direction
from intermediate.int_lean__cycles as cycles
inner join staging.stg_municipality__metrics as metrics
    on cycles.metric_id = metrics.metric_id
left join noted on cycles.cycle_id = noted.cycle_id
where metrics.direction in ('lower', 'higher')
    and (noted.cycle_id is not null or cycles.start_date is null or cycles.start_date > ?)
    and (cycles.metric_id is distinct from noted.metric_id
        or cycles.target_value is distinct from noted.target_value)
order by cycles.cycle_id
"""


@dataclass(frozen=True)
class Locked:
    """What a lock led to.

    Attributes:
        cycle_id: The cycle.
        unit_id: Its unit.
        metric_id: The target metric.
        first_day: The first course day, None while none is set.
        is_in_time: It was made before the first course day, and so counts.
    """

    cycle_id: str
    unit_id: str
    metric_id: str
    first_day: date | None
    is_in_time: bool


def lock_target(  # noqa: PLR0913 - what is locked, and where
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    cycle_id: str,
    metric: Metric,
    *,
    target_value: float | None = None,
    look_months: int = 24,
    action: Action = "lock",
) -> Locked:
    """Lock a cycle's target now, or take the lock back; both stand in the journal and the log.

    Args:
        con: The working warehouse, outside a transaction.
        paths: The municipality's folders.
        cycle_id: The cycle, as the register names it.
        metric: The target metric.
        target_value: The wanted value, if there is one.
        look_months: Months after the start at which the one test is made: 12 or 24.
        action: ``lock`` or ``unlock``.

    Raises:
        PukkError: There is no such cycle, no direction of the metric is better, the look is not
            12 or 24 months, another metric is locked already, or there is no lock to take back.
    """
    unit_id, first_day = _cycle(con, cycle_id)
    _check(con, cycle_id, metric, look_months, action)
    now = datetime.now(UTC)
    row = {
        "cycle_id": cycle_id,
        "unit_id": unit_id,
        "metric_id": metric.id,
        "definition_sha256": metric.definition_sha256,
        "direction": metric.direction,
        "target_value": target_value,
        "look_months": look_months,
        "action": action,
        "made_by": "command",
    }
    detail = f"{metric.id} {metric.definition_sha256[:16]} {look_months}"
    log_event(paths.state, action, cycle_id, detail=detail)
    _append(con, paths, [row], now)
    today = now.astimezone(NORWAY).date()
    return Locked(cycle_id, unit_id, metric.id, first_day, first_day is None or today < first_day)


def keep_register_targets(con: duckdb.DuckDBPyConnection, paths: Paths) -> int:
    """Note targets that the register names of cycles that have not begun, and changes of them.

    Args:
        con: The working warehouse after dbt.
        paths: The municipality's folders.

    Returns:
        How many were noted; running it again adds nothing.
    """
    now = datetime.now(UTC)
    rows = con.sql(_REGISTER, params=[now.astimezone(NORWAY).date()]).pl().to_dicts()
    if rows:
        log_event(paths.state, "lock", "register", n_rows=len(rows), detail="lean.cycles")
        same = {"look_months": max(LOOKS), "action": "lock", "made_by": "register"}
        _append(con, paths, [row | same for row in rows], now)
    return len(rows)


def _cycle(con: duckdb.DuckDBPyConnection, cycle_id: str) -> tuple[str, date | None]:
    found = con.execute(_CYCLE, [cycle_id]).fetchone()
    if found is None:
        raise PukkError(
            say("ingest.target_locks.no_such_round"),
            where=cycle_id,
            way_out=say("ingest.target_locks.put_round_in_register"),
        )
    return found[1], found[2]


def _check(
    con: duckdb.DuckDBPyConnection, cycle_id: str, metric: Metric, look_months: int, action: Action
) -> None:
    standing = [name for (name,) in con.execute(_STANDING, [cycle_id]).fetchall()]
    if action == "unlock":
        if metric.id not in standing:
            raise PukkError(
                say("ingest.target_locks.metric_not_locked", id=metric.id),
                where=cycle_id,
                way_out=say("ingest.target_locks.see_locks"),
            )
        return
    if metric.direction not in ("lower", "higher"):
        raise PukkError(
            say("ingest.target_locks.metric_without_better", id=metric.id),
            where=cycle_id,
            way_out=say("ingest.target_locks.choose_metric_with_better"),
        )
    if look_months not in LOOKS:
        raise PukkError(
            say("ingest.target_locks.only_two_looks", look_months=look_months),
            where=cycle_id,
            way_out=say("ingest.target_locks.use_months"),
        )
    others = [name for name in standing if name != metric.id]
    if others:
        raise PukkError(
            say("ingest.target_locks.another_lock", others=", ".join(others)),
            where=cycle_id,
            way_out=say("ingest.target_locks.take_back_first", cycle_id=cycle_id, others=others[0]),
        )


def _append(
    con: duckdb.DuckDBPyConnection, paths: Paths, rows: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    stamp = {"locked_at": now.replace(tzinfo=None), "locked_on": now.astimezone(NORWAY).date()}
    with transaction(con):
        counted = con.execute("select coalesce(max(entry_no), 0) from ops.target_locks").fetchall()
        first = counted[0][0] + 1
        numbered = [dict(row) | stamp | {"entry_no": n} for n, row in enumerate(rows, first)]
        append(con, paths, "lock", {"target_locks": numbered})
