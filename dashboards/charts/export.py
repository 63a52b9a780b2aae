"""A chart as a file: PNG, SVG or PDF, made on this machine and only when asked for."""

from typing import Any, Literal

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")

_WIDTH_PX = 900


def titled(spec: dict[str, Any], title: str, subtitle: str) -> dict[str, Any]:
    """Return the chart with its finding as title, at a fixed width; the original is untouched."""
    return {
        **spec,
        "title": {"text": title, "subtitle": subtitle},
        "width": _WIDTH_PX,
        "padding": {"left": 16, "right": 96, "top": 14, "bottom": 14},
        "autosize": {"type": "pad"},
    }


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
