"""The edition for other tools: a file that old DuckDBs open, Parquet that says what it is."""

import hashlib
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.cli.output import print_json
from pipelines.publishing.files import file_of
from pipelines.publishing.parquet_folder import MANIFEST, build_folder
from pipelines.settings import Paths
from tests.unit.publishing_town import PRODUCTS, publish_now

OLDEST = 64
"""What DuckDB 1.0 to 1.1 call their storage; newer ones open it too."""


def test_a_published_file_is_written_for_the_duckdb_that_people_have(
    con: duckdb.DuckDBPyConnection, paths: Paths
) -> None:
    head = file_of(paths, publish_now(con, paths)).read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") <= OLDEST


def test_the_folder_of_parquet_holds_every_table_and_says_what_each_column_means(
    con: duckdb.DuckDBPyConnection, paths: Paths, tmp_path: Path
) -> None:
    made = publish_now(con, paths)
    folder = tmp_path / "tall"
    told = json.loads(build_folder(file_of(paths, made), made, folder))
    assert told == json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert (told["generation"], told["content_sha256"]) == (made.number, made.content_sha256)
    assert {each["table"] for each in told["tables"]} == set(PRODUCTS)
    assert {path.name for path in folder.iterdir()} == {
        MANIFEST, *(f"{name}.parquet" for name in PRODUCTS)
    }  # fmt: skip
    for each in told["tables"]:
        content = (folder / each["file"]).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        frame = pl.read_parquet(folder / each["file"])
        assert frame.height == each["rows"]
        assert frame.columns == [column["name"] for column in each["columns"]]
        assert all(column["description"] for column in each["columns"])


def test_figures_in_json_have_no_more_digits_than_they_mean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json([{"sum": 1.3 + 2.6, "none": float("nan"), "large": 123456789012.34}])
    assert json.loads(capsys.readouterr().out) == [
        {"sum": 3.9, "none": None, "large": 123456789012.34}
    ]
