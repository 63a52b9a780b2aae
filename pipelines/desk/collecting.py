"""How often Python looks for rings of objects that nobody holds: rarely, while much is being built.

A run imports four frameworks and keeps what they made until it ends. Python looks through all of it
again and again for rings to free, and finds next to none: a tenth of a night's processor time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (100_000, 20, 50)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Have Python look for unused rings seldom while the block runs, and as before after it."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
