"""Effects over groups of units: all, pilots, each wave and sector; windows, contrast, class."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects import persistence
from pipelines.effects.as_measured import LONG_WINDOW
from pipelines.effects.bump import pre_start_bump
from pipelines.effects.counterfactual import contrast_weights, unit_effects, window_weights
from pipelines.effects.inputs import EffectInputs
from pipelines.effects.models import MetricModel
from pipelines.effects.panel import Floats
from pipelines.effects.pooled import PooledEffect, pool
from pipelines.effects.scale import told
from pipelines.effects.unit_rows import Draft
from pipelines.effects.verdicts import good_sign

HEADLINE = (0, LONG_WINDOW)
MIN_GROUP = 2
POOLED_TABLE = pl.Schema(
    {
        "metric_id": pl.String(),
        "as_of_month": pl.Date(),
        "group_type": pl.String(),
        "group_id": pl.String(),
        "kind": pl.String(),
        "first_month_after": pl.Int32(),
        "last_month_after": pl.Int32(),
        "n_units": pl.Int32(),
        "effect_unit": pl.String(),
        "estimate": pl.Float64(),
        "se": pl.Float64(),
        "lo": pl.Float64(),
        "hi": pl.Float64(),
        "p": pl.Float64(),
        "bump": pl.Float64(),
        "bump_se": pl.Float64(),
        "margin": pl.Float64(),
        "persistence": pl.String(),
        "model_version": pl.String(),
    }
)


@dataclass(frozen=True)
class Group:
    """Units pooled together: rows of the panel, at least two."""

    kind: str
    name: str
    units: tuple[int, ...]


def groups_of(inputs: EffectInputs, drafts: Sequence[Draft]) -> Iterator[Group]:
    """All units that passed the gates, then pilots, waves and sectors of two units or more."""
    passed = {
        draft.row["unit_id"]: draft.unit
        for draft in drafts
        if draft.stopped is None and draft.unit is not None
    }
    units = inputs.units.filter(pl.col("unit_id").is_in(list(passed))).sort("unit_id")
    members: dict[tuple[str, str], list[int]] = {}
    for unit in units.iter_rows(named=True):
        row = passed[unit["unit_id"]]
        keys = [("all", "all")]
        keys += [("pilots", "pilots")] if unit["is_pilot"] else []
        keys += [("wave", str(unit["wave"]))] if unit["wave"] is not None else []
        keys += [("sector", unit["sector"])] if unit["sector"] is not None else []
        for key in keys:
            members.setdefault(key, []).append(row)
    order = ("all", "pilots", "wave", "sector")
    for kind, name in sorted(members, key=lambda key: (order.index(key[0]), key[1])):
        if len(members[kind, name]) >= MIN_GROUP:
            yield Group(kind, name, tuple(members[kind, name]))


def pool_window(
    model: MetricModel, units: Sequence[int], window: tuple[int, int]
) -> PooledEffect | None:
    """Pool the effect over months ``window[0]`` to ``window[1] - 1`` after start.

    Units with any value in the window take part; None if fewer than two do.
    """
    weights = {unit: window_weights(model.panel, unit, *window) for unit in units}
    return _pool(model, weights, with_margin=True)


def pool_contrast(model: MetricModel, units: Sequence[int]) -> PooledEffect | None:
    """Pool second year less first, over units with both; None if fewer than two have them."""
    weights = {
        unit: contrast_weights(model.panel, unit, persistence.LATE, persistence.EARLY)
        for unit in with_both_years(model, units)
    }
    return _pool(model, weights, with_margin=False)


def with_both_years(model: MetricModel, units: Sequence[int]) -> list[int]:
    """Units with 24 months after start and enough values in each of the two years."""
    panel = model.panel
    return [
        unit
        for unit in units
        if panel.start[unit] + persistence.LATE[1] <= panel.n_months
        and all(
            persistence.is_covered(
                years, int(np.count_nonzero(window_weights(panel, unit, *years)))
            )
            for years in (persistence.EARLY, persistence.LATE)
        )
    ]


def pooled_table(
    inputs: EffectInputs,
    drafts: Mapping[str, Sequence[Draft]],
    models: Mapping[str, MetricModel | None],
) -> pl.DataFrame:
    """Pool every metric that has a model whose checks hold.

    Returns:
        One row per metric, group and window or contrast, columns ``POOLED_TABLE``. The
        persistence class stands on the headline row (0 to 24 months).
    """
    rows = []
    for metric in inputs.metrics.sort("metric_id").iter_rows(named=True):
        model = models.get(metric["metric_id"])
        if model is None or model.checks.failures:
            continue
        for group in groups_of(inputs, drafts[metric["metric_id"]]):
            for row in _group_rows(model, group, good_sign(metric["direction"])):
                rows.append(
                    {
                        "metric_id": metric["metric_id"],
                        "as_of_month": inputs.as_of_month,
                        "group_type": group.kind,
                        "group_id": group.name,
                        **row,
                    }
                )
    return pl.DataFrame(rows, schema=POOLED_TABLE, orient="row")


def _group_rows(model: MetricModel, group: Group, sign: int | None) -> Iterator[dict[str, Any]]:
    for window in (HEADLINE, *persistence.WINDOWS):
        pooled = pool_window(model, group.units, window)
        if pooled is not None:
            row = _row(model, pooled, "window", window)
            if window == HEADLINE and sign is not None:
                row["persistence"] = _class(model, group.units, sign)
            yield row
    contrast = pool_contrast(model, group.units)
    if contrast is not None:
        yield _row(model, contrast, "contrast", (0, persistence.LATE[1]))


def _class(model: MetricModel, units: Sequence[int], sign: int) -> persistence.PersistenceClass:
    both = with_both_years(model, units)
    parts = [
        pool_window(model, both, persistence.EARLY),
        pool_window(model, both, persistence.LATE),
        pool_contrast(model, both),
    ]
    course = [persistence.Interval(p.estimate, p.low, p.high) for p in parts if p is not None]
    enough = len(both) >= persistence.MIN_UNITS
    whole = persistence.Course(*course) if len(course) == len(parts) else None
    return persistence.classify(whole, sign, enough=enough)


def _pool(
    model: MetricModel, weights: Mapping[int, Floats], *, with_margin: bool
) -> PooledEffect | None:
    found = {
        unit: unit_effects(model.panel, model.fit, unit, [vector])[0]
        for unit, vector in weights.items()
        if vector.any()
    }
    units = [unit for unit, effect in found.items() if not np.isnan(effect.estimate)]
    if len(units) < MIN_GROUP:
        return None
    bumps = None
    if with_margin:
        bumps = np.array([pre_start_bump(model.panel, model.fit, unit).delta for unit in units])
    return pool(
        [found[unit] for unit in units],
        model.panel.employees[units],
        model.fit.mu_covariance,
        bumps,
    )


def _row(
    model: MetricModel, pooled: PooledEffect, kind: str, window: tuple[int, int]
) -> dict[str, Any]:
    scale = model.scale
    factor = 1 if scale == "raw" else 100
    values = {
        "estimate": told(pooled.estimate, scale),
        "se": pooled.standard_error * factor,
        "lo": told(pooled.low, scale),
        "hi": told(pooled.high, scale),
        "p": pooled.p_value,
        "bump": told(pooled.bump, scale),
        "bump_se": pooled.bump_se * factor,
        "margin": pooled.margin * factor,
    }
    return {
        "kind": kind,
        "first_month_after": window[0],
        "last_month_after": window[1] - 1,
        "n_units": pooled.n_units,
        "effect_unit": "raw" if scale == "raw" else "percent",
        **{name: None if np.isnan(value) else value for name, value in values.items()},
    }
