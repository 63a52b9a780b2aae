"""What an edition brings, in words: the heading, the groups news is told in, and the period.

The sentences of single changes are in ``change_sentences``. Counts in, texts out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from pipelines.words.catalogue import text
from pipelines.words.numbers import day, month, number

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "conclusions": ("verdict",),
    "pooled": ("pooled",),
    "corrected": ("figure_corrected", "figure_gone"),
    "baselines": ("baseline_restated", "baseline_corrected"),
    "signals": ("signal_new",),
    "signals_gone": ("signal_gone",),
    "pitfalls": ("pitfall_new", "pitfall_gone"),
    "coverage": ("lean_status", "series_new", "series_gone"),
    "reasons": ("verdict_reason",),
    "figures": ("figure_new",),
    "rules": ("rule",),
    "deliveries": ("delivery",),
})  # fmt: skip
"""The groups news is told in, by consequence, with the kinds of ``mart_changes`` in each."""
_COUNTED = ("signals", "corrected")
_BY_MONTH = frozenset({"figure_corrected", "figure_gone", "figure_new"})


def group_of(change_kind: str) -> str:
    """Return the group a kind of change is told in."""
    return next(group for group, kinds in GROUPS.items() if change_kind in kinds)


def counts(changes: Iterable[tuple[str, int | None]]) -> Mapping[str, int]:
    """Return how much is new of each group: figures are counted by month, all else one by one.

    Args:
        changes: ``change_kind`` and ``n`` of each row of ``mart_changes``.
    """
    found: Counter[str] = Counter()
    for kind, n in changes:
        found[group_of(kind)] += n or 1 if kind in _BY_MONTH else 1
    return found


def group_word(group: str, language: str) -> str:
    """Return the heading of a group."""
    return text(f"news.group.{group}", language)


def counted(what: str, n: int, language: str) -> str:
    """Return a count with its noun: ``5 nye signaler``.

    Args:
        what: A code of ``news.counted``.
        n: How many.
        language: Whose words.
    """
    form = "none" if n == 0 else "one" if n == 1 else "many"
    return text(f"news.counted.{what}_{form}", language, n=number(n, 0, language))


def heading(counts: Mapping[str, int], language: str) -> str:
    """Return what an edition brings, in two sentences.

    Args:
        counts: Changes by group; a group without any may be left out.
        language: Whose words.
    """
    said = counted("conclusions", counts.get("conclusions", 0), language)
    rest = ", ".join(counted(what, counts.get(what, 0), language) for what in _COUNTED)
    return f"{said}. {rest[:1].upper()}{rest[1:]}."


def since(
    previous: int | None,
    published: date | None,
    months: tuple[date | None, date | None],
    language: str,
    *,
    is_comparable: bool,
) -> str:
    """Return which edition is compared with, and the months that came; or why none is.

    Args:
        previous: The edition before; None in the first.
        published: When it was published.
        months: Its last month, and this edition's.
        language: Whose words.
        is_comparable: Whether the two could be compared.
    """
    if previous is None:
        return text("news.first", language)
    told = {"number": previous, "day": day(published, language)}
    if not is_comparable:
        return text("news.older", language, **told)
    before, now = months
    if before is None or now is None or now <= before:
        return text("news.since", language, **told)
    return text("news.since_new_month", language, **told, month=month(now, language))
