"""Metrics that say something of the same: hidden together, or not to be published.

Two metrics on one measure about persons give each other away, whatever each is divided by: where
one is hidden and the other shown, the hidden one follows. So they are one family, named after the
first. How a family is hidden is dbt's (docs/methods/suppression.md); what is shown per year is in
``per_year``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from pipelines.contracts.shapes import Measure
from pipelines.errors import ConfigError
from pipelines.municipality.metrics import Metric
from pipelines.words.messages import say


def first_of_family(metrics: Sequence[Metric], personal: Set[str]) -> dict[str, str]:
    """Return for each metric about persons that is no part the first metric it is hidden with.

    Those with a measure about persons in common are together, also by way of others; per month and
    per year apart, and what is shown with one metric apart from what is shown with another.

    Args:
        metrics: All the municipality's metrics, in their order.
        personal: The measures about persons.
    """
    first: dict[str, str] = {}
    seen: dict[tuple[str, str, str], str] = {}
    for metric in metrics:
        if not metric.is_about_persons or metric.split_of is not None:
            continue
        keys = [
            (metric.unit_grain, metric.shown_with or "", name)
            for name in metric.measures
            if name in personal
        ]
        met = [seen[key] for key in keys if key in seen]
        family = min(met, key=[*first].index, default=metric.id)
        first[metric.id] = family
        first |= {name: family for name, other in first.items() if other in met}
        seen |= {key: family for key, other in seen.items() if other in met}
        seen |= dict.fromkeys(keys, family)
    return first


def personal_measures(metrics: Sequence[Metric], made: Mapping[str, Measure]) -> frozenset[str]:
    """Return the measures about persons: by contract, or above the line of a metric about persons.

    Args:
        metrics: All the municipality's metrics.
        made: Every measure the warehouse makes, by id; the others are the municipality's own.
    """
    above = (
        term.measure for metric in metrics if metric.is_about_persons for term in metric.numerator
    )
    return about_persons(above, made)


def about_persons(above: Iterable[str], made: Mapping[str, Measure]) -> frozenset[str]:
    """Return the measures about persons, given those above the line of metrics about persons.

    Args:
        above: What metrics about persons count.
        made: Every measure the warehouse makes, by id.
    """
    return frozenset(name for name, each in made.items() if each.about_persons) | (
        frozenset(above) - made.keys()
    )


def check_families(
    metrics: Sequence[Metric], made: Mapping[str, Measure], accounts: Collection[str], where: str
) -> None:
    """Raise ConfigError when metrics would give each other away, and no rule can hide them.

    Args:
        metrics: All the municipality's metrics; what they refer to exists.
        made: Every measure the warehouse makes, by id.
        accounts: The measures that accounts give.
        where: The file's name for messages.
    """
    for metric in metrics:
        _check_about_persons(metric, {n for n, each in made.items() if each.about_persons}, where)
    personal = personal_measures(metrics, made)
    of_all = {name: each for name, each in made.items() if name not in accounts}
    first = first_of_family(metrics, personal)
    for metric in metrics:
        _check_own_measures(metric, metrics, personal, made, where)
        _check_services(metric, metrics, personal, where)
        _check_coverage(metric, metrics, personal - {*accounts}, of_all, where)
        _check_mixed(metric, personal, accounts, where)
        _check_grain(metric, metrics, personal - {*accounts}, where)
        whole = metric.split_of
        if whole is not None and first.get(whole, whole) != whole:
            raise ConfigError(
                say("municipality.families.another_whole", id=metric.id, whole=whole),
                where=f"{where}: {metric.id}.split_of",
                way_out=say("municipality.families.write_whole", whole=first[whole]),
            )
    _check_whole_splits(metrics, made, where)


def _check_about_persons(metric: Metric, personal: Set[str], where: str) -> None:
    found = sorted({*metric.measures} & personal)
    if found and not metric.is_about_persons:
        raise ConfigError(
            say(
                "municipality.families.metric_of_persons",
                id=metric.id,
                personal=", ".join(found),
            ),
            where=f"{where}: {metric.id}.is_about_persons",
            way_out=say("municipality.families.write_about_persons"),
        )


def _check_own_measures(
    metric: Metric,
    metrics: Sequence[Metric],
    personal: Set[str],
    made: Mapping[str, Measure],
    where: str,
) -> None:
    """A measure of one's own is about persons in every metric, or in none."""
    shown = [name for name in metric.measures if name in personal and name not in made]
    if metric.is_about_persons or not shown:
        return
    other = next(each.id for each in metrics if each.is_about_persons and shown[0] in each.measures)
    raise ConfigError(
        say("municipality.families.open_elsewhere", id=metric.id, measure=shown[0], other=other),
        where=f"{where}: {metric.id}.is_about_persons",
        way_out=say("municipality.families.write_about_persons"),
    )


def _check_services(
    metric: Metric, metrics: Sequence[Metric], personal: Set[str], where: str
) -> None:
    """A group's figure of all its units less that of some services is that of the others."""
    if not metric.is_about_persons:
        return
    for other in metrics:
        shared = [name for name in metric.measures if name in {*other.measures} & personal]
        if shared and {*(metric.services or ())} != {*(other.services or ())}:
            raise ConfigError(
                say(
                    "municipality.families.other_services",
                    id=metric.id,
                    other=other.id,
                    measure=shared[0],
                ),
                where=f"{where}: {metric.id}.services",
                way_out=say("municipality.families.write_same_services"),
            )


def _check_coverage(
    metric: Metric,
    metrics: Sequence[Metric],
    personal: Set[str],
    of_all: Mapping[str, Measure],
    where: str,
) -> None:
    """A group's figure of all units less that of those that deliver something is the others'.

    What is not ``of_all`` who have persons is what each unit delivers, and what accounts have.
    """
    delivered = {*metric.measures} - personal - of_all.keys()
    wholes = _wholes(metric, personal, of_all)
    for other in metrics if delivered else ():
        shared = sorted(wholes & _wholes(other, personal, of_all))
        lacking = sorted(delivered - {*other.measures})
        if shared and lacking:
            raise ConfigError(
                say(
                    "municipality.families.not_all_deliver",
                    id=metric.id, other=other.id, measure=shared[0], delivered=lacking[0],
                ),
                where=f"{where}: {metric.id}.denominator",
                way_out=say("municipality.families.write_what_all_have"),
            )  # fmt: skip


def _wholes(metric: Metric, personal: Set[str], made: Mapping[str, Measure]) -> frozenset[str]:
    """Which of the measures about persons it is made of; for a part, what it is a part of."""
    found = (name for name in metric.measures if name in personal)
    return frozenset(made[name].part_of or name if name in made else name for name in found)


def _check_mixed(metric: Metric, personal: Set[str], accounts: Collection[str], where: str) -> None:
    """Pay is hidden with the accounts, and what else is about persons by itself: never both."""
    found = [name for name in metric.measures if name in personal]
    of_pay = [name for name in found if name in accounts]
    others = [name for name in found if name not in accounts]
    if of_pay and others:
        raise ConfigError(
            say(
                "municipality.families.pay_and_others",
                id=metric.id, pay=of_pay[0], measure=others[0],
            ),
            where=f"{where}: {metric.id}",
            way_out=say("municipality.families.write_two"),
        )  # fmt: skip


def _check_grain(metric: Metric, metrics: Sequence[Metric], personal: Set[str], where: str) -> None:
    """A year of what is shown per month less the months that are shown is those that are hidden."""
    if metric.unit_grain != "year" or metric.split_of is not None:
        return
    for other in metrics:
        shared = [name for name in metric.measures if name in {*other.measures} & personal]
        if other.unit_grain == "month" and other.split_of is None and shared:
            raise ConfigError(
                say(
                    "municipality.families.year_and_month",
                    id=metric.id, measure=shared[0], other=other.id,
                ),
                where=f"{where}: {metric.id}.unit_grain",
                way_out=say("municipality.families.write_month"),
            )  # fmt: skip


def _check_whole_splits(metrics: Sequence[Metric], made: Mapping[str, Measure], where: str) -> None:
    """Of three parts two are never published without the third: it is what is left of the total."""
    used: dict[tuple[str, str], dict[str, Metric]] = {}
    for metric in metrics:
        part = made.get(metric.numerator[0].measure)
        if part is not None and part.part_of:
            used.setdefault((part.part_of, part.split_group), {}).setdefault(part.id, metric)
    for group, found in used.items():
        parts = [each.id for each in made.values() if (each.part_of, each.split_group) == group]
        missing = [name for name in parts if name not in found]
        services = {metric.services for metric in found.values()}
        if len(found) == 1 or (not missing and len(services) == 1):
            continue
        metric = next(iter(found.values()))
        raise ConfigError(
            say(
                "municipality.families.not_whole",
                found=", ".join(each.id for each in found.values()),
                whole=group[0],
            ),
            where=f"{where}: {metric.id}",
            way_out=say("municipality.families.write_all", parts=", ".join(parts)),
        )
