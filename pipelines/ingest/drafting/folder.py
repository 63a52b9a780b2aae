"""The files of a municipality's folder as they are drafted.

What a feed is, is found in ``feeds``; nothing is written to disk here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts.shapes import Contract
from pipelines.ingest.drafting.draft import FeedDraft, inline
from pipelines.municipality.metrics import Metric
from pipelines.words.messages import say

_SCHEMA = "# yaml-language-server: $schema={schemas}/{name}.schema.json"
_BUDGETS = {"original_budget_nok", "revised_budget_nok"}
_SUMS = {"sick_days", "agreed_days"}


@dataclass(frozen=True)
class Named:
    """Who the municipality is.

    Attributes:
        id: Small letters, digits and underscores.
        name: What it is called.
        calendar: ``norway`` or ``calendar_days``.
        language: ``nb``, ``nn`` or ``en``.
        number: Four digits, if it is a Norwegian municipality.
    """

    id: str
    name: str
    calendar: str = "norway"
    language: str = "nb"
    number: str | None = None


def profile_text(named: Named, first_month: str, schemas: str, *, is_known: bool) -> str:
    """Return ``municipality.yml``.

    Args:
        named: Who the municipality is.
        first_month: The first month there are figures for.
        schemas: Where the JSON schemas lie.
        is_known: Whether the files told the month.
    """
    found = say("ingest.drafting.sure") if is_known else say("ingest.drafting.guessed")
    lines = [
        _SCHEMA.format(schemas=schemas, name="municipality"),
        f"id: {named.id}",
        f"name: {inline(named.name)}",
        *([f'municipality_number: "{named.number}"'] if named.number else []),
        f"language: {named.language}",
        f"working_calendar: {named.calendar}",
        f"first_month: {first_month}    # {found}: {say('ingest.drafting.first_month_of_files')}",
        "example: {kind: none}",
    ]
    return "\n".join(lines) + "\n"


def source_texts(feeds: Sequence[FeedDraft], schemas: str) -> dict[str, str]:
    """Return the files of ``sources`` by name.

    Args:
        feeds: The drafted feeds.
        schemas: Where the JSON schemas lie, from the folder ``sources``.
    """
    found: dict[str, list[str]] = {}
    for feed in feeds:
        head = [
            _SCHEMA.format(schemas=schemas, name="source"),
            f"# {say('ingest.drafting.how_guesses_are_marked')}",
            f"contract: {feed.contract}",
            "feeds:",
        ]
        found.setdefault(feed.contract, head).extend(feed.lines())
    return {f"{contract}.yml": "\n".join(lines) + "\n" for contract, lines in found.items()}


def metrics_text(metrics: Iterable[str], measures: Iterable[str], schemas: str) -> str:
    """Return ``metrics.yml``: standard metrics the sources can feed, drafts of own for the rest.

    A draft is a comment: whether figures may be added up over units is for a person to say.

    Args:
        metrics: Ids of standard metrics.
        measures: The files' own measures that no metric there is made of.
        schemas: Where the JSON schemas lie.
    """
    drafts = [line for each in measures for line in _own_metric(each)]
    head = [f"# {say('ingest.drafting.own_metrics')}", "# metrics:"] if drafts else []
    lines = [
        _SCHEMA.format(schemas=schemas, name="metrics"),
        f"# {say('ingest.drafting.metrics_that_can_be_fed')}",
        f"standard: [{', '.join(metrics)}]",
        "metrics: []",
        *head,
        *drafts,
    ]
    return "\n".join(lines) + "\n"


def _own_metric(measure: str) -> Iterator[str]:
    name = inline(measure.replace("_", " ").capitalize())
    yield f"#   - id: {measure}"
    yield f"#     label: {{nb: {name}, en: {name}}}"
    yield f"#     description: {{nb: {name}, en: {name}}}"
    yield f"#     numerator: {measure}"
    yield "#     unit: count"
    yield "#     direction: neutral"


def fed_metrics(
    feeds: Sequence[FeedDraft], contracts: Mapping[str, Contract], standard: Sequence[Metric]
) -> list[str]:
    """Return the standard metrics whose measures the feeds give.

    Args:
        feeds: The drafted feeds.
        contracts: The source contracts by id.
        standard: All standard metrics.
    """
    given: set[str] = set()
    for feed in feeds:
        given |= _measures(feed, {measure.id for measure in contracts[feed.contract].measures})
    chosen = [metric for metric in standard if {*metric.measures} <= given]
    ids = {metric.id for metric in chosen}
    return [
        metric.id for metric in chosen if {metric.split_of, metric.complement_of} <= {*ids, None}
    ]


def own_measures(feeds: Sequence[FeedDraft]) -> list[str]:
    """Return the files' own measures, in the order of the feeds.

    Args:
        feeds: The drafted feeds.
    """
    own = [feed for feed in feeds if feed.contract == "unit_metrics"]
    return list(dict.fromkeys(name for feed in own for name in sorted(_measures(feed, set()))))


def _measures(feed: FeedDraft, declared: set[str]) -> set[str]:
    if feed.contract == "unit_metrics":
        constants = [told.get("measure_id") for told in feed.melt.values()]
        named = feed.columns.get("measure_id", {}).get("constant")
        return {str(name) for name in (*constants, named) if name}
    if feed.table == "unit_months":
        return _SUMS
    if feed.table == "spells":
        return declared - {"agreed_days"}
    if feed.contract == "ledger":
        kinds = {told.get("amount_type") for told in feed.melt.values()}
        has_art = "art" in feed.columns
        accounts = (declared - _BUDGETS if has_art else {"accounts_nok"}) & declared
        return (accounts if "accounts" in kinds else set()) | (
            _BUDGETS if len(kinds) > 1 else set()
        )
    return declared
