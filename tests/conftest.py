"""Fixtures shared by all tests: the example, built once for the whole session, and copies of it.

And a house: a small made-up municipality of one's own to deliver files to.
"""

import os

# many small fits: threads that wait for each other cost more than they give
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings

from tests import costs
from tests.warm.harness import python_for

if TYPE_CHECKING:
    from tests.case_town import Town
    from tests.ingest_fixture import House

REPO = Path(__file__).resolve().parent.parent

# the same examples every time, and no clock: a busy machine has found no fault of ours. Who looks
# for more: pytest --hypothesis-profile=search
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

# Workers take whole files in this order. The first two build the example and the small
# municipality, which those after them do without until they are there; the long files come before
# the many short ones, which even out the end.
ORDER = (
    "integration/test_example_job.py",
    "integration/test_run_from_dagster.py",
    "statistics",
    "e2e",
    "integration",
    "golden",
    "property",
    "fault",
    "unit",
    "architecture",
    "load",
    "postgres",
)


# left out of `make test-fast`: whatever runs the whole job or takes deliveries in, and files that
# run dbt or servers
SLOW_FIXTURES = frozenset(
    {
        "example_home",
        "example_copy",
        "nhs_home",
        "built_town",
        "house",
        "lock_states",
        "compiled_models",
    }
)
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

# left out there too, but not of `make coverage`: each takes many small deliveries in, or runs a
# little of dbt, and together they take as long as all the others
SECONDS_FILES = frozenset(
    {
        "test_adopt_guide.py",
        "test_cli_never_traces.py",
        "test_drawn_starts.py",
        "test_edition_changes.py",
        "test_evidence_commands.py",
        "test_ingest_other_period.py",
        "test_ingest_running_sums.py",
        "test_large_in_parts.py",
        "test_many_municipalities.py",
        "test_one_thread_of_algebra.py",
        "test_pruning.py",
        "test_reading_cases.py",
        "test_reading_dates.py",
        "test_reading_text.py",
        "test_reading_workbooks.py",
        "test_upgraded_home.py",
    }
)

# What a real browser is told in time, and what a night costs beside other tests, hangs on what else
# the machine does: a test of these that fails is run once more, and the summary tells of it. A
# fault of ours fails twice.
MEASURED_FILES = frozenset({"test_night_costs.py"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.path.relative_to(REPO / "tests").as_posix()))
    for item in items:
        is_slow = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if is_slow or item.path.name in SLOW_FILES:
            item.add_marker("slow")
        if item.path.name in SECONDS_FILES:
            item.add_marker("seconds")
        if "e2e" in item.path.parts or item.path.name in MEASURED_FILES:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """Leave what is imported by now to itself: looking through it again and again is a third of
    the time of the fast tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    written = os.environ.get(costs.FLAG)
    before = costs.spent_s()
    done = yield
    if written:
        costs.note(written, item.path.relative_to(REPO / "tests").as_posix(), before)
    return done


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
    told: Mapping[str, str] | None = None,
    alone: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would, with its own PUKK_HOME.

    Alone, or told something of its own, it is started by Python, and finds no library imported.
    """
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
        **(told or {}),
    }
    if temporary is not None:
        env["TMPDIR"] = str(temporary)
    python = sys.executable if alone or told else python_for(args[0])
    done = subprocess.run(
        [python, "-m", "pipelines.cli.app", *args],
        cwd=REPO,
        env=env,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    if check and done.returncode != 0:
        pytest.fail(f"pukk {' '.join(args)} ga {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


@contextmanager
def _once(tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str) -> Iterator[Path]:
    """Give where something that workers share is built: one of them at a time, the rest wait."""
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / f"built-{name}"
    with FileLock(f"{place}.lock"):
        yield place


def _built_once(
    tmp_path_factory: pytest.TempPathFactory, municipality: str, worker_id: str
) -> Path:
    with _once(tmp_path_factory, worker_id, municipality) as home:
        done = home.with_name(f"{home.name}.done")
        if not done.exists():
            temporary = home.with_name(home.name + TEMPORARY)
            temporary.mkdir(exist_ok=True)
            pukk("example", home=home, municipality=municipality, temporary=temporary)
            pukk("run", home=home, municipality=municipality, temporary=temporary, alone=True)
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


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> "Town":
    """The small municipality of the cases after its first night; read only, copy it to change it.

    It lies in a folder whose name people would give it, with spaces and letters of their own.
    """
    from tests.case_town import Town  # it begins its own runs with what is here

    with _once(tmp_path_factory, worker_id, "Småby i Øst") as place:
        done = place.with_name(f"{place.name}.done")
        if not done.exists():
            Town.build(place).pukk("run")
            done.touch()
    return Town(place)


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
