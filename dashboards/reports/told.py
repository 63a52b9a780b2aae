"""Rows of the published tables with what they say: sentences, the verdict's word, the change.

The words room makes the sentences; here it is only asked with the reader's rows and language.
"""

from collections.abc import Iterable
from typing import Any

from dashboards.context import Context
from dashboards.marts import Value
from pipelines.words.catalogue import codes
from pipelines.words.numbers import quantity
from pipelines.words.printed import printed_change
from pipelines.words.sentences import sentences_of
from pipelines.words.told_rows import Metric
from pipelines.words.verdict_class import COMPARED, Judged, verdict_words

Row = dict[str, Any]
HIDDEN_CLASS = "hidden"
_OLDER_CLASSES = {
    "improved": "better", "worsened": "worse", "changed": "changed", "no_change": "no_change",
    "suppressed": HIDDEN_CLASS,
}  # fmt: skip
_OLDER_NAMES = {"chance": "expected_by_chance"}
_ESTIMATED = ("estimate", "estimate_lo", "estimate_hi", "effect_unit")
_METRICS = ("metric_id", "unit", "decimals", "direction")
_HEADLINE = ("unit_id", "metric_id", "cycle_id", "verdict_class", "basis", "headline",
             "lowered_by", "value_before", "value_after")  # fmt: skip


def told(
    context: Context,
    mart: str,
    columns: tuple[str, ...],
    sentences: tuple[str, ...],
    *,
    order_by: tuple[str, ...] = (),
    **where: Value,
) -> list[Row]:
    """Return rows as :meth:`Context.rows`, each with its sentences under their names.

    Args:
        context: The frame's message; what the reader may not see is not put into words.
        mart: A table with sentences.
        columns: What is wanted besides.
        sentences: Which sentences of a row.
        order_by: Columns to sort by.
        where: Column and value.

    An edition from before the sentences were made on reading has them as columns of its own.
    """
    wanted = sentences_of(mart, sentences)
    needed = [*columns, *(column for one in wanted for column in one.columns)]
    if any(one.needs_metric for one in wanted):
        needed.append("metric_id")
    known = _metrics(context) if any(one.needs_metric for one in wanted) else {}
    asked = tuple(dict.fromkeys(needed))
    if context.present(mart, asked) != asked:
        own = {name: context.column(_OLDER_NAMES.get(name, name)) for name in sentences}
        there = context.present(mart, tuple(dict.fromkeys((*columns, *own.values()))))
        return [
            row | {name: row.get(column) or "" for name, column in own.items()}
            for row in context.rows(mart, there, order_by=order_by, **where)
        ]
    rows = context.rows(mart, asked, order_by=order_by, **where)
    return [
        row | {one.name: one.text(row, known, context.language) for one in wanted} for row in rows
    ]


def put_into_words(
    context: Context, mart: str, rows: Iterable[Row], sentences: tuple[str, ...]
) -> list[Row]:
    """Return rows that were not read from the edition with their sentences, as :func:`told`.

    Args:
        context: The frame's message.
        mart: The table whose columns they have.
        rows: Only such as the reader may see.
        sentences: Which sentences of a row.
    """
    wanted, known = sentences_of(mart, sentences), _metrics(context)
    return [
        row | {one.name: one.text(row, known, context.language) for one in wanted} for row in rows
    ]


def headlines(
    context: Context,
    columns: tuple[str, ...] = (),
    sentences: tuple[str, ...] = ("sentence",),
    *,
    order_by: tuple[str, ...] = (),
    **where: Value,
) -> list[Row]:
    """Return rows of ``mart_headlines`` with their sentences, ``verdict`` and ``change``.

    ``verdict`` is the one word of the series with what it rests on, ``change`` the printed after
    less the printed before. Arguments as in :func:`told`.
    """
    known = _metrics(context)
    wanted = (*_HEADLINE, *columns)
    if not context.present("mart_headlines", ("verdict_class",)):
        older = _older(context, columns, sentences, order_by, where)
        return [row | _change(row, known[row["metric_id"]]) for row in older]
    rows = told(context, "mart_headlines", wanted, sentences, order_by=order_by, **where)
    return [row | _judged(context, row, known[row["metric_id"]]) for row in rows]


def _judged(context: Context, row: Row, metric: Metric) -> Row:
    return _change(row, metric) | {"verdict": verdict_words(Judged.of(row), context.language)}


def _change(row: Row, metric: Metric) -> Row:
    change = printed_change(row["value_before"], row["value_after"], metric.decimals)
    return {"change": None if change is None else float(change)}


def _older(
    context: Context,
    columns: tuple[str, ...],
    sentences: tuple[str, ...],
    order_by: tuple[str, ...],
    where: dict[str, Value],
) -> list[Row]:
    """Rows of an edition from before the words were made here: its own words, as they stand."""
    own = {"verdict": context.column("headline"), "sentence": context.column("sentence")}
    wanted = {*_HEADLINE, *_ESTIMATED, *columns, *own.values(), "headline_group"}
    there = context.present("mart_headlines", tuple(sorted(wanted)))
    return [
        dict.fromkeys((*_HEADLINE, *sentences))
        | row
        | {"verdict_class": _OLDER_CLASSES.get(row["headline_group"], "cannot_tell")}
        | {name: row[column] or "" for name, column in own.items()}
        for row in context.rows("mart_headlines", there, order_by=order_by, **where)
    ]


def estimated(context: Context, row: Row, metric: Row) -> str:
    """Return what the comparison estimates, with its unit; empty where nothing was compared.

    A chart's lasting change is no effect, and stands in the sentence alone.
    """
    if row["basis"] != COMPARED or row["estimate"] is None:
        return ""
    text = quantity(
        row["estimate"], estimate_decimals(row, metric), row["effect_unit"], context.language,
        is_change=True,
    )  # fmt: skip
    ends = context.interval(row["estimate_lo"], row["estimate_hi"], estimate_decimals(row, metric))
    return f"{text} ({ends})" if ends else text


def estimate_decimals(row: Row, metric: Row) -> int:
    """Return how many decimals an estimate is written with: a share has at least one."""
    decimals: int = metric["decimals"]
    return max(decimals, 1) if row["effect_unit"] == "percent" else decimals


def _metrics(context: Context) -> dict[str, Metric]:
    labels = context.present("dim_metrics", tuple(f"label_{code}" for code in codes()))
    rows = context.rows("dim_metrics", (*_METRICS, *labels))
    return {row["metric_id"]: Metric.of(row) for row in rows}
