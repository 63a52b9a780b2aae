"""The configuration as tables, in the warehouse, and as a fingerprint."""

import shutil
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.defs import context
from pipelines.defs.context import load_context
from pipelines.errors import ConfigError
from pipelines.municipality.fingerprint import input_fingerprint
from pipelines.municipality.load import load_municipality
from pipelines.municipality.model import Municipality
from pipelines.municipality.tables import SCHEMAS, config_tables
from pipelines.settings import MUNICIPALITIES_DIR, REPO_ROOT, Settings
from pipelines.warehouse.replaced import replace_tables


@pytest.fixture
def municipality(tmp_path: Path) -> Municipality:
    shutil.copytree(MUNICIPALITIES_DIR / "_template", tmp_path / "copy")
    return load_municipality(tmp_path / "copy")


def test_every_table_has_its_types_also_when_it_is_empty(municipality: Municipality) -> None:
    tables = config_tables(municipality)
    assert {name: dict(frame.schema) for name, frame in tables.items()} == SCHEMAS
    assert tables["profile"].height == 1
    assert tables["pilots"].height == 0


def test_a_subtracted_measure_keeps_its_sign_and_role(municipality: Municipality) -> None:
    rows = config_tables(municipality)["metric_measures"].rows(named=True)
    attendance = [row for row in rows if row["metric_id"] == "attendance_pct"]
    assert [(row["role"], row["measure_id"], row["sign"]) for row in attendance] == [
        ("numerator", "agreed_days", 1.0),
        ("numerator", "sick_days", -1.0),
        ("denominator", "agreed_days", 1.0),
    ]


def test_only_metrics_that_are_not_core_have_services(municipality: Municipality) -> None:
    tables = config_tables(municipality)
    special = set(tables["metrics"].filter(~tables["metrics"]["is_core"])["metric_id"])
    assert set(tables["metric_services"]["metric_id"]) == special


@pytest.mark.parametrize(
    "contact", ["", " ", "Servicetorget\\n61 00 00 00", "x" * 201, "kari.nordmann@kommunen.no"]
)
def test_a_contact_about_accessibility_is_one_line(tmp_path: Path, contact: str) -> None:
    folder = Path(shutil.copytree(MUNICIPALITIES_DIR / "_template", tmp_path / "copy"))
    with (folder / "municipality.yml").open("a", encoding="utf-8") as file:
        file.write(f'accessibility_contact: "{contact}"\n')
    with pytest.raises(ConfigError, match="accessibility_contact"):
        load_municipality(folder)


def test_writing_replaces_what_was_there(municipality: Municipality) -> None:
    with duckdb.connect() as con:
        replace_tables(con, "municipality", config_tables(municipality))
        renamed = municipality.model_copy(update={"name": "Ny kommune"})
        replace_tables(con, "municipality", config_tables(renamed))
        assert con.sql("select name from municipality.profile").fetchall() == [("Ny kommune",)]
        types = dict(
            con.sql(
                "select column_name, data_type from information_schema.columns "
                "where table_schema = 'municipality' and table_name = 'facts'"
            ).fetchall()
        )
        assert types["as_of"] == "DATE"
        assert types["value"] == "DOUBLE"


def test_a_failed_write_leaves_the_old_tables(municipality: Municipality) -> None:
    with duckdb.connect() as con:
        replace_tables(con, "municipality", config_tables(municipality))
        con.execute("drop table municipality.facts")
        con.execute("create view municipality.facts as select 1 as one")  # cannot be replaced
        with pytest.raises(duckdb.Error):
            replace_tables(
                con, "municipality", config_tables(municipality.model_copy(update={"name": "Ny"}))
            )
        assert con.sql("select name from municipality.profile").fetchall() != [("Ny",)]


@pytest.fixture
def product(tmp_path: Path) -> Path:
    root = tmp_path / "product"
    for name, text in (
        ("data_contracts/sources/hr.odcs.yaml", "id: hr"),
        ("data_contracts/metrics/standard.yml", "metrics: []"),
        ("dbt_project/models/a.sql", "select 1"),
        ("dbt_project/seeds/words.csv", "code"),
        ("pipelines/effects/model/fit.py", "LEVEL = 1"),
        ("requirements/runtime.txt", "duckdb==1"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_the_fingerprint_is_of_content_and_not_of_place_time_or_line_endings(
    municipality: Municipality, product: Path, tmp_path: Path
) -> None:
    before = input_fingerprint(municipality.folder, product)
    moved = tmp_path / "moved"
    shutil.copytree(municipality.folder, moved)
    pilots = moved / "pilots.yml"
    pilots.write_bytes(pilots.read_bytes().replace(b"\n", b"\r\n"))
    for made in ("dbt_project/target/compiled.sql", "pipelines/effects/__pycache__/fit.pyc"):
        (product / made).parent.mkdir()
        (product / made).write_text("made by running")
    assert (
        input_fingerprint(load_municipality(moved).folder, product.rename(tmp_path / "b")) == before
    )


def test_any_change_of_configuration_code_or_libraries_changes_the_fingerprint(
    municipality: Municipality, product: Path
) -> None:
    seen = [input_fingerprint(municipality.folder, product)]
    inside = sorted(file for file in product.rglob("*") if file.is_file())
    assert len(inside) == 6
    for file in (municipality.folder / "sources" / "hr.yml", *inside):
        with file.open("a") as text:
            text.write("\n# en ny linje\n")
        seen.append(input_fingerprint(municipality.folder, product))
    model = product / "dbt_project" / "models" / "a.sql"
    model.rename(model.with_name("b.sql"))
    seen.append(input_fingerprint(municipality.folder, product))
    assert len(set(seen)) == len(seen)


def test_an_upgraded_product_has_something_to_do_the_next_night(
    tmp_path: Path, product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "REPO_ROOT", product)
    settings = Settings(municipality="vestre_toten", home=tmp_path / "home")
    before, again = (load_context(settings).run_fingerprint() for _ in range(2))
    (product / "pipelines" / "effects" / "fit.py").write_text("LEVEL = 2")
    assert before == again != load_context(settings).run_fingerprint()


def test_the_whole_products_fingerprint_costs_next_to_nothing(municipality: Municipality) -> None:
    began = time.process_time()
    input_fingerprint(municipality.folder, REPO_ROOT)
    assert time.process_time() - began < 2
