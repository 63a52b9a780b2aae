"""Sentences of possible pitfalls: the rule of a signal, and what the figures say."""

from dataclasses import dataclass
from datetime import date

from pipelines.words.catalogue import text
from pipelines.words.numbers import MISSING, day, number
from pipelines.words.printed import printed

_POINTS = "points"
_POINT_DECIMALS = 2


@dataclass(frozen=True)
class Signal:
    """A row of ``mart_pitfalls``; names are those of its columns.

    ``text_code`` says that another text than the signal's own stands; None where its own does.
    """

    signal_id: str
    text_code: str | None
    value: float | None
    value_unit: str
    threshold: float | None
    limit_2: float | None
    n: int | None
    n_other: int | None
    figure_date: date | None


def signal_sentence(row: Signal, language: str) -> str:
    """Return what the figures of a signal are, or why they cannot be seen."""
    key = f"sentence.pitfall_figures.{row.signal_id}"
    if row.text_code is not None:
        key = f"pitfall_text.{row.text_code}"
    decimals = _POINT_DECIMALS if row.value_unit == _POINTS else 1
    return text(
        key,
        language,
        value=_shown(row.value, language, decimals),
        n=MISSING if row.n is None else row.n,
        n_other=MISSING if row.n_other is None else row.n_other,
        date=day(row.figure_date, language) or MISSING,
        **_limits(row, language),
    )


def rule_sentence(row: Signal, language: str) -> str:
    """Return the rule of a signal with its limits."""
    return text(f"sentence.pitfall_rule.{row.signal_id}", language, **_limits(row, language))


def _limits(row: Signal, language: str) -> dict[str, str]:
    return {
        "threshold": _shown(row.threshold, language),
        "limit_2": _shown(row.limit_2, language),
    }


def _shown(value: float | None, language: str, decimals: int = 1) -> str:
    """Return a figure: what rounds to a whole number without decimals, missing as a dash."""
    if value is None:
        return MISSING
    is_whole = printed(value, decimals) == printed(value, 0)
    return number(value, 0 if is_whole else decimals, language)
