"""What may hide a published column about persons: the vocabulary of product contracts.

The rules a column of a product contract may name as ``suppression``. Reading what a contract
states is in ``stated_privacy``; how a rule hides is in dbt and in docs/methods/suppression.md.
"""

from dataclasses import dataclass

from pipelines.words.messages import say

METRIC, MARKER = "metric", "marker"
METRIC_PERIODS = ("month", "year")
"""Columns by which a row says what its metric is measured over: a table has one of them."""


@dataclass(frozen=True)
class SuppressionRule:
    """One way in which what is published is kept from showing a person.

    Attributes:
        is_about_persons: What such a column holds can be about persons.
        is_emptied: In a row that is marked as hidden the column is empty.
        text_nb: The rule in bokmål, for the catalogue.
        text_en: The same in English.
    """

    is_about_persons: bool
    is_emptied: bool
    text_nb: str
    text_en: str


SUPPRESSION_RULES: dict[str, SuppressionRule] = {
    "none": SuppressionRule(
        is_about_persons=False,
        is_emptied=False,
        text_nb=say("contracts.privacy.not_about_persons"),
        text_en="Not about persons, never hidden.",
    ),
    METRIC: SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb=say("contracts.privacy.by_metric"),
        text_en="Hidden by the rules of the row's metric, when the metric is about persons.",
    ),
    "derived": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb=say("contracts.privacy.derived"),
        text_en="Computed from suppressed figures alone, and empty where they are hidden.",
    ),
    "ledger": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb=say("contracts.privacy.ledger"),
        text_en="Pay and refunds: hidden when the group behind is below the limit.",
    ),
    "small_group": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb=say("contracts.privacy.small_group"),
        text_en="Hidden when fewer than the limit have answered.",
    ),
    "coarse_count": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb=say("contracts.privacy.coarse_count"),
        text_en="Persons counted; below ten only <10.",
    ),
    "activity": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb=say("contracts.privacy.activity"),
        text_en="Places and hours on courses and with coaches, set up by the employer; shown.",
    ),
    "words": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb=say("contracts.privacy.words"),
        text_en="Codes, counts and sentences that follow from what is shown alone.",
    ),
    MARKER: SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb=say("contracts.privacy.marker"),
        text_en="Says that the row's figures are hidden, and why.",
    ),
    "found": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb=say("contracts.privacy.found"),
        text_en="What quarantine shows: never from columns about persons.",
    ),
}
"""Every rule a column may name; each is described in docs/methods/suppression.md."""
