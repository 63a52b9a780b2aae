"""How many readers one dashboard carries: ``python -m tests.load.measure PUBLISHED 50 100 200``.

Every reader thinks for about eight seconds between two actions. The machine's own load average is
told beside the figures: on a busy machine they say little.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.e2e.served import free_port, start, wait_for
from tests.load.session import TIMEOUT_S, Session

THINK_S = 8.0
SECONDS = 60.0


@dataclass(frozen=True)
class Measured:
    """What one level of load gave.

    Attributes:
        sessions: Readers at the same time.
        n_reruns: Actions answered.
        first_p95_s: First page, 95th percentile, seconds.
        rerun_p50_s: Rerun, median, seconds.
        rerun_p95_s: Rerun, 95th percentile, seconds.
        faults: What went wrong.
        log: What the server wrote meanwhile.
        rss_mb: Memory of the server process at the end.
        cpu_pct: Processor time of the server over the clock, of one core.
        load_average: The machine's, over the minute at the end.
    """

    sessions: int
    n_reruns: int
    first_p95_s: float
    rerun_p50_s: float
    rerun_p95_s: float
    faults: tuple[str, ...]
    log: str
    rss_mb: float
    cpu_pct: float
    load_average: float

    def line(self) -> str:
        """Return the figures as a row of a Markdown table."""
        return (
            f"| {self.sessions} | {self.n_reruns} | {self.first_p95_s:.2f} |"
            f" {self.rerun_p50_s:.3f} | {self.rerun_p95_s:.2f} | {len(self.faults)} |"
            f" {self.rss_mb:.0f} | {self.cpu_pct:.0f} | {self.load_average:.1f} |"
        )


HEAD = (
    "| sessions | reruns | first p95, s | rerun median, s | rerun p95, s | faults | RSS, MB |"
    " server CPU, % of a core | load average |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def measure(published: Path, sessions: int, seconds: float = SECONDS) -> Measured:
    """Serve a copy of the published folder and let readers work on it.

    Args:
        published: A municipality's published folder; it is copied, and the log goes with the copy.
        sessions: Readers at the same time.
        seconds: How long, after all have opened their first page.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(published, Path(folder) / "published")
        port = free_port()
        process = start(port, {"PUKK_PUBLISHED": str(copy)})
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            # what it says must be read, or it stops when the pipe is full
            log: list[str] = []
            reader = threading.Thread(target=lambda: log.extend(process.stdout or ()))
            reader.start()
            cpu, clock = _cpu_s(process.pid), time.monotonic()
            made = asyncio.run(_all(f"http://127.0.0.1:{port}", sessions, seconds))
            used = (_cpu_s(process.pid) - cpu) / (time.monotonic() - clock)
            rss = _rss_mb(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)
        reader.join(timeout=10)
        if process.stdout:
            process.stdout.close()
    reruns = [took for each in made for took in each.reruns_s]
    return Measured(
        sessions,
        len(reruns),
        _p95([each.first_s for each in made]),
        statistics.median(reruns),
        _p95(reruns),
        tuple(fault for each in made for fault in each.faults),
        "".join(log),
        rss,
        100 * used,
        os.getloadavg()[0],
    )


async def _all(url: str, sessions: int, seconds: float) -> list[Session]:
    made = [Session(url, seed) for seed in range(sessions)]
    await asyncio.gather(*(_reader(each, seconds) for each in made))
    return made


async def _reader(session: Session, seconds: float) -> None:
    # readers come over the first think time, not at the same instant
    await asyncio.sleep(session.random.uniform(0, THINK_S))
    try:
        async with session.connected() as socket:
            await asyncio.wait_for(session.open_page(socket), TIMEOUT_S)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                await asyncio.sleep(session.random.uniform(0.5, 1.5) * THINK_S)
                await asyncio.wait_for(session.act(socket), TIMEOUT_S)
    except (WebSocketException, OSError, TimeoutError) as error:
        session.faults.append(f"{type(error).__name__}: {error}")


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu_s(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure the levels asked for and write one row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.measure")
    parser.add_argument("published", type=Path)
    parser.add_argument("sessions", type=int, nargs="+")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    sys.stdout.write(HEAD + "\n")
    for sessions in given.sessions:
        found = measure(given.published, sessions, given.seconds)
        sys.stdout.write(found.line() + "\n")
        for fault in sorted(set(found.faults))[:5]:
            sys.stdout.write(f"  {fault[:200]}\n")
        if found.faults:
            sys.stdout.write(found.log)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
