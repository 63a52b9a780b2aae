"""The pack a municipality sends: its edition's estimates, what it kept back, what it announced.

What may leave is decided in ``withheld``, what a pack must hold in ``pack``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from pipelines.evidence.edition import WINDOW, Edition, Estimated, Metric
from pipelines.evidence.issued import Issued, Sets
from pipelines.evidence.pack import (
    Definition,
    Pack,
    Registered,
    Result,
    Suppressed,
    definition_hash,
)
from pipelines.evidence.withheld import ALL, Fate, Kind, Reason, Units, decide, kept_back

_MODEL = "pss-1"


@dataclass(frozen=True)
class Sender:
    """Who sends, when, and from what.

    Attributes:
        municipality_id: Organisation number.
        key_id: Which key signs.
        created_at: Now.
        input_fingerprint: Of what the edition was made from.
    """

    municipality_id: str
    key_id: str
    created_at: datetime
    input_fingerprint: str


@dataclass(frozen=True)
class Exported:
    """A pack that is ready, with what must be kept of it.

    Attributes:
        pack: The pack.
        sets: Metric -> row -> its units, for the rows that are told anew.
        fates: Metric -> what became of each of its rows.
    """

    pack: Pack
    sets: Sets
    fates: Mapping[str, tuple[Fate, ...]]


def make_pack(edition: Edition, issued: Issued, sender: Sender) -> Exported:
    """Make the next pack of a municipality.

    Args:
        edition: What is published.
        issued: What has been told before.
        sender: Who sends, when, and from what.
    """
    sets: Sets = {}
    fates: dict[str, tuple[Fate, ...]] = {}
    results: list[Result] = []
    kept_back: list[Suppressed] = []
    definitions: dict[str, Definition] = dict(issued.definitions)
    for metric in edition.metrics:
        sha256 = definition_hash(metric.definition)
        decided = _decided(metric, issued, sets, edition)
        fates[metric.metric_id] = tuple(decided)
        definitions[sha256] = metric.definition
        by_name = {row.name: row for row in metric.rows}
        for fate in decided:
            last = issued.last_row(sha256, fate.name) if fate.status == "repeated" else None
            if fate.status == "told":
                row = by_name[fate.name]
                results.append(_result(row, sha256, _is_announced(issued, sha256, row)))
                sets.setdefault(metric.metric_id, {})[fate.name] = row.units
            elif last is not None:
                results.append(last)
            else:
                reason = fate.reason or "difference"
                kept_back.append(
                    Suppressed(definition_sha256=sha256, service_type=fate.name, reason=reason)
                )
    versions = sorted({row.model_version for metric in edition.metrics for row in metric.rows})
    pack = Pack(
        format="pukk-evidence/1",
        product_version=version("pukk"),
        model_version=versions[-1] if versions else _MODEL,
        municipality_id=sender.municipality_id,
        municipality_name=edition.name,
        key_id=sender.key_id,
        sequence=len(issued.packs) + 1,
        previous_sha256=issued.sha256,
        as_of_month=edition.last_month.isoformat(),
        created_at=sender.created_at.isoformat(timespec="seconds"),
        input_fingerprint=sender.input_fingerprint,
        registered=issued.announced,
        definitions=definitions,
        results=tuple(results),
        suppressed=tuple(kept_back),
    )
    return Exported(pack, sets, fates)


def _decided(metric: Metric, issued: Issued, sets: Sets, edition: Edition) -> list[Fate]:
    """Return what becomes of a metric's rows, against all that is told of its family."""
    own = issued.told(metric.metric_id)
    if not metric.rows:
        return [kept_back(ALL, own, "model_checks" if metric.failures else "few_units")]
    before: dict[str, list[Units]] = dict(own)
    for other in _relatives(metric, issued, edition):
        told = issued.told(other)
        for name, units in sets.get(other, {}).items():
            told.setdefault(name, []).append(units)
        before |= {f"{other} {name}": units for name, units in told.items()}
    sure = {row.name: row for row in metric.rows}
    unsure = {
        name: kept_back(name, own, reason)
        for name, row in sure.items()
        if (reason := _unsure(row)) is not None
    }
    kinds = [Kind(name, row.units) for name, row in sure.items() if name not in unsure]
    decided = {fate.name: fate for fate in decide(kinds, before, metric.least_per_unit)} | unsure
    return [decided[row.name] for row in metric.rows]


def _relatives(metric: Metric, issued: Issued, edition: Edition) -> list[str]:
    """Return the metrics that this one follows from, or that follow from it, of now and before.

    Those of its family, and those with a measure above the line in common with it, also by way of
    others: the rest of a total, a share of another denominator, a sum of two. Of other units than
    this one, each would tell of the difference. What was told before and is in the edition no
    longer is one of them.
    """
    told = [definition for pack in issued.packs for definition in pack.definitions.values()]
    groups = [(one.metric_id, {one.family, *_counted(one.definition)}) for one in edition.metrics]
    groups += [(one.metric_id, {one.metric_id, *_counted(one)}) for one in told]
    reach = {metric.family, *_counted(metric.definition)}
    for _ in groups:  # every time round at least one more, or there are no more
        reach |= {each for _, group in groups if reach & group for each in group}
    return sorted({name for name, group in groups if reach & group} - {metric.metric_id})


def _counted(definition: Definition) -> set[str]:
    return set(re.findall(r"\w+", definition.numerator))


def _unsure(row: Estimated) -> Reason | None:
    if len(row.units) != row.n_told:
        return "units_unsure"
    if not sum(row.units.values()):
        return None  # one without persons shown is kept back for that, by its own name
    known = {name for name, value in row.figures.items() if value is not None}
    if "mean_before" not in known:  # the year before is hidden with it
        return "level_hidden"
    return None if {"estimate", "se", "bump"} <= known else "no_start_year"


def _is_announced(issued: Issued, sha256: str, row: Estimated) -> Registered | None:
    """Return the announcement a row was locked by, before the first of its units started."""
    return next(
        (
            one
            for one in issued.announced
            if one.definition_sha256 == sha256
            and one.service_type == row.name
            and datetime.fromisoformat(one.locked_at).date() < row.first_start
        ),
        None,
    )


def _result(row: Estimated, sha256: str, announced: Registered | None) -> Result:
    order = announced.start_order if announced else "chosen"
    figures = row.figures
    return Result(
        definition_sha256=sha256,
        service_type=row.name,
        window=f"{WINDOW[0]}-{WINDOW[1]}",
        scale=row.scale,
        estimate=_known(figures["estimate"]),
        se=_known(figures["se"]),
        df=row.df,
        margin=_known(figures["margin"] or 0.0),
        bump=_known(figures["bump"]),
        start_order=order,
        n_units=len(row.units),
        n_waiting=row.n_waiting,
        n_persons=sum(row.units.values()),
        mean_before=_known(figures["mean_before"]),
        registered=announced is not None,
        checks="",
    )


def _known(value: float | None) -> float:
    if value is None:
        raise AssertionError("a row without all its figures is kept back")
    return value
