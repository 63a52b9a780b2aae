"""What the command line and a page cost, beside the same answer with nothing around it.

The command line: whole processes. A page: the server's time from a reader's action to the end of
the rerun, through Streamlit's own websocket, against a page that reads the same table with plain
DuckDB and draws it.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measured import Measured, pukk, python
from tests.e2e.served import free_port, served, wait_for
from tests.load.session import Session

QUESTION = "select level, count(*) as n from fct_metric_months group by level order by level"
_N_ACTIONS = 40
_N_RUNS = 5
_PLAIN_PAGE = """\
import duckdb, streamlit as st
with duckdb.connect({edition!r}, read_only=True) as con:
    rows = con.execute("select distinct unit_id from mart_before_after order by 1").fetchall()
    unit = st.selectbox("Unit", [unit for (unit,) in rows])
    st.dataframe(con.execute("select * from mart_before_after where unit_id = ?", [unit]).df())
"""


def command_line(home: Path, edition: Path) -> list[tuple[str, Measured]]:
    """Return what each way of asking costs, the median of five runs by processor time.

    Args:
        home: ``PUKK_HOME`` with a published edition.
        edition: The edition's file.
    """
    plain = (
        f"import duckdb; print(duckdb.connect({str(edition)!r}, read_only=True).sql({QUESTION!r}))"
    )
    ways: list[tuple[str, Callable[[], Measured]]] = [
        ("python -c pass", lambda: python("-c", "pass")),
        ("plain DuckDB, the same question", lambda: python("-c", plain)),
        ("pukk --help", lambda: pukk("--help", home=home)),
        ("pukk status", lambda: pukk("status", home=home)),
        ("pukk sql, the same question", lambda: pukk("sql", QUESTION, home=home)),
        ("pukk result", lambda: pukk("result", home=home)),
        ("pukk run, nothing new", lambda: pukk("run", home=home)),
    ]
    found = []
    for name, way in ways:
        runs = sorted((way() for _ in range(_N_RUNS)), key=lambda used: used.cpu_s)
        found.append((name, runs[len(runs) // 2]))
    return found


def pages(published: Path, edition: Path) -> dict[str, tuple[float, float]]:
    """Return first page and median rerun in seconds: this dashboard, and a plain page.

    Args:
        published: A municipality's published folder.
        edition: The edition's file.
    """
    found = {}
    with served({"PUKK_PUBLISHED": str(published)}) as url:
        found["this dashboard, every page"] = asyncio.run(_read(url))
    with _plain(edition) as url:
        found["a plain Streamlit page with one table"] = asyncio.run(_read(url))
    return found


@contextmanager
def _plain(edition: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.py"
        page.write_text(_PLAIN_PAGE.format(edition=str(edition)), encoding="utf-8")
        port = free_port()
        process = subprocess.Popen(  # noqa: S603 - a page of our own
            [sys.executable, "-m", "streamlit", "run", page, "--server.port", str(port),
             "--server.headless", "true", "--browser.gatherUsageStats", "false"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/_stcore/health", process)
            yield url
        finally:
            process.terminate()
            process.wait()


async def _read(url: str) -> tuple[float, float]:
    reader = Session(url, 1)
    async with reader.connected() as socket:
        await reader.open_page(socket)
        for _ in range(_N_ACTIONS):
            await reader.act(socket)
    if reader.faults:
        raise RuntimeError(f"the page failed: {reader.faults}")
    return reader.first_s, statistics.median(reader.reruns_s)
