"""A dashboard that is really served, and a browser that is really run."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import REPO

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# the list of suggestions below the address line is a page of its own that is drawn along with
# every page, though nobody sees it: a quarter of what a page costs. The rest is what Playwright
# turns off, since the last list given is the one that counts
FEATURES_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    # without a graphics card what moves and is painted in pieces costs most of a page's time
    "--disable-partial-raster",
    "--disable-lcd-text",
    "--disable-threaded-animation",
    "--disable-features=" + ",".join(FEATURES_OFF),
)
PATIENCE_S = 120
"""How long a busy machine may take for what takes a second or two."""

REASON = "CHROMIUM MANGLER: nettlesertestene er ikke kjørt. Installer pakken chromium."


def chromium() -> str:
    """Return the browser's path; without one the test is skipped, or fails where required."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and os.environ.get("PUKK_REQUIRE_CHROMIUM"):
        pytest.fail(REASON)
    if found is None:
        pytest.skip(REASON)
    return found


def context_of(browser: "Browser", **options: Any) -> "BrowserContext":
    """Return a context of a reader's own, with motion reduced: it halves what a page costs here.

    Whatever is waited for in it may take as long as it takes a busy machine.
    """
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_S * 1000)
    context = browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_S * 1000)
    return context


def wait_until(is_so: Callable[[], object], told: Callable[[], object]) -> None:
    """Wait for what another process does in its own time, as a line in a log.

    Raises:
        AssertionError: It has not come to be so; says what is told instead.
    """
    patience_ends = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < patience_ends, told()
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, env: Mapping[str, str], address: str = "127.0.0.1") -> subprocess.Popen[str]:
    """Start the dashboard as ``pukk serve`` does."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PUKK_")}
    return subprocess.Popen(
        [
            str(Path(sys.executable).parent / "streamlit"),
            "run",
            "dashboards/asgi.py",
            "--server.address",
            address,
            "--server.port",
            str(port),
        ],
        cwd=REPO,
        env=clean | dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def served(env: Mapping[str, str], port: int | None = None) -> Iterator[str]:
    """Serve the dashboard and yield its address; stopped at the end."""
    port = port or free_port()
    process = start(port, env)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/healthz", process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    patience_ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < patience_ends:
        if process.poll() is not None:
            pytest.fail(f"the server stopped: {process.communicate()[0]}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return  # it answers: without a generation it says that there is none
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail(f"the server did not answer within {PATIENCE_S} s")
