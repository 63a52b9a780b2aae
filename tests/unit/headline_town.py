"""Rows for the headline models: what two instruments found about one cycle, made by hand.

One case is one cycle of its own unit with one metric; nothing else of the project is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.settings import DBT_DIR
from pipelines.words.catalogue import codes
from pipelines.words.sentences import SENTENCES
from pipelines.words.told_rows import Metric
from tests.dbt_fixture import run_dbt

TARGET = DBT_DIR.parent / ".pytest_cache" / "dbt_headlines"
SEEDS = (
    "chart_verdicts", "comparison_reasons", "false_alarm_rates", "headline_rules", "headlines",
    "labels", "verdict_reasons",
)  # fmt: skip
MODELS = (
    "int_headline_own_evidence", "int_headline_evidence", "int_headline_verdicts",
    "int_headline_lowering", "int_headline_figures", "mart_headlines", "mart_overview",
)  # fmt: skip

# (verdict, reason, precision, persistence): all that the effects can say, and no row at all
EFFECTS: tuple[tuple[str | None, ...], ...] = (
    ("suppressed", "few_persons", None, None),
    *(
        ("too_little_data", reason, None, None)
        for reason in (
            "preliminary", "short_history", "missing_before", "missing_after",
            "no_model", "few_untreated", "model_check",
        )
    ),
    *(
        ("not_interpretable", reason, None, None)
        for reason in ("definition_change", "reorganisation", "budget_cut")
    ),
    *(
        ("improved", None, None, persistence)
        for persistence in ("lasted", "did_not_last", "too_early", "unclear", None)
    ),
    ("worsened", None, None, None),
    ("worsened", None, None, "lasted"),
    ("changed", None, None, None),
    ("no_detectable_change", None, "practically_unchanged", None),
    ("no_detectable_change", None, "cannot_tell", None),
    ("no_detectable_change", None, "sign_beyond_expected", None),
    (None, None, None, None),
)  # fmt: skip
CHARTS = (
    "sustained_improvement", "sustained_deterioration", "sustained_change", "improved_then_lost",
    "deteriorated_then_recovered", "changed_then_lost", "sign_of_improvement",
    "sign_of_deterioration", "sign_of_change", "mixed", "no_change_detected", "too_early",
    "not_enough_baseline", "not_interpretable", "chart_without_verdict", None,
)  # fmt: skip
MEASURED = (
    ("suppressed", "suppressed"), ("too_little_data", "missing_before"),
    ("not_interpretable", "reorganisation"), ("measured_better", "better"),
    ("measured_worse", "worse"), ("measured_unchanged", "unchanged"),
    ("measured_changed", "changed"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One cycle and metric; ``figures`` overrides columns of the effect and the windows."""

    name: str
    effect: tuple[str | None, ...] = EFFECTS[-1]
    chart: str | None = None
    measured: tuple[str, str] = ("measured_better", "better")
    metric: str = "sick"
    caveats: str | None = None
    season_method: str = "none_needed"
    limit_label: str = "firm"
    chart_bad_start_year: bool = False
    lock_state: str = "late"
    has_twin: bool = False
    figures: dict[str, Any] = field(default_factory=dict)
    months_since_introduction: int | None = None


def all_cases() -> list[Case]:
    """Every combination of what the three can say."""
    combined = product(EFFECTS, CHARTS, MEASURED)
    return [Case(f"all{number}", *said) for number, said in enumerate(combined)]


METRICS = [
    {"metric_id": name, "label_nb": nb, "label_en": en, "unit": unit, "decimals": decimals,
     "direction": direction, "metric_order": order, "scale": 100.0, "is_nominal": name == "nominal",
     "complement_of": "sick" if name == "present" else None, "is_headline": name != "present",
     "is_core": name != "score", "split_of": "sick" if name == "present" else None}
    for order, (name, nb, en, unit, decimals, direction) in enumerate([
        ("sick", "Sykefravær", "Sick leave", "pct", 1, "lower"),
        ("pay", "Lønn", "Pay", "nok", 0, "lower"),
        ("score", "Tilfredshet", "Satisfaction", "score", 2, "higher"),
        ("share", "Andel", "Share", "ratio", 3, "higher"),
        ("present", "Nærvær", "Attendance", "pct", 1, "higher"),
        ("nominal", "Kroner", "Kroner", "nok", 0, "lower"),
        ("staff", "Ansatte", "Staff", "count", 0, "neutral"),
    ])
]  # fmt: skip

KNOWN = {str(row["metric_id"]): Metric.of(row) for row in METRICS}
_NONE_TO_COMPARE = EFFECTS[-1]
_EFFECT = {
    "effect_unit": "raw", "cf_delta": -0.7, "cf_lo": -2.9, "cf_hi": 1.5, "q": 0.5, "eb_delta": -0.3,
    "p_better": 0.71, "basis": "screened", "n_tested": 38,
    "mde80": 2.0, "anyway": -2.4, "naive_delta": -3.1, "mean_before": 9.6, "mean_after": 6.5,
    "n_before": 24, "n_after": 24, "flag_bad_start_year": False, "flag_budget_cut": False,
    "flag_leader_change": False, "flag_reorganisation": False, "flag_did_disagrees": False,
}  # fmt: skip
_WINDOW = {
    "difference": -3.1, "seasonal_difference": -3.0, "value_before": 9.6, "value_after": 6.5,
    "n_before": 24, "n_after": 24,
}  # fmt: skip
_START = date(2012, 2, 1)
_LAST_MONTH = date(2014, 12, 1)
_EMPTY = dict.fromkeys((*_EFFECT, "verdict", "reason", "precision", "persistence"))


def build_headlines(path: Path, cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Build the models on a new DuckDB file.

    Args:
        path: The file.
        cases: What was found; the rows stand in the order of the cases.

    Returns:
        Rows of ``mart_headlines`` by the name of their case, with their sentences by language:
        ``sentence_nb``, ``lowered_by_nb``.
    """
    with duckdb.connect(str(path)) as con:
        for schema in ("staging", "intermediate", "marts"):
            con.execute(f"create schema {schema}")
        for name, rows in _tables(cases).items():
            con.register(
                "frame", pl.DataFrame(rows, infer_schema_length=None).cast({pl.Int64: pl.Int32})
            )
            con.execute(f"create table {name} as select * from frame")
            con.unregister("frame")
    run_dbt(path, "seed", "--select", *SEEDS, target=TARGET)
    run_dbt(path, "run", "--select", *MODELS, target=TARGET)
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.sql("select * from marts.mart_headlines").pl().to_dicts()
    n_twins = sum(case.has_twin for case in cases)
    assert len(found) == len(cases) + n_twins, "each case has exactly one headline"
    twin = "/twin"
    return {
        row["cycle_id"] + (twin if row["is_twin"] else ""): row | _in_words(row) for row in found
    }


def _in_words(row: dict[str, Any]) -> dict[str, str]:
    return {
        f"{name}_{code}": SENTENCES["mart_headlines", name].text(row, KNOWN, code)
        for name in ("sentence", "lowered_by")
        for code in codes()
    }


def _tables(cases: Sequence[Case]) -> dict[str, list[dict[str, Any]]]:
    ids = [{"cycle_id": c.name, "unit_id": c.name, "metric_id": c.metric} for c in cases]
    both = list(zip(cases, ids, strict=True))
    series = [i | {"series_id": c.name, "series": "value"} for c, i in both if c.chart]
    return {
        "intermediate.int_lean__cycles": [
            {"cycle_id": c.name, "unit_id": c.name, "cycle_no": 1, "start_no": 1, "wave": 1,
             "is_pilot": True, "pilot_order": 1}
            for c in cases
        ],
        "intermediate.int_phase_verdicts": [
            i | _windows(c) | {"start_date": _START, "caveats": c.caveats or ""}
            for c, i in (*both, *((c, i | {"metric_id": "present"}) for c, i in both if c.has_twin))
        ],
        "intermediate.int_chart_series": series,
        "intermediate.int_chart_verdicts": [
            {"series_id": c.name, "verdict": c.chart, "change": -3.1, "change_low": -4.0,
             "change_high": -2.2, "is_bad_start_year": c.chart_bad_start_year,
             "void_reason": "budget_cut" if c.chart == "not_interpretable" else ""}
            for c in cases if c.chart
        ],
        "intermediate.int_chart_summaries": [
            {"series_id": c.name, "season_method": c.season_method, "limit_label": c.limit_label}
            for c in cases if c.chart
        ],
        "intermediate.int_metric_months_visible": [
            {"level": "unit", "month": _LAST_MONTH, "value": 1.0}
        ],
        "intermediate.int_phase_windows": [
            {"cycle_id": c.name, "metric_id": metric, "end_index": _end(c)}
            for c, i in both
            for metric in (i["metric_id"], *(("present",) if c.has_twin else ()))
        ],
        "staging.stg_municipality__profile": [{"window_long_months": 24}],
        "staging.stg_effects__units": [
            i | _effect(c) for c, i in both if c.effect != _NONE_TO_COMPARE
        ],
        "staging.stg_municipality__metrics": METRICS,
        "intermediate.int_target_locks": [
            {"cycle_id": c.name, "tested_metric_id": c.metric, "lock_state": c.lock_state}
            for c in cases
        ],
        "intermediate.int_start_orders": [
            {"cycle_id": c.name, "start_order": "chosen"} for c in cases
        ],
        "marts.dim_units": [
            {"unit_id": c.name, "unit_name": f"Enhet {c.name}", "sector": "Omsorg"} for c in cases
        ],
    }  # fmt: skip


def _end(case: Case) -> int | None:
    # the month of the introduction's end, counted as SQL counts months
    if case.months_since_introduction is None:
        return None
    return _LAST_MONTH.year * 12 + _LAST_MONTH.month - case.months_since_introduction


def _windows(case: Case) -> dict[str, Any]:
    verdict, reason = case.measured
    figures = _WINDOW | {k: v for k, v in case.figures.items() if k in _WINDOW}
    if verdict == "suppressed":
        figures = dict.fromkeys(_WINDOW, None)
    return figures | {"verdict": verdict, "reason_code": reason}


def _effect(case: Case) -> dict[str, Any]:
    verdict, reason, precision, persistence = case.effect
    said = {
        "verdict": verdict,
        "reason": reason,
        "precision": precision,
        "persistence": persistence,
    }
    if verdict in {"suppressed", "too_little_data"}:
        return _EMPTY | said
    return _EFFECT | {k: v for k, v in case.figures.items() if k in _EFFECT} | said
