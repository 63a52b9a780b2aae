"""Programs served side by side end together, whoever ends first, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli.services import Service, check_ports, keep_running
from pipelines.errors import ConfigError, PukkError
from tests.conftest import REPO
from tests.e2e.served import free_port

# starts a child of its own, tells both numbers, and waits
PARENT = (
    "import os, subprocess, sys, time;"
    "child = subprocess.Popen(['sleep', '600']);"
    "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}');"
    "time.sleep(600)"
)
# does not listen to a polite request
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PARENT}"
# ends by itself when the other has told its numbers
ENDS_AFTER = """
import sys, time
from pathlib import Path
other = Path(sys.argv[1])
while not other.exists() or len(other.read_text().split()) < 2:
    time.sleep(0.05)
"""
SERVING = """
import sys
from pathlib import Path
from pipelines.cli import stops
from pipelines.cli.services import Service, keep_running
from pipelines.errors import PukkError
folder, *programs = sys.argv[1:]
services = [
    Service(f"Nr. {n}", [sys.executable, "-c", p, f"{folder}/{n}"], "127.0.0.1", 1, "--x")
    for n, p in enumerate(programs)
]
with stops.noted():
    try:
        keep_running(services, {})
    except PukkError as error:
        print(error.text)
        sys.exit(1)
"""


def serving(folder: Path, *programs: str) -> tuple[subprocess.Popen[str], list[int]]:
    """Start programs side by side; returns ours and the numbers of all that they started."""
    ours = subprocess.Popen(
        [sys.executable, "-c", SERVING, str(folder), *programs],
        cwd=REPO,
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    files = [folder / str(n) for n in range(len(programs))]
    while not all(file.exists() and len(file.read_text().split()) == 2 for file in files):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return ours, [int(pid) for file in files for pid in file.read_text().split()]


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    for file in tmp_path.iterdir():
        for pid in file.read_text().split():
            if lives(int(pid)):
                os.kill(int(pid), signal.SIGKILL)


@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_ends_every_program_and_what_it_started(
    tmp_path: Path, stop: signal.Signals
) -> None:
    ours, pids = serving(tmp_path, PARENT, PARENT)
    ours.send_signal(stop)
    ours.communicate(timeout=120)
    assert ours.returncode == 0
    assert [pid for pid in pids if lives(pid)] == []


def test_one_that_dies_is_noticed_at_once_and_ends_the_other(tmp_path: Path) -> None:
    ours, pids = serving(tmp_path, PARENT, PARENT)
    os.kill(pids[0], signal.SIGKILL)
    started = time.monotonic()
    out, _ = ours.communicate(timeout=120)
    # the programs would stay for ten minutes
    assert time.monotonic() - started < 60
    assert ours.returncode == 1
    assert "Nr. 0 stoppet av seg selv (kode -9)" in out
    assert [pid for pid in pids if lives(pid)] == []


def test_one_that_will_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.cli import services

    monkeypatch.setattr(services, "_GRACE_S", 0.5)
    stubborn = Service(
        "Sta", [sys.executable, "-c", STUBBORN, str(tmp_path / "0")], "127.0.0.1", 1, "--x"
    )
    short = Service("Kort", [sys.executable, "-c", ENDS_AFTER, str(tmp_path / "0")], "", 1, "--x")
    with pytest.raises(PukkError, match="Kort stoppet av seg selv"):
        keep_running([stubborn, short], {})
    assert [pid for pid in (tmp_path / "0").read_text().split() if lives(int(pid))] == []


def test_a_program_that_is_not_there_ends_the_one_that_was_started(tmp_path: Path) -> None:
    first = Service("Nr. 0", [sys.executable, "-c", PARENT, str(tmp_path / "0")], "", 1, "--x")
    with pytest.raises(FileNotFoundError):
        keep_running([first, Service("Nr. 1", ["/finnes/ikke"], "", 1, "--x")], {})


def test_a_port_in_use_is_said_before_anything_is_started() -> None:
    port = free_port()
    service = Service("Resultatsiden", [], "127.0.0.1", port, "--port")
    check_ports([service])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(ConfigError, match=f"Resultatsiden kan ikke lytte på .*:{port}"):
            check_ports([service])


@pytest.mark.parametrize("host", ["finnes.ikke.invalid", "203.0.113.9"])
def test_an_address_that_is_not_this_machines_is_said(host: str) -> None:
    with pytest.raises(ConfigError, match="kan ikke lytte"):
        check_ports([Service("Resultatsiden", [], host, 8501, "--port")])
