"""Words and patterns that input is known by, from ``recognised.yml``: data, changed without code.

What is said about what was found is in ``pipelines.words.messages``.
"""

from collections.abc import Mapping
from pathlib import Path

from pipelines.words.catalogue import leaves, read_words

RECOGNISED: Mapping[str, str] = dict(leaves(read_words(Path(__file__).with_suffix(".yml"))))
"""Text by module and name; a list of words has a space between them."""
