"""The words that the example's files are written with, from ``written.yml``: data, not code."""

from collections.abc import Mapping
from pathlib import Path

from pipelines.words.catalogue import leaves, read_words

WRITTEN: Mapping[str, str] = dict(leaves(read_words(Path(__file__).with_suffix(".yml"))))
"""Headings, codes and texts by module and name."""
