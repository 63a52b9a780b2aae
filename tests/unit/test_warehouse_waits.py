"""A run waits a stated while for whoever reads the warehouse, says so, and then gives up."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.errors import BusyError, DamagedError
from pipelines.warehouse.connection import open_warehouse

READER = (
    "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True);"
    "print('leser', flush=True); sys.stdin.read()"
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    open_warehouse(file).close()
    return file


@pytest.fixture
def stop_reading(warehouse: Path) -> Iterator[Callable[[], None]]:
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "leser\n"
        yield reader.stdin.close
        reader.stdin.close()


def test_a_reader_that_ends_is_waited_for(
    warehouse: Path, stop_reading: Callable[[], None]
) -> None:
    told: list[str] = []
    threading.Timer(0.5, stop_reading).start()
    con = open_warehouse(warehouse, wait_s=30, on_wait=told.append)
    con.close()
    assert len(told) == 1
    assert "venter inntil 30 s" in told[0]
    assert "PID" in told[0]


@pytest.mark.usefixtures("stop_reading")
def test_a_reader_that_stays_is_named_when_the_time_is_up(warehouse: Path) -> None:
    started = time.monotonic()
    with pytest.raises(BusyError, match=r"PID \d+") as busy:
        open_warehouse(warehouse, wait_s=0.5)
    # the reader would stay for as long as it is let
    assert 0.5 <= time.monotonic() - started < 60
    assert busy.value.exit_code == 6


@pytest.mark.usefixtures("stop_reading")
def test_without_a_time_to_wait_it_is_said_at_once(warehouse: Path) -> None:
    with pytest.raises(BusyError):
        open_warehouse(warehouse, on_wait=pytest.fail)


def test_a_damaged_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_bytes(b"ingen database" * 1000)
    with pytest.raises(DamagedError):
        open_warehouse(tmp_path / "w.duckdb", wait_s=30, on_wait=pytest.fail)
