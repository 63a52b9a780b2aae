"""The two gates: what was delivered against its contract, what will be published against its own.

What breaks a promise is counted in ``scan``, one query per table; how a promise is judged by the
counts is in ``engine``; promises about the runs themselves are in ``operations``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts.model import Contract, Table
from pipelines.contracts.to_expectations import ExpectationSpec, expectations_for
from pipelines.contracts.to_sql import floating_columns
from pipelines.quality.beside import judge
from pipelines.quality.broken_rows import broken_by, places
from pipelines.quality.engine import Outcome, warm_up
from pipelines.quality.operational import OperationalCheck
from pipelines.quality.operations import CHECKS
from pipelines.quality.releases import with_releases
from pipelines.quality.results import (
    CheckResult,
    Gate,
    GateResult,
    rows_broke,
    save_results,
    whole,
)
from pipelines.quality.scan import Counted, count_rows, row_count, scan
from pipelines.warehouse.connection import TIME_ZONE
from pipelines.warehouse.readers_views import LEDGER_VIEWS
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

__all__ = ["CheckResult", "Gate", "GateResult", "run_gate", "warm_up"]

_ROW_COUNT = "expect_table_row_count_to_be_between"
_NOT_RUN = say("quality.gates.not_checked")
_NAMED_PROBLEMS = 3
_HEX = 16


def run_gate(  # noqa: PLR0913 - what is checked, by whom and when, and what still lies in the inbox
    con: duckdb.DuckDBPyConnection,
    gate: Gate,
    contracts: Mapping[str, Contract],
    run_id: str,
    run_at: datetime,
    present: frozenset[str] = frozenset(),
) -> GateResult:
    """Check every table of the contracts and the runs themselves, and keep the results.

    Args:
        con: The open warehouse, outside a transaction.
        gate: ``inbound`` reads source tables, ``outbound`` the marts.
        contracts: Contracts by id: sources for inbound, products for outbound.
        run_id: The run, for the history.
        run_at: Aware time of the check.
        present: SHA-256 of the files that lie in the inbox now.

    Returns:
        Every promise and how it was kept; ``success`` is false if an error-level one was broken.
    """
    results: list[CheckResult] = []
    for contract in contracts.values():
        for table in contract.tables.values():
            results += _check_table(con, gate, contract, table)
    for check in CHECKS[gate]:
        results.append(_check_operation(con, gate, check, present))
    results = with_releases(con, results, run_at.astimezone(ZoneInfo(TIME_ZONE)).date())
    save_results(con, results, gate, run_id, run_at)
    return GateResult(not any(r.stops for r in results), tuple(results))


def _check_table(
    con: duckdb.DuckDBPyConnection, gate: Gate, contract: Contract, table: Table
) -> Iterator[CheckResult]:
    place = _place(gate, contract, table)
    kept = table.as_kept() if gate == "inbound" else table
    n_rows = row_count(con, place)
    if n_rows is None and gate == "outbound":
        yield _missing(gate, contract, table)
        return
    specs = expectations_for(contract, kept)
    if n_rows:
        counts = scan(con, place, kept.rules, floating_columns(kept))
    else:
        yield _nothing_delivered(gate, contract, table)
        specs = [spec for spec in specs if spec.type == _ROW_COUNT]
        counts = [Counted(0, 0)] * len(specs)
    outcomes = judge(list(zip(specs, counts, strict=True)))
    for spec, outcome in zip(specs, outcomes, strict=True):
        is_named = gate == "outbound" and outcome.n_failed and spec.severity == "error"
        where = _where(con, place, table, spec.meta["rule"]) if is_named else ""
        yield CheckResult(
            gate=gate,
            contract_id=contract.id,
            contract_version=contract.version,
            table_name=table.name,
            rule_id=spec.meta["rule"],
            expectation=spec.type,
            column_name=_column(spec),
            severity=spec.severity,
            promised_nb=spec.promised_nb,
            measured_nb=_measured(spec, outcome) + where,
            n_rows=outcome.n_rows,
            n_failed=outcome.n_failed,
            success=outcome.success,
        )


def _where(con: duckdb.DuckDBPyConnection, place: str, table: Table, rule_id: str) -> str:
    rule = next(rule for rule in table.rules if rule.id == rule_id)
    sql = broken_by(place, rule, floating_columns(table))
    found = places(con, sql, table.primary_key) if sql else []
    return f": {'; '.join(found)}" if found else ""


def _place(gate: Gate, contract: Contract, table: Table) -> str:
    if gate == "inbound":
        return f"{contract.id}.{table.name}"
    return LEDGER_VIEWS.get(table.name, f"marts.{table.name}")


def _check_operation(
    con: duckdb.DuckDBPyConnection, gate: Gate, check: OperationalCheck, present: frozenset[str]
) -> CheckResult:
    spec = ExpectationSpec(
        type="expect_column_values_to_be_null",
        kwargs={"column": "problem"},
        meta={"rule": check.rule_id, "table": check.table_name},
        severity=check.severity,
        promised_nb=check.promised_nb,
        columns=("problem",),
    )
    outcome, measured, found = _measure_operation(con, check, spec, present)
    return CheckResult(
        gate=gate,
        contract_id="ops",
        contract_version="1",
        table_name=check.table_name,
        rule_id=check.rule_id,
        expectation=spec.type,
        column_name=None,
        severity=check.severity,
        promised_nb=check.promised_nb,
        measured_nb=measured,
        n_rows=outcome.n_rows,
        n_failed=outcome.n_failed,
        success=outcome.success,
        found=found,
    )


def _measure_operation(
    con: duckdb.DuckDBPyConnection,
    check: OperationalCheck,
    spec: ExpectationSpec,
    present: frozenset[str],
) -> tuple[Outcome, str, str]:
    params = [sorted(present)] if "?" in check.sql else []
    counted = count_rows(con, check.sql, params)
    if counted.n_failed is None:
        return Outcome(success=False, n_rows=0, n_failed=0, was_run=False), _NOT_RUN, ""
    if not counted.n_rows:
        nothing = Outcome(success=True, n_rows=0, n_failed=0)
        return nothing, say("quality.gates.none_to_check", counted_nb=check.counted_nb), ""
    outcome = judge([(spec, counted)])[0]
    text = say(
        "quality.gates.n_broke_rule",
        n_failed=whole(outcome.n_failed),
        n_rows=whole(outcome.n_rows),
        counted_nb=check.counted_nb,
    )
    if not (check.names_problems and outcome.n_failed):
        return outcome, text, ""
    problems = _problems(con, check.sql, params)
    more = ", …" if outcome.n_failed > _NAMED_PROBLEMS else ""
    text += ": " + ", ".join(problems[:_NAMED_PROBLEMS]) + more
    hashes = (hashlib.sha256(problem.encode()).hexdigest()[:_HEX] for problem in problems)
    return outcome, text, ",".join(sorted(hashes)) if check.severity == "error" else ""


def _problems(con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object]) -> list[str]:
    con.execute(sql, list(params))
    try:
        return [str(row[0]) for row in con.fetchall() if row[0] is not None]
    finally:
        con.complete()


def _nothing_delivered(gate: Gate, contract: Contract, table: Table) -> CheckResult:
    return _about_table(
        gate, contract, table, rule_id="has_rows", promised_nb=say("quality.gates.table_has_rows")
    )


def _missing(gate: Gate, contract: Contract, table: Table) -> CheckResult:
    return _about_table(
        gate,
        contract,
        table,
        rule_id="exists",
        promised_nb=say("quality.gates.table_exists"),
        found=False,
    )


def _about_table(  # noqa: PLR0913 - one row of the history
    gate: Gate,
    contract: Contract,
    table: Table,
    *,
    rule_id: str,
    promised_nb: str,
    found: bool = True,
) -> CheckResult:
    empty = (
        say("quality.gates.no_rows_delivered")
        if gate == "inbound"
        else say("quality.gates.no_rows")
    )
    return CheckResult(
        gate=gate,
        contract_id=contract.id,
        contract_version=contract.version,
        table_name=table.name,
        rule_id=rule_id,
        expectation=_ROW_COUNT,
        column_name=None,
        severity="warning" if found else "error",
        promised_nb=promised_nb,
        measured_nb=empty if found else say("quality.gates.no_table"),
        n_rows=0,
        n_failed=0 if found else 1,
        success=found,
    )


def _measured(spec: ExpectationSpec, outcome: Outcome) -> str:
    if not outcome.was_run:
        return _NOT_RUN
    if spec.type == _ROW_COUNT:
        return counted_nb(outcome.n_rows, "rad", "rader")
    return rows_broke(outcome.n_failed, outcome.n_rows)


def _column(spec: ExpectationSpec) -> str | None:
    return ", ".join(spec.columns) or None
