"""The short method texts, in the order they are read; the documents they name are the whole."""

from dataclasses import dataclass

from pipelines.words.catalogue import section

FILES = {
    "sum_over_sum": "docs/methods/before_after.md",
    "windows": "docs/methods/before_after.md",
    "before_after": "docs/methods/before_after.md",
    "control_chart": "docs/methods/control_charts.md",
    "verdict": "docs/methods/control_charts.md",
    "effect": "docs/methods/effects.md",
    "anyway": "docs/methods/effects.md",
    "shrunken": "docs/methods/effects.md",
    "q": "docs/methods/effects.md",
    "mde": "docs/methods/effects.md",
    "persistence": "docs/methods/effects.md",
    "headline": "docs/methods/headline.md",
    "chance": "docs/methods/calibration.md",
    "suppression": "docs/methods/suppression.md",
    "gains": "docs/glossary.md",
    "pitfalls": "docs/glossary.md",
    "maturity": "docs/glossary.md",
}
"""Each method with the document that is the whole of it, in the order they are read."""


@dataclass(frozen=True)
class Method:
    """One figure explained in one language.

    Attributes:
        title: What the figure is called.
        formula: How it is made.
        assumes: What it rests on.
        not_for: When not to use it.
        example: A worked example.
        file: The document with the whole method, below the repository's root.
    """

    title: str
    formula: str
    assumes: str
    not_for: str
    example: str
    file: str


def methods(language: str) -> tuple[Method, ...]:
    """Return the methods in the order they are read, in a language of the word files."""
    return tuple(
        Method(**section(f"method.{name}", language), file=file) for name, file in FILES.items()
    )
