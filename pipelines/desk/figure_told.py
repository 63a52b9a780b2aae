"""What a page is told of one figure: shapes alone. Made of what ``publishing.explained`` says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Made:
    """What the figure is made of: measures, and what their quotient is multiplied with."""

    numerator_plus: str
    numerator_minus: str | None
    denominator: str | None
    scale: float


@dataclass(frozen=True)
class Cell:
    """The figure as it is published; why it is hidden or missing where it is."""

    numerator: float | None
    denominator: float | None
    value: float | None
    suppression_reason: str | None
    missing_reason: str | None


@dataclass(frozen=True)
class BehindIt:
    """A delivery with how many of its rows and persons are behind the figure, where it is told."""

    source_table: str
    delivery_id: str
    file_name: str
    received_at: datetime
    contract_version: str | None
    fingerprint: str
    file_sha256: str | None
    n_rows: int | None
    n_persons: int | str | None


@dataclass(frozen=True)
class RuleJudged:
    """A rule of a source as the last run judged it."""

    contract_id: str
    contract_version: str | None
    table_name: str
    rule_id: str
    promised_nb: str | None
    measured_nb: str | None
    success: bool


@dataclass(frozen=True)
class Change:
    """An edition in which the figure became another, and what came with it."""

    generation: int
    value_before: float | None
    value: float | None
    new_deliveries: tuple[str, ...]


@dataclass(frozen=True)
class FigureTold:
    """Everything a page is told of one figure."""

    unit_id: str
    metric_id: str
    metric: Made
    when: str
    figure: Cell
    is_hidden: bool
    deliveries: tuple[BehindIt, ...]
    rules: tuple[RuleJudged, ...]
    generation: int
    published_at: datetime
    made_from: str
    earlier: tuple[Change, ...]
    has_warehouse: bool
