"""Waiting until what was written is on the disk, so that a power cut cannot take it back.

Which files must be there before what happens next is each writer's business.
"""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Force a file's content, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
