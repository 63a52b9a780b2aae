"""The evidence pack: what one municipality tells of its estimates, as bytes that can be signed.

One UTF-8 JSON file with sorted keys and no spaces. What a pack must hold is told here; whether one
may be believed is ``checks``, who signed it ``keys``.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_DIGITS = 6
_MEASURED = ("estimate", "se", "margin", "bump", "mean_before")
_SHA256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PackError(Exception):
    """What was read is no pack: where in it, and why."""


class Part(BaseModel):
    """A part of a file that municipalities exchange: nothing unknown, nothing of another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Definition(Part):
    """What a metric is; its hash is how two municipalities know that they mean the same.

    Attributes:
        metric_id: Its code.
        version: Of the definition, at least 1.
        numerator: Measure above the line.
        denominator: Measure below it; empty for a plain sum.
        scale: What the quotient is multiplied by.
        unit: Unit of measure.
        direction: Which way is better.
        source_definition: The definition the source follows.
    """

    metric_id: str
    version: int = Field(ge=1)
    numerator: str
    denominator: str
    scale: int | float
    unit: str
    direction: Literal["lower", "higher"]
    source_definition: str


class Registered(Part):
    """A start announced before it began; may stand alone in a pack.

    Attributes:
        definition_sha256: Of the metric.
        service_type: ``all`` or one kind.
        first_start_month: First day of the month in which the first unit starts.
        n_units: Units that are to start.
        start_order: How they were chosen.
        locked_at: When it was announced.
        log_entry_sha256: The entry in the municipality's own log.
    """

    definition_sha256: _SHA256
    service_type: str
    first_start_month: str
    n_units: int = Field(ge=1)
    start_order: Literal["drawn", "chosen"]
    locked_at: str
    log_entry_sha256: _SHA256


class Result(Part):
    """One estimate.

    Attributes:
        definition_sha256: Of the metric.
        service_type: ``all`` or one kind.
        window: Months after the start, first and last.
        scale: The model's scale.
        estimate: Of the mean effect, on that scale, six significant digits; so are the others.
        se: Its standard error.
        df: Degrees of freedom.
        margin: For a start after an unusual year.
        bump: How unusual that year was.
        start_order: How the units were chosen.
        n_units: Units in the mean, at least three.
        n_waiting: Units they were compared with.
        n_persons: Persons in them, at least fifteen.
        mean_before: Level before the start, in the metric's unit.
        registered: Whether the target was announced before the start.
        checks: Model checks that failed; empty when none did.
    """

    definition_sha256: _SHA256
    service_type: str
    window: Annotated[str, Field(pattern=r"^\d+-\d+$")]
    scale: Literal["raw", "log"]
    estimate: int | float
    se: int | float
    df: int | float
    margin: int | float = Field(ge=0)
    bump: int | float
    start_order: Literal["drawn", "chosen"]
    n_units: int = Field(ge=3)
    n_waiting: int = Field(ge=0)
    n_persons: int = Field(ge=15)
    mean_before: int | float
    registered: bool
    checks: str


class Suppressed(Part):
    """A row that is kept back, so that a gap is seen as one."""

    definition_sha256: _SHA256
    service_type: str
    reason: str


class Pack(Part):
    """What a municipality tells once.

    Attributes:
        format: Of the file.
        product_version: Of the program that wrote it.
        model_version: Of the model behind the estimates.
        municipality_id: Organisation number.
        municipality_name: Name.
        key_id: Which of its keys signed.
        sequence: Number in this municipality's chain of packs.
        previous_sha256: Of the pack before; None in the first.
        as_of_month: First day of the last month with figures.
        created_at: When it was written, UTC.
        input_fingerprint: Of what was estimated from.
        registered: Starts announced.
        definitions: Hash to definition.
        results: Estimates.
        suppressed: Rows kept back.
    """

    format: Literal["pukk-evidence/1"]
    product_version: str
    model_version: str
    municipality_id: Annotated[str, Field(pattern=r"^\d{9}$")]
    municipality_name: str
    key_id: str
    sequence: int = Field(ge=1)
    previous_sha256: _SHA256 | None
    as_of_month: str
    created_at: str
    input_fingerprint: str
    registered: tuple[Registered, ...]
    definitions: dict[_SHA256, Definition]
    results: tuple[Result, ...]
    suppressed: tuple[Suppressed, ...]


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one way to write some content: UTF-8, keys sorted, no spaces."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def definition_hash(definition: Definition) -> str:
    """Return the SHA-256 of a definition's canonical JSON; labels are no part of it."""
    return hashlib.sha256(canonical(definition.model_dump())).hexdigest()


def six_digits(value: float) -> float:
    """Round to the six significant digits that leave the house."""
    return float(f"{value:.{_DIGITS}g}")


def write_pack(pack: Pack) -> bytes:
    """Return a pack's bytes.

    Raises:
        PackError: A figure of an estimate has more than the six significant digits that may leave.
    """
    for place, row in enumerate(pack.results):
        for name in _MEASURED:
            value = getattr(row, name)
            if value != six_digits(value):
                raise PackError(f"results.{place}.{name}")
    return canonical(pack.model_dump(mode="json"))


def read_pack(content: bytes) -> Pack:
    """Read a pack.

    Raises:
        PackError: It is no JSON, a field is unknown, missing or of another kind, a date is none, or
            a definition is not what its hash says.
    """
    try:
        pack = Pack.model_validate_json(content)
    except ValidationError as error:
        raise PackError(first_fault(error, "pack")) from error
    _check_dates(pack)
    for sha256, definition in pack.definitions.items():
        if definition_hash(definition) != sha256:
            raise PackError(f"definitions.{sha256[:12]}")
    named: list[Result | Registered | Suppressed] = [
        *pack.results,
        *pack.registered,
        *pack.suppressed,
    ]
    if absent := {row.definition_sha256 for row in named} - pack.definitions.keys():
        raise PackError(f"definitions.{min(absent)[:12]}")
    return pack


def first_fault(error: ValidationError, whole: str) -> str:
    """Return where in a file the first thing wrong with it stands.

    Args:
        error: What was found.
        whole: What the file is called where it is no single place.
    """
    first = error.errors()[0]
    where = "json" if first["type"] == "json_invalid" else whole
    return ".".join(str(part) for part in first["loc"]) or where


def _check_dates(pack: Pack) -> None:
    try:
        date.fromisoformat(pack.as_of_month)
        datetime.fromisoformat(pack.created_at)
        for row in pack.registered:
            date.fromisoformat(row.first_start_month)
            datetime.fromisoformat(row.locked_at)
    except ValueError as error:
        raise PackError("date") from error
