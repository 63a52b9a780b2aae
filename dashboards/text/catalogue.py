"""Look-up of the pages' own words; no shown word stands in the code.

What a metric, a unit, a verdict or any other code is called comes with the data, not from here.
"""

from functools import cache
from pathlib import Path

import yaml

LANGUAGES = {"nb": "Norsk bokmål", "en": "English"}
DEFAULT_LANGUAGE = "nb"


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
