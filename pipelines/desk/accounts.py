"""The account on this machine that does something, as logs and records name it."""

import os
import pwd


def account() -> str:
    """Return the name of the account this program runs as."""
    number = os.getuid()
    try:
        # the machine's own list: a variable of the environment may name anybody
        return pwd.getpwuid(number).pw_name
    except KeyError:
        # a container may run as a number that no list of users has
        return f"uid {number}"
