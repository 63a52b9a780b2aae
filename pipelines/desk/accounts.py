"""The account on this machine that does something, as logs and records name it."""

import getpass
import os


def account() -> str:
    """Return the name of the account this program runs as."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # a container may run as a number that no list of users has
        return f"uid {os.getuid()}"
