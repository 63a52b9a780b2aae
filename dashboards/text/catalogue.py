"""The pages' own words: the part ``page`` of the word files; no shown word stands in the code.

What a metric, a unit, a verdict or any other code is called comes with the data, not from here.
"""

from pipelines.words.catalogue import text


def t(key: str, language: str, **values: object) -> str:
    """Return the text of a key with its values filled in.

    Raises:
        KeyError: The word files have no such key.
    """
    return text(f"page.{key}", language, **values)
