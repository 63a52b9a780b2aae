"""What other methods say about a metric, all started units together: shown beside, never judged.

Gathers the units that passed the gates and those that have not started, runs the textbook designs
on them and keeps what they gave by a hash of what went in. The designs themselves live in
event_study and interrupted_series, the words in diagnostic_text.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.effects.beside.estimates import DIAGNOSTICS_VERSION, HORIZON, Estimate
from pipelines.effects.beside.event_study import (
    Block,
    Staggered,
    callaway_santanna,
    imputation,
    synthetic_did,
)
from pipelines.effects.beside.interrupted_series import fit_counts, step_design
from pipelines.effects.judge.unit_rows import Draft
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kept_files import made_by, read_kept, write_kept
from pipelines.effects.model.models import MetricModel
from pipelines.effects.model.panel import Bools, Floats, Panel, counts_beside

_BLOCK_BEFORE = 36
_YEAR = 12
_MIN_BLOCK_TREATED, _MIN_BLOCK_COMPARISON = 2, 8


@dataclass(frozen=True)
class Counts:
    """All started units as one series: counts, what was expected of them, and who had started.

    Attributes:
        counts: Sum of numerators per month.
        expected: Sum over units of denominator times the unit's own rate before its start.
        share_started: Share of ``expected`` in units that had started, 0 to 1.
        month: Months counted from January of the first year.
        n_units: Units summed.
    """

    counts: Floats
    expected: Floats
    share_started: Floats
    month: Floats
    n_units: int


@dataclass(frozen=True)
class Question:
    """Everything the diagnostics of one metric are estimated from."""

    design: Staggered
    counts: Counts | None

    @property
    def name(self) -> str:
        """Name of the file that keeps, or would keep, the answers."""
        digest = hashlib.sha256(DIAGNOSTICS_VERSION.encode())
        parts = [self.design.values, self.design.start]
        if self.counts is not None:
            parts += [self.counts.counts, self.counts.expected, self.counts.share_started]
        for part in parts:
            digest.update(str(part.shape).encode())
            digest.update(part.tobytes())
        digest.update(str(self.design.anticipation).encode())
        code = made_by(
            "beside/diagnostics",
            "beside/estimates",
            "beside/event_study",
            "beside/group_time",
            "beside/imputation",
            "beside/interrupted_series",
        )
        return f"{digest.hexdigest()}.{code}.diagnostics.json"


def ask(
    inputs: EffectInputs, drafts: Sequence[Draft], model: MetricModel | None
) -> Question | None:
    """Gather the metric's units; None where no effect is pooled either.

    Args:
        inputs: Frames with the metric's values only.
        drafts: Its draft rows.
        model: Its model.
    """
    if model is None or model.checks.failures:
        return None
    treated = sorted(d.unit for d in drafts if d.is_pooled and d.unit is not None)
    panel = model.panel
    is_treated = np.zeros(panel.n_units, dtype=bool)
    is_treated[treated] = True
    kept = is_treated | (panel.start >= panel.n_months)
    if not treated:
        return None
    gaps = _introductions(inputs, panel)
    since = np.arange(panel.n_months) - panel.start[:, None]
    outside = is_treated[:, None] & ((since >= HORIZON) | ((since < 0) & (since >= -gaps[:, None])))
    values: Floats = np.where(outside, np.nan, panel.values)[kept]
    design = Staggered(values, panel.start[kept], int(gaps[is_treated].max()))
    return Question(design, _counts(inputs, panel, is_treated, outside))


def answers(question: Question, folder: Path) -> list[Estimate]:
    """Estimate everything, or take what an identical question gave from ``folder``."""
    kept = kept_answers(question, folder)
    if kept is not None:
        return kept
    design = question.design
    found = [
        *callaway_santanna(design, "not_yet"),
        *callaway_santanna(design, "never"),
        *imputation(design),
        *_synthetic(design),
        *_interrupted(question.counts),
    ]
    write_kept(folder / question.name, {"estimates": [asdict(estimate) for estimate in found]})
    return found


def kept_answers(question: Question, folder: Path) -> list[Estimate] | None:
    """What an identical question gave, None if it was not asked before."""
    kept = read_kept(folder / question.name, {"estimates"})
    return None if kept is None else [Estimate(**row) for row in kept["estimates"]]


def _introductions(inputs: EffectInputs, panel: Panel) -> Floats:
    gaps = np.zeros(panel.n_units)
    if "introduction_months" in inputs.units.columns:
        known = inputs.units.select("unit_id", pl.col("introduction_months").fill_null(0))
        months = dict(known.iter_rows())
        gaps[:] = [months[unit_id] for unit_id in panel.unit_ids]
    return gaps


def _synthetic(design: Staggered) -> Iterator[Estimate]:
    """Synthetic difference in differences per start month, weighted by units that started then."""
    parts = []
    for start in np.unique(design.start[design.is_treated]):
        block = _block(design, int(start))
        if block is not None:
            parts.append((int(block.is_treated.sum()), *synthetic_did(block), block))
    if parts:
        sizes, effects, errors = (np.array([part[i] for part in parts]) for i in range(3))
        share = sizes / sizes.sum()
        yield Estimate(
            "sdid",
            None,
            float(share @ effects),
            float(np.sqrt(share**2 @ errors**2)),
            int(sizes.sum()),
            int(min((~part[3].is_treated).sum() for part in parts)),
        )


def _block(design: Staggered, start: int) -> Block | None:
    """The units of one start and those that wait through its window, complete months only."""
    n_months = design.values.shape[1]
    after = HORIZON if start + HORIZON <= n_months else _YEAR
    end = start - design.anticipation
    first = max(0, end - _BLOCK_BEFORE)
    if start + after > n_months or end - first < _YEAR:
        return None
    months = np.r_[first:end, start : start + after]
    mine, waiting = design.start == start, design.start - design.anticipation >= start + after
    complete = np.all(~np.isnan(design.values[:, months]), axis=1)
    kept = (mine | waiting) & complete
    n_mine = int((mine & kept).sum())
    if n_mine < _MIN_BLOCK_TREATED or int(kept.sum()) - n_mine < _MIN_BLOCK_COMPARISON:
        return None
    return Block(design.values[np.ix_(kept, months)], mine[kept], end - first)


def _interrupted(series: Counts | None) -> Iterator[Estimate]:
    if series is None:
        return
    try:
        design = step_design(series.share_started, series.month)
        fit = fit_counts(series.counts, series.expected, design)
    except ValueError:
        return  # too short, or all started before the first month
    effect, error = float(fit.coefficients[0]), fit.standard_error(0)
    yield Estimate("interrupted_series", None, effect, error, series.n_units, 0)


def _counts(inputs: EffectInputs, panel: Panel, is_treated: Bools, outside: Bools) -> Counts | None:
    """Sum the started units' counts; None unless all have them and none is negative."""
    known = inputs.values.filter(pl.col("month") <= inputs.as_of_month)
    parts = np.array(counts_beside(known, panel))
    started = np.flatnonzero(is_treated)
    parts[:, outside] = np.nan
    over, under = parts[:, started]
    seen = ~np.isnan(over) & (under > 0)
    if not seen.any() or over[seen].min() < 0:
        return None
    over, under = np.where(seen, over, 0), np.where(seen, under, 0)
    after = np.arange(panel.n_months) >= panel.start[started, None]
    before_over, before_under = (np.where(after, 0, part).sum(axis=1) for part in (over, under))
    if (before_over <= 0).any() or (before_under <= 0).any():
        return None
    expected = under * (before_over / before_under)[:, None]
    total = expected.sum(axis=0)
    months = np.flatnonzero(total > 0)
    return Counts(
        counts=over.sum(axis=0)[months],
        expected=total[months],
        share_started=np.where(after, expected, 0).sum(axis=0)[months] / total[months],
        month=(months + panel.first_month.month - 1).astype(np.float64),
        n_units=int(started.size),
    )
