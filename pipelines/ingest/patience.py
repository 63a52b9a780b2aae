"""What passes by itself while a file is read: a share that answers late, a copying that goes on.

Here is only how often and how long it is tried again; what a file is refused for is in ``reading``.
"""

import errno
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from pipelines.errors import DeliveryRejectedError

Read = TypeVar("Read")

WAITS_S = (1.0, 4.0, 15.0)
"""The pauses between tries, seconds: what lasts longer than they do is for the next night."""

_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.ECONNABORTED,
        errno.ECONNRESET,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.EINTR,
        errno.EIO,
        errno.ENETDOWN,
        errno.ENETRESET,
        errno.ENETUNREACH,
        errno.ENOLCK,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


def patiently(read: Callable[[], Read], waits_s: Sequence[float] = WAITS_S) -> Read:
    """Return what is read, trying again when what stood in the way may be gone in a moment.

    A file that is written to while it is read, and errors that shares and networks give when they
    are busy, are tried again. A file that is gone, or that may not be read, is refused at once.

    Args:
        read: Reads the file whole.
        waits_s: The pauses between tries, seconds.

    Raises:
        DeliveryRejectedError: As ``read`` raised it the last time.
    """
    for wait_s in waits_s:
        try:
            return read()
        except DeliveryRejectedError as refused:
            if not _may_pass(refused):
                raise
        time.sleep(wait_s)
    return read()


def _may_pass(refused: DeliveryRejectedError) -> bool:
    cause = refused.__cause__
    if isinstance(cause, OSError):
        return cause.errno in _PASSING
    return refused.code == "truncated"
