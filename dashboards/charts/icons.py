"""Small signs for a cell of a table: the verdict, what varies, and whether the target is met.

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
# colour and shape by class: shape and word say the same as the colour
_VERDICTS = {
    "better": (IMPROVEMENT, '<rect x="4" y="4" width="16" height="16" {look}/>'),
    "not_held": (IMPROVEMENT, '<rect x="4" y="4" width="16" height="16" {look}/>'),
    "worse": (CONCERN, '<path d="M12 2L22 12L12 22L2 12Z" {look}/>'),
    "changed": (NEUTRAL, '<path d="M12 3L22 20H2Z" {look}/>'),
    "no_change": (COMMON, '<circle cx="12" cy="12" r="8" {look}/>'),
    "cannot_tell": (COMMON, '<circle cx="12" cy="12" r="2.5" {look}/>'),
    "hidden": (
        COMMON,
        '<circle cx="12" cy="8" r="1.5" {look}/><circle cx="12" cy="16" r="1.5" {look}/>',
    ),
}
_WAVE = "M5 14q3.5-8 7 0t7 0"


def verdict_icon(verdict_class: str, *, is_filled: bool) -> str:
    """Return the sign of a verdict's class as a Markdown image without words of its own.

    Args:
        verdict_class: One of the seven classes.
        is_filled: Compared with units that have not started; else the own chart alone, an outline.
    """
    return _picture(_verdict(verdict_class, is_filled=is_filled))


def verdict_address(verdict_class: str, *, is_filled: bool) -> str:
    """Return the sign of a verdict's class as an address for a picture; arguments as above."""
    drawn = _encoded(_verdict(verdict_class, is_filled=is_filled))
    return f"data:image/svg+xml;base64,{drawn}"


def verdict_styles() -> str:
    """Return the signs as a style sheet: ``.v.better.f`` has the filled, ``.v.better`` the outline.

    A background, because Streamlit takes drawings out of what a page writes itself.
    """
    return "\n".join(
        f".v.{code}{'.f' if is_filled else ''} {{ background-image:"
        f' url("data:image/svg+xml;base64,{_encoded(_verdict(code, is_filled=is_filled))}"); }}'
        for is_filled in (False, True)
        for code in _VERDICTS
    )


def _verdict(verdict_class: str, *, is_filled: bool) -> str:
    colour, shape = _VERDICTS[verdict_class]
    fill = colour if is_filled else "#fff"
    drawn = shape.format(look=f'fill="{fill}" stroke="{colour}" stroke-width="2"')
    if verdict_class == "not_held":
        slash = "#fff" if is_filled else colour
        drawn += f'<path d="M4 20L20 4" stroke="{slash}" stroke-width="3"/>'
    return drawn


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
    return _picture(shape + inside)


def _picture(drawn: str) -> str:
    return f"![](data:image/svg+xml;base64,{_encoded(drawn)})"


def _encoded(drawn: str) -> str:
    size = 'viewBox="0 0 24 24" width="24" height="24"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>'
    return b64encode(svg.encode()).decode()
