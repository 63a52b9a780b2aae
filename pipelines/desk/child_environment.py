"""What the programs we start are told of our environment: each its own list, and nothing more.

The pseudonym keys reach Dagster, which reads deliveries, and nobody else. A variable that is not
named here is not passed on.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.settings import become, environment

PSEUDONYM_KEY = "PUKK_PSEUDONYM_KEY"
"""The first key's name; those that have come since begin like it (``_2`` and on)."""
# there is one environment for all threads: who changes it is alone with it until it is put back
_alone = threading.RLock()
_MACHINE = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP"),
        *("LD_LIBRARY_PATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "NO_COLOR"),
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"),
    }
)
_NETWORK = frozenset(
    {
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    }
)
_SCREEN = frozenset(
    {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "BROWSER"}
)


def for_query(packages: Path) -> dict[str, str]:
    """Return what the process that answers a question gets: nothing of ours.

    Args:
        packages: The folder our own packages lie in.
    """
    return {"PYTHONPATH": str(packages), "LC_ALL": "C.UTF-8"}


def for_report(packages: Path) -> dict[str, str]:
    """Return what the program that writes a report gets.

    Args:
        packages: The folder our own packages lie in.
    """
    return {**_kept(_MACHINE), "PYTHONPATH": str(packages)}


def for_pages(own: Mapping[str, str]) -> dict[str, str]:
    """Return what the result pages get: the way to the login's provider, and where to read.

    Args:
        own: The folders and files they read.
    """
    return {**_kept(_MACHINE | _NETWORK, "LC_", "STREAMLIT_"), **own}


def for_dagster(own: Mapping[str, str]) -> dict[str, str]:
    """Return what Dagster and the runs it starts get: the keys too, for they read deliveries.

    Args:
        own: The municipality and its folders.
    """
    return {**_kept(_MACHINE, "LC_", "DAGSTER_", PSEUDONYM_KEY), **own}


def for_notice() -> dict[str, str]:
    """Return what the municipality's own program that takes a message on gets."""
    return _kept(_MACHINE | _NETWORK, "LC_")


def for_browser() -> dict[str, str]:
    """Return what the browser that shows a report gets."""
    return _kept(_MACHINE | _NETWORK | _SCREEN, "LC_", "XDG_")


def for_computing(own: Mapping[str, str]) -> dict[str, str]:
    """Return what dbt and the processes that estimate effects get.

    Args:
        own: Their own settings.
    """
    return {**_kept(_MACHINE, "LC_"), **own}


@contextmanager
def only(wanted: Mapping[str, str]) -> Iterator[None]:
    """Let this process have nothing but an environment, for what runs in it or is started by it.

    Another thread that wants an environment of its own waits until the block has ended.

    Args:
        wanted: All there is, for as long as the block runs.
    """
    with _alone:
        before = environment()
        become(wanted)
        try:
            yield
        finally:
            become(before)


def forget_keys() -> None:
    """Take the keys out of this process's own environment, whoever started it."""
    with _alone:
        own = environment()
        become({name: own[name] for name in own if not name.startswith(PSEUDONYM_KEY)})


def _kept(names: frozenset[str], *prefixes: str) -> dict[str, str]:
    return {
        name: value
        for name, value in environment().items()
        if name in names or (prefixes and name.startswith(prefixes))
    }
