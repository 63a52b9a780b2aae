"""Two municipalities run in one process, at once: nothing of one is in the other's home.

The environment names a third, which nobody asked for: whoever reads it again writes there.
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.case_town import MUNICIPALITY, Town
from tests.published import published, warehouse

pytestmark = pytest.mark.integration
OTHER = "naboby"
NAMES = {MUNICIPALITY: "Enhet ", OTHER: "Avdeling "}


@dataclass
class Pair:
    """Two towns with the same figures under other names, and what the process had besides."""

    homes: dict[str, Path]
    trap: Path
    environment: tuple[dict[str, str], dict[str, str]]
    umask: tuple[int, int]
    outcomes: dict[str, bool] = field(default_factory=dict)


def _renamed(town: Town) -> None:
    profile = town.config / "municipality.yml"
    text = profile.read_text(encoding="utf-8").replace(f"id: {MUNICIPALITY}\n", f"id: {OTHER}\n")
    profile.write_text(text.replace("Prøve kommune", "Nabo kommune"), encoding="utf-8")
    units = town.inbox / "enheter.csv"
    names = units.read_text(encoding="utf-8").replace(NAMES[MUNICIPALITY], NAMES[OTHER])
    units.write_text(names, encoding="utf-8")
    shutil.move(town.home / MUNICIPALITY, town.home / OTHER)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    from pipelines.defs.context import load_context
    from pipelines.defs.run import run_nightly
    from pipelines.settings import Settings

    root = tmp_path_factory.mktemp("pair")
    one, two = Town.build(root / "one"), Town.build(root / "two")
    _renamed(two)
    trap = root / "trap"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUKK_HOME", str(trap))
        patch.setenv("PUKK_MUNICIPALITY", "nhs_england")
        patch.setenv("DAGSTER_HOME", str(trap))
        before, open_before = dict(os.environ), _umask()
        contexts = {
            name: load_context(Settings(municipality=str(town.config), home=town.home))
            for name, town in ((MUNICIPALITY, one), (OTHER, two))
        }
        with ThreadPoolExecutor(2) as both:
            outcomes = dict(zip(contexts, both.map(run_nightly, contexts.values()), strict=True))
        yield Pair(
            {MUNICIPALITY: one.home, OTHER: two.home},
            trap,
            (before, dict(os.environ)),
            (open_before, _umask()),
            {name: outcome.is_new for name, outcome in outcomes.items()},
        )


def test_both_are_published_and_each_with_its_own_names(pair: Pair) -> None:
    assert pair.outcomes == {MUNICIPALITY: True, OTHER: True}
    for name, home in pair.homes.items():
        units = published(home, "select unit_name from dim_units", name)
        assert len(units) > 10
        assert {unit[: len(NAMES[name])] for (unit,) in units} == {NAMES[name]}


def test_the_same_deliveries_give_the_same_figures(pair: Pair) -> None:
    sql = "select count(*), sum(hash(group_id, month, metric_id, value)) from fct_metric_months"
    one, two = (published(home, sql, name) for name, home in pair.homes.items())
    assert one == two
    assert one[0][0] > 100


def test_nothing_of_one_lies_in_the_home_of_the_other(pair: Pair) -> None:
    for name, home in pair.homes.items():
        other = OTHER if name == MUNICIPALITY else MUNICIPALITY
        theirs = (
            f"{NAMES[other]}U01".encode(),
            str(pair.homes[other]).encode(),
            f'"{other}"'.encode(),
        )
        files = [file for file in home.rglob("*") if file.is_file()]
        assert any(file.suffix == ".duckdb" for file in files)
        found = {
            str(file.relative_to(home)): word
            for file in files
            for word in theirs
            if word in file.read_bytes()
        }
        assert found == {}
        assert [entry.name for entry in home.iterdir()] == [name]


def test_each_has_its_own_pseudonyms(pair: Pair) -> None:
    sql = "select distinct person_id from sick_leave.spells"
    one, two = (
        {person for (person,) in warehouse(home, sql, name)} for name, home in pair.homes.items()
    )
    assert len(one) == len(two) > 1
    assert one.isdisjoint(two)


def test_the_municipality_of_the_environment_is_not_touched(pair: Pair) -> None:
    assert not pair.trap.exists()


def test_the_process_is_left_as_it_was(pair: Pair) -> None:
    before, after = pair.environment
    # a library may tell itself something; what says whose home it is stands as it did
    ours = ("PUKK_", "DAGSTER_", "DBT_", "GX_", "OPENBLAS_")
    assert {k: v for k, v in after.items() if k.startswith(ours)} == {
        k: v for k, v in before.items() if k.startswith(ours)
    }
    assert before.items() <= after.items()
    assert pair.umask[0] == pair.umask[1]
