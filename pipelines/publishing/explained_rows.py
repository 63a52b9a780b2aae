"""What is known of one figure back to its deliveries: shapes alone.

How it is found out is in ``explained``.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NotRequired, TypedDict


class Measured(TypedDict):
    """The unit, and what the metric is made of."""

    unit_name: str
    label_nb: str
    numerator_plus: str
    numerator_minus: str | None
    denominator: str | None
    scale: float
    unit: str


class Cell(TypedDict):
    """The figure as it is published; why it is hidden or missing where it is."""

    numerator: float | None
    denominator: float | None
    value: float | None
    n_persons_label: NotRequired[str | None]
    suppression_reason: NotRequired[str | None]
    missing_reason: str | None
    verdict: NotRequired[str | None]


class SourceTable(TypedDict):
    """A source table with the measures it gives."""

    source_table: str
    measures: list[str]


class Behind(TypedDict):
    """A delivery with how many of its rows are about the figure."""

    source_table: str
    delivery_id: str
    file_name: str
    received_at: datetime
    feed_id: str
    contract_version: str
    fingerprint: str
    file_sha256: str | None
    n_rows: int | None
    n_persons: int | str | None


class JudgedRule(TypedDict):
    """A rule of a source table as the last run judged it."""

    contract_id: str
    contract_version: str
    table_name: str
    rule_id: str
    promised_nb: str
    measured_nb: str
    n_failed: int | None
    success: bool
    run_at: datetime


class Earlier(TypedDict):
    """An edition in which the figure became another, and the deliveries that came with it."""

    generation: int
    published_at: str
    value_before: float | None
    value: float | None
    new_deliveries: list[str]


class Explained(TypedDict):
    """Everything behind one figure."""

    unit_id: str
    metric_id: str
    metric: Measured
    when: str
    first_month: date | None
    last_month: date | None
    figure: Cell
    is_hidden: bool
    sources: Sequence[SourceTable]
    deliveries: Sequence[Behind]
    rules: Sequence[JudgedRule]
    generation: int
    published_at: str
    made_from: str
    earlier: Sequence[Earlier]
