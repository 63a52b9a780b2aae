"""The small course on a card: a thin line, the means before and after, the start, the last month.

An SVG address for an ``img``: small enough for twelve on a page, and kept by the page's own rules.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboards.charts.notes import class_colours
from dashboards.charts.theme import COMMON, INK, LINE

_WIDTH, _HEIGHT, _EDGE = 194, 46, 5


@dataclass(frozen=True)
class Step:
    """A mean over the months from one place to another, counted from the first month."""

    value: float
    first: int
    last: int


@dataclass(frozen=True)
class Spark:
    """What a card's course is drawn from.

    Attributes:
        values: Month by month as measured; a missing or hidden month is a gap.
        start: Place of the Lean start; ``None`` for a unit that waits.
        before: The mean before.
        after: The mean after.
        verdict_class: Whose colour the mean after has.
        axis: Lowest and highest of several that are to be held against each other; ``None`` for
            one that stands alone.
    """

    values: Sequence[float | None]
    start: int | None = None
    before: Step | None = None
    after: Step | None = None
    verdict_class: str = "cannot_tell"
    axis: tuple[float, float] | None = None


def spark(row: Spark) -> str:
    """Return the course as an address for a picture; empty without a figure."""
    known = [value for value in row.values if value is not None]
    if not known:
        return ""
    low, high = row.axis or reach(row)
    span = (high - low) or 1.0
    wide = (_WIDTH - 2 * _EDGE) / max(len(row.values) - 1, 1)

    def place(n: int, value: float) -> str:
        height = _EDGE + (_HEIGHT - 2 * _EDGE) * (1 - (value - low) / span)
        return f"{_EDGE + n * wide:.1f} {height:.1f}"

    parts = [
        f'<path d="{_path(row.values, place)}" fill="none" stroke="{LINE}" stroke-linecap="round"/>'
    ]
    if row.start is not None:
        x = _EDGE + row.start * wide
        parts.append(f'<path d="M{x:.1f} 0V{_HEIGHT}" stroke="{INK}"/>')
    mark = class_colours(row.verdict_class)[0]
    for step, colour in ((row.before, INK), (row.after, mark if row.after else COMMON)):
        if step is not None:
            ends = f"M{place(step.first, step.value)}L{place(step.last, step.value)}"
            parts.append(f'<path d="{ends}" stroke="{colour}" stroke-width="2.5"/>')
    last = max(n for n, value in enumerate(row.values) if value is not None)
    across, down = place(last, float(row.values[last] or 0.0)).split()
    parts.append(f'<circle cx="{across}" cy="{down}" r="3" fill="{INK}"/>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}">{"".join(parts)}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def reach(row: Spark) -> tuple[float, float]:
    """Return the lowest and the highest of a course that has figures, its means included."""
    drawn = [value for value in row.values if value is not None]
    drawn += [step.value for step in (row.before, row.after) if step]
    return min(drawn), max(drawn)


def _path(values: Sequence[float | None], place: Callable[[int, float], str]) -> str:
    path, pen_is_down = "", False
    for n, value in enumerate(values):
        if value is not None:
            path += f"{'L' if pen_is_down else 'M'}{place(n, value)}"
            # a month between two gaps is a dot
            path += "" if pen_is_down else "h.1"
        pen_is_down = value is not None
    return path
