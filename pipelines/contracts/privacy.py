"""What may hide a published column about persons: the vocabulary of product contracts.

The rules a column of a product contract may name as ``suppression``. Reading what a contract
states is in ``stated_privacy``; how a rule hides is in dbt and in docs/methods/suppression.md.
"""

from dataclasses import dataclass

METRIC, MARKER = "metric", "marker"
METRIC_PERIODS = ("month", "year")
"""Columns by which a row says what its metric is measured over: a table has one of them."""


@dataclass(frozen=True)
class SuppressionRule:
    """One way in which what is published is kept from showing a person.

    Attributes:
        is_about_persons: What such a column holds can be about persons.
        is_emptied: In a row that is marked as hidden the column is empty.
    """

    is_about_persons: bool
    is_emptied: bool


SUPPRESSION_RULES: dict[str, SuppressionRule] = {
    "none": SuppressionRule(
        is_about_persons=False,
        is_emptied=False,
    ),
    METRIC: SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
    ),
    "derived": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
    ),
    "ledger": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
    ),
    "small_group": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
    ),
    "coarse_count": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
    ),
    "activity": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
    ),
    "words": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
    ),
    MARKER: SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
    ),
    "found": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
    ),
}
"""Every rule a column may name. What each says is in the word files; docs/methods/suppression.md
describes them."""
