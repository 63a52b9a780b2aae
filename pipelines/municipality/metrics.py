"""Metrics as configuration: a sum of measures over a sum of measures, times a scale.

How a metric is computed is SQL in dbt_project; which measures exist, the source contracts say
(``contracts.measures``).
"""

import hashlib
import json
import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from pipelines.municipality.base import Identifier, Label, Strict
from pipelines.words.messages import say

# a unit after a number is a limit: reports_within_7_days counts reports
_AMOUNT = re.compile(r"(^|(?<![0-9])_)(nok|days|fte|minutes|hours|sum)(_|$)")


_MEANING = {
    *("id", "numerator", "denominator", "scale", "unit", "direction", "services"),
}


class MeasureTerm(Strict):
    """One measure in a numerator or denominator, added (1) or subtracted (-1)."""

    measure: Identifier
    sign: Literal[1, -1] = 1


def _as_terms(value: object) -> object:
    if isinstance(value, (str, dict)):
        value = [value]
    if not isinstance(value, list):
        return value
    return [{"measure": item} if isinstance(item, str) else item for item in value]


_TERM: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"measure": {"type": "string"}, "sign": {"enum": [1, -1]}},
            "required": ["measure"],
            "additionalProperties": False,
        },
    ]
}
Terms = Annotated[
    tuple[MeasureTerm, ...],
    BeforeValidator(_as_terms),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [*_TERM["anyOf"], {"type": "array", "items": _TERM, "minItems": 1}]}),
]
"""A measure id, or a list of ids and {measure, sign}; always a tuple of terms once read."""


Served = Literal["citizen", "employee", "organisation"]
Principle = Literal[
    "value_creation", "value_stream", "flow", "right_service", "continuous_improvement"
]


class Metric(Strict):
    """One metric.

    Attributes:
        numerator: Measures summed over the rows asked for.
        denominator: Same; without it the metric is the numerator times the scale.
        scale: 100 for per cent.
        is_about_persons: Whether small groups must be hidden.
        split_of: The metric this is a part of; with ``split_group`` the parts that add up.
        unit_grain: How fine in time a unit's figures are published. Parts of a split are always
            published per calendar year, whatever stands here.
        shown_with: A metric per year, in whose hidden years this one is hidden too, since the one
            could be worked out from the other.
        complement_of: The metric this is the rest of (attendance of sick leave): it takes that
            one's verdict, mirrored, and is not counted twice.
        is_nominal: Kroner of the day: wages and prices move it, so it gets no verdict.
        is_seasonal: Whether before and after must cover the same months of the year.
        is_cost_linked: Whether a change may be counted in kroner.
        chart: Control chart: iprime, xmr, g, t or run.
        gain_type: The kind of gain a change in this metric shows.
        serves: Whom a change in it is for: each has a view of its own.
        principle: Which of Lean's principles a change shows.
        log_if_skewed: Costs, hours, short-term sick leave: effects are estimated on log scale,
            in per cent, where the figures are skew.
        minimum_relevant_effect: The smallest change that matters, in the metric's unit.
        is_headline: Whether it is shown where there is room for a few metrics only.
        is_gain_measure: The metric realised FTE are held against: effects are estimated though no
            direction is better, and in per cent, so that those of several units add up in FTE.
        services: Service types it is valid for; omitted = core, valid for all units.
    """

    id: Identifier
    label: Label
    description: Label
    numerator: Terms
    denominator: Terms | None = None
    scale: float = 1.0
    unit: Literal[
        "pct",
        "nok",
        "days",
        "fte",
        "count",
        "ratio",
        "per_100",
        "per_1000",
        "per_10000",
        "hours",
        "months",
        "score",
    ]
    direction: Literal["lower", "higher", "neutral", "target"]
    target_value: float | None = None
    is_about_persons: bool = False
    split_of: Identifier | None = None
    split_group: Identifier | None = None
    unit_grain: Literal["month", "year"] = "month"
    shown_with: Identifier | None = None
    complement_of: Identifier | None = None
    is_nominal: bool = False
    is_seasonal: bool = False
    is_cost_linked: bool = False
    log_if_skewed: bool = False
    chart: Literal["iprime", "xmr", "g", "t", "run"] = "xmr"
    gain_type: Literal["quality", "quantity", "saving"] | None = None
    serves: Served | None = None
    principle: Principle | None = None
    minimum_relevant_effect: float | None = Field(default=None, ge=0)
    lower_bound: float | None = None
    upper_bound: float | None = None
    decimals: int = Field(default=1, ge=0, le=6)
    is_headline: bool = False
    is_gain_measure: bool = False
    services: tuple[Identifier, ...] | None = None
    source: str = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.direction == "target" and self.target_value is None:
            raise ValueError("direction: target krever target_value")
        if (self.split_of is None) != (self.split_group is None):
            raise ValueError(say("municipality.metrics.split_parts_together"))
        if self.complement_of is not None and self.direction not in ("lower", "higher"):
            raise ValueError(say("municipality.metrics.complement_needs_direction"))
        low, high = self.lower_bound, self.upper_bound
        if low is not None and high is not None and low >= high:
            raise ValueError(say("municipality.metrics.bounds_in_order"))
        return self

    @property
    def definition_sha256(self) -> str:
        """Hash of what the metric means: what is summed over what, its scale, unit and direction.

        Labels, descriptions and limits are no part of it.
        """
        content = self.model_dump(mode="json", include=_MEANING)
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_core(self) -> bool:
        """Whether the metric is valid for all units."""
        return self.services is None

    @property
    def is_count(self) -> bool:
        """Whether the numerator counts persons or events; amounts have their unit in their name.

        Counts per unit and month are mostly nothing, so no neighbour can hide them.
        """
        return not any(_AMOUNT.search(term.measure) for term in self.numerator)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the metric uses."""
        return tuple(term.measure for term in (*self.numerator, *(self.denominator or ())))


class StandardMetrics(Strict):
    """The file ``data_contracts/metrics/standard.yml``."""

    metrics: tuple[Metric, ...]


class MetricsFile(Strict):
    """A municipality's ``metrics.yml``: which standard metrics, and its own."""

    standard: Literal["all"] | tuple[Identifier, ...] = "all"
    metrics: tuple[Metric, ...] = ()
