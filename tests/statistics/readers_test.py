"""Twenty series as a reader meets them: figures, sentence, and what may and may not be concluded.

The series stand in readers_test.yml, which leaves out what is as in most of them. The sentences are
the composer's own; `method_tables` writes them into docs/methods/headline.md, and a test holds that
no sentence says more than its series allows.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.words.headline_sentences import Headline, headline_sentence
from pipelines.words.told_rows import Metric


def _metric(nb: str, en: str, unit: str = "pct", direction: str = "lower") -> Metric:
    return Metric({"nb": nb, "nn": nb, "en": en}, unit, 1, direction)


METRICS = {
    "sick": _metric("Sykefravær", "Sick leave"),
    "cases": _metric("Nye sykefravær", "New sick-leave cases", "per_100"),
    "falls": _metric("Fall per 1000 døgn", "Falls per 1000 bed days", "per_1000"),
    "in_time": _metric("Vedtak innen fire uker", "Decisions within four weeks", "pct", "higher"),
    "visits": _metric("Uteblitte besøk per 1000", "Missed visits per 1000", "per_1000"),
    "overtime": _metric("Overtid", "Overtime"),
    "waiting": _metric("Ventetid", "Waiting time", "days"),
}


@dataclass(frozen=True)
class Told:
    """One series of the reader's test.

    Attributes:
        row: What the composer is given.
        may: What may be concluded.
        may_not: What may not.
    """

    row: Headline
    may: str
    may_not: str


def _told(given: dict[str, Any]) -> Told:
    metric = METRICS[given.pop("metric")]
    may, may_not = given.pop("may"), given.pop("may_not")
    row: dict[str, Any] = {
        "basis": "comparison", "reason_code": None, "comparison_reason": None,
        "chart_verdict": None, "lowered_by": None, "value_before": None, "value_after": None,
        "anyway": None, "estimate": None, "estimate_lo": None, "estimate_hi": None,
        "effect_unit": metric.unit, "tested_as": "screened", "n_tested": 30,
        "start_order": "chosen",
    }  # fmt: skip
    row |= given
    if row["estimate"] is not None and row["basis"] == "comparison":
        change = row["value_after"] - row["value_before"]
        told = row["estimate"]
        if row["effect_unit"] == "percent":
            told = row["value_after"] - row["value_after"] / (1 + told / 100)
        row["anyway"] = change - told
    return Told(Headline(metric=metric, **row), may, may_not)


SERIES = tuple(
    _told(given)
    for given in yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
)


def sentence(series: Told, language: str) -> str:
    """The composer's sentence."""
    return headline_sentence(series.row, language)
