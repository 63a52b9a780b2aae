"""Findings against the edition before, and the two standard forms they leave the house in."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import duckdb
import pytest

from pipelines.contracts.model import Severity
from pipelines.quality.export import QualityResults, as_json, as_junit, results_of
from pipelines.quality.findings import findings, newest_run
from pipelines.quality.results import CheckResult, save_results
from pipelines.settings import REPO_ROOT
from pipelines.warehouse.schema import create_tables

SCHEMA = REPO_ROOT / "data_contracts" / "schemas" / "quality_results.schema.json"
FIRST = datetime(2026, 11, 20, 1, 15, tzinfo=UTC)


def check(rule_id: str, *, success: bool, severity: Severity = "warning") -> CheckResult:
    return CheckResult(
        "inbound", "hr", "1.0.0", "positions", rule_id, "e", None, severity,
        f"Løftet {rule_id}.", "3 av 10 rader brøt regelen", 10, 0 if success else 3, success,
    )  # fmt: skip


@pytest.fixture
def con() -> "duckdb.DuckDBPyConnection":
    con = duckdb.connect()
    create_tables(con, {})
    return con


def night(con: duckdb.DuckDBPyConnection, day: int, edition: int | None, **held: bool) -> None:
    at = FIRST + timedelta(days=day)
    results = [check(rule, success=success) for rule, success in held.items()]
    save_results(con, results, "inbound", f"run-{day}", at)
    if edition is not None:
        con.execute("insert into ops.publications values (?, ?, ?, 'f', 's', 'i', 'publish')",
                    [edition, f"run-{day}", at + timedelta(minutes=5)])  # fmt: skip


def changes(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str | None, int | None]]:
    run = newest_run(con)
    assert run is not None
    return {
        f.rule_id: (f.change, f.broken_since and (f.broken_since - FIRST.replace(tzinfo=None)).days)
        for f in findings(con, run.run_id)
    }


def test_a_finding_is_new_continuing_fixed_or_gone_since_the_edition_before(
    con: duckdb.DuckDBPyConnection,
) -> None:
    night(con, 0, 1, a=True, b=False, c=False, d=False, e=True)
    # a night that stopped made no edition: what broke in it is still new to readers
    night(con, 1, None, a=False, b=False, c=True, d=False, e=True)
    night(con, 2, 2, a=False, b=False, c=True, e=True)
    assert changes(con) == {
        "a": ("new", 1), "b": ("continuing", 0), "c": ("fixed", None), "d": ("removed", 0),
        "e": (None, None),
    }  # fmt: skip
    run = newest_run(con)
    assert run is not None
    assert (run.edition, run.edition_before) == (2, 1)


def test_what_broke_again_is_broken_since_then(con: duckdb.DuckDBPyConnection) -> None:
    for day, held in enumerate((False, True, False, False)):
        night(con, day, day + 1, a=held)
    assert changes(con) == {"a": ("continuing", 2)}


def test_without_an_edition_before_everything_broken_is_new(con: duckdb.DuckDBPyConnection) -> None:
    assert newest_run(con) is None
    night(con, 0, None, a=False, b=True)
    assert changes(con) == {"a": ("new", 0), "b": (None, None)}


@pytest.fixture
def results(con: duckdb.DuckDBPyConnection) -> QualityResults:
    night(con, 0, 1, d=False, w=True)
    last = (FIRST + timedelta(days=30)).date()
    found = [
        check("w", success=False),
        replace(check("x", success=False, severity="error"), measured_nb="01019012345 & <b>\x01"),
        replace(check("r", success=False, severity="error"), released_by="kari",
                released_at=FIRST, release_reason="Avtalt.", release_expires_on=last),
        check("k", success=True, severity="error"),
    ]  # fmt: skip
    save_results(con, found, "inbound", "run-1", FIRST + timedelta(days=1))
    run = newest_run(con)
    assert run is not None
    return results_of("kommunen", run, findings(con, run.run_id))


def test_the_json_is_as_the_schema_promises(results: QualityResults) -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == QualityResults.model_json_schema()
    assert QualityResults.model_validate_json(as_json(results)) == results
    told = json.loads(as_json(results))
    assert (told["format"], told["edition"], told["edition_before"]) == (
        "pukk-quality-results/1", None, 1,
    )  # fmt: skip
    outcomes = {c["rule_id"]: (c["outcome"], c["change"]) for c in told["checks"]}
    assert outcomes == {
        "d": ("removed", "removed"), "k": ("passed", None), "r": ("released", "new"),
        "w": ("warning", "new"), "x": ("error", "new"),
    }  # fmt: skip
    assert told["summary"] == {
        "n_checks": 4, "n_passed": 1, "n_warning": 1, "n_error": 1, "n_released": 1,
        "n_removed": 1, "n_new": 3, "n_continuing": 0, "n_fixed": 0,
    }  # fmt: skip
    assert "01019012345" not in as_json(results).decode()
    (released,) = [c["release"] for c in told["checks"] if c["release"]]
    assert (released["by"], released["expires_on"]) == ("kari", "2026-12-20")
    assert told["run_at"].endswith("Z")


def test_junit_has_a_case_for_each_rule_and_a_failure_for_what_stops(
    results: QualityResults,
) -> None:
    root = ElementTree.fromstring(as_junit(results))  # noqa: S314 - our own text
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (
        "inbound.hr", "5", "1", "2",
    )  # fmt: skip
    cases = {case.get("name"): [part.tag for part in case] for case in suite}
    assert cases == {"d": ["skipped"], "k": [], "r": ["skipped"], "w": ["system-out"],
                     "x": ["failure"]}  # fmt: skip
    assert {case.get("classname") for case in suite} == {"inbound.hr.positions"}
    (skipped,) = [c[0].get("message") for c in suite if c.get("name") == "r"]
    assert skipped == "Frigitt av kari til og med 20.12.2026: Avtalt."
    (failure,) = suite.iter("failure")
    assert "01019012345" not in (failure.get("message") or "")
