"""Which day it is, asked when it is needed: a session may go past midnight."""

from datetime import UTC, date, datetime


def today() -> date:
    """Return the day by the clock of the world, as the program writes it down."""
    return datetime.now(UTC).date()
