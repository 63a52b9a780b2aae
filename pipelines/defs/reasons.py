"""Why a run stopped, in words that lead to the fix: from dbt's events, the history and Dagster's.

What was found is kept in ``ops.quality_results`` by the step that found it, so the report says the
same. Nothing is checked here.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.quality.model_checks import BrokenNode
from pipelines.quality.results import STOPS
from pipelines.words.messages import say

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

_BROKEN = frozenset({"error", "fail"})
_SHOWN = 8
# who reads the reasons gets every refused file by name from elsewhere
_REJECTED = "no_rejected_in_inbox"
# a step that fails because of what the history already tells in more words
_TOLD = frozenset(
    {"gate_1_inbound", "gate_2_outbound", "dbt_project", "model_promises", "dbt_after_effects"}
)


def broken_nodes(events: Iterable[Mapping[str, Any]]) -> list[BrokenNode]:
    """Return the nodes that could not be run.

    Args:
        events: dbt's structured events of one command.
    """
    names = [event["data"]["node_info"]["node_name"] for event in events if _is_broken(event)]
    return [BrokenNode(name, name, "", 0, None) for name in names]


def why(con: duckdb.DuckDBPyConnection, result: "ExecuteInProcessResult") -> list[str]:
    """Return what stopped a run, most telling first: broken promises, then steps that failed."""
    told = _broken_promises(con, result.run_id)
    is_told = _has_broken(con, result.run_id)
    steps = [(step, text) for step, text in failed_steps(result) if not (is_told and step in _TOLD)]
    reasons = told + [f"{step}: {text}" for step, text in steps]
    more = len(reasons) - _SHOWN
    return reasons[:_SHOWN] + ([say("defs.reasons.and_more", more=more)] if more > 0 else [])


def way_out(con: duckdb.DuckDBPyConnection, run_id: str, report: str) -> str:
    """Return what to do about a stopped run: the report, and for a computed figure its file."""
    computed = con.execute(
        "select count(*) from ops.quality_results where run_id = ? and gate <> 'inbound'"
        f" and {STOPS}",
        [run_id],
    ).fetchall()[0][0]
    mend = say("defs.reasons.mend_and_deliver")
    return say("defs.reasons.see_report", mend=mend if computed else "", report=report)


def _is_broken(event: Mapping[str, Any]) -> bool:
    node = event["data"].get("node_info", {})
    return event["info"]["name"] == "NodeFinished" and node.get("node_status") in _BROKEN


def _broken_promises(con: duckdb.DuckDBPyConnection, run_id: str) -> list[str]:
    # what stops a night is sent out and stands in logs: it is told as readers are told it
    rows = con.execute(
        "select table_name, promised_nb, measured_nb from ops.judged_results"
        f" where run_id = ? and {STOPS} and rule_id <> ? order by all",
        [run_id, _REJECTED],
    ).fetchall()
    return [f"[{table}] {promised} {measured}" for table, promised, measured in rows]


def _has_broken(con: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    return bool(
        con.execute(
            f"select 1 from ops.quality_results where run_id = ? and {STOPS} limit 1",
            [run_id],
        ).fetchall()
    )


def failed_steps(result: "ExecuteInProcessResult") -> list[tuple[str, str]]:
    """Return the steps that failed, each with the innermost error's words."""
    found = []
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            found.append((str(event.step_key), error.message.strip() if error else "feilet"))
    return found
