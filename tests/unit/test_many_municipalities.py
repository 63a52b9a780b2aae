"""The generator of many municipalities: deterministic, with what is planted told beside."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.example.many import FIRST_YEAR, N_YEARS, World, make_many
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import IngestContext
from pipelines.municipality.load import load_municipality
from pipelines.settings import Paths
from pipelines.warehouse.connection import open_warehouse
from tests.conftest import pukk
from tests.ingest_fixture import ingest_all

WORLD = World(seed=7, mean_pct=-2.0, tau_pct=0.0, without_effect=0.5, drawn=0.5)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("many")
    make_many(folder, 12, WORLD)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_seed_makes_the_same_and_more_changes_none(made: Path, tmp_path: Path) -> None:
    for name, n, world in (("fewer", 3, WORLD), ("other", 3, World(seed=8))):
        (tmp_path / name).mkdir()
        make_many(tmp_path / name, n, world)
    few = content(tmp_path / "fewer" / "kommune_003")
    assert few == content(made / "kommune_003")
    assert few != content(tmp_path / "other" / "kommune_003")


def test_what_is_planted_is_told_beside_and_is_in_the_figures(made: Path) -> None:
    told = json.loads((made / "truth.json").read_text())
    towns = told["municipalities"]
    assert told["world"]["mean_pct"] == -2.0
    assert {town["effect_pct"] for town in towns} == {0.0, -2.0}
    assert {town["start_order"] for town in towns} == {"drawn", "chosen"}
    assert len({town["n_units"] for town in towns}) > 6
    assert len({town["number"] for town in towns}) == 12
    gaps = {0.0: [], -2.0: []}
    for town in towns:
        if town["start_order"] == "drawn":
            gaps[town["effect_pct"]].append(difference(made / town["name"] / "deliveries"))
        names = [f for f in content(made / town["name"]) if "truth" in f]
        assert names == []
    mean = {effect: sum(found) / len(found) for effect, found in gaps.items()}
    assert mean[-2.0] - mean[0.0] == pytest.approx(-2.0, abs=0.8)


def difference(folder: Path) -> float:
    """The last two years of those that started less those that wait, against the first years."""
    started = pl.read_csv(folder / "runder.csv", separator=";")["Enhet"].to_list()
    rows = pl.concat(
        pl.read_csv(file, separator=";", decimal_comma=True)
        for file in sorted(folder.glob("sykefravar_*.csv"))
    ).with_columns(
        pl.col("Dato").str.slice(-4).cast(pl.Int32).alias("year"),
        pl.col("Enhet").is_in(started).alias("started"),
    )
    last, first = FIRST_YEAR + N_YEARS - 2, FIRST_YEAR + 4

    def rate(started: bool, years: pl.Expr) -> float:
        chosen = rows.filter((pl.col("started") == started) & years)
        return 100 * chosen["Sykedager"].sum() / chosen["Avtalte dager"].sum()

    after, before = pl.col("year") >= last, pl.col("year") < first
    return (rate(True, after) - rate(True, before)) - (rate(False, after) - rate(False, before))


def test_the_deliveries_are_read_without_a_word(made: Path, tmp_path: Path) -> None:
    town = load_municipality(made / "kommune_002")
    inbox = made / "kommune_002" / "deliveries"
    paths = Paths(tmp_path / "home", inbox).create()
    contracts = load_contracts()
    con = open_warehouse(paths.warehouse, contracts)
    key = Keys((b"en nokkel som bare testene bruker",))
    results = ingest_all(IngestContext(town, contracts, paths, key, con))
    assert {(r.status, r.rows_quarantined) for r in results} == {("loaded", 0)}
    assert len(results) == 3 + N_YEARS
    con.close()


def test_a_fleet_of_them_is_made_with_one_command(tmp_path: Path) -> None:
    fleet = tmp_path / "fleet"
    args = ("fleet", "example", "--fleet", str(fleet), "--count", "2")
    assert "2 kommuner" in pukk(*args, home=tmp_path).stdout
    inbox = fleet / "kommune_002" / "home" / "kommune_002" / "inbox"
    assert len(list(inbox.glob("*.csv"))) == 3 + N_YEARS
    again = pukk(*args, home=tmp_path, check=False)
    assert again.returncode != 0
    assert "fra før" in again.stderr
