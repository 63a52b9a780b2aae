"""What the program says to those who operate it, in bokmål: one file per room in ``messages``.

Readers meet other words, in every language: ``catalogue``. A key is the room, the module and what
is said; a room's file is read the first time the room says something.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines.words.catalogue import leaves, read_words

FOLDER = Path(__file__).parent / "messages"
SUFFIX = ".nb.yml"


def say(key: str, /, **values: object) -> str:
    """Return a message with its values filled in.

    Raises:
        KeyError: There is no such message, or a value of it is not given.
    """
    return template(key).format(**values)


def template(key: str, /) -> str:
    """Return a message as it stands, places and all, for what fills them in by itself.

    Raises:
        KeyError: There is no such message.
    """
    room, _, rest = key.partition(".")
    return _room(room)[rest]


@cache
def _room(room: str) -> Mapping[str, str]:
    file = FOLDER / f"{room}{SUFFIX}"
    if not file.is_file():
        raise KeyError(room)
    return dict(leaves(read_words(file)))
