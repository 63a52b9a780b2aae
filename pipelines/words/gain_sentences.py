"""Sentences of gains: what measurement and budget say, and what is to be sorted out."""

from dataclasses import dataclass, make_dataclass

from pipelines.words.catalogue import codes, find, text
from pipelines.words.numbers import number


@dataclass(frozen=True)
class Check:
    """A row of ``mart_gain_checks``; names are those of its columns."""

    status: str
    reason: str | None
    realised_compared_fte: float | None
    measured_fte: float | None
    measured_lo: float | None
    measured_hi: float | None


def check_sentence(row: Check, language: str) -> str:
    """Return what is reported beside what is measured, and what may be said of the two."""
    measured, low, high = (
        number(value, 1, language, signed=True)
        for value in (row.measured_fte, row.measured_lo, row.measured_hi)
    )
    return text(
        f"sentence.gain_check.check.{row.status}",
        language,
        realised=number(row.realised_compared_fte, 1, language),
        measured=measured,
        lo=low,
        hi=high,
        reason=_reason(row.reason, language),
    ).strip()


def _reason(code: str | None, language: str) -> str:
    return find(f"reason.{code}", language) or find(f"not_compared.{code}", language) or ""


@dataclass(frozen=True)
class Saving:
    """A row of ``mart_gain_savings``; names are those of its columns."""

    saving_status: str
    year_before: int
    year_after: int
    expected_together_nok: float
    reduction_nok: float | None


def saving_sentence(row: Saving, language: str) -> str:
    """Return whether a reported saving is found in the budget."""
    return text(
        f"sentence.gain_check.saving.{row.saving_status}",
        language,
        expected=number(row.expected_together_nok, 0, language),
        reduction=number(row.reduction_nok, 0, language),
        before=row.year_before,
        after=row.year_after,
    )


@dataclass(frozen=True)
class Held:
    """A row of ``mart_gains``; names are those of its columns, :data:`HELD` has them all."""

    held_against: str | None
    held_status: str | None


HELD = make_dataclass(
    "HeldInEveryLanguage",
    [(f"held_metric_{code}", str | None) for code in codes()],
    bases=(Held,),
    frozen=True,
)
"""With what the metric is called, in every language there is."""


def held_sentence(row: Held, language: str) -> str:
    """Return what a realised gain is held against and what that says; empty where none is."""
    if row.held_against is None or row.held_status is None:
        return ""
    if row.held_against == "nothing":
        return text("sentence.gain_held.against.nothing", language)
    return text(
        f"sentence.gain_held.against.{row.held_against}",
        language,
        metric=getattr(row, f"held_metric_{language}") or "",
        said=text(f"sentence.gain_held.said.{row.held_status}", language),
    )


@dataclass(frozen=True)
class Issue:
    """A row of ``mart_gain_issues``; names are those of its columns."""

    issue: str
    gain_id: str
    other_gain_id: str | None


def issue_sentence(row: Issue, language: str) -> str:
    """Return what is wrong with a gain."""
    return text(
        f"sentence.gain_issue.{row.issue}",
        language,
        gain=row.gain_id,
        other=row.other_gain_id or "",
    )
