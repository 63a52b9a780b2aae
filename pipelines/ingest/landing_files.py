"""Where the rows of deliveries lie in landing, by name alone; no row is read here.

What is in the files, and how they are written, is in ``landing``.
"""

from pathlib import Path

from pipelines.settings import Paths

SUFFIX = ".parquet"
UNFINISHED = ".unfinished"
"""The folder with one marker for each delivery a run is about to write."""
REWRITING = ".rewriting"
"""The folder in which files lie that are to take the place of others."""


def files_by_delivery(paths: Paths) -> dict[str, list[Path]]:
    """Return delivery -> its files, in order; ``<contract>/<table>/ym=<period>/<delivery>``."""
    found: dict[str, list[Path]] = {}
    for file in sorted(paths.landing.glob(f"*/*/ym=*/*{SUFFIX}")):
        found.setdefault(file.stem, []).append(file)
    return found


def unfinished(paths: Paths) -> set[str]:
    """Return the deliveries a killed run left unfinished."""
    return {marker.name for marker in (paths.landing / UNFINISHED).glob("*")}


def is_being_rewritten(paths: Paths) -> bool:
    """Tell whether files lie aside that may have to take the place of others."""
    return (paths.landing / REWRITING).exists()
