"""The one class and word of a series: seven classes, and whether it was compared.

Which class a headline has is stated once, in the seed ``headlines``; a group of units is judged by
the same table. The word, the reason after it and the sign follow from class and basis alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.words.catalogue import find, section, text

CLASSES = (
    "better", "not_held", "worse", "changed", "no_change", "cannot_tell", "hidden",
)  # fmt: skip
"""In the order of what they say, as they are listed and counted everywhere."""
COMPARED, OWN_CHART = "comparison", "chart"
LOWERED = "*"
"""After the word where something makes the verdict less sure."""


@dataclass(frozen=True)
class Judged:
    """What a series was found to be; names are those of ``mart_headlines``."""

    verdict_class: str
    basis: str
    headline: str
    lowered_by: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Judged":
        """Return the verdict of a row."""
        return cls(row["verdict_class"], row["basis"], row["headline"], row.get("lowered_by"))

    @property
    def is_filled(self) -> bool:
        """Whether its sign is filled: compared with units that have not started."""
        return self.basis == COMPARED


def class_word(verdict_class: str, language: str) -> str:
    """Return the word of a class."""
    return text(f"label.verdict_class.{verdict_class}", language)


def class_words(language: str) -> dict[str, str]:
    """Return the word of every class, in the order they are listed."""
    words = section("label.verdict_class", language)
    return {code: words[code] for code in CLASSES}


def basis_word(basis: str, language: str) -> str:
    """Return whether a series was compared, or has only its own chart; empty if not judged."""
    return find(f"verdict_basis.{basis}", language) or ""


def verdict_word(row: Judged, language: str) -> str:
    """Return the word, with ``*`` where something weakens it."""
    word = class_word(row.verdict_class, language)
    return f"{word}{LOWERED}" if row.lowered_by else word


def verdict_words(row: Judged, language: str) -> str:
    """Return the word with what it rests on, or why nothing can be told.

    ``Bedre, sammenlignet``; ``Kan ikke sies: for lite data``. What comes after the word is never
    another verdict.
    """
    word = verdict_word(row, language)
    if why := find(f"why.{row.headline}", language):
        return f"{word}: {why}"
    basis = basis_word(row.basis, language)
    return f"{word}, {basis}" if basis else word
