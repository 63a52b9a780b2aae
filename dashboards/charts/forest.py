"""Estimates with their intervals on one axis, a picture a row: addresses for ``img`` in a table.

A row's words and figures stand in the table beside it, so the picture itself needs none.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from dashboards.charts.theme import BAND, COMMON, CONCERN, GRID, IMPROVEMENT, INK, NEUTRAL, QUIET

WIDTH, HEIGHT = 300, 30
AXIS_HEIGHT = 18
_EDGE = 6
FONT = "Source Sans, Helvetica, Arial, sans-serif"
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_TICKS = 6
_COLOURS = {
    "better": IMPROVEMENT, "not_held": IMPROVEMENT, "worse": CONCERN, "changed": NEUTRAL,
}  # fmt: skip


@dataclass(frozen=True)
class Interval:
    """One row.

    Attributes:
        estimate: Where the mark is.
        low: Lower end.
        high: Upper end.
        band: How far from zero is too little to mean anything in practice; ``None`` if not stated.
        verdict_class: Decides the colour.
        is_group: Several units together: a diamond, as long as the interval.
    """

    estimate: float
    low: float
    high: float
    band: float | None = None
    verdict_class: str = "cannot_tell"
    is_group: bool = False


@dataclass(frozen=True)
class Axis:
    """From where to where, and where there are lines."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def decimals(self) -> int:
        """How many decimals the ticks need."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 1.0
        return max(0, -floor(log10(step) + 1e-9))

    def at(self, value: float) -> float:
        """Return where a value is, in pixels from the left."""
        return _EDGE + (WIDTH - 2 * _EDGE) * (value - self.low) / (self.high - self.low)


def axis(rows: Sequence[Interval]) -> Axis:
    """Return an axis that holds every interval, every band and zero.

    Args:
        rows: At least one.
    """
    ends = [0.0]
    for row in rows:
        ends += [row.low, row.high, row.estimate]
        ends += [row.band, -row.band] if row.band else []
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    step = _step(span)
    first, last = floor(low / step), -floor(-high / step)
    ticks = tuple(round(n * step, 6) for n in range(first, last + 1))
    return Axis(min(low, ticks[0]), max(high, ticks[-1], ticks[0] + step), ticks)


def _step(span: float) -> float:
    rough = span / _MOST_TICKS
    unit = 10.0 ** floor(log10(rough))
    return next(unit * step for step in _STEPS if unit * step >= rough)


def row_picture(row: Interval, axis: Axis) -> str:
    """Return the address of a row's picture."""
    return _address(row_parts(row, axis), HEIGHT)


def row_parts(row: Interval, axis: Axis) -> list[str]:
    """Return what a row's picture is drawn of, as SVG."""
    middle = HEIGHT / 2
    parts = [f'<path d="M{axis.at(tick):.1f} 0V{HEIGHT}" stroke="{GRID}"/>' for tick in axis.ticks]
    if row.band:
        left, right = axis.at(-row.band), axis.at(row.band)
        parts.insert(
            0,
            f'<rect x="{left:.1f}" y="4" width="{right - left:.1f}" height="{HEIGHT - 8}"'
            f' fill="{BAND}"/>',
        )
    parts.append(f'<path d="M{axis.at(0):.1f} 0V{HEIGHT}" stroke="{INK}" stroke-width="1.2"/>')
    low, at, high = axis.at(row.low), axis.at(row.estimate), axis.at(row.high)
    colour = _COLOURS.get(row.verdict_class, INK if row.is_group else COMMON)
    if row.is_group:
        up, down = f"L{at:.1f} {middle - 7}", f"L{at:.1f} {middle + 7}"
        shape = f"M{low:.1f} {middle}{up}L{high:.1f} {middle}{down}Z"
        parts.append(f'<path d="{shape}" fill="{colour}"/>')
    else:
        parts.append(
            f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="{colour}" stroke-width="2"/>'
            f'<circle cx="{at:.1f}" cy="{middle}" r="4.5" fill="{colour}"/>'
        )
    return parts


def axis_picture(axis: Axis, labels: Sequence[str]) -> str:
    """Return the address of the axis, with a label at each tick."""
    return _address(axis_parts(axis, labels), AXIS_HEIGHT)


def axis_parts(axis: Axis, labels: Sequence[str]) -> list[str]:
    """Return what the axis is drawn of, as SVG."""
    parts = []
    for tick, label in zip(axis.ticks, labels, strict=True):
        end = {axis.ticks[0]: "start", axis.ticks[-1]: "end"}.get(tick, "middle")
        parts.append(
            f'<text x="{axis.at(tick):.1f}" y="13" text-anchor="{end}"'
            f' font-size="12" font-family="{FONT}" fill="{QUIET}">{label}</text>'
        )
    return parts


def _address(parts: Sequence[str], height: int) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}">{"".join(parts)}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
