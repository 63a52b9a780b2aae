"""What published ratios are made of: measures, which metrics share.

Two metrics on one measure tell of the same figure, whatever each is divided by and whoever thought
of them. What a measure truly is of a unit and month is in ``atoms``, what ties measures to each
other in ``ties``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.contracts.shapes import Measure
from pipelines.municipality.families import about_persons

MONEY = "money"
PAY = {
    "overtime_nok": 1,
    "substitute_nok": 1,
    "sick_pay_refund_nok": -1,
    "fixed_pay_nok": 1,
    "pay_gross_nok": 1,
    "accounts_nok": 0,
}
"""Measures in kroner and the sign accounts give them; 0: costs less income, so either."""
INCOME = tuple(name for name, sign in PAY.items() if sign < 0)
# measures that are sums of such
_SUMS_OF_PAY = {"pay_net_nok": ("pay_gross_nok", "sick_pay_refund_nok")}
_SIDES = ("numerator", "denominator")
# a part that must lie within another part
_WITHIN = {"sick_days_graded": "sick_days_certified"}
_HEADS = frozenset({"permanent_staff", "employed_persons", "n_employees"})
_PART = {
    "metric_id": pl.String, "side": pl.String, "year": pl.Int32, "component": pl.String,
    "coef": pl.Float64,
}  # fmt: skip
_NAMED = {
    "metric_id": pl.String, "side": pl.String, "as_metric": pl.String, "as_side": pl.String,
    "is_pure": pl.Boolean, "name_order": pl.Int32, "is_own": pl.Boolean,
}  # fmt: skip


def personal_measures(metrics: pl.DataFrame, made: Mapping[str, Measure]) -> frozenset[str]:
    """Return the measures about persons.

    Args:
        metrics: See ``atoms.Sources``.
        made: Every measure the warehouse makes, by id; the others are the municipality's own.
    """
    above = (
        part["measure"]
        for metric in metrics.iter_rows(named=True)
        if metric["is_about_persons"]
        for part in metric["measures"]
        if part["role"] == "numerator"
    )
    return about_persons(above, made)


def parts_of(
    metrics: pl.DataFrame, personal: frozenset[str], per_fte: pl.DataFrame, years: Iterable[int]
) -> pl.DataFrame:
    """Say of every metric what its two sides are made of; what everybody knows is left out.

    Args:
        metrics: See ``atoms.Sources``.
        personal: The measures about persons.
        per_fte: See ``atoms.Sources``.
        years: The years there are.

    Returns:
        ``metric_id, side, year, component, coef``: a component is a measure, in kroner where it
        is pay.
    """
    worth = {row["year"]: row for row in per_fte.iter_rows(named=True)}
    rows = [
        (metric["metric_id"], part["role"], year, name, part["sign"] * coef)
        for metric in metrics.iter_rows(named=True)
        for part in metric["measures"]
        if part["measure"] in personal
        for year in years
        for name, coef in _components(part["measure"], worth.get(year, {}))
    ]
    found = pl.DataFrame(rows, schema=_PART, orient="row")
    return (
        found.group_by(*list(_PART)[:-1], maintain_order=True)
        .agg(pl.col("coef").sum())
        .filter(pl.col("coef") != 0)
    )


def _components(measure: str, per_fte: Mapping[str, float]) -> list[tuple[str, float]]:
    if measure in _SUMS_OF_PAY:
        return [(name, 1.0) for name in _SUMS_OF_PAY[measure]]
    if measure in per_fte:
        return [(measure.replace("_fte", "_nok"), per_fte[measure])]
    return [(measure, 1.0)]


def wholes_of(metrics: pl.DataFrame, made: Mapping[str, Measure]) -> list[tuple[str, list[str]]]:
    """List every whole with parts that cannot be more than it, as contracts and metrics say.

    Args:
        metrics: See ``atoms.Sources``.
        made: Every measure the warehouse makes, by id.
    """
    alone = _alone(metrics)
    stated = {
        part: (alone[metric["split_of"]], metric["split_group"])
        for metric in metrics.iter_rows(named=True)
        if (part := alone.get(metric["metric_id"])) and metric["split_of"] in alone
    }
    stated |= {
        name: (each.part_of, each.split_group) for name, each in made.items() if each.part_of
    }
    used = {part["measure"] for each in metrics["measures"].to_list() for part in each}
    groups: dict[tuple[str, str], list[str]] = {}
    for part, whole in stated.items():
        if part in used:
            groups.setdefault(whole, []).append(part)
    found = [(whole, sorted(parts)) for (whole, _), parts in groups.items()]
    return found + [(outer, [inner]) for inner, outer in _WITHIN.items() if {inner, outer} <= used]


def within_metrics(metrics: pl.DataFrame) -> dict[str, str]:
    """Return the metrics that lie within another part, and which."""
    by_measure = {measure: metric for metric, measure in reversed(_alone(metrics).items())}
    return {
        by_measure[inner]: by_measure[outer]
        for inner, outer in _WITHIN.items()
        if inner in by_measure and outer in by_measure
    }


def _alone(metrics: pl.DataFrame) -> dict[str, str]:
    """Return the one measure of each metric that counts one alone."""
    found = {}
    for metric in metrics.iter_rows(named=True):
        above = [part for part in metric["measures"] if part["role"] == "numerator"]
        if len(above) == 1:
            found[metric["metric_id"]] = str(above[0]["measure"])
    return found


def families_of(parts: pl.DataFrame, wholes: Sequence[tuple[str, list[str]]]) -> pl.DataFrame:
    """Say which components some figure or whole brings together: ``component, family``.

    A family is named after its first metric; pay and accounts are one.
    """
    first: dict[str, str] = dict.fromkeys(PAY, MONEY)

    def join(names: Iterable[str], name: str) -> None:
        here = list(names)
        met = {first[each] for each in here if each in first}
        into = MONEY if MONEY in met else next((first[n] for n in here if n in first), name)
        first.update({each: into for each, old in first.items() if old in met})
        first.update(dict.fromkeys(here, into))

    by_metric = parts.group_by("metric_id", maintain_order=True).agg("component")
    for metric, names in by_metric.iter_rows():
        join(dict.fromkeys(names), metric)
    for whole, inner in wholes:
        join([whole, *inner], whole)
    return pl.DataFrame(
        list(first.items()), schema={"component": pl.String, "family": pl.String}, orient="row"
    )


def named_alike(
    metrics: pl.DataFrame, parts: pl.DataFrame, personal: frozenset[str]
) -> pl.DataFrame:
    """Call figures that are the same sum of measures by one name, the first metric's.

    Those of different services are other figures.

    Returns:
        ``metric_id, side, as_metric, as_side, is_pure, name_order, is_own``: whether a figure is
        that sum and nothing known beside it; whether it counts the sum, or stands below another's
        line where something does count it.
    """
    order = {metric: n for n, metric in enumerate(metrics["metric_id"])}
    rows = {row["metric_id"]: row for row in metrics.iter_rows(named=True)}
    made_of = {
        key: tuple(group.select("year", "component", "coef").sort("year", "component").rows())
        for key, group in parts.group_by("metric_id", "side")
    }
    found = [
        (metric, side, _is_pure(rows[metric], side, personal), _per_first(terms, rows[metric]))
        for (metric, side), terms in made_of.items()
    ]
    found.sort(key=lambda each: (not each[2], each[1] == "denominator", order[each[0]]))
    names: dict[object, tuple[str, str]] = {}
    counted = {same for _, side, _, same in found if side == "numerator"}
    return pl.DataFrame(
        [
            (metric, side, *names.setdefault(same, (metric, side)), is_pure, n,
             side == "numerator" or same not in counted)
            for n, (metric, side, is_pure, same) in enumerate(found)
        ],
        schema=_NAMED,
        orient="row",
    )  # fmt: skip


def _per_first(terms: Sequence[tuple[int, str, float]], metric: dict[str, Any]) -> object:
    lead = terms[0][2]
    made_of = tuple((year, name, round(coef / lead, 9)) for year, name, coef in terms)
    return made_of, tuple(sorted(metric["services"]))


def _is_pure(metric: dict[str, Any], side: str, personal: frozenset[str]) -> bool:
    return all(
        part["measure"] in personal and part["sign"] > 0
        for part in metric["measures"]
        if part["role"] == side
    )


def sides_of(metrics: pl.DataFrame, personal: frozenset[str]) -> pl.DataFrame:
    """List the measures about persons of every side, kroner left out.

    Returns:
        ``metric_id, side, measure, sign, n_terms, is_pure``, in the metrics' order.
    """
    return pl.DataFrame(
        list(_sides(metrics, personal)),
        schema={
            "metric_id": pl.String, "side": pl.String, "measure": pl.String, "sign": pl.Float64,
            "n_terms": pl.Int32, "is_pure": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip


def _sides(metrics: pl.DataFrame, personal: frozenset[str]) -> Iterator[tuple[Any, ...]]:
    for metric in metrics.iter_rows(named=True):
        for side in _SIDES:
            terms = [part for part in metric["measures"] if part["role"] == side]
            is_pure = _is_pure(metric, side, personal)
            for part in terms:
                name = part["measure"]
                if name in personal and not _is_pay(name):
                    yield metric["metric_id"], side, name, part["sign"], len(terms), is_pure


def _is_pay(measure: str) -> bool:
    return measure in PAY or measure in _SUMS_OF_PAY or measure.replace("_fte", "_nok") in PAY


def capped(metrics: pl.DataFrame, personal: frozenset[str]) -> pl.DataFrame:
    """List the metrics whose numerator everybody knows the ends of.

    A share lies between its bounds times a known denominator. Of counts that are no share of
    anything no more than all persons can be counted; that heads stand below the line is told
    by their name, and full-time posts are no heads.

    Returns:
        ``metric_id, scale, lower_bound, upper_bound, is_of_heads``.
    """
    rows = []
    for metric in metrics.iter_rows(named=True):
        below = {part["measure"] for part in metric["measures"] if part["role"] == "denominator"}
        if not below or below & personal or not _is_pure(metric, "numerator", personal):
            continue
        is_of_heads = metric["upper_bound"] is None and metric["is_count"] and below <= _HEADS
        ends = (metric["lower_bound"], metric["upper_bound"])
        rows.append((metric["metric_id"], metric["scale"], *ends, is_of_heads))
    return pl.DataFrame(
        rows,
        schema={
            "metric_id": pl.String, "scale": pl.Float64, "lower_bound": pl.Float64,
            "upper_bound": pl.Float64, "is_of_heads": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
