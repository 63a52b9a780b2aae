"""A table of estimates with the picture of each interval beside its figures: HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboards.charts.forest import Axis, Interval, axis, axis_picture, row_picture
from dashboards.context import Context
from pipelines.words.verdict_class import class_word

Row = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """How a pooled effect stands in the table.

    Attributes:
        name: What it is of.
        decimals: Digits of the estimate after the comma.
        to: Where the name leads; empty for no link.
        is_group: Whether it is the whole of the rows above, drawn as a diamond.
    """

    name: str
    decimals: int
    to: str = ""
    is_group: bool = False


@dataclass(frozen=True)
class Line:
    """One row of the table.

    Attributes:
        name: Whose, or which metric.
        under: A line in small letters under the name.
        to: Where the name leads; empty for no link.
        interval: What is drawn.
        estimate: The estimate as printed.
        ends: The interval as printed.
        is_filled: Whether the sign is filled.
        before: Before, as printed; empty where it is not said.
        after: After, as printed.
    """

    name: str
    under: str
    to: str
    interval: Interval
    estimate: str
    ends: str
    is_filled: bool = True
    before: str = ""
    after: str = ""


def band(row: Row, metric: Row) -> float | None:
    """Return what is too little to matter; ``None`` where the estimate is in another unit."""
    # stated in the metric's own unit, so not where the estimate is in per cent of it
    least: float | None = metric["minimum_relevant_effect"]
    return None if row["effect_unit"] == "percent" else least


def pooled_line(context: Context, row: Row, metric: Row, named: Named) -> Line:
    """Return a row of ``mart_effects_pooled`` as a line of the table.

    Args:
        context: The frame's message.
        row: The row.
        metric: The catalogue's row.
        named: How it stands there.
    """
    return Line(
        named.name,
        context.t("n_units", n=context.number(row["n_units"])),
        named.to,
        Interval(
            row["estimate"], row["lo"], row["hi"], band(row, metric), row["verdict_class"],
            is_group=named.is_group,
        ),
        context.number(row["estimate"], named.decimals, signed=True),
        context.interval(row["lo"], row["hi"], named.decimals),
    )  # fmt: skip


def forest_section(
    context: Context, lines: Sequence[Line], title: str, words: str, first: str
) -> str:
    """Return the table under its heading, with what is to be known above it.

    Arguments as in :func:`forest`; ``words`` stand under the title.
    """
    return (
        f'<section><h2>{escape(title)}</h2><p class="note">{escape(words)}</p>'
        f"{forest(context, lines, title, first)}</section>"
    )


def forest(context: Context, lines: Sequence[Line], caption: str, first: str) -> str:
    """Return the table.

    Args:
        context: The frame's message.
        lines: At least one, in the order wanted; all in the same unit of measure.
        caption: What the table shows, for who does not see it.
        first: Heading of the names.
    """
    scale = axis([line.interval for line in lines])
    has_means = any(line.before for line in lines)
    headings = [first, *([context.t("before"), context.t("after")] if has_means else [])]
    head = "".join(
        f'<th scope="col"{" class=num" if n else ""}>{escape(text)}</th>'
        for n, text in enumerate(headings)
    )
    rest = (
        f'<th scope="col" class="fo-pic">'
        f'<span class="vh">{escape(context.t("picture"))}</span></th>'
        f'<th scope="col" class="num">{escape(context.t("estimate_alone"))}</th>'
        f'<th scope="col" class="num">{escape(context.t("interval_95"))}</th>'
        f'<th scope="col" class="fo-verdict">{escape(context.t("conclusion"))}</th>'
    )
    body = "".join(_row(context, line, scale, has_means=has_means) for line in lines)
    labels = [context.number(tick, scale.decimals, signed=tick != 0) for tick in scale.ticks]
    empty = f'<td colspan="{len(headings)}"></td>'
    words = f"← {context.t('lower_than_expected')} · {context.t('higher_than_expected')} →"
    foot = (
        f'<tr aria-hidden="true" class="fo-axis">{empty}<td class="fo-pic">'
        f'<img src="{axis_picture(scale, labels)}" alt=""><br>{escape(words)}</td>'
        f'<td colspan="3"></td></tr>'
    )
    return (
        f'<table class="fo{" me" if has_means else ""}">'
        f'<caption class="vh">{escape(caption)}</caption>'
        f"<thead><tr>{head}{rest}</tr></thead><tbody>{body}{foot}</tbody></table>"
    )


def _row(context: Context, line: Line, scale: Axis, *, has_means: bool) -> str:
    name = escape(line.name)
    if line.to:
        name = f'<a href="{escape(line.to)}">{name}</a>'
    under = f'<br><span class="note">{escape(line.under)}</span>' if line.under else ""
    means = ""
    if has_means:
        means = (
            f'<td class="num">{escape(line.before)}</td>'
            f'<td class="num"><b>{escape(line.after)}</b></td>'
        )
    code = line.interval.verdict_class
    look = f"v i {code}{' f' if line.is_filled else ''}"
    group = ' class="fo-group"' if line.interval.is_group else ""
    return (
        f'<tr{group}><th scope="row">{name}{under}</th>{means}'
        f'<td class="fo-pic"><img src="{row_picture(line.interval, scale)}" alt=""></td>'
        f'<td class="num"><b>{escape(line.estimate)}</b></td>'
        f'<td class="num">{escape(line.ends)}</td>'
        f'<td class="fo-verdict"><span class="{look}">'
        f"{escape(class_word(code, context.language))}</span></td></tr>"
    )
