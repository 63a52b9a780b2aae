"""What every page is given: which generation, which language, and who is reading."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards.access import Viewer
from dashboards.marts import Question, Value, data_language, read, tables
from dashboards.text.catalogue import t
from pipelines.words import numbers
from pipelines.words.said import Words


@dataclass(frozen=True)
class Context:
    """The frame's message to a page; a page reads rows and words through it and nothing else.

    Attributes:
        generation: Path of the published file.
        language: A code of the word files.
        viewer: Who is reading; their scope is applied to every read.
        caution: What to say when another generation is shown than the pointer names; or nothing.
    """

    generation: str
    language: str
    viewer: Viewer
    caution: Words | None = None

    def t(self, key: str, **values: object) -> str:
        """Return a text of the catalogue in the reader's language."""
        return t(key, self.language, **values)

    def number(
        self, value: float | Decimal | None, decimals: int = 0, *, signed: bool = False
    ) -> str:
        """Return a number as the reader's language writes it; missing is empty."""
        return numbers.number(value, decimals, self.language, signed=signed)

    def thousands(self, value: float | None, *, signed: bool = False) -> str:
        """Return an amount in thousands; missing is empty."""
        return numbers.thousands(value, self.language, signed=signed)

    def interval(self, low: float | None, high: float | None, decimals: int) -> str:
        """Return both ends of an interval; empty when either is missing."""
        return numbers.interval(low, high, decimals, self.language)

    def day(self, value: date | None) -> str:
        """Return a date; missing is empty."""
        return numbers.day(value, self.language)

    def moment(self, value: datetime | None) -> str:
        """Return a time by the clock of Oslo; missing is empty."""
        return numbers.moment(value, self.language)

    def rows(
        self,
        mart: str,
        columns: tuple[str, ...],
        *,
        order_by: tuple[str, ...] = (),
        **where: Value,
    ) -> list[dict[str, Any]]:
        """Return rows of a mart within the reader's scope; ``where`` is column=value.

        Columns with texts come in every language: ask for them by :meth:`column`.
        """
        question = Question(
            mart, columns, tuple(sorted(where.items(), key=lambda pair: pair[0])), order_by
        )
        found: list[dict[str, Any]] = read(self.generation, self.viewer.scope, question)
        return found

    def column(self, stem: str) -> str:
        """Return the name of a text column in the reader's language: ``label`` -> ``label_nb``."""
        return f"{stem}_{data_language(self.generation, self.language)}"

    def present(self, mart: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the columns that this edition's mart has."""
        there = tables(self.generation).get(mart, frozenset())
        return tuple(column for column in columns if column in there)

    def has(self, mart: str) -> bool:
        """Return whether this edition holds the mart: an older one may not."""
        return mart in tables(self.generation)

    def labels(self, domain: str) -> dict[str, str]:
        """Return what the codes of a domain are called, in the order of ``dim_labels``."""
        label = self.column("label")
        found = self.rows("dim_labels", ("code", label), domain=domain)
        return {row["code"]: row[label] for row in found}
