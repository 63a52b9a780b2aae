"""Estimates with their names and intervals on one axis, as one drawing: for paper and files.

A page has a picture a row, in ``forest``, beside words that can be read aloud.
"""

from collections.abc import Sequence
from html import escape

from dashboards.charts.forest import (
    AXIS_HEIGHT,
    FONT,
    HEIGHT,
    WIDTH,
    Interval,
    axis,
    axis_parts,
    row_parts,
)
from dashboards.charts.theme import INK
from pipelines.words.numbers import number

_NAMES = 210
_HIGHEST_ROW, _HIGHEST = 22.0, 680.0
"""A page of paper has room for so much, however many rows there are."""
_LARGEST_TEXT = 12.0
_LONGEST = 34


def forest_drawing(names: Sequence[str], rows: Sequence[Interval], language: str) -> str:
    """Return the drawing as SVG.

    Args:
        names: One per row.
        rows: At least one, all in the same unit of measure.
        language: Of the numbers at the axis.
    """
    scale, high = axis(rows), min(_HIGHEST_ROW, _HIGHEST / len(rows))
    size, cut = min(_LARGEST_TEXT, high - 1), (HEIGHT - high) / 2
    parts = [
        f'<text x="{_NAMES - 8}" y="{(place + 0.68) * high:.1f}" text-anchor="end"'
        f' font-size="{size:.1f}" font-family="{FONT}" fill="{INK}"{_weight(row)}>'
        f"{escape(_short(name))}</text>"
        # the middle of a row's picture, as high as there is room for
        f'<svg x="{_NAMES}" y="{place * high:.1f}" width="{WIDTH}" height="{high:.1f}"'
        f' viewBox="0 {cut:.1f} {WIDTH} {high:.1f}">{"".join(row_parts(row, scale))}</svg>'
        for place, (name, row) in enumerate(zip(names, rows, strict=True))
    ]
    labels = [number(tick, scale.decimals, language, signed=tick != 0) for tick in scale.ticks]
    under = round(len(rows) * high)
    parts.append(f'<g transform="translate({_NAMES} {under})">')
    parts += [*axis_parts(scale, labels), "</g>"]
    width, height = _NAMES + WIDTH, under + AXIS_HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}">{"".join(parts)}</svg>'
    )


def _weight(row: Interval) -> str:
    return ' font-weight="bold"' if row.is_group else ""


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
