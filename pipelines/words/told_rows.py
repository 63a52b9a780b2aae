"""The rows that sentences are made of: codes and figures, typed, with the columns' own names."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from pipelines.words import catalogue

R = TypeVar("R")
METRIC_COLUMNS = ("metric_id", "label_nb", "label_en", "unit", "decimals", "direction")
"""Columns of ``dim_metrics`` that :meth:`Metric.of` reads."""


@dataclass(frozen=True)
class Metric:
    """What a sentence must know of a metric.

    Attributes:
        labels: Its name by language.
        unit: Code of ``unit`` in the word files.
        decimals: Digits it is written with.
        direction: ``lower``, ``higher``, ``target`` or ``neutral``.
    """

    labels: Mapping[str, str]
    unit: str
    decimals: int
    direction: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Metric":
        """Return the metric of a row of ``dim_metrics``.

        A language in which the municipality has not named it has the name of the default one.
        """
        default = row[f"label_{catalogue.DEFAULT_LANGUAGE}"]
        labels = {code: row.get(f"label_{code}") or default for code in catalogue.codes()}
        return cls(labels, row["unit"], row["decimals"], row["direction"])

    @property
    def better_side(self) -> int:
        """The sign of a change for the better; 0 where none is."""
        return {"lower": -1, "higher": 1}.get(self.direction, 0)

    def inside(self, language: str) -> str:
        """Return its name inside a sentence: a small first letter, unless an abbreviation."""
        return inside(self.labels[language])


def inside(label: str) -> str:
    """Return a name as inside a sentence: a small first letter, unless short for more."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def columns_of(kind: type) -> tuple[str, ...]:
    """Return the columns a typed row is read from; the metric comes from ``dim_metrics``."""
    return tuple(field.name for field in fields(kind) if field.name != "metric")


def typed(kind: type[R], row: Mapping[str, Any], metric: Metric | None = None) -> R:
    """Return a row as its type; columns it has besides are left out.

    Raises:
        KeyError: a column is missing.
    """
    values: dict[str, Any] = {name: row[name] for name in columns_of(kind)}
    if "metric" in kind.__annotations__:
        values["metric"] = metric
    return kind(**values)
