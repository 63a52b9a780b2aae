"""Who sits at the terminal, as the log names them."""

from pipelines.desk.accounts import account
from pipelines.desk.logged import Reader


def reader() -> Reader:
    """Return who sits at the terminal."""
    return Reader(account(), "terminal")
