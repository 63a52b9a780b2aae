"""Small signs of a control chart for a cell of a table: what varies, and whether the target is met.

Drawn here, not fetched: a letter and a shape say the same as the colour, and words stand beside it.
"""

from base64 import b64encode

from dashboards.charts.theme import COMMON, CONCERN, IMPROVEMENT, NEUTRAL

_COLOURS = {"improvement": IMPROVEMENT, "concern": CONCERN, "neutral": NEUTRAL}
# høy and lav, high and low: the same letters in both languages
_SIDES = {"high": "H", "low": "L"}
_MARKS = {
    "pass": ("\u2713", IMPROVEMENT),
    "hit_or_miss": ("?", COMMON),
    "fail": ("\u00d7", CONCERN),
}
_WAVE = "M5 14q3.5-8 7 0t7 0"


def variation_icon(code: str | None) -> str:
    """Return the sign of the latest variation as a Markdown image without words of its own.

    Args:
        code: ``variation`` of a control chart: a kind and a side, or ``common_cause``.
    """
    if not code:
        return ""
    kind, _, side = code.rpartition("_")
    letter = _SIDES.get(side)
    if letter is None:
        return _image(COMMON, f'<path d="{_WAVE}" fill="none" stroke="{COMMON}" stroke-width="2"/>')
    colour = _COLOURS[kind]
    return _image(colour, _letter(letter, colour), is_square=kind == "improvement")


def assurance_icon(code: str | None) -> str:
    """Return the sign of whether the target is met; empty without a target."""
    if not code:
        return ""
    mark, colour = _MARKS[code]
    return _image(colour, _letter(mark, colour))


def _letter(text: str, colour: str) -> str:
    return (
        f'<text x="12" y="16.5" text-anchor="middle" font-family="sans-serif" font-size="13"'
        f' font-weight="700" fill="{colour}">{text}</text>'
    )


def _image(colour: str, inside: str, *, is_square: bool = False) -> str:
    edge = f'fill="#fff" stroke="{colour}" stroke-width="2"'
    shape = (
        f'<rect x="2" y="2" width="20" height="20" rx="2" {edge}/>'
        if is_square
        else f'<circle cx="12" cy="12" r="10" {edge}/>'
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{shape}{inside}</svg>'
    return f"![](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
