"""A chart as a file: PNG, SVG or PDF, made on this machine and only when asked for."""

from collections.abc import Sequence
from typing import Any, Literal

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")

_WIDTH_PX = 900


def titled(spec: dict[str, Any], title: str, subtitle: str | Sequence[str]) -> dict[str, Any]:
    """Return the chart with its finding as title, at a fixed width; the original is untouched."""
    return {
        **spec,
        "title": {
            "text": title,
            "subtitle": [subtitle] if isinstance(subtitle, str) else [*subtitle],
        },
        "width": _WIDTH_PX,
        "padding": {"left": 16, "right": 96, "top": 14, "bottom": 14},
        "autosize": {"type": "pad"},
    }


def fixed(spec: dict[str, Any], width: int, height: int) -> dict[str, Any]:
    """Return a chart at a fixed size in pixels, for paper and slides."""
    return {
        **spec,
        "width": width,
        "height": height,
        "padding": {"left": 4, "right": 84, "top": 26, "bottom": 4},
        "autosize": {"type": "pad"},
    }


def enlarged(spec: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a chart with larger letters, for who stands far away."""
    sizes = ("fontSize", "labelFontSize", "titleFontSize", "dx", "dy")

    def grown(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: grown(each, name) for name, each in value.items() if name != "values"} | {
                name: each for name, each in value.items() if name == "values"
            }
        if isinstance(value, list):
            return [grown(each) for each in value]
        return value * factor if key in sizes and isinstance(value, int | float) else value

    room = {"right": 118, "left": 2, "top": 36, "bottom": 2}
    return {key: grown(value, key) for key, value in spec.items()} | {"padding": room}


def with_origin(spec: dict[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """Return a titled chart that says itself whose it is, what it is of and from which edition."""
    told = spec["title"]
    return {**spec, "title": {**told, "subtitle": [*told["subtitle"], *(li for li in lines if li)]}}


def picture(spec: dict[str, Any], kind: Format) -> bytes:
    """Return a chart as the bytes of a file.

    Args:
        spec: The chart, with a fixed width.
        kind: ``png``, ``svg`` or ``pdf``.
    """
    import vl_convert  # slow to load, and few readers take a picture with them

    locale = spec["config"]["locale"]
    options = {"format_locale": locale["number"], "time_format_locale": locale["time"]}
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2, **options))
    if kind == "pdf":
        return bytes(vl_convert.vegalite_to_pdf(spec, **options))
    return str(vl_convert.vegalite_to_svg(spec, **options)).encode()
