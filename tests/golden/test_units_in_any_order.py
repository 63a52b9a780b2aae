"""NHS England month by month, all at once and in any order, with six organisations that merge."""

import csv
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import load_contracts
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.run import IngestContext
from pipelines.municipality.load import load_municipality
from pipelines.settings import Settings, paths_for
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.schema import create_tables
from tests.ingest_fixture import ingest_all

NHS = load_municipality("nhs_england")
MONTHS = [f"2024-0{month}" for month in range(4, 10)]
MERGED, INTO = ("RY6", "RRE", "RX1", "RWD", "RXC", "RTX"), "R0Z"
TABLES = {
    "organisation.units": "* exclude (delivery_id)",
    "sick_leave.unit_months": "* exclude (delivery_id)",
    "unit_metrics.values": "* exclude (delivery_id)",
}


def merge(folder: Path) -> None:
    """Let six organisations be one from July: their days are added, their own rows are gone."""
    for month in MONTHS[3:]:
        file = folder / f"nhs_sickness_absence_{month}.csv"
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found = list(csv.DictReader(opened))
        gone = [row for row in found if row["ORG_CODE"] in MERGED]
        assert len(gone) == len(MERGED)
        sums = {
            name: str(sum(float(row[name]) for row in gone))
            for name in ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE")
        }
        one = gone[0] | sums | {"ORG_CODE": INTO, "ORG_NAME": "Six Made One NHS Trust"}
        left = [row for row in found if row["ORG_CODE"] not in MERGED]
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(found[0]))
            writer.writeheader()
            writer.writerows([*left, one])


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deliveries") / "nhs"
    assert NHS.example is not None
    shutil.copytree(NHS.folder / NHS.example.folder, folder)
    merge(folder)
    return folder


def taken_in(home: Path, deliveries: Path, nights: Sequence[Sequence[str]]) -> dict[str, list[Any]]:
    """Return the source tables after nights in each of which some months came."""
    paths = paths_for(Settings(municipality="nhs_england", home=home), NHS.id)
    paths.create()
    contracts = load_contracts()
    with open_warehouse(paths.warehouse) as con:
        create_tables(con, contracts)
        for night in nights:
            for month in night:
                for file in deliveries.glob(f"*{month}.csv"):
                    shutil.copy(file, paths.inbox)
            ingest_all(IngestContext(NHS, contracts, paths, Keys((b"not a secret",)), con))
        aside = (
            "select d.file_name, count(*) from ops.quarantine q join ops.deliveries d"
            " using (delivery_id) where d.status = 'loaded' group by all order by all"
        )
        return {
            table: con.execute(f"select {columns} from {table} order by all").fetchall()
            for table, columns in TABLES.items()
        } | {"quarantine": con.execute(aside).fetchall()}


@pytest.fixture(scope="module")
def at_once(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    return taken_in(tmp_path_factory.mktemp("once"), deliveries, [MONTHS])


def _shuffled(seed: int) -> list[list[str]]:
    months = [*MONTHS]
    random.Random(seed).shuffle(months)  # noqa: S311 - not for secrets
    return [[month] for month in months]


@pytest.mark.parametrize(
    "nights",
    [
        [[month] for month in MONTHS],
        [[month] for month in reversed(MONTHS)],
        *(_shuffled(seed) for seed in (1, 2, 3)),
    ],
    ids=["one_by_one", "newest_first", "random_1", "random_2", "random_3"],
)
def test_the_months_give_the_same_source_tables_in_any_order(
    nights: list[list[str]], deliveries: Path, at_once: dict[str, list[Any]], tmp_path: Path
) -> None:
    found = taken_in(tmp_path, deliveries, nights)
    for table, rows in at_once.items():
        assert found[table] == rows, table


def test_rows_of_organisations_that_merged_are_still_known(at_once: dict[str, list[Any]]) -> None:
    units = {(row[0], row[-1]) for row in at_once["organisation.units"]}
    for unit in MERGED:
        assert (unit, "2024-06") in units
        assert (unit, "2024-07") not in units
    # five of them had emergency figures or not; none of their rows before July is set aside
    figures = {row[0] for row in at_once["unit_metrics.values"]}
    assert figures & set(MERGED)
