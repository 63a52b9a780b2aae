"""Look-up of texts and Norwegian number and month formats; no word stands in the code.

What a metric, a unit or a verdict is called comes with the data, not from here.
"""

from datetime import date
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = {"nb": "Norsk bokmål", "en": "English"}


@cache
def _catalogue(language: str) -> dict[str, str]:
    file = Path(__file__).parent / f"{language}.yml"
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def t(key: str, language: str, **values: object) -> str:
    """Return the text of a key with its values filled in.

    Raises:
        KeyError: The key is in no catalogue.
    """
    return _catalogue(language)[key].format(**values)


def number(value: float | None, decimals: int, *, signed: bool = False) -> str:
    """Return a number as ``1 234,5`` whatever the browser's language; missing is empty."""
    if value is None:
        return ""
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    return text.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


def day(value: date) -> str:
    """Return a date as ``31.12.2017``."""
    return value.strftime("%d.%m.%Y")
