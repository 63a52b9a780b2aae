"""A feed as it is drafted: its settings in order, each with how certain it is, written as YAML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from pipelines.ingest.drafting.roles import Certainty
from pipelines.words.messages import say

_WORD_NB: Mapping[Certainty, str] = {
    "sure": say("ingest.drafting.sure"),
    "likely": say("ingest.drafting.likely"),
    "guessed": say("ingest.drafting.guessed"),
}
_WIDTH = 100_000


@dataclass
class FeedDraft:
    """A feed that is being drafted.

    Attributes:
        contract: The contract.
        table: Its table.
        id: The feed's id.
        settings: Everything but the columns, by key.
        columns: Contract column -> its mapping.
        melt: File column -> its constants, when figures stand beside each other.
        melted: The contract column those are values of.
        year_column: The file column with the year of months beside each other; empty without.
        marks: Key -> how certain it is and why; columns as ``columns.NAME``.
    """

    contract: str
    table: str
    id: str
    settings: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    melt: dict[str, dict[str, Any]] = field(default_factory=dict)
    melted: str = ""
    year_column: str = ""
    marks: dict[str, tuple[Certainty, str]] = field(default_factory=dict)

    def set(self, key: str, value: object, certainty: Certainty, why_nb: str) -> None:
        """Set something of the feed.

        Args:
            key: Its key; a column is ``columns.NAME``.
            value: What it is set to.
            certainty: How certain that is.
            why_nb: Why, in bokmål.
        """
        self.marks[key] = (certainty, why_nb)
        if key.startswith("columns."):
            self.columns[key.removeprefix("columns.")] = dict(value)  # type: ignore[call-overload] # a mapping of a column
        else:
            self.settings[key] = value

    def count(self, certainty: Certainty) -> int:
        """Return how many settings are so certain."""
        return sum(each == certainty for each, _ in self.marks.values())

    def lines(self) -> Iterator[str]:
        """Yield the feed's lines of YAML, each guess with how certain it is."""
        yield f"  - id: {self.id}"
        yield f"    table: {self.table}{self._mark('table')}"
        for key, value in self.settings.items():
            yield f"    {key}: {inline(value)}{self._mark(key)}"
        yield "    columns:"
        for name, mapping in self.columns.items():
            yield f"      {name}: {inline(mapping)}{self._mark(f'columns.{name}')}"
        if self.melt:
            yield f"    melt:{self._mark('melt')}"
            yield f"      value: {self.melted}"
            if self.year_column:
                yield f"      year_column: {inline(self.year_column)}"
            yield "      columns:"
            for header, constants in self.melt.items():
                yield f"        {inline(header)}: {inline(constants)}"

    def _mark(self, key: str) -> str:
        if key not in self.marks:
            return ""
        certainty, why_nb = self.marks[key]
        return f"    # {_WORD_NB[certainty]}: {why_nb}"


def inline(value: object) -> str:
    """Return a value as it stands on one line of YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=_WIDTH, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...").removesuffix("...").strip()
