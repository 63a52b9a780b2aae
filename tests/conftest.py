"""Fixtures shared by all tests: the example, built once for the whole session, and copies of it.

And a house: a small made-up municipality of one's own to deliver files to.
"""

import os

# many small fits: threads that wait for each other cost more than they give
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from tests.ingest_fixture import House

REPO = Path(__file__).resolve().parent.parent

# Workers take whole files in this order. The first file builds the example, which the next ones do
# without until it is there; the long ones come before the many short ones, which even out the end.
ORDER = (
    "integration/test_example_job.py",
    "statistics",
    "e2e",
    "integration",
    "golden",
    "property",
    "fault",
    "unit",
    "architecture",
    "load",
)


# left out of `make test-fast`: whatever runs the whole job or takes deliveries in, and files that
# run dbt or servers
SLOW_FIXTURES = frozenset({"example_home", "example_copy", "nhs_home", "house"})
SLOW_FILES = frozenset(
    {
        "test_cli_services.py",
        "test_cycle_starts.py",
        "test_dashboard_server.py",
        "test_dbt_seeds.py",
        "test_desk_asking.py",
        "test_disclosure.py",
        "test_example_generate.py",
        "test_example_size.py",
        "test_headlines.py",
        "test_open_ends.py",
        "test_query_attacks.py",
        "test_query_sandbox.py",
        "test_warehouse_untouched.py",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.path.relative_to(REPO / "tests").as_posix()))
    for item in items:
        is_slow = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if is_slow or item.path.name in SLOW_FILES:
            item.add_marker("slow")


def _place(path: str) -> int:
    return next((n for n, start in enumerate(ORDER) if path.startswith(start)), len(ORDER))


TEMPORARY = "-temporary"
"""What the folder for temporary files is called after the PUKK_HOME that is built beside it."""


def pukk(
    *args: str,
    home: Path,
    municipality: str = "vestre_toten",
    check: bool = True,
    temporary: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would, with its own PUKK_HOME."""
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PUKK_", "DAGSTER_", "DBT_"))
    }
    env |= {
        "PUKK_HOME": str(home),
        "PUKK_MUNICIPALITY": municipality,
        "COLUMNS": "160",
        "NO_COLOR": "1",
    }
    if temporary is not None:
        env["TMPDIR"] = str(temporary)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli.app", *args],
        cwd=REPO,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if check and done.returncode != 0:
        pytest.fail(f"pukk {' '.join(args)} ga {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


def _built_once(
    tmp_path_factory: pytest.TempPathFactory, municipality: str, worker_id: str
) -> Path:
    # workers share one build: the first one makes it, the others wait for the lock
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / f"built-{municipality}"
    done = shared / f"built-{municipality}.done"
    with FileLock(shared / f"built-{municipality}.lock"):
        if not done.exists():
            temporary = home.with_name(home.name + TEMPORARY)
            temporary.mkdir(exist_ok=True)
            pukk("example", home=home, municipality=municipality, temporary=temporary)
            pukk("run", home=home, municipality=municipality, temporary=temporary)
            done.touch()
    return home


@pytest.fixture(scope="session")
def example_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """PUKK_HOME with the example built and published; read only, copy it to change it."""
    return _built_once(tmp_path_factory, "vestre_toten", worker_id)


@pytest.fixture(scope="session")
def nhs_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """PUKK_HOME with NHS England built and published; read only, copy it to change it."""
    return _built_once(tmp_path_factory, "nhs_england", worker_id)


@pytest.fixture
def example_copy(example_home: Path, tmp_path: Path) -> Path:
    """A PUKK_HOME of one's own with the example built and published."""
    return Path(shutil.copytree(example_home, tmp_path / "home"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator["House"]:
    """A small municipality of one's own whose organisation is taken in."""
    from tests.ingest_fixture import House  # slow to import, and few tests deliver files

    made = House.build(tmp_path)
    yield made
    made.con.close()


@pytest.fixture
def heard_signals() -> Iterator[None]:
    """Stops are heard also where the one who started the tests wants them ignored (nohup)."""
    heard = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {stop: signal.signal(stop, handler) for stop, handler in heard.items()}
    yield
    for stop, handler in before.items():
        signal.signal(stop, handler)
