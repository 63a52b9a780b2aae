"""The table of pooled answers: what the one who pools writes and every municipality reads.

What must stand in it and how it is read are here; the answers are ``answer``, their words
``sentences``. Nobody signs the table: what is read is held against its form before it is told.
"""

from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, ValidationError

from pipelines.evidence.checks import Reason
from pipelines.evidence.pack import Definition, Part, first_fault

_FIGURE = int | float
_T = TypeVar("_T", bound=Part)


class TableError(Exception):
    """What was read is no table of answers: where in it."""


class _Part(Part):
    model_config = ConfigDict(allow_inf_nan=False)


class Figures(_Part):
    """One pooling, on the model's scale; see :class:`pipelines.evidence.pooling.Pooled`."""

    k: int
    mean: _FIGURE
    se: _FIGURE
    df: _FIGURE
    margin: _FIGURE
    low: _FIGURE
    high: _FIGURE
    p: _FIGURE
    tau: _FIGURE
    new_mean: _FIGURE
    new_low: _FIGURE
    new_high: _FIGURE
    shared_error_tolerated: _FIGURE


class Municipality(_Part):
    """What one municipality told, and what it is worth beside the others' where it was pooled."""

    municipality_id: str
    municipality_name: str
    estimate: _FIGURE
    se: _FIGURE
    df: _FIGURE
    margin: _FIGURE
    start_order: Literal["drawn", "chosen"]
    registered: bool
    expected: _FIGURE | None = None
    expected_low: _FIGURE | None = None
    expected_high: _FIGURE | None = None
    distance_from_others: _FIGURE | None = None


class LeftOut(_Part):
    """A pack that does not count, and why."""

    file: str
    municipality_id: str
    status: Literal["refused", "stopped", "other_group"]
    reason: Reason
    detail: str


class AnswerRow(_Part):
    """What the municipalities say to one question."""

    definition_sha256: str
    service_type: str
    window: str
    scale: Literal["raw", "log"]
    model: str
    definition: Definition
    n_announced: int
    n_delivered: int
    verdict: Literal["improved", "worsened", "cannot_tell", "too_few"]
    q: _FIGURE | None
    pooled: Figures | None
    with_absent: Figures | None
    municipalities: tuple[Municipality, ...]
    left_out: tuple[LeftOut, ...]


class PooledTable(_Part):
    """All answers of one pooling, and the packs that were refused unread."""

    made_at: str
    answers: tuple[AnswerRow, ...]
    refused: tuple[LeftOut, ...]


class Confirmation(_Part):
    """That a person let in a pack that was stopped."""

    municipality_id: str
    reason: Reason
    why: str
    confirmed_at: str


class Place(_Part):
    """How far a municipality's chain of packs has come."""

    sequence: int
    sha256: str


class Chains(_Part):
    """What a pooling remembers for the next."""

    seen: dict[str, Place]
    confirmed: tuple[Confirmation, ...]


def read_table(content: bytes) -> dict[str, Any]:
    """Read a table of answers.

    Returns:
        Its plain content; a municipality that was not pooled lacks what pooling gives.

    Raises:
        TableError: It is no JSON, or a field is unknown, missing or of another kind.
    """
    return _read(PooledTable, content).model_dump(exclude_unset=True)


def read_chains(content: bytes) -> Chains:
    """Read how far each municipality's chain has come, and what a person has confirmed.

    Raises:
        TableError: It is not what the last pooling wrote.
    """
    return _read(Chains, content)


def _read(kind: type[_T], content: bytes) -> _T:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise TableError(first_fault(error, "table")) from error
