"""Effects over groups of units: all, pilots, waves, sectors, services; windows, class."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.judge import persistence
from pipelines.effects.judge.group_looks import months_in
from pipelines.effects.judge.unit_rows import Draft
from pipelines.effects.judge.verdicts import good_sign
from pipelines.effects.model.bump import pre_start_bump
from pipelines.effects.model.cache import MODEL_VERSION
from pipelines.effects.model.counterfactual import (
    UnitEffect,
    contrast_weights,
    unit_effects,
    window_weights,
)
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.models import MetricModel
from pipelines.effects.model.pooled import PooledEffect, pool
from pipelines.effects.model.rows import ModelledMetric
from pipelines.effects.model.scale import Telling

MIN_GROUP = 2


@dataclass(frozen=True)
class Group:
    """Units pooled together: rows of the panel, at least two.

    Attributes:
        kind: all, pilots, wave or sector.
        name: Which.
        units: Those that take part.
        under_way: Those that have started and do not take part yet, but will when a year is in.
    """

    kind: str
    name: str
    units: tuple[int, ...]
    under_way: tuple[int, ...] = ()


def groups_of(inputs: EffectInputs, drafts: Sequence[Draft]) -> Iterator[Group]:
    """All units that take part, then the smaller groups of two units or more."""
    under_way = _members(inputs, [draft for draft in drafts if _is_under_way(draft)])
    members = _members(inputs, [draft for draft in drafts if draft.is_pooled])
    order = ("all", "pilots", "wave", "sector", "service_type")
    for kind, name in sorted(members, key=lambda key: (order.index(key[0]), key[1])):
        if len(members[kind, name]) >= MIN_GROUP:
            rest = tuple(under_way.get((kind, name), ()))
            yield Group(kind, name, tuple(members[kind, name]), rest)


def _is_under_way(draft: Draft) -> bool:
    return not draft.is_pooled and draft.stopped == ("too_little_data", "preliminary")


def _members(inputs: EffectInputs, drafts: Sequence[Draft]) -> dict[tuple[str, str], list[int]]:
    """The rows of the panel by group, in the units' order."""
    rows = {draft.row["unit_id"]: draft.unit for draft in drafts if draft.unit is not None}
    units = inputs.units.filter(pl.col("unit_id").is_in(list(rows))).sort("unit_id")
    members: dict[tuple[str, str], list[int]] = {}
    for unit in units.iter_rows(named=True):
        row = rows[unit["unit_id"]]
        keys = [("all", "all")]
        keys += [("pilots", "pilots")] if unit["is_pilot"] else []
        keys += [("wave", str(unit["wave"]))] if unit["wave"] is not None else []
        keys += [("sector", unit["sector"])] if unit["sector"] is not None else []
        service = unit.get("service_type")
        keys += [("service_type", service)] if service is not None else []
        for key in keys:
            members.setdefault(key, []).append(row)
    return members


@dataclass(frozen=True)
class Prepared:
    """Effects of all units of a metric, estimated once and averaged over several groups.

    Attributes:
        model: The metric's model.
        windows: Effects by unit and window, only where the unit has any value in the window.
        contrasts: Second year less first by unit, only for units with both years.
        bumps: Bump before start by unit, NaN if unknown.
        drawn: Units whose start was drawn by lot.
    """

    model: MetricModel
    windows: Mapping[tuple[int, tuple[int, int]], UnitEffect]
    contrasts: Mapping[int, UnitEffect]
    bumps: Mapping[int, float]
    drawn: frozenset[int] = frozenset()


def prepare(
    model: MetricModel, units: Sequence[int], drawn: frozenset[int] = frozenset()
) -> Prepared:
    """Estimate every window and the contrast for each unit.

    Args:
        model: The metric's model.
        units: Rows of the panel that passed the gates.
        drawn: Those of them whose start was drawn by lot.
    """
    panel, windows, contrasts = model.panel, {}, {}
    lengths = (persistence.HEADLINE, *persistence.WINDOWS, persistence.EARLY)
    for unit in units:
        weights = [window_weights(panel, unit, *window) for window in lengths]
        weights.append(contrast_weights(panel, unit, persistence.LATE, persistence.EARLY))
        *effects, contrast = unit_effects(panel, model.fit, unit, weights)
        for window, effect in zip(lengths, effects, strict=True):
            if not np.isnan(effect.estimate) and effect.is_answerable:
                windows[unit, window] = effect
        is_told = not np.isnan(contrast.estimate) and contrast.is_answerable
        if _has_both_years(model, unit) and is_told:
            contrasts[unit] = contrast
    bumps = {unit: pre_start_bump(panel, model.fit, unit).delta for unit in units}
    return Prepared(model, windows, contrasts, bumps, drawn)


def pool_window(
    prepared: Prepared, units: Sequence[int], window: tuple[int, int]
) -> PooledEffect | None:
    """Pool the effect over months ``window[0]`` to ``window[1] - 1`` after start.

    Units with any value in the window take part; None if fewer than two do.
    """
    found = {u: prepared.windows[u, window] for u in units if (u, window) in prepared.windows}
    return _pool(prepared, found, with_margin=True)


def pool_contrast(prepared: Prepared, units: Sequence[int]) -> PooledEffect | None:
    """Pool second year less first, over units with both; None if fewer than two have them."""
    found = {u: prepared.contrasts[u] for u in units if u in prepared.contrasts}
    return _pool(prepared, found, with_margin=False)


def _has_both_years(model: MetricModel, unit: int) -> bool:
    """24 months after start, with enough values in each of the two years."""
    panel = model.panel
    return bool(panel.start[unit] + persistence.LATE[1] <= panel.n_months) and all(
        persistence.is_covered(years, int(np.count_nonzero(window_weights(panel, unit, *years))))
        for years in (persistence.EARLY, persistence.LATE)
    )


def pooled_rows(
    inputs: EffectInputs, metric: ModelledMetric, drafts: Sequence[Draft], model: MetricModel | None
) -> list[dict[str, Any]]:
    """Pool one metric over all its groups; nothing without a model whose checks hold.

    Args:
        inputs: All frames.
        metric: One row of ``inputs.metrics``.
        drafts: The metric's draft rows.
        model: Its model.

    Returns:
        One row per group and window or contrast: columns of the pooled table but the month and q,
        verdict and words, which need all metrics, and with ``mean_before``. The persistence class
        stands on the headline row (0 to 24 months). ``months_in_pct`` is how much of the window's
        months has come for the group's started units, None for a contrast.
    """
    if model is None or model.checks.failures:
        return []
    groups = list(groups_of(inputs, drafts))
    drawn = _drawn(inputs, drafts)
    prepared = prepare(model, sorted({unit for group in groups for unit in group.units}), drawn)
    base = {
        "metric_id": metric["metric_id"],
        "model_version": MODEL_VERSION,
    }
    sign = good_sign(metric["direction"])
    pooled = [draft for draft in drafts if draft.is_pooled]
    before = {draft.unit: draft.row["mean_before"] for draft in pooled}
    after = {draft.unit: draft.row["mean_after"] for draft in pooled}
    return [
        base
        | {"group_type": group.kind, "group_id": group.name, "persistence": None}
        | {"mean_before": float(np.mean([before[unit] for unit in group.units]))}
        | row
        for group in groups
        for row in _group_rows(
            prepared,
            group,
            sign,
            model.telling(float(np.mean([after[unit] for unit in group.units]))),
        )
    ]


def _drawn(inputs: EffectInputs, drafts: Sequence[Draft]) -> frozenset[int]:
    """Rows of the panel whose start was drawn by lot; none where nobody has said."""
    if "is_drawn" not in inputs.units.columns:
        return frozenset()
    drawn = set(inputs.units.filter(pl.col("is_drawn"))["unit_id"])
    return frozenset(
        draft.unit for draft in drafts if draft.unit is not None and draft.row["unit_id"] in drawn
    )


def _group_rows(
    prepared: Prepared, group: Group, sign: int | None, telling: Telling
) -> Iterator[dict[str, Any]]:
    units = group.units
    for window in (persistence.HEADLINE, *persistence.WINDOWS):
        pooled = pool_window(prepared, units, window)
        if pooled is not None:
            row = _row(telling, pooled, "window", window)
            row["months_in_pct"] = 100 * _share_in(prepared, group, window)
            row["start_order"] = _start_order(
                prepared, [unit for unit in units if (unit, window) in prepared.windows]
            )
            if window == persistence.HEADLINE and sign is not None:
                row["persistence"] = _class(prepared, units, sign)
            yield row
    contrast = pool_contrast(prepared, units)
    if contrast is not None:
        row = _row(telling, contrast, "contrast", (0, persistence.LATE[1]))
        inside = [unit for unit in units if unit in prepared.contrasts]
        yield row | {"months_in_pct": None, "start_order": _start_order(prepared, inside)}


def _share_in(prepared: Prepared, group: Group, window: tuple[int, int]) -> float:
    """Months of a window that have come, of those that it has for all started units."""
    panel = prepared.model.panel
    started = (*group.units, *group.under_way)
    come = sum(months_in(int(panel.n_months - panel.start[unit]), window) for unit in started)
    return come / (len(started) * (window[1] - window[0]))


def _start_order(prepared: Prepared, units: Sequence[int]) -> str:
    n_drawn = sum(unit in prepared.drawn for unit in units)
    return "chosen" if n_drawn == 0 else "drawn" if n_drawn == len(units) else "mixed"


def _class(prepared: Prepared, units: Sequence[int], sign: int) -> persistence.PersistenceClass:
    both = [unit for unit in units if unit in prepared.contrasts]
    parts = [
        pool_window(prepared, both, persistence.EARLY),
        pool_window(prepared, both, persistence.LATE),
        pool_contrast(prepared, both),
    ]
    course = [persistence.Interval(p.estimate, p.low, p.high) for p in parts if p is not None]
    enough = len(both) >= persistence.MIN_UNITS
    whole = persistence.Course(*course) if len(course) == len(parts) else None
    in_later = [unit for unit in both if _is_in_later(prepared, unit)]
    later = pool_window(prepared, in_later, persistence.LATER)
    if whole is not None and later is not None and len(in_later) >= persistence.MIN_UNITS:
        whole = replace(whole, later=persistence.Interval(later.estimate, later.low, later.high))
    return persistence.classify(whole, sign, enough=enough)


def _is_in_later(prepared: Prepared, unit: int) -> bool:
    effect = prepared.windows.get((unit, persistence.LATER))
    return effect is not None and persistence.is_covered(persistence.LATER, effect.n_months)


def _pool(
    prepared: Prepared, found: Mapping[int, UnitEffect], *, with_margin: bool
) -> PooledEffect | None:
    if len(found) < MIN_GROUP:
        return None
    return pool(
        list(found.values()),
        prepared.model.panel.employees[list(found)],
        prepared.model.fit.mu_covariance,
        np.array([prepared.bumps[unit] for unit in found]) if with_margin else None,
        np.array([unit in prepared.drawn for unit in found]),
    )


def _row(
    telling: Telling, pooled: PooledEffect, kind: str, window: tuple[int, int]
) -> dict[str, Any]:
    values = {
        "estimate": telling.told(pooled.estimate),
        "se": telling.error(pooled.standard_error),
        "lo": telling.told(pooled.low),
        "hi": telling.told(pooled.high),
        "p": pooled.p_value,
        "bump": telling.told(pooled.bump),
        "bump_se": telling.error(pooled.bump_se),
        "margin": telling.error(pooled.margin),
    }
    return {
        "kind": kind,
        "first_month_after": window[0],
        "last_month_after": window[1] - 1,
        "n_units": pooled.n_units,
        "effect_unit": telling.effect_unit,
        **{name: None if np.isnan(value) else value for name, value in values.items()},
    }
