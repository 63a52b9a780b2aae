"""No file that a run leaves tells who someone is, outside the inbox it was delivered in.

Names, employee numbers and identity numbers are looked for in every file: databases, logs, the
artefacts of dbt and Great Expectations, Dagster's event log, landing, reports, temporary folders.
"""

import csv
import gzip
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.case_town import Town
from tests.conftest import TEMPORARY
from tests.leftovers import Leftover, files_below
from tests.unit.test_personal_identifiers import N

pytestmark = pytest.mark.integration
LONG = 9


@dataclass(frozen=True)
class Left:
    """A file that was left, and what was found in it."""

    place: str
    n_employees: int
    n_names: int
    n_identifiers: int
    has_pseudonyms: bool


@pytest.fixture(scope="module")
def left(example_home: Path) -> list[Left]:
    folder = example_home / "vestre_toten"
    with (folder / "truth" / "people.csv").open(encoding="utf-8") as stream:
        people = list(csv.DictReader(stream))
    numbers = {person["employee_number"].encode() for person in people}
    surnames = {person["name"].split()[-1] for person in people}
    names = {name.encode() for name in surnames if len(name) >= LONG}
    assert len(numbers) > 1100
    assert len(names) > 100
    found = []
    temporary = example_home.with_name(example_home.name + TEMPORARY)
    for file in files_below([example_home, temporary], [folder / "inbox", folder / "truth"]):
        read = Leftover(file)
        found.append(
            Left(
                place=str(file.relative_to(example_home.parent)),
                n_employees=len(read.figures_of(numbers)),
                n_names=len(read.long_words & names),
                n_identifiers=read.n_identifiers,
                has_pseudonyms=read.has_pseudonym,
            )
        )
    return found


def test_every_kind_of_file_is_among_those_that_are_searched(left: list[Left]) -> None:
    places = [file.place for file in left]
    for part in (
        "warehouse.duckdb", "/landing/", "/published/generation-", "/published/current.json",
        "/reports/quality-", "/state/dagster/", "/state/dbt/", "/records/",
    ):  # fmt: skip
        assert any(part in place for place in places), part


def test_no_employee_number_is_left(left: list[Left]) -> None:
    assert [file.place for file in left if file.n_employees] == []


def test_no_name_is_left(left: list[Left]) -> None:
    assert [file.place for file in left if file.n_names] == []


def test_no_identity_number_is_left(left: list[Left]) -> None:
    assert [file.place for file in left if file.n_identifiers] == []


def test_pseudonyms_are_in_landing_and_warehouse_only(left: list[Left]) -> None:
    places = [file.place for file in left if file.has_pseudonyms]
    assert any("/landing/hr/" in place for place in places)
    assert any(place.endswith("/warehouse.duckdb") for place in places)
    outside = [p for p in places if "/landing/" not in p and "/warehouse.duckdb" not in p]
    assert outside == []


def test_the_search_finds_what_is_hidden_in_any_format(tmp_path: Path) -> None:
    secret = f"Hestlørudsmoen 50020183 p_0123456789abcdef0123 {N}"
    with duckdb.connect(tmp_path / "a.duckdb") as con:
        con.execute("create table t as select ? as a from range(5000)", [secret])
    with closing(sqlite3.connect(tmp_path / "b.sqlite")) as sqlite:
        sqlite.execute("create table t (a text)")
        sqlite.execute("insert into t values (?)", [secret])
        sqlite.commit()
    pl.DataFrame({"a": [secret] * 5000}).write_parquet(tmp_path / "c.parquet")
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", secret)
    (tmp_path / "e.gz").write_bytes(gzip.compress(secret.encode()))
    (tmp_path / "f.csv").write_bytes(secret.encode("utf-16"))
    (tmp_path / "g.log").write_text(secret, encoding="utf-8")
    for file in files_below([tmp_path]):
        read = Leftover(file)
        assert read.figures_of({b"50020183"}), file
        assert read.has_pseudonym, file
        if file.suffix != ".csv":
            assert "Hestlørudsmoen".encode() in read.long_words, file
        if file.suffix in {".duckdb", ".sqlite", ".parquet", ".log"}:
            assert read.n_identifiers > 0, file


SECRETS = (N, f"{N[:6]}-{N[6:]}", N[1:], "Hestlørudsmoen", "kari.hest")


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town to which persons were delivered where they do not belong, run and asked about."""
    town = Town.build(tmp_path_factory.mktemp("smaby"))
    accounts = "Ansvar;Art;År;Periode;Type;Beløp;Versjon;Vedtatt\n"
    positions = "Ansattnr;Lnr;Enhet;Pst;Form;Fra;Til"
    town.write(f"regnskap_{N}.csv", f"{accounts}L1;010;2022;13;accounts;1;;\n")
    town.write("regnskap_b.csv", f"{accounts}L1;{N[:6]}-{N[6:]};2022;1;accounts;1;;\n")
    town.write("regnskap_c.csv", f"{accounts}L1;010;2022;1;accounts;{N[1:]}.0;;\n")
    town.write("regnskap_d.csv", f"{accounts}Kari Hestlørudsmoen;010;2022;1;accounts;1;;\n")
    town.write("regnskap_e.csv", f"{accounts}kari.hest@smaby.no;010;2022;1;accounts;1;;\n")
    town.write("stillinger_b.csv", f"{positions};Navn\n00217;1;U01;100;Fast;01.01.2020;;Kari H\n")
    town.write("fravar_2024-05.csv", "Ansattnr;Enhet;Fra;Til;Type;Grad\n00217;U20;x;00217;Kari;\n")
    town.pukk("run", check=False)
    town.pukk("report", check=False)
    town.pukk(
        "sql", f"select * from mart_x where a = '{N}' or b = 'kari.hest@smaby.no'", check=False
    )
    return town


def test_what_was_refused_or_set_aside_is_left_in_the_inbox_alone(troubled: Town) -> None:
    left = files_below([troubled.home], [troubled.inbox])
    assert len(left) > 20
    found = {
        (str(file.relative_to(troubled.home)), secret)
        for file in left
        for content in Leftover(file).contents
        for secret in SECRETS
        if secret.encode() in content
    }
    assert found == set()


def test_what_is_said_about_it_tells_where_and_never_what(troubled: Town) -> None:
    said = "".join(
        troubled.pukk(*command, check=False).stdout
        for command in (["status"], ["deliveries"], ["quarantine"], ["log"])
    )
    assert "regnskap_b.csv" in said
    assert "[skjult]" in said
    assert [secret for secret in SECRETS if secret in said] == []


def test_each_refusal_is_in_the_ledger_with_its_reason(troubled: Town) -> None:
    rows = troubled.warehouse(
        "select file_name, reason_code from ops.deliveries where status = 'rejected' order by 1"
    )
    assert ("regnskap_b.csv", "personal_data") in rows
    assert ("regnskap_c.csv", "personal_data") in rows
    assert ("stillinger_b.csv", "personal_data") in rows
