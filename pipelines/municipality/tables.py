"""One municipality's configuration as the tables SQL joins (schema ``municipality``).

Writing them to the warehouse is in ``store.py``.
"""

from collections.abc import Iterable
from typing import Any

import polars as pl

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.municipality.families import first_of_family, personal_measures
from pipelines.municipality.metrics import Metric
from pipelines.municipality.model import GAIN_TYPES, Municipality
from pipelines.municipality.protection import PROTECTION
from pipelines.words.catalogue import codes


def _worded(stem: str) -> dict[str, Any]:
    return {f"{stem}_{code}": pl.String for code in codes()}


def _shares(stem: str) -> dict[str, Any]:
    return {f"{stem}_{kind}_pct": pl.Float64 for kind in GAIN_TYPES}


SCHEMAS: dict[str, dict[str, Any]] = {
    "profile": {
        "municipality_id": pl.String,
        "name": pl.String,
        "language": pl.String,
        "is_constructed": pl.Boolean,
        **_worded("notice"),
        "accessibility_contact": pl.String,
        "working_calendar": pl.String,
        "min_persons": pl.Int32,
        "min_persons_split": pl.Int32,
        "protection_least": pl.Float64,
        "protection_pct": pl.Float64,
        "window_long_months": pl.Int32,
        "window_short_months": pl.Int32,
        "window_min_share": pl.Float64,
        "preliminary_min_months": pl.Int32,
        "first_month": pl.Date,
        "last_month": pl.Date,
        "hours_per_fte": pl.Float64,
        "fte_pay_nok": pl.Float64,
        "fte_cost_nok": pl.Float64,
        "price_year": pl.Int32,
        "overtime_pay_factor": pl.Float64,
        "hours_per_course_day": pl.Float64,
        "development_unit_id": pl.String,
        **_shares("distribution"),
        "distribution_note": pl.String,
    },
    "price_index": {"year": pl.Int32, "price_index": pl.Float64},
    "metrics": {
        "metric_id": pl.String,
        **_worded("label"),
        **_worded("description"),
        "scale": pl.Float64,
        "unit": pl.String,
        "direction": pl.String,
        "target_value": pl.Float64,
        "is_about_persons": pl.Boolean,
        "split_of": pl.String,
        "split_group": pl.String,
        "unit_grain": pl.String,
        "shown_with": pl.String,
        "hidden_with": pl.String,
        "complement_of": pl.String,
        "is_nominal": pl.Boolean,
        "is_count": pl.Boolean,
        "is_seasonal": pl.Boolean,
        "is_cost_linked": pl.Boolean,
        "log_if_skewed": pl.Boolean,
        "chart": pl.String,
        "gain_type": pl.String,
        "serves": pl.String,
        "principle": pl.String,
        "minimum_relevant_effect": pl.Float64,
        "lower_bound": pl.Float64,
        "upper_bound": pl.Float64,
        "decimals": pl.Int32,
        "is_headline": pl.Boolean,
        "is_gain_measure": pl.Boolean,
        "metric_order": pl.Int32,
        "is_core": pl.Boolean,
        "source": pl.String,
        "definition_sha256": pl.String,
    },
    "metric_measures": {
        "metric_id": pl.String,
        "role": pl.String,
        "measure_id": pl.String,
        "sign": pl.Float64,
    },
    "metric_services": {"metric_id": pl.String, "service_type": pl.String},
    "pilots": {"unit_id": pl.String, "pilot_order": pl.Int32, "wave": pl.Int32},
    "not_personal": {
        "contract_id": pl.String,
        "feed_id": pl.String,
        "column_name": pl.String,
        "reason": pl.String,
    },
    "gain_tags": {
        "tag_of": pl.String,
        "code": pl.String,
        "serves": pl.String,
        "principle": pl.String,
    },
    "facts": {
        "fact_id": pl.String,
        **_worded("label"),
        "value": pl.Float64,
        "text_value": pl.String,
        "unit": pl.String,
        "as_of": pl.Date,
        "source": pl.String,
        "source_note": pl.String,
        "metric": pl.String,
        "compared_with": pl.String,
    },
}
"""Columns and types of each table, the same whether it has rows or not."""

_SAME_NAME = (
    "scale",
    "unit",
    "direction",
    "target_value",
    "is_about_persons",
    "split_of",
    "split_group",
    "unit_grain",
    "shown_with",
    "complement_of",
    "is_nominal",
    "is_count",
    "is_seasonal",
    "is_cost_linked",
    "log_if_skewed",
    "chart",
    "gain_type",
    "serves",
    "principle",
    "minimum_relevant_effect",
    "lower_bound",
    "upper_bound",
    "decimals",
    "is_headline",
    "is_gain_measure",
    "is_core",
    "source",
    "definition_sha256",
)


def config_tables(municipality: Municipality) -> dict[str, pl.DataFrame]:
    """Return the configuration tables by name, with the types of ``SCHEMAS``.

    Rows stand in the order of the YAML; profile has exactly one row.
    """
    made = declared_measures(load_contracts(kind="sources"))
    metrics = municipality.metrics
    first = first_of_family(metrics, personal_measures(metrics, made))
    rows: dict[str, Iterable[dict[str, Any]]] = {
        "profile": [_profile(municipality)],
        "price_index": (
            {"year": year, "price_index": index}
            for year, index in sorted(municipality.economy.price_index.items())
        ),
        "metrics": (
            {**_metric(metric), "hidden_with": first.get(metric.id), "metric_order": order}
            for order, metric in enumerate(metrics, start=1)
        ),
        "metric_measures": (
            row for metric in municipality.metrics for row in _metric_measures(metric)
        ),
        "metric_services": (
            {"metric_id": metric.id, "service_type": service}
            for metric in municipality.metrics
            for service in metric.services or ()
        ),
        "pilots": (
            {"unit_id": pilot.unit_id, "pilot_order": pilot.order, "wave": pilot.wave}
            for pilot in municipality.pilots
        ),
        "not_personal": (
            {
                "contract_id": feed.contract,
                "feed_id": feed.id,
                "column_name": column,
                "reason": reason,
            }
            for feed in municipality.feeds
            for column, reason in feed.not_personal.items()
        ),
        "gain_tags": _gain_tags(municipality),
        "facts": (
            {
                "fact_id": fact.id,
                **fact.label.columns("label"),
                **fact.model_dump(exclude={"id", "label"}),
            }
            for fact in municipality.facts
        ),
    }
    return {
        name: pl.DataFrame(list(rows[name]), schema=schema, orient="row")
        for name, schema in SCHEMAS.items()
    }


def _profile(municipality: Municipality) -> dict[str, Any]:
    constructed, windows = municipality.constructed, municipality.windows
    return {
        "municipality_id": municipality.id,
        "name": municipality.name,
        "language": municipality.language,
        "is_constructed": municipality.is_constructed,
        **(constructed.columns() if constructed else dict.fromkeys(_worded("notice"))),
        "accessibility_contact": municipality.accessibility_contact,
        "working_calendar": municipality.working_calendar,
        "min_persons": municipality.privacy.min_persons,
        "min_persons_split": municipality.privacy.min_persons_split,
        "protection_least": PROTECTION.least,
        "protection_pct": PROTECTION.pct,
        "window_long_months": windows.long_months,
        "window_short_months": windows.short_months,
        "window_min_share": windows.min_share,
        "preliminary_min_months": windows.preliminary_min_months,
        "first_month": municipality.first_month,
        "last_month": municipality.last_month,
        **municipality.economy.model_dump(exclude={"price_index"}),
        **municipality.lean_costs.model_dump(),
        **_distribution(municipality),
    }


def _distribution(municipality: Municipality) -> dict[str, Any]:
    rule = municipality.gain_distribution
    if rule is None:
        return {**dict.fromkeys(_shares("distribution")), "distribution_note": None}
    shares = {f"distribution_{kind}_pct": getattr(rule, f"{kind}_pct") for kind in GAIN_TYPES}
    return {**shares, "distribution_note": rule.source_note}


def _gain_tags(municipality: Municipality) -> Iterable[dict[str, Any]]:
    tags = municipality.gain_tags
    for tool, principle in tags.tools.items():
        yield {"tag_of": "tool", "code": tool, "serves": None, "principle": principle}
    for kind, serves in tags.types.items():
        yield {"tag_of": "type", "code": kind, "serves": serves, "principle": None}


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "metric_id": metric.id,
        **metric.label.columns("label"),
        **metric.description.columns("description"),
        **{name: getattr(metric, name) for name in _SAME_NAME},
    }


def _metric_measures(metric: Metric) -> Iterable[dict[str, Any]]:
    for role, terms in (("numerator", metric.numerator), ("denominator", metric.denominator)):
        for term in terms or ():
            yield {
                "metric_id": metric.id,
                "role": role,
                "measure_id": term.measure,
                "sign": float(term.sign),
            }
