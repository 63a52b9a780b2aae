"""Sentences of what is new since the edition before, and why."""

from dataclasses import dataclass
from datetime import date

from pipelines.words.catalogue import find, text
from pipelines.words.effect_sentences import group_named
from pipelines.words.numbers import MISSING, month, number, quantity
from pipelines.words.told_rows import Metric
from pipelines.words.verdict_class import class_word


@dataclass(frozen=True)
class Change:
    """A row of ``mart_changes``; names are those of its columns.

    ``metric`` is None where the change is about no metric, or about one that is no more.
    """

    metric: Metric | None
    metric_id: str | None
    change_kind: str
    scope_type: str
    scope_id: str
    item_id: str | None
    month: date | None
    old_class: str | None
    new_class: str | None
    old_code: str | None
    new_code: str | None
    old_value: float | None
    new_value: float | None
    n: int | None
    reason_codes: str | None


def change_sentence(row: Change, language: str) -> str:
    """Return what is new, and why where that is known; whose it is stands beside it."""
    said = what_is_new(row, language)
    why = why_words(row.reason_codes, language)
    if not why:
        return said
    return f"{said} {text('sentence.change.why', language, reasons=why)}"


def what_is_new(row: Change, language: str) -> str:
    """Return what is new, without the reason."""
    return text(
        f"sentence.change.{row.change_kind}",
        language,
        metric=row.metric.labels[language] if row.metric else row.metric_id or "",
        inside=row.metric.inside(language) if row.metric else row.metric_id or "",
        group=group_named(row.scope_type, row.scope_id, language),
        old=_told(row, row.old_class, row.old_code, row.old_value, language),
        new=_told(row, row.new_class, row.new_code, row.new_value, language),
        rule=rule_words(row, language),
        month=month(row.month, language),
        n=number(row.n, 0, language),
        item=_item(row, language),
    )


def why_words(reason_codes: str | None, language: str) -> str:
    """Return the reasons of a change, with commas; empty where none is told.

    Args:
        reason_codes: Codes of ``change_reason`` with commas.
        language: Whose words.
    """
    codes = (reason_codes or "").split(",")
    return ", ".join(text(f"change_reason.{code}", language) for code in codes if code)


def rule_words(row: Change, language: str) -> str:
    """Return the rule of a signal that is new or gone; empty for what is no signal."""
    return find(f"label.chart_rule.{row.new_code or row.old_code}", language) or ""


def _told(
    row: Change, verdict_class: str | None, code: str | None, value: float | None, language: str
) -> str:
    if value is not None and row.metric is not None:
        return quantity(value, row.metric.decimals, row.metric.unit, language)
    if verdict_class is not None:
        # within a class only the reason differs; where it has no word of its own, the headline's
        if row.old_class == row.new_class and (whole := find(f"headline.{code}", language)):
            return whole
        word, why = class_word(verdict_class, language), find(f"why.{code}", language)
        return f"{word}: {why}" if why else word
    for domain in ("lean_status", "delivery_status"):
        if found := find(f"label.{domain}.{code}", language):
            return found
    return MISSING


def _item(row: Change, language: str) -> str:
    return find(f"pitfall.{row.n}", language) or row.item_id or ""
