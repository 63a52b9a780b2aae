"""How it went in several municipalities, kept as it was told: what a pooling says, for the pages.

What is told is made in ``pipelines.evidence.told``. It is public among the municipalities that
pooled, but what is said of the own one is of all its units: who may see that is for who asks.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_FILE = ("evidence", "told.json")


@dataclass(frozen=True)
class Place:
    """One municipality, or several together, as it is drawn and printed.

    Attributes:
        name: The municipality's; empty for what is of all together.
        kind: ``municipality``, ``mean``, or ``new``: where a new one may land.
        is_own: Whether it is the reader's own.
        estimate: As told: the metric's unit, or per cent of what was expected.
        low: Lower end of its interval.
        high: Upper end.
        distance: Standard deviations from the others; None where it was not pooled.
        without: Estimate, low and high of the mean without it; None where too few are left.
        is_drawn: Whether its order of start was drawn by lot.
        is_announced: Whether its target was announced before the start.
    """

    name: str
    kind: str
    is_own: bool
    estimate: float
    low: float
    high: float
    distance: float | None = None
    without: tuple[float, float, float] | None = None
    is_drawn: bool = False
    is_announced: bool = False


@dataclass(frozen=True)
class Told:
    """What the municipalities say of one metric.

    Attributes:
        metric_id: The metric.
        label: Language -> what it is called, with the kind of service where it is of one.
        service_type: ``all``, or one kind of service.
        k: How many municipalities count.
        unit: Of the figures: the metric's, or ``percent``.
        together: Language -> sentences on all of them.
        own: Language -> sentences on the reader's own; empty where it is not told whose.
        left_out: Language -> a sentence for each pack that does not count, and why.
        places: The municipalities, then all together where they were pooled.
    """

    metric_id: str
    label: Mapping[str, str]
    service_type: str
    k: int
    unit: str
    together: Mapping[str, tuple[str, ...]]
    own: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, tuple[str, ...]]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A pooling as it is told.

    Attributes:
        made_at: When it was pooled, ISO 8601.
        answers: One per metric and kind of service.
        refused: Language -> a sentence for each pack that was refused unread.
    """

    made_at: str
    answers: tuple[Told, ...]
    refused: Mapping[str, tuple[str, ...]]


def keep_elsewhere(state: Path, told: Elsewhere) -> Path:
    """Keep what is told for the pages, in place of what was; returns the file.

    Args:
        state: The municipality's state folder.
        told: The pooling.
    """
    file = state.joinpath(*_FILE)
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    building = file.with_name(f"{file.name}.tmp")
    building.write_text(written(told), encoding="utf-8")
    building.replace(file)
    return file


def elsewhere(state: Path) -> Elsewhere | None:
    """Return what is kept; None where nothing is, or it was written by another version.

    Args:
        state: The municipality's state folder.
    """
    try:
        return read_told(state.joinpath(*_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def written(told: Elsewhere) -> str:
    """Return a pooling as JSON."""
    return json.dumps(asdict(told), ensure_ascii=False, sort_keys=True, allow_nan=False)


def read_told(text: str) -> Elsewhere:
    """Return a pooling from its JSON.

    Raises:
        ValueError: It is no JSON.
        KeyError: A field is missing.
        TypeError: A field is unknown or of another kind.
    """
    found = json.loads(text)
    return Elsewhere(
        found["made_at"], tuple(_told(each) for each in found["answers"]), _said(found["refused"])
    )


def _told(row: dict[str, Any]) -> Told:
    said = {name: _said(row[name]) for name in ("together", "own", "left_out")}
    places = tuple(
        Place(**{**each, "without": tuple(each["without"]) if each["without"] else None})
        for each in row["places"]
    )
    return Told(**{**row, **said, "places": places})


def _said(sentences: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(each) for language, each in sentences.items()}
