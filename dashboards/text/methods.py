"""The catalogue of short method texts; the documents they name are the whole method."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


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


@cache
def methods(language: str) -> tuple[Method, ...]:
    """Return the methods in the order they are read.

    Args:
        language: ``nb`` or ``en``.
    """
    found = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return tuple(Method(**entry[language], file=entry["file"]) for entry in found)
