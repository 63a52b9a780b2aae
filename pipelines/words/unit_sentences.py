"""The heading of a unit's page: what happened to the metric it is about, in one sentence.

One row in, one sentence per language out, by the class of the series alone. No sentence says that
Lean was the cause, and a unit that waits is said nothing of but when it is to begin.
"""

from dataclasses import dataclass
from datetime import date

from pipelines.words.catalogue import find, text
from pipelines.words.numbers import day, number
from pipelines.words.printed import unit_in_sentence
from pipelines.words.told_rows import Metric

_TOO_EARLY = frozenset({"few_months_after", "no_introduction_end", "before_look", "preliminary"})


@dataclass(frozen=True)
class UnitSays:
    """A series as its heading tells it.

    Attributes:
        verdict_class: One of the seven classes.
        headline: The code that says why nothing can be told.
        reason_code: Why the gates stopped it, if they did.
        value_before: As printed everywhere else.
        value_after: As printed everywhere else.
        n_after: Months after that count so far.
        n_needed: Months that must count before anything is said.
        years_held: Whole years the change has held since the introduction; 0 when it has not.
        is_back: Whether the last twelve months are within the limits from before.
        metric: The metric.
    """

    verdict_class: str
    headline: str
    reason_code: str | None
    value_before: float | None
    value_after: float | None
    n_after: int
    n_needed: int
    years_held: int
    is_back: bool
    metric: Metric


def unit_heading(row: UnitSays, language: str) -> str:
    """Return what happened to the metric, as the heading of the unit's page."""
    return text(
        f"unit_heading.{_code(row)}",
        language,
        metric=row.metric.labels[language],
        inside=row.metric.inside(language),
        before=number(row.value_before, row.metric.decimals, language),
        after=number(row.value_after, row.metric.decimals, language)
        + unit_in_sentence(row.metric.unit, language, "level"),
        years=row.years_held,
        n=row.n_after,
        needed=row.n_needed,
        why=find(f"why.{row.headline}", language) or "",
    )


def _code(row: UnitSays) -> str:
    if row.verdict_class == "hidden":
        return "hidden"
    if row.reason_code in _TOO_EARLY and row.n_after < row.n_needed:
        return "too_early"
    if row.verdict_class == "cannot_tell":
        return "cannot_tell"
    if row.verdict_class == "not_held":
        return "not_held_back" if row.is_back else "not_held"
    if row.value_before is None or row.value_after is None:
        return "no_figures"
    return {
        "better": _held(row, "better"),
        "worse": "worse_still" if row.years_held else "worse",
        "changed": "changed",
    }.get(row.verdict_class, "no_change")


def _held(row: UnitSays, code: str) -> str:
    return (
        code
        if row.years_held < 1
        else f"{code}_held_one"
        if row.years_held == 1
        else f"{code}_held"
    )


def waiting_heading(planned: date | None, until: date, language: str) -> str:
    """Return when a unit that has not started is to begin.

    Args:
        planned: The first course day as planned; ``None`` without one.
        until: The last day of the figures: a date before it has passed.
        language: Whose words.
    """
    if planned is None:
        return text("unit_heading.waiting", language)
    code = "waiting_planned" if planned > until else "waiting_passed"
    return text(f"unit_heading.{code}", language, day=day(planned, language))
