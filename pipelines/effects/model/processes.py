"""Work on several metrics side by side, each process with one thread of linear algebra."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from pipelines.desk.algebra import THREADS
from pipelines.desk.child_environment import for_computing, only

_AHEAD = 2  # items handed out per process before the first is done
Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_processes(
    function: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> list[Result]:
    """Apply a module-level function to each item, in order.

    Args:
        function: Importable by name, without side effects in memory.
        items: Picklable; taken a few at a time, so that they need not all be there at once.
        workers: Processes; 1 = in this process. A single item too is left to another process: what
            it loads and how much it takes is gone when it ends.
    """
    if workers <= 1:
        return [function(item) for item in items]
    # spawn, not fork: polars and BLAS have threads, and a lock that a thread holds at the fork is
    # never released in the child
    with (
        _one_thread(),
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
    ):
        waiting: deque[Future[Result]] = deque()
        results: list[Result] = []
        try:
            for item in items:
                with _unstoppable_children():
                    waiting.append(pool.submit(function, item))
                while len(waiting) > _AHEAD * workers:
                    results.append(waiting.popleft().result())
            return results + [one.result() for one in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _unstoppable_children() -> Iterator[None]:
    """Start children that Ctrl+C in the terminal does not reach: the one who started them tells."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let children start with one BLAS thread: on matrices of 100 x 100 more only wait."""
    with only(for_computing(dict.fromkeys(THREADS, "1"))):
        yield
