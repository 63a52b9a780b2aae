"""Absences and positions that are too old are deleted, and every published figure stands.

Five runs of a small municipality, one after the other in the file's order.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.publishing.contents import HISTORY_TABLES, LEDGER_TABLES
from pipelines.warehouse.table_hash import table_hash
from tests.case_town import MUNICIPALITY, Town
from tests.conftest import REPO
from tests.published import generation_file

pytestmark = pytest.mark.integration

# five years after the absences of 2023, and the positions that ended then
_LATER = """
from datetime import date
from pipelines.defs import care
care.today = lambda: date(2029, 3, 1)
# the log itself holds what it deletes against the clock
care.shorten = lambda *_: None
from pipelines.cli.app import entry
entry()
"""
_DAY = "2029-03-01"
_HEADER = "Ansattnr;Enhet;Fra;Til;Type;Grad\n"
_ROWS = (
    "00218;U20;3.1.2023;9.1.2023;Egenmelding;\n"
    "00216;U20;2.1.2023;30.6.2023;Sykemelding;50\n"
    "00219;U20;4.9.2023;29.9.2023;Sykemelding;100\n"
)
# one who left, one who changed in 2022 and is there still, one who was away over the new year
_POSITIONS = (
    "00901;1;U20;50,00;Fast;01.01.2020;31.03.2022\n"
    "00902;1;U20;80,00;Fast;01.01.2020;30.06.2022\n"
    "00902;1;U20;100,00;Fast;01.07.2022;\n"
    "00217;2;U20;10,00;Fast;01.01.2020;15.09.2023\n"
)
_OVER = "00217;U20;1.9.2023;29.3.2024;Sykemelding;100\n"
_NO_FIGURES = LEDGER_TABLES | HISTORY_TABLES
_COUNTED = {"mart_sentences": f"table_name not in {tuple(sorted(HISTORY_TABLES))}"}
_SPELLS = "select count(*), min(start_date)::varchar from sick_leave.spells"


def _later(town: Town, *args: str) -> str:
    """Run the command line on a day five years later."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PUKK_", "DAGSTER_", "DBT_"))}
    env |= {"PUKK_HOME": str(town.home), "PUKK_MUNICIPALITY": str(town.config), "COLUMNS": "160"}
    done = subprocess.run(
        [sys.executable, "-c", _LATER, *args],
        cwd=REPO,
        env=env,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _figures(town: Town) -> dict[str, str]:
    """Every published table by its content, but those about deliveries, runs and editions."""
    with duckdb.connect(str(generation_file(town.home, MUNICIPALITY)), read_only=True) as con:
        names = con.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: str(table_hash(con, name, where=_COUNTED.get(name, "")))
            for (name,) in names
            if name not in _NO_FIGURES
        }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town.build(tmp_path_factory.mktemp("lukket"))
    made.write("fravar_2023-01.csv", _HEADER + _ROWS[: _ROWS.index("00219")])
    made.write("fravar_2023-09.csv", _HEADER + _ROWS[_ROWS.index("00219") :] + _OVER)
    made.write("stillinger.csv", (made.inbox / "stillinger.csv").read_text("utf-8") + _POSITIONS)
    made.pukk("run")
    return made


@pytest.fixture(scope="module")
def before(town: Town) -> dict[str, str]:
    """What was published with all rows there."""
    return _figures(town)


def test_shown_first_and_nothing_is_changed(town: Town, before: dict[str, str]) -> None:
    (found,) = town.warehouse(_SPELLS)
    told = json.loads(town.pukk("retention", "--as-of", _DAY, "--json").stdout)
    assert told["person_rows"] > 20
    assert not told["deleted"]
    assert town.warehouse(_SPELLS) == [found]
    shown = town.pukk("retention", "--as-of", _DAY).stdout
    assert "Sykefraværet før 01.2024 lukkes når radene slettes" in shown
    assert "Stillingene før 01.2024 lukkes når radene slettes" in shown
    assert _figures(town) == before


def test_deleted_every_published_figure_is_the_same(town: Town, before: dict[str, str]) -> None:
    (had,) = town.warehouse(_SPELLS)
    _later(town, "retention", "--delete")
    (left,) = town.warehouse(_SPELLS)
    # what lasts into the open months, or nearly, is there still
    assert left[1] == "2023-09-01"
    assert 0 < left[0] < had[0]
    # one stays: the position of the one who is away into what is open
    assert town.warehouse(
        "select position_pct::integer from hr.positions where end_date < date '2024-01-01'"
    ) == [(10,)]
    town.pukk("run", "--force")
    assert _figures(town) == before
    assert town.warehouse("select count(*) from intermediate.int_reconciliation"
                          " where is_unexplained") == [(0,)]  # fmt: skip


def test_a_lost_warehouse_is_built_with_what_was_kept(town: Town, before: dict[str, str]) -> None:
    (town.home / MUNICIPALITY / "warehouse.duckdb").unlink()
    town.pukk("run", "--force")
    assert _figures(town) == before


def test_a_correction_of_a_closed_month_is_held_and_changes_nothing(
    town: Town, before: dict[str, str]
) -> None:
    town.write("fravar_2023-02.csv", _HEADER + "00218;U20;1.2.2023;27.2.2023;Egenmelding;\n")
    told = town.pukk("run").stdout
    assert "2023-02" in told
    assert "lukket" in told
    assert _figures(town) == before
    (delivery,) = town.warehouse(
        "select delivery_id from ops.deliveries where file_name like '%2023-02%'"
        " and status = 'loaded'"
    )[0]
    refused = town.pukk("deliveries", "withdraw", delivery, "--reason", "Feil fil.", check=False)
    assert refused.returncode != 0
    assert "lukket" in refused.stdout + refused.stderr


def test_the_rows_that_were_deleted_are_nowhere(town: Town) -> None:
    import polars as pl

    landing: Path = town.home / MUNICIPALITY / "landing"
    for file in landing.glob("sick_leave/spells/ym=2022-*/*.parquet"):
        assert pl.read_parquet(file, hive_partitioning=False).is_empty(), file.name
