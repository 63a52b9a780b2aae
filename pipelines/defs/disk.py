"""Whether a disk is full, for messages about what could not be written.

Who could not write says so in their own words, or not at all: a database's log, a child process.
The disk itself is asked.
"""

import shutil
import tempfile
from pathlib import Path

from pipelines.words.messages import say

_LEAST_FREE_MB = 20


def about_the_disk(root: Path) -> str:
    """Return that the disk under a folder, or the one for temporary files, is full; else nothing.

    Args:
        root: The municipality's folder, or the nearest one above it that is there.
    """
    for folder in (root, Path(tempfile.gettempdir())):
        there = next((f for f in (folder, *folder.parents) if f.exists()), folder)
        try:
            free_mb = shutil.disk_usage(there).free // 1_000_000
        except OSError:
            continue
        if free_mb < _LEAST_FREE_MB:
            return say("defs.disk.disk_is_full", free_mb=free_mb, there=there)
    return ""
