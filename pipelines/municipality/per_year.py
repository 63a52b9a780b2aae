"""What a unit shows per year and never per month: how a metric of such a measure must be written.

Which measures these are, the source contracts say; how they are hidden is dbt's
(docs/methods/suppression.md). A metric that is not written so would be judged as a total, and show
what a part's own rules hide.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts.shapes import Measure
from pipelines.errors import ConfigError
from pipelines.municipality.metrics import MeasureTerm, Metric
from pipelines.words.messages import say

_COMPLEMENT = "complement"


def check_shown_per_year(
    metrics: Sequence[Metric],
    standard: Sequence[Metric],
    made: Mapping[str, Measure],
    where: str,
) -> None:
    """Raise ConfigError when a metric would show a unit's month of what is shown per year.

    Args:
        metrics: All the municipality's metrics; what they refer to exists.
        standard: All standard metrics, chosen or not.
        made: Every measure the warehouse makes, by id.
        where: The file's name for messages.
    """
    known = {metric.id: metric for metric in (*standard, *metrics)}
    for metric in metrics:
        _check_companion(metric, known, where)
        for name in dict.fromkeys(metric.measures):
            measure = made.get(name)
            if measure is None:
                continue
            if measure.part_of:
                _check_part(metric, measure, known, where)
                _check_within(metric, measure, standard, where)
            elif measure.unit_grain == "year":
                _check_year(metric, measure, known, where)


def _check_companion(metric: Metric, known: Mapping[str, Metric], where: str) -> None:
    """A metric is hidden with one other, not with what that one is hidden with."""
    other = known.get(metric.shown_with or "")
    if other is not None and other.shown_with is not None:
        raise ConfigError(
            say("municipality.per_year.chain", id=metric.id, other=other.id, last=other.shown_with),
            where=f"{where}: {metric.id}.shown_with",
            way_out=say("municipality.per_year.write_last", last=other.shown_with),
        )


def _check_part(metric: Metric, measure: Measure, known: Mapping[str, Metric], where: str) -> None:
    # who is behind a figure is known of a numerator that is one measure, and of it alone
    whole = known.get(metric.split_of or "")
    if (
        _is_alone(metric, measure.id)
        and measure.id not in _below(metric)
        and whole is not None
        and _is_alone(whole, measure.part_of)
        and metric.split_group == measure.split_group
    ):
        return
    raise ConfigError(
        say(
            "municipality.per_year.a_part",
            id=metric.id, measure=measure.id, whole=measure.part_of,
        ),
        where=f"{where}: {metric.id}",
        way_out=say(
            "municipality.per_year.write_a_part",
            measure=measure.id,
            total=_named(measure.part_of, known.values()),
            group=measure.split_group,
        ),
    )  # fmt: skip


def _check_within(metric: Metric, measure: Measure, standard: Sequence[Metric], where: str) -> None:
    """A part that lies within another is hidden with it, in whatever metric it stands."""
    companions = [each.shown_with for each in standard if _is_alone(each, measure.id)]
    companion = next(filter(None, companions), None)
    if metric.shown_with == companion:
        return
    place = f"{where}: {metric.id}.shown_with"
    if companion is None:
        raise ConfigError(
            say("municipality.per_year.part_beside", id=metric.id, measure=measure.id), where=place
        )
    raise ConfigError(
        say("municipality.per_year.part_within", id=metric.id, measure=measure.id, other=companion),
        where=place,
        way_out=say("municipality.per_year.write_last", last=companion),
    )


def _check_year(metric: Metric, measure: Measure, known: Mapping[str, Metric], where: str) -> None:
    # also below the line beside others: both sides of every ratio are published
    companion = measure.shown_with
    other = known.get(metric.shown_with or "")
    hidden_with = other is not None and _is_alone(other, companion)
    if _is_per_year(metric, known) and (not companion or hidden_with):
        return
    raise ConfigError(
        say("municipality.per_year.not_per_month", id=metric.id, measure=measure.id),
        where=f"{where}: {metric.id}",
        way_out=say(
            "municipality.per_year.write_year_with", companion=_named(companion, known.values())
        )
        if companion
        else say("municipality.per_year.write_year"),
    )


def _is_per_year(metric: Metric, known: Mapping[str, Metric]) -> bool:
    # the rest of a total is shown as finely as the total, whatever stands at the rest
    if metric.split_of is None:
        return metric.unit_grain == "year"
    return metric.split_group == _COMPLEMENT and known[metric.split_of].unit_grain == "year"


def _below(metric: Metric) -> list[str]:
    return [term.measure for term in metric.denominator or ()]


def _is_alone(metric: Metric, measure: str) -> bool:
    return metric.numerator == (MeasureTerm(measure=measure),)


def _named(measure: str, known: Iterable[Metric]) -> str:
    found = next((each.id for each in known if _is_alone(each, measure)), None)
    return found or say("municipality.per_year.a_metric_of", measure=measure)
