"""How the process ends: what asked to be run at the end is run, and nothing is taken apart.

After a night the interpreter would spend seconds on freeing what the system frees at once.
"""

import atexit
import os
import sys
import threading
from typing import NoReturn

_NOT_WRITTEN = 120
"""Python's own exit code when what was to be shown could not be written out."""


def end(code: int) -> NoReturn:
    """End the process: wait for threads, do what is registered for the end, write what waits.

    Args:
        code: The exit code.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    # files that are to be removed, children that are to be ended, logs that are to be closed
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # whoever read it has gone
            code = code or _NOT_WRITTEN
    os._exit(code)


def code_of(ended: SystemExit) -> int:
    """Return the exit code of an ending, as Python would have it; a text is told first.

    Args:
        ended: What ended the command.
    """
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    sys.stderr.write(f"{ended.code}\n")
    return 1
