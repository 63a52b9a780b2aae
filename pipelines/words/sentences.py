"""Which published tables have sentences, from which columns each is made, and by what.

Pages, paper and the command line ask here for a row they have read; ``publishing.sentences`` asks
for all rows at once. A further sentence is one more entry and its words in the word files.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pipelines.words import change_sentences as changes
from pipelines.words import effect_sentences as effects
from pipelines.words import gain_sentences as gains
from pipelines.words import headline_sentences as headlines
from pipelines.words import signal_sentences as signals
from pipelines.words.told_rows import Metric, columns_of, typed


@dataclass(frozen=True)
class Sentence:
    """One sort of sentence.

    Attributes:
        table: The published table whose rows are put into words.
        name: Which sentence of the row.
        row: The type of what it is made of; its fields are columns of the table.
        compose: From a row and a language to the text; empty where nothing is to be said.
        where: Only rows with these values stand in ``mart_sentences``.
        may_lack_metric: A row may be about no metric, or about one that is no more.
    """

    table: str
    name: str
    row: type
    compose: Callable[[Any, str], str]
    where: Mapping[str, str] = field(default_factory=dict)
    may_lack_metric: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of."""
        return columns_of(self.row)

    @property
    def needs_metric(self) -> bool:
        """Whether it names the row's metric, which is in ``dim_metrics``."""
        return any(each.name == "metric" for each in fields(self.row))

    def typed(self, row: Mapping[str, Any], metrics: Mapping[str, Metric]) -> object:
        """Return a row as its type.

        Args:
            row: The columns, and ``metric_id`` where it needs the metric.
            metrics: By id.
        """
        if not self.needs_metric:
            return typed(self.row, row)
        code = row["metric_id"]
        return typed(self.row, row, metrics.get(code) if self.may_lack_metric else metrics[code])

    def text(self, row: Mapping[str, Any], metrics: Mapping[str, Metric], language: str) -> str:
        """Return the sentence of a row as it was read; arguments as in :meth:`typed`."""
        return self.compose(self.typed(row, metrics), language)


_ALL = (
    Sentence("mart_headlines", "sentence", headlines.Headline, headlines.headline_sentence),
    Sentence("mart_headlines", "lowered_by", headlines.Headline, headlines.lowering_words),
    Sentence("mart_effects_pooled", "sentence", effects.Pooled, effects.pooled_sentence),
    Sentence("mart_effects_pooled", "persistence", effects.Pooled, effects.persistence_words),
    Sentence(
        "mart_effect_diagnostics",
        "estimator",
        effects.Diagnostic,
        effects.diagnostic_name,
        {"kind": "overall"},
    ),
    Sentence(
        "mart_effect_diagnostics",
        "note",
        effects.Diagnostic,
        effects.diagnostic_note,
        {"kind": "overall"},
    ),
    Sentence("mart_overview", "chance", effects.Chance, effects.chance_sentence),
    Sentence("mart_gain_checks", "sentence", gains.Check, gains.check_sentence),
    Sentence("mart_gains", "held", gains.HELD, gains.held_sentence),
    Sentence("mart_gain_savings", "sentence", gains.Saving, gains.saving_sentence),
    Sentence("mart_gain_issues", "sentence", gains.Issue, gains.issue_sentence),
    Sentence("mart_pitfalls", "text", signals.Signal, signals.signal_sentence),
    Sentence("mart_pitfalls", "rule", signals.Signal, signals.rule_sentence),
    Sentence(
        "mart_changes", "sentence", changes.Change, changes.change_sentence, may_lack_metric=True
    ),
)
SENTENCES: Mapping[tuple[str, str], Sentence] = {(one.table, one.name): one for one in _ALL}
"""Every sentence by table and name."""


def sentences_of(table: str, names: Iterable[str]) -> tuple[Sentence, ...]:
    """Return the sentences of a table by name.

    Raises:
        KeyError: the table has no such sentence.
    """
    return tuple(SENTENCES[table, name] for name in names)
