"""What the result pages are told by the environment: where to read, who is let in.

The only module of the dashboard that touches ``os.environ``. Asked anew each time: a server reads
nothing at import, and a test may tell it something else.
"""

import os
from pathlib import Path


def published_folder() -> Path | None:
    """Return the folder of the generations (``PUKK_PUBLISHED``); ``None`` when it is not set."""
    return _path("PUKK_PUBLISHED")


def state_folder_for(generation: str) -> Path:
    """Return the municipality's state folder: ``PUKK_STATE``, or the one beside ``published``.

    Args:
        generation: The published file.
    """
    return _path("PUKK_STATE") or Path(generation).parent.parent / "state"


def municipality_folder() -> Path | None:
    """Return the folder that says how files are read (``PUKK_MUNICIPALITY``), to try files by."""
    return _path("PUKK_MUNICIPALITY")


def inbox_for(generation: str) -> Path:
    """Return the inbox, for the list of units in it: ``PUKK_INBOX``, or the one beside the figures.

    Args:
        generation: The published file.
    """
    return _path("PUKK_INBOX") or Path(generation).parent.parent / "inbox"


def access_file() -> Path | None:
    """Return the table of who may see what (``PUKK_ACCESS``); ``None`` when none is set up."""
    return _path("PUKK_ACCESS")


def login_file() -> str | None:
    """Return the file of the login (``PUKK_AUTH``); ``None`` when nobody logs in."""
    return os.environ.get("PUKK_AUTH") or None


def _path(name: str) -> Path | None:
    given = os.environ.get(name)
    return Path(given) if given else None
