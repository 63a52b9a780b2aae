"""Something that is to be said to a reader, before it is known in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.words import catalogue


@dataclass(frozen=True)
class Words:
    """A sentence and the way out, by their code; the word files hold the rest.

    Attributes:
        key: Where in the word files: ``<domain>.<code>``, with ``text`` and perhaps ``way_out``.
        values: What is filled into both.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def text(self, language: str = catalogue.DEFAULT_LANGUAGE) -> str:
        """Return the sentence."""
        return catalogue.text(f"{self.key}.text", language, **self.values)

    def way_out(self, language: str = catalogue.DEFAULT_LANGUAGE) -> str:
        """Return what can be done about it; empty when there is nothing to say."""
        found = catalogue.find(f"{self.key}.way_out", language)
        return found.format(**self.values) if found else ""

    def whole(self, language: str = catalogue.DEFAULT_LANGUAGE) -> str:
        """Return the sentence and the way out as one text."""
        return " ".join(part for part in (self.text(language), self.way_out(language)) if part)
