"""Sentences of groups of units: the pooled effect, the other methods beside it, and chance.

What a single unit's effect says is in its headline's sentence; there is no other one.
"""

from dataclasses import dataclass

from pipelines.words.catalogue import find, text
from pipelines.words.numbers import number
from pipelines.words.printed import printed, unit_in_sentence
from pipelines.words.told_rows import Metric

_LASTING = ("lasted", "did_not_last")
_ABOUT_ONE = 1.5


@dataclass(frozen=True)
class Pooled:
    """A row of ``mart_effects_pooled``; names are those of its columns.

    ``verdict`` is None for a contrast, which is held to no ``p_limit``; ``start_year`` says what
    the last year before was.
    """

    group_type: str
    group_id: str
    kind: str
    first_month_after: int
    last_month_after: int
    n_units: int
    effect_unit: str
    estimate: float
    lo: float
    hi: float
    margin: float | None
    start_order: str
    p: float
    p_limit: float | None
    start_year: str | None
    verdict: str | None
    precision: str | None
    persistence: str | None
    metric: Metric


def pooled_sentence(row: Pooled, language: str) -> str:
    """Return what is found of the group, what may be said of it, and whether it lasted."""
    parts = [_finding(row, language)]
    if row.verdict is not None:
        parts.append(text(f"sentence.pooled.verdict.{row.precision or row.verdict}", language))
    if row.precision == "sign_beyond_expected" and row.p_limit and row.p > row.p_limit:
        parts.append(text("sentence.pooled.early", language))
    if row.margin and row.start_year is not None:
        parts.append(text(f"sentence.pooled.margin.{row.start_year}", language))
    if row.verdict is not None and (row.margin or row.start_order == "drawn"):
        parts.append(text(f"sentence.pooled.order.{row.start_order}", language))
    # where nothing got better there is nothing that could last
    if row.persistence in _LASTING or (row.persistence and row.verdict == "improved"):
        parts.append(persistence_words(row, language))
    return " ".join(parts)


def persistence_words(row: Pooled, language: str) -> str:
    """Return whether the effect of the first year was there in the second; empty if not asked."""
    return find(f"sentence.pooled.persistence.{row.persistence}", language) or ""


def _finding(row: Pooled, language: str) -> str:
    digits = max(row.metric.decimals, 1)
    unit = "percent" if row.effect_unit == "percent" else row.metric.unit
    low, high = (number(value, digits, language, signed=True) for value in (row.lo, row.hi))
    size = number(abs(row.estimate), digits, language)
    estimate = printed(row.estimate, digits)
    side = "same" if estimate == 0 else "higher" if estimate > 0 else "lower"
    change = text(
        f"sentence.pooled.{row.kind}.{side}",
        language,
        size=size + unit_in_sentence(unit, language, "change"),
    )
    return text(
        "sentence.pooled.finding",
        language,
        group=group_named(row.group_type, row.group_id, language),
        months=_months(row, language),
        metric=row.metric.inside(language),
        change=change,
        low=low,
        high=high,
        n=row.n_units,
    )


def group_named(group_type: str, group_id: str, language: str) -> str:
    """Return what the units of a group are called together; empty for what is no such group."""
    # kinds of service are codes with words; sectors and waves are the municipality's own
    named = group_type == "service_type"
    called = (named and find(f"service_type.{group_id}", language)) or group_id
    template = f"sentence.pooled.group.{group_type}"
    return text(template, language, group=called) if find(template, language) else ""


def _months(row: Pooled, language: str) -> str:
    if row.kind == "contrast":
        return text("sentence.pooled.months.contrast", language)
    # the headline window has no words of its own
    stretch = f"sentence.pooled.months.{row.first_month_after}_{row.last_month_after}"
    return find(stretch, language) or ""


@dataclass(frozen=True)
class Diagnostic:
    """A row of ``mart_effect_diagnostics``; names are those of its columns."""

    estimator: str
    start_year: str | None


def diagnostic_note(row: Diagnostic, language: str) -> str:
    """Return how an estimate of another method is to be read: a check, and how it errs."""
    notes = [
        text("sentence.diagnostic.check", language),
        text(f"sentence.diagnostic.bias.{row.estimator}", language),
    ]
    if row.start_year is not None:
        notes.append(text(f"sentence.diagnostic.start_year.{row.start_year}", language))
    return " ".join(notes)


def diagnostic_name(row: Diagnostic, language: str) -> str:
    """Return what the method is called."""
    return text(f"sentence.diagnostic.estimator.{row.estimator}", language)


@dataclass(frozen=True)
class Chance:
    """A row of ``mart_overview``; names are those of its columns."""

    n_by_comparison: int
    n_by_chart: int
    expected_by_chance: float


def chance_sentence(row: Chance, language: str) -> str:
    """Return how many improvements chance alone would give among the judged metrics."""
    judged = row.n_by_comparison + row.n_by_chart
    if not judged:
        return text("sentence.chance.nothing_judged", language)
    expected = row.expected_by_chance
    code = "less_than_one" if expected < 1 else "about_one" if expected < _ABOUT_ONE else "some"
    improvements = text(f"sentence.chance.{code}", language, n=number(expected, 0, language))
    return text(
        "sentence.chance.sentence",
        language,
        judged=number(judged, 0, language),
        improvements=improvements,
    )
