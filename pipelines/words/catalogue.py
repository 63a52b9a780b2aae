"""Look-up of words by code and language. The languages are the files of this folder.

Keys are nested (``verdict.improved``) and a leaf is a text with ``{places}`` for what is filled in.
What a metric or a unit is called comes with the data, not from here.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

FOLDER = Path(__file__).parent
DEFAULT_LANGUAGE = "nb"
"""The language where nobody has chosen one; every other file has the keys of this one."""


class WordFileError(Exception):
    """A word file cannot be used: a key is given twice, or something is neither text nor keys."""


@cache
def codes() -> tuple[str, ...]:
    """Return the codes of the languages, the default first; no file is opened."""
    found = (file.stem for file in FOLDER.glob("*.yml") if "." not in file.stem)
    return tuple(sorted(found, key=lambda code: (code != DEFAULT_LANGUAGE, code)))


@cache
def languages() -> dict[str, str]:
    """Return code to the language's own name, in the order a reader is offered them."""
    heads = {code: _head(code) for code in codes()}
    order = sorted(heads, key=lambda code: (int(heads[code]["place"]), code))
    return {code: heads[code]["name"] for code in order}


def _head(language: str) -> dict[str, str]:
    # the first block alone, as lines: short commands ask which languages there are, and no more
    with (FOLDER / f"{language}.yml").open(encoding="utf-8") as file:
        told = takewhile(str.strip, dropwhile(lambda line: not line.startswith("language:"), file))
        pairs = (line.strip().split(": ", 1) for line in told if line.startswith("  "))
        return {name: value.strip("\"'") for name, value in pairs}


def language_or_default(code: str | None) -> str:
    """Return the code when there is such a language, else the default language."""
    return code if code in codes() else DEFAULT_LANGUAGE


def text(key: str, language: str, **values: object) -> str:
    """Return the text of a key with its values filled in.

    Raises:
        KeyError: The language has no such key, or a value of the text is not given.
    """
    return _texts(language)[key].format(**values)


def find(key: str, language: str) -> str | None:
    """Return the text of a key as it stands, places and all; ``None`` when there is none."""
    return _texts(language).get(key)


def section(prefix: str, language: str) -> dict[str, str]:
    """Return code to text of the keys one step below a prefix, in the file's order.

    Raises:
        KeyError: There is no such prefix.
    """
    found: Any = _tree(language)
    for part in prefix.split("."):
        found = found[part]
    return {code: leaf for code, leaf in found.items() if isinstance(leaf, str)}


def all_texts(language: str) -> Mapping[str, str]:
    """Return every key of a language with its text."""
    return _texts(language)


def read_words(file: Path) -> dict[str, Any]:
    """Return a word file as nested keys; every leaf is text, also ``no`` and ``1``.

    Raises:
        WordFileError: A key is given twice in the same place, or a leaf is no text. Says where.
    """
    import yaml  # a command that says nothing to readers need not wait for it

    node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    if not isinstance(node, yaml.MappingNode):
        raise _refused("words.catalogue.keys_at_the_top", name=file.name)
    return _mapping(node, file)


def _refused(key: str, **values: object) -> WordFileError:
    from pipelines.words.messages import say  # messages are read from word files themselves

    return WordFileError(say(key, **values))


def _mapping(node: "yaml.MappingNode", file: Path) -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = {}
    for key, value in node.value:
        place = {"name": file.name, "line": key.start_mark.line + 1, "value": key.value}
        if key.value in found:
            raise _refused("words.catalogue.key_twice", **place)
        if isinstance(value, yaml.MappingNode):
            found[key.value] = _mapping(value, file)
        elif isinstance(value, yaml.ScalarNode):
            found[key.value] = value.value
        else:
            raise _refused("words.catalogue.text_or_keys", **place)
    return found


@cache
def _tree(language: str) -> dict[str, Any]:
    if language not in codes():
        raise KeyError(language)
    return read_words(FOLDER / f"{language}.yml")


@cache
def _texts(language: str) -> dict[str, str]:
    return dict(leaves(_tree(language)))


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Return each text of nested keys with its whole key, in the file's order."""
    for code, value in tree.items():
        if isinstance(value, str):
            yield prefix + code, value
        else:
            yield from leaves(value, f"{prefix}{code}.")
