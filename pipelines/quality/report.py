"""The data-quality report of one run: one HTML file that needs nothing else, in bokmål.

What it shows is read in ``history``; how it looks is in ``templates``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.desk.access_log import head
from pipelines.desk.log_chain import length_of
from pipelines.quality import history
from pipelines.quality.results import whole
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import list_held
from pipelines.warehouse.left_out import SUMMED_FROM, dropped_by_file
from pipelines.warehouse.not_shown import list_for_readers
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb as figure

_TEMPLATES = Path(__file__).parent / "templates"
_OSLO = ZoneInfo("Europe/Oslo")
_RUN_ID = re.compile(r"[A-Za-z0-9_-]+")
_TOOLS = ("great-expectations", "dbt-core", "duckdb", "polars")
_STATUS = {
    "loaded": "lastet",
    "rejected": "avvist",
    "duplicate": say("quality.report.delivered_before"),
    "superseded": "erstattet",
    "held": "holdt tilbake",
    "withdrawn": "trukket tilbake",
}
_GATES = {
    "inbound": say("quality.report.gate_1"),
    "models": say("quality.report.between_gates"),
    "outbound": say("quality.report.gate_2"),
}
_KIB = 1024


def report_file(paths: Paths, run_id: str) -> Path:
    """Return where the report of a run lies, or will lie."""
    return paths.reports / f"quality-{run_id}.html"


def write_report(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    municipality_name: str,
    run_id: str,
    notice: str | None,
) -> Path:
    """Write the report of one run, also of one that stopped, and return its path.

    Args:
        con: The open warehouse.
        paths: The municipality's folders; the file lands in ``reports``.
        municipality_name: For the title.
        run_id: Dagster's run id.
        notice: Shown on top when the figures are constructed.

    Raises:
        ValueError: The run id cannot be a part of a file name.
    """
    if not _RUN_ID.fullmatch(run_id):
        raise ValueError(f"not a run id: {run_id!r}")
    noted = head(paths.state)
    text = (
        _environment()
        .get_template("report.html.j2")
        .render(
            municipality=municipality_name,
            notice=notice,
            log_head=noted,
            log_length=length_of(noted),
            **_content(con, run_id),
        )
    )
    paths.reports.mkdir(parents=True, exist_ok=True)
    # what a kill or a full disk left half written; one run at a time writes here
    for left in paths.reports.glob("quality-*.html.tmp"):
        left.unlink()
    file = report_file(paths, run_id)
    building = file.with_suffix(".html.tmp")
    building.write_text(text, encoding="utf-8")
    return building.replace(file)


def _content(con: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    before = history.run_before(con, run_id)
    runs = history.last_runs(con)
    checks = history.checks_of(con, run_id)
    since = next((run["run_at"] for run in runs if run["run_id"] == before), None)
    deliveries = history.deliveries(con, since)
    publications = history.publications(con)
    errors = [c for c in checks if history.stops(c)]
    broken_warnings = [c for c in checks if not c["success"] and not history.stops(c)]
    return {
        "run_id": run_id,
        "written_at": datetime.now(UTC),
        "verdict": verdict(run_id, checks, publications),
        "has_stopped": bool(errors) or not checks,
        "errors": errors,
        "broken_warnings": broken_warnings,
        "fixed": [c for c in checks if c["check_change"] == "fixed"],
        "has_before": before is not None,
        "n_checks": len(checks),
        "gates": _by_gate(checks),
        "not_shown": list_for_readers(con),
        "deliveries": deliveries,
        "n_rejected": sum(d["status"] == "rejected" for d in deliveries),
        "released": history.released(con, checks),
        "held": [
            {"delivery_id": number, "reason_nb": reason} for number, _, reason in list_held(con)
        ],
        "totals": history.delivery_totals(deliveries),
        "quarantine": history.quarantine(con),
        "dropped": dropped_by_file(con),
        "summed_from": SUMMED_FROM,
        "not_personal": history.not_personal(con),
        "warnings": history.warnings(con),
        "runs": runs,
        "publications": publications,
        "tools": [(name, version(name)) for name in _TOOLS],
        "statuses": _STATUS,
    }


def _by_gate(checks: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    found = [(gate, [c for c in checks if c["gate"] == gate]) for gate in _GATES]
    return [(_GATES[gate], mine) for gate, mine in found if mine or gate != "models"]


def verdict(
    run_id: str,
    checks: Sequence[Mapping[str, Any]],
    publications: Sequence[Mapping[str, Any]],
) -> str:
    """Say in a sentence or two how the run went.

    Args:
        run_id: The run.
        checks: Its checks.
        publications: What readers were pointed to, newest first.
    """
    errors = sum(history.stops(c) for c in checks)
    if not checks:
        return say("quality.report.stopped_before_checks")
    if errors:
        kept = (
            say("quality.report.promise_broken")
            if errors == 1
            else say("quality.report.promises_broken")
        )
        return say("quality.report.stopped_and_kept", errors=errors, kept=kept)
    made = next((p for p in publications if p["run_id"] == run_id), None)
    if made is not None and any(c["released_by"] for c in checks):
        return say("quality.report.released_published", generation=made["generation"])
    if made is not None:
        return say("quality.report.all_held_published", generation=made["generation"])
    if not {"inbound", "outbound"} <= {c["gate"] for c in checks}:
        return say("quality.report.delivered_held_not_published")
    if publications:
        seen = publications[0]["generation"]
        return say("quality.report.all_held_none_new", seen=seen)
    return say("quality.report.all_held_nothing_published")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(whole=_whole, amount=_amount, moment=_moment, size=_size, day=_day)
    return environment


def _whole(number: int | None) -> str:
    return "" if number is None else whole(number)


def _amount(value: float | None) -> str:
    return "" if value is None else figure(value, 2).removesuffix(",00")


def _moment(value: datetime) -> str:
    # the warehouse keeps UTC without saying so
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(_OSLO).strftime("%d.%m.%Y kl. %H.%M")


def _day(value: date | None) -> str:
    return f"{value:%d.%m.%Y}" if value else "for godt"


def _size(n_bytes: int | None) -> str:
    amount, unit = float(n_bytes or 0), "B"
    for larger in ("kB", "MB", "GB"):
        if amount < _KIB:
            break
        amount, unit = amount / _KIB, larger
    digits = 0 if unit == "B" else 1
    return f"{amount:.{digits}f}".replace(".", ",") + f"\N{NO-BREAK SPACE}{unit}"
