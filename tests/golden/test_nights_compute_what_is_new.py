"""A night runs what depends on what is new, and ends where one clean build of everything ends."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.defs.dbt_steps import STEPS, run_step
from pipelines.defs.manifest import invoke_dbt, read_manifest
from pipelines.defs.to_compute import compute_everything
from pipelines.settings import Paths
from pipelines.warehouse.computed import content_of
from tests.golden.definitions_town import definitions_warehouse

# dbt keeps its log file open until the next of its runs logs elsewhere
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
MOST_NODES = 200
# each as the ingest leaves the sources after a delivery, a correction, a decision or a setting
NEW_MONTH = (
    "insert into sick_leave.spells select * replace (start_date + interval 3 year as start_date,"
    " end_date + interval 3 year as end_date) from sick_leave.spells limit 9",
    "insert into ops.deliveries select * replace ('D2' as delivery_id, seq + 100 as seq)"
    " from ops.deliveries where contract_id = 'sick_leave' limit 1",
)
CORRECTION = ("update ledger.entries set amount_nok = amount_nok + 1000 where unit_id = 'ledger'",)
WITHDRAWAL = ("delete from ledger.entries where unit_id = 'versions'",)
SETTING = ("update municipality.profile set min_persons = min_persons + 1",)
ANOTHER_NUMBER = ("update hr.positions set delivery_id = 'D7'",)


@dataclass(frozen=True)
class Town:
    """A warehouse of its own, and the nights it has had."""

    paths: Paths

    def change(self, statements: Sequence[str]) -> None:
        with duckdb.connect(str(self.paths.warehouse)) as con:
            for statement in statements:
                con.execute(statement)

    def night(self) -> dict[str, str]:
        """Run the first step; returns the nodes dbt ran: name -> what came of it."""
        events, _ = run_step(self.paths, read_manifest(self.paths), STEPS[0])
        found = {}
        for event in events:
            if event["info"]["name"] == "NodeFinished":
                result, node = event["data"]["run_result"], event["data"]["node_info"]
                assert node["node_status"] == "success", result
                found[node["node_name"]] = result["adapter_response"].get("code", "computed")
        return found

    def tables(self) -> dict[str, str | None]:
        with duckdb.connect(str(self.paths.warehouse)) as con:
            con.execute("set TimeZone = 'Europe/Oslo'")
            names = con.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_schema in ('staging', 'intermediate', 'marts') order by all"
            ).fetchall()
            return {f"{s}.{n}": content_of(con, f'"{s}"."{n}"') for s, n in names}

    def clean(self, folder: Path) -> dict[str, str | None]:
        """What one build of everything gives from the same sources, in a warehouse of its own."""
        other = Town(Paths(folder))
        shutil.copytree(self.paths.root, folder, ignore=shutil.ignore_patterns("logs", "run"))
        with duckdb.connect(str(other.paths.warehouse)) as con:
            for schema in ("staging", "intermediate", "marts"):
                con.execute(f"drop schema if exists {schema} cascade")
        compute_everything(other.paths)
        assert len(other.night()) > MOST_NODES
        return other.tables()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Town:
    paths = Paths(tmp_path_factory.mktemp("nights")).create()
    shutil.copyfile(definitions_warehouse(tmp_path_factory, worker_id), paths.warehouse)
    return Town(paths)


@pytest.fixture(scope="module")
def first(town: Town) -> dict[str, str]:
    return town.night()


def test_the_first_night_runs_everything_and_the_next_nothing(
    town: Town, first: dict[str, str]
) -> None:
    before = town.tables()
    assert {"stg_hr__positions", "labels", "int_metric_months", "mart_cycles"} <= first.keys()
    assert town.night() == {}
    assert town.tables() == before


def test_everything_recomputed_is_the_tables_alone_and_under_the_limit(
    town: Town, first: dict[str, str]
) -> None:
    before = town.tables()
    compute_everything(town.paths)
    again = town.night()
    assert set(again.values()) == {"computed"}
    assert again.keys() < first.keys()
    assert {"stg_hr__positions", "labels"}.isdisjoint(again)
    late = STEPS[1].nodes(read_manifest(town.paths))
    assert 100 < len(again) < len(again) + len(late) < MOST_NODES
    assert town.tables() == before


def test_another_delivery_number_reaches_what_tells_the_deliveries_and_no_figure(
    town: Town, first: dict[str, str]
) -> None:
    town.change(ANOTHER_NUMBER)
    computed = {name for name, code in town.night().items() if code == "computed"}
    assert "int_hr__position_months" in computed
    assert {n for n in computed if n.startswith(("dim_", "fct_", "mart_"))} <= {"mart_lineage"}


def test_a_correction_computes_what_it_changes_and_leaves_the_rest_standing(
    town: Town, first: dict[str, str]
) -> None:
    town.change(CORRECTION)
    run = town.night()
    assert run["int_ledger__entries"] == run["int_metric_months"] == "computed"
    for name in ("int_hr__position_months", "int_sick_leave__case_days", "int_lean__cycles"):
        assert run.get(name, "STANDS") == "STANDS"
    assert town.night() == {}


def test_any_sequence_of_nights_ends_as_a_clean_build(
    town: Town, first: dict[str, str], tmp_path: Path
) -> None:
    for number, change in enumerate((NEW_MONTH, WITHDRAWAL, SETTING, CORRECTION)):
        town.change(change)
        if number == 1:
            killed_half_way(town)
        town.night()
    assert town.tables() == town.clean(tmp_path / "clean")


def killed_half_way(town: Town) -> None:
    """Some tables are computed, what comes after them is not, and nobody has looked at it."""
    told = {"PUKK_COMPUTE": "changed", "PUKK_ENGINE": f"duckdb {duckdb.__version__}"}
    assert invoke_dbt(town.paths, ["run", "--select", "int_ledger__unit_months+1"], told)


def test_what_somebody_has_built_or_written_by_hand_is_computed_anew(
    town: Town, first: dict[str, str]
) -> None:
    before = town.tables()
    by_hand = "create or replace table intermediate.int_months as"
    town.change([f"{by_hand} select * from intermediate.int_months limit 1"])
    assert town.night()["int_months"] == "computed"
    assert town.tables() == before
    invoke_dbt(town.paths, ["run", "--select", "int_days"])
    assert town.night()["int_days"] == "computed"
    town.change(["drop table staging.labels", "drop view staging.stg_hr__positions"])
    assert {"labels", "stg_hr__positions"} <= town.night().keys()
    assert town.tables() == before
    assert town.night() == {}
