"""Words and patterns that personal data is known by, from ``recognised.yml``: data, not code."""

from collections.abc import Mapping
from pathlib import Path

from pipelines.words.catalogue import leaves, read_words

RECOGNISED: Mapping[str, str] = dict(leaves(read_words(Path(__file__).with_suffix(".yml"))))
"""Text by module and name."""
