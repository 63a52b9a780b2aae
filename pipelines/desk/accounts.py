"""The account on this machine that does something, as logs and records name it."""

import os
import pwd
from pathlib import Path

_LOGIN = Path("/proc/self/loginuid")
"""Who logged in, set once by the machine: what ``sudo`` and ``su`` change is not this."""
_NOBODY = 2**32 - 1


def account() -> str:
    """Return the name of the account this program runs as."""
    return _named(os.getuid())


def person() -> str:
    """Return the account of the person who sits at the terminal, also one who works as another.

    Several may work as the account that owns the data. Who decides is then the one who logged in,
    where the machine keeps that; elsewhere it is the account itself.
    """
    try:
        number = int(_LOGIN.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return account()
    return account() if number == _NOBODY else _named(number)


def _named(number: int) -> str:
    try:
        # the machine's own list: a variable of the environment may name anybody
        return pwd.getpwuid(number).pw_name
    except KeyError:
        # a container may run as a number that no list of users has
        return f"uid {number}"
