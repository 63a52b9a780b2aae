"""The results of a run in two standard forms: JUnit XML for what shows tests, and one JSON.

What the JSON holds is promised in ``data_contracts/schemas/quality_results.schema.json``, made of
the models here. What was found is in ``findings``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Literal
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict

from pipelines.desk.personal_identifiers import masked
from pipelines.quality.findings import Finding, Run
from pipelines.words.messages import say

Outcome = Literal["passed", "warning", "error", "released", "removed"]
Change = Literal["new", "continuing", "fixed", "removed"]


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReleaseTold(_Told):
    """Who let a broken check through, when, why, and the last day it counts."""

    by: str
    at: datetime
    reason: str
    expires_on: date


class CheckTold(_Told):
    """One promise and how it was kept.

    ``outcome``: ``error`` stopped the run, ``warning`` did not, ``released`` would have but for a
    person, ``removed`` was broken in the edition before and is no longer made. ``change`` is
    against the edition before; null when it held then and holds now. ``broken_since``: the first
    run of the unbroken row in which it broke, with its zone.
    """

    gate: Literal["inbound", "models", "outbound"]
    contract_id: str
    contract_version: str
    table_name: str
    rule_id: str
    column_name: str | None
    severity: Literal["error", "warning"]
    outcome: Outcome
    change: Change | None
    broken_since: datetime | None
    promised_nb: str
    measured_nb: str
    n_rows: int
    n_failed: int
    release: ReleaseTold | None


class Summary(_Told):
    """How many checks there are of each outcome, and of each change."""

    n_checks: int
    n_passed: int
    n_warning: int
    n_error: int
    n_released: int
    n_removed: int
    n_new: int
    n_continuing: int
    n_fixed: int


class QualityResults(_Told):
    """The results of one run; times are UTC and say so."""

    format: Literal["pukk-quality-results/1"] = "pukk-quality-results/1"
    municipality: str
    run_id: str
    run_at: datetime
    edition: int | None
    edition_before: int | None
    summary: Summary
    checks: tuple[CheckTold, ...]


def results_of(municipality: str, run: Run, found: Iterable[Finding]) -> QualityResults:
    """Return the results of a run as they leave the house: no text that a person is known by.

    Args:
        municipality: Whose.
        run: Which run.
        found: What it found.
    """
    checks = tuple(_told(finding) for finding in found)
    outcomes = Counter(check.outcome for check in checks)
    changes = Counter(check.change for check in checks)
    return QualityResults(
        municipality=municipality,
        run_id=run.run_id,
        run_at=run.run_at.replace(tzinfo=UTC),
        edition=run.edition,
        edition_before=run.edition_before,
        summary=Summary(
            n_checks=len(checks) - outcomes["removed"],
            n_passed=outcomes["passed"],
            n_warning=outcomes["warning"],
            n_error=outcomes["error"],
            n_released=outcomes["released"],
            n_removed=outcomes["removed"],
            n_new=changes["new"],
            n_continuing=changes["continuing"],
            n_fixed=changes["fixed"],
        ),
        checks=checks,
    )


def as_json(results: QualityResults) -> bytes:
    """Return the results as JSON, as the schema promises it."""
    return f"{results.model_dump_json(indent=2)}\n".encode()


def as_junit(results: QualityResults) -> bytes:
    """Return the results as JUnit XML: a suite per gate and contract, a case per rule.

    An error is a failure. What a person released, and what is no longer made, is skipped with the
    reason. A warning passes and is said in the case's output: JUnit has no word for it.
    """
    root = ElementTree.Element(
        "testsuites", _counted(f"pukk {results.municipality}", results.checks)
    )
    for (gate, contract), group in groupby(results.checks, key=lambda c: (c.gate, c.contract_id)):
        checks = list(group)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            _counted(f"{gate}.{contract}", checks)
            | {"timestamp": results.run_at.strftime("%Y-%m-%dT%H:%M:%S"), "errors": "0"},
        )
        for check in checks:
            _case(suite, check)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _counted(name: str, checks: Sequence[CheckTold]) -> dict[str, str]:
    outcomes = Counter(check.outcome for check in checks)
    return {
        "name": name,
        "tests": str(len(checks)),
        "failures": str(outcomes["error"]),
        "skipped": str(outcomes["released"] + outcomes["removed"]),
    }


def _case(suite: ElementTree.Element, check: CheckTold) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": f"{check.gate}.{check.contract_id}.{check.table_name}",
            "name": check.rule_id,
            "time": "0",
        },
    )
    told = _printable(f"{check.promised_nb} {check.measured_nb}")
    if check.outcome == "error":
        failure = ElementTree.SubElement(case, "failure", {"message": told, "type": "error"})
        failure.text = _since(check)
    elif check.outcome in {"released", "removed"}:
        ElementTree.SubElement(case, "skipped", {"message": _printable(_why_skipped(check))})
    elif check.outcome == "warning":
        ElementTree.SubElement(case, "system-out").text = f"{told} {_since(check)}"


def _why_skipped(check: CheckTold) -> str:
    told = check.release
    if told is None:
        return say("quality.export.no_longer_made")
    return say("quality.export.released", by=told.by, day=told.expires_on, reason=told.reason)


def _since(check: CheckTold) -> str:
    since = f" {check.broken_since:%Y-%m-%dT%H:%M:%SZ}" if check.broken_since else ""
    return f"{check.outcome}, {check.change}{since}"


def _printable(text: str) -> str:
    # what XML has no way to write
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _told(finding: Finding) -> CheckTold:
    release = None
    if finding.released_by and finding.released_at and finding.release_expires_on:
        release = ReleaseTold(
            by=masked(finding.released_by),
            at=finding.released_at.replace(tzinfo=UTC),
            reason=masked(finding.release_reason or ""),
            expires_on=finding.release_expires_on,
        )
    since = finding.broken_since
    return CheckTold.model_validate(
        {
            "gate": finding.gate,
            "contract_id": finding.contract_id,
            "contract_version": finding.contract_version,
            "table_name": finding.table_name,
            "rule_id": finding.rule_id,
            "column_name": finding.column_name,
            "severity": finding.severity,
            "outcome": _outcome(finding),
            "change": finding.change,
            "broken_since": since.replace(tzinfo=UTC) if since else None,
            "promised_nb": masked(finding.promised_nb),
            "measured_nb": masked(finding.measured_nb),
            "n_rows": finding.n_rows,
            "n_failed": finding.n_failed,
            "release": release,
        }
    )


def _outcome(finding: Finding) -> Outcome:
    if finding.success is None:
        return "removed"
    if finding.success:
        return "passed"
    if finding.released_by:
        return "released"
    return "error" if finding.severity == "error" else "warning"
