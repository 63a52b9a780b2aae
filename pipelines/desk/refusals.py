"""What is said when a question is refused, fails or is stopped.

The codes come from the process that runs the question; the words are in the word files.
"""

import re
from collections.abc import Mapping

from pipelines.desk.personal_identifiers import masked
from pipelines.words.said import Words

_PATH_IN_TEXT = re.compile(r"(?<![\w)])/(?:[^\s/'\"]+/)+[^\s'\"]*")


def words_for(code: str, values: Mapping[str, str]) -> Words:
    """Return the words of a code with its values filled in, without any path.

    Args:
        code: A code of ``refusal`` in the word files.
        values: What the words name: ``name`` of a function or table, what it is ``near``, DuckDB's
            ``message``.
    """
    given = {"name": "", "near": "", "message": "", **values}
    cleaned = {name: without_paths(masked(value)) for name, value in given.items()}
    return Words(f"refusal.{code}", cleaned)


def without_paths(message: str) -> str:
    """Return a message with every absolute path replaced by ``[fil]``."""
    return _PATH_IN_TEXT.sub("[fil]", message)
