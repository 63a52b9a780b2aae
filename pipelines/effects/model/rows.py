"""Rows that one part of the effects makes and another reads, field by field.

The tables that are published have their schemas where they are made (``tables``); how a row is
found is not known here.
"""

from datetime import date
from typing import Literal, TypedDict


class ModelledMetric(TypedDict):
    """What an estimate may know of a metric (``tables.metric_rows.COUNTED``)."""

    metric_id: str
    direction: str
    scale: float
    min_persons: int
    is_cost_linked: bool
    log_if_skewed: bool | None
    always_log: bool | None
    counted_as: Literal["count", "share"] | None


class DraftRow(TypedDict, total=False):
    """What is known of a unit and metric before the rows are compared; what is absent is not known.

    The columns are those of ``tables.table.EFFECT_TABLE``.
    """

    unit_id: str
    metric_id: str
    months_after: int
    is_pooled: bool
    mean_before: float
    mean_after: float


class DiagnosticRow(TypedDict):
    """One estimate by another method; the columns are those of the table of diagnostics."""

    metric_id: str
    as_of_month: date
    estimator: str
    kind: str
    first_month_after: int
    last_month_after: int
    n_units: int
    n_comparison: int | None
    effect_unit: str
    estimate: float | None
    se: float | None
    lo: float | None
    hi: float | None
    start_year: str | None
    method_version: str
