"""The sentence of a headline: what was measured, what was expected anyway, and what may be said.

One row in, one sentence per language out. No sentence says that Lean was the cause.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.words.catalogue import find, text
from pipelines.words.numbers import number
from pipelines.words.printed import printed, printed_change, unit_in_sentence
from pipelines.words.told_rows import Metric

BAD_YEAR = "bad_start_year"
# how often chance gives an interval without zero: half of p at most .05 on either side
_NOTHING_FOUND = frozenset(
    {
        "cannot_tell", "practically_unchanged", "improvement_not_beyond_expected",
        "deterioration_not_beyond_expected",
    }
)  # fmt: skip
_BY_CHANCE = 0.05
SEPARATOR = ", "
"""Between the codes of ``lowered_by``."""


@dataclass(frozen=True)
class Headline:
    """A row of ``mart_headlines``; names are those of its columns."""

    headline: str
    basis: str
    reason_code: str | None
    comparison_reason: str | None
    chart_verdict: str | None
    lowered_by: str | None
    value_before: float | None
    value_after: float | None
    anyway: float | None
    estimate: float | None
    estimate_lo: float | None
    estimate_hi: float | None
    effect_unit: str | None
    tested_as: str | None
    n_tested: int | None
    start_order: str
    metric: Metric

    @property
    def lowering(self) -> tuple[str, ...]:
        """What lowers the certainty, as codes."""
        return tuple(self.lowered_by.split(SEPARATOR)) if self.lowered_by else ()

    @property
    def is_bad_year_why(self) -> bool:
        """Whether the part about what was expected anyway says itself that the year was bad."""
        anyway = self.anyway
        return (
            BAD_YEAR in self.lowering
            and anyway is not None
            and anyway * self.metric.better_side > 0
            and printed(anyway, self.metric.decimals) != 0
        )


def headline_sentence(row: Headline, language: str) -> str:
    """Return the headline in a full sentence with its figures, and what lowers its certainty."""
    said = text(
        f"sentence.headline.{row.headline}",
        language,
        measured=_before_next(_measured(row, language)),
        anyway=_before_next(_anyway(row, language)),
        estimate=_estimate(row, language),
        basis=_after_last(_basis(row, language)),
        reason=_reason(row, language),
    )
    told = [code for code in row.lowering if code != BAD_YEAR or not row.is_bad_year_why]
    is_lot = row.basis == "comparison" and row.start_order == "drawn"
    lot = [text("sentence.drawn", language)] if is_lot else []
    return " ".join([said.strip(), *_lowers(told, language), *lot]).strip()


def lowering_words(row: Headline, language: str) -> str:
    """Return everything that lowers the certainty, in words; empty if nothing does."""
    return " ".join(_lowers(row.lowering, language))


def _lowers(codes: Iterable[str], language: str) -> list[str]:
    return sorted(text(f"lowers.{code}", language) for code in codes)


def _after_last(part: str) -> str:
    return f" {part}" if part else ""


def _before_next(part: str) -> str:
    return f"{part} " if part else ""


def _measured(row: Headline, language: str) -> str:
    metric, before, after = row.metric, row.value_before, row.value_after
    change = printed_change(before, after, metric.decimals)
    if change is None:
        return ""
    level = unit_in_sentence(metric.unit, language, "level")
    code = "unchanged" if change == 0 else "rose" if change > 0 else "fell"
    size = number(abs(change), metric.decimals, language)
    return text(
        f"sentence.measured.{code}",
        language,
        metric=metric.labels[language],
        change=size + unit_in_sentence(metric.unit, language, "change"),
        before=number(before, metric.decimals, language) + level,
        after=number(after, metric.decimals, language) + level,
    )


def _anyway(row: Headline, language: str) -> str:
    metric, anyway = row.metric, row.anyway
    if anyway is None:
        return ""
    is_none = printed(anyway, metric.decimals) == 0
    code = "none" if is_none else "bad_year" if row.is_bad_year_why else "some"
    told = number(anyway, metric.decimals, language, signed=True)
    return text(
        f"sentence.anyway.{code}",
        language,
        anyway=told + unit_in_sentence(metric.unit, language, "change"),
    )


def _estimate(row: Headline, language: str) -> str:
    """The estimate with its interval: +1,2 prosentpoeng (fra −0,3 til +2,7)."""
    if row.estimate is None:
        return ""
    is_share = row.basis == "comparison" and row.effect_unit == "percent"
    decimals = max(row.metric.decimals, 1) if is_share else row.metric.decimals
    told, low, high = (
        number(value, decimals, language, signed=True)
        for value in (row.estimate, row.estimate_lo, row.estimate_hi)
    )
    told += unit_in_sentence(row.effect_unit, language, "change")
    if not low or not high:
        return told
    return text("sentence.estimate", language, estimate=told, low=low, high=high)


def _basis(row: Headline, language: str) -> str:
    """What the verdict was held to: agreed beforehand, or seen afterwards among how many."""
    n = row.n_tested
    if row.tested_as == "registered":
        return text("sentence.basis.registered", language)
    if n is None or row.headline in _NOTHING_FOUND:
        return ""
    if row.headline == "sign_beyond_expected":
        times = number(n * _BY_CHANCE, 1, language)
        return text("sentence.basis.sign", language, n=number(n, 0, language), times=times)
    if n == 1:
        return text("sentence.basis.alone", language)
    return text("sentence.basis.among", language, n=number(n - 1, 0, language))


def _reason(row: Headline, language: str) -> str:
    if gate := find(f"reason.{row.reason_code}", language):
        return gate
    why = find(f"not_compared.{row.comparison_reason}", language) or ""
    if not why or row.headline != "too_little_data" or row.chart_verdict is None:
        return why
    verdict = text(f"chart_verdict.{row.chart_verdict}", language)
    return text("sentence.chart_says", language, reason=why, verdict=verdict)
