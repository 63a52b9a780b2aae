"""``pukk try``: the file as it would be taken in, in one go, and nothing written anywhere."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.tried_printed import spans
from pipelines.ingest.trial import registers_in, try_files
from pipelines.ingest.trial_columns import form_of
from pipelines.ingest.tried import Trial, TriedFile
from pipelines.municipality.load import load_municipality
from pipelines.settings import REPO_ROOT
from tests.ingest_fixture import CODES, CONTRACTS, JANUARY, UNITS, House, position, positions

LOTEN = REPO_ROOT / "data_contracts" / "municipalities" / "loten" / "deliveries"
LEDGER = "Ansvar;Konto;Periode;Regnskap\n"

WATCHED = """
import os, sys
written = []
def watch(event, args):
    is_file = event == "open" and isinstance(args[0], (str, bytes))
    if is_file and args[2] & (os.O_WRONLY | os.O_RDWR):
        written.append(os.fsdecode(args[0]))
    if event in {"os.mkdir", "os.rename", "os.remove"}:
        written.append(f"{event} {args[0]}")
    if event == "duckdb.connect":
        written.append(event)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import duckdb
connect = duckdb.connect
def only_memory(database=":memory:", *args, **kwargs):
    if database != ":memory:":
        written.append(f"database {database}")
    return connect(database, *args, **kwargs)
duckdb.connect = only_memory
sys.argv = ["pukk", "try", *sys.argv[1:]]
from pipelines.cli.app import main
try:
    main()
except SystemExit as ended:
    print("ENDED", ended.code, file=sys.stderr)
print("WRITTEN", [name for name in written if name != "/dev/null"], file=sys.stderr)
"""


def tried(house: House, *files: tuple[str, str | bytes], **options: Any) -> list[Trial]:
    """Try files beside the fixture's own list of units."""
    given = [
        TriedFile(name, content.encode() if isinstance(content, str) else content)
        for name, content in files
    ]
    registers = [TriedFile("enheter.csv", UNITS.encode()), TriedFile("koder.csv", CODES.encode())]
    return try_files(house.context().municipality, CONTRACTS, given, registers=registers, **options)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (JANUARY, positions(position(), position("2", pct="hemmelig"), position("3", unit="9"))),
        (JANUARY, positions(position(), position(), position("2", start="31.02.2012"))),
        (JANUARY, positions(position(), position("2", pct="140"))),
        (JANUARY, "Ans.nr;Løpenr\n1;1\n"),
        ("stillinger.csv", positions(position())),
        ("regnskap.csv", LEDGER + "3120;10100;201201;13.400\n"),
        ("regnskap.csv", LEDGER + "3120;10100;201201;1 340,50\n0450;10100;201213;-2,5\nSum;;;9\n"),
        ("regnskap.csv", LEDGER + "9999;10100;201201;1\n"),
        ("tom.csv", ""),
    ],
)  # fmt: skip
def test_what_is_told_beforehand_is_what_becomes_of_the_file(
    house: House, name: str, text: str
) -> None:
    (told,) = tried(house, (name, text))
    taken = house.take(name, text)
    feed = taken.feed_id
    assert told.feed_id == feed
    assert told.status == (taken.status if feed else "no_feed")
    if feed is None:
        return
    assert (told.reason_nb is None) == (taken.reason_nb is None)
    if told.rows:
        assert told.rows["rows_in"] == taken.rows_in
        assert told.rows["rows_duplicate"] == len(told.duplicates)
        if taken.status == "loaded":
            assert told.rows["rows_loaded"] == taken.rows_loaded
            assert told.rows["rows_quarantined"] == taken.rows_quarantined
        kept = [(row["source_row"], row["rule_id"], row["reason_nb"]) for row in told.set_aside]
        assert sorted(kept) == sorted(house.quarantine())
    else:
        assert told.reason_nb == taken.reason_nb


def test_sums_totals_and_codes_are_told_before_and_after(house: House) -> None:
    lines = "3120;10100;201201;1 000,50\n9999;10100;201201;20\n9999;10100;201202;3\n"
    (told,) = tried(house, ("regnskap.csv", LEDGER + lines + "Sum;;;1 023,50\nKilde: Visma;;;\n"))
    (amounts,) = told.sums
    assert (amounts.in_rows, amounts.loaded, amounts.difference) == (1023.5, 1000.5, 23.0)
    assert amounts.left_out == 1023.5
    assert [(row["source_row"], row["kind"]) for row in told.dropped] == [
        (1, "header"),
        (5, "total"),
        (6, "footnote"),
    ]
    (code,) = told.unknown
    assert (code.column_name, code.found_nb, code.n_rows, code.first_row) == (
        "unit_id", "«9999»", 2, 3,
    )  # fmt: skip
    assert {row["source_row"] for row in told.set_aside} == {3, 4}
    assert told.read_as["header_rows"] == [1]
    assert told.read_as["separator"] == ";"


def test_each_column_stands_raw_beside_parsed_with_what_is_lacking(house: House) -> None:
    text = LEDGER.replace("Regnskap", "Regnskap;Merknad") + "3120;10100;201201;1 000,50;x\n"
    (told,) = tried(house, ("regnskap.csv", text))
    by_name = {column.name: column for column in told.columns}
    amount = by_name["amount_nok"]
    assert (amount.file_columns, amount.type) == (("Regnskap",), "number")
    assert [(sample.raw, sample.parsed) for sample in amount.samples] == [("1 000,50", "1000.50")]
    assert [(s.raw, s.parsed) for s in by_name["art"].samples] == [("10100", "010")]
    assert told.unread == ("Merknad",)
    lacking = {each["column_name"]: each["is_required"] for each in told.lacking}
    assert lacking["decided_date"] is False
    assert "amount_nok" not in lacking


def test_a_required_column_that_the_file_has_not_is_told_with_what_it_is_read_from(
    house: House,
) -> None:
    (told,) = tried(house, (JANUARY, positions(position()).replace("St.pros", "Andel")))
    assert told.status == "rejected"
    assert "Andel" in told.headers
    lacking = {each["column_name"]: each for each in told.lacking if each["is_required"]}
    assert lacking["position_pct"]["file_columns"] == ["St.pros", "Stillingsprosent"]


def test_of_persons_the_form_alone_is_told(house: House) -> None:
    text = positions(position("48217", pct="87,50", start="17.08.2011"), position("48218"))
    (told,) = tried(house, (JANUARY, text))
    shown = json.dumps(told.as_dict(), ensure_ascii=False, default=str)
    for secret in ("48217", "87,50", "87.5", "17.08.2011", "2011-08-17", "p_0"):
        assert secret not in shown
    by_name = {column.name: column for column in told.columns}
    person = by_name["person_id"].samples[0]
    assert (person.raw, person.parsed, person.is_form) == ("99999", "p_…", True)
    assert [s.raw for s in by_name["employment_type"].samples] == ["Fast"]


def test_an_identity_number_stops_the_file_and_is_not_repeated(house: House) -> None:
    number = "13097248022"
    (told,) = tried(house, (JANUARY, positions(position(), position(number))))
    assert told.status == "rejected"
    assert "fødselsnummer" in (told.reason_nb or "")
    assert number not in json.dumps(told.as_dict(), default=str)


def test_without_a_list_of_units_codes_stand_for_themselves_and_it_is_said(house: House) -> None:
    given = [TriedFile("regnskap.csv", (LEDGER + "9999;10100;201201;1\n").encode())]
    (told,) = try_files(house.context().municipality, CONTRACTS, given)
    assert (told.status, told.set_aside) == ("loaded", ())
    assert "ikke slått opp" in (told.units_nb or "")


def test_a_list_of_units_among_the_files_is_what_the_others_are_looked_up_in(house: House) -> None:
    ledger = ("regnskap.csv", LEDGER + "3120;10100;201201;1\n")
    found = tried(house, ledger, ("enheter.csv", UNITS), ("koder.csv", CODES.replace("3120", "31")))
    assert [told.source for told in found][:2] == ["organisation.units", "organisation.unit_codes"]
    assert [code.found_nb for code in found[-1].unknown] == ["«3120»"]


def test_the_list_of_units_in_the_inbox_is_used_when_none_is_tried(house: House) -> None:
    municipality = house.context().municipality
    assert {file.name for file in registers_in(municipality, house.paths)} == {
        "enheter.csv",
        "koder.csv",
    }


def test_a_file_can_be_read_as_a_named_feed_whatever_it_is_called(house: House) -> None:
    text = LEDGER + "3120;10100;201201;1\n"
    (stranger,) = tried(house, ("ukjent.txt", text))
    assert stranger.status == "no_feed"
    assert "accounts" in (stranger.reason_nb or "")
    (told,) = tried(house, ("ukjent.txt", text), feed_id="accounts")
    assert (told.feed_id, told.status) == ("accounts", "loaded")


def test_wide_columns_are_told_each_beside_what_they_became() -> None:
    folder = REPO_ROOT / "data_contracts" / "municipalities" / "sogndal"
    file = folder / "deliveries" / "sogndal_2013_investering.csv"
    register = folder / "deliveries" / "sogndal_2013_drift.csv"
    (told,) = try_files(
        load_municipality("sogndal"),
        CONTRACTS,
        [TriedFile(file.name, file.read_bytes())],
        registers=[TriedFile(register.name, register.read_bytes())],
    )
    amounts = next(column for column in told.columns if column.name == "amount_nok")
    assert amounts.file_columns == ("rekneskap_2011", "budsjett_2012", "budsjett_2013")
    for sample in amounts.samples:
        assert float(sample.raw.replace(" ", "")) == float(sample.parsed or "nan")
    assert [(row.file_column, row.in_rows, row.difference) for row in told.sums] == [
        ("rekneskap_2011", 0.0, 0.0),
        ("budsjett_2012", 0.0, 0.0),
        ("budsjett_2013", 0.0, 0.0),
    ]


def test_nothing_is_written_and_no_database_is_opened(tmp_path: Path) -> None:
    home = tmp_path / "hjem"
    inbox = home / "loten" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "gammel.csv").write_text("a;b\n")
    before = _content(tmp_path)
    file = LOTEN / "loten_2015_enheter.csv"
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(file), "--json"],
        cwd=REPO_ROOT,
        env={"PUKK_HOME": str(home), "PUKK_MUNICIPALITY": "loten", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert [(each["source"], each["status"]) for each in found] == [
        ("organisation.units", "loaded"),
        *[("unit_metrics.values", "loaded")] * 3,
    ]
    assert "ENDED 0" in done.stderr
    assert "WRITTEN []" in done.stderr
    assert _content(tmp_path) == before


def test_row_numbers_are_told_as_spans() -> None:
    assert spans([9, 4, 8, 7, 15, 4]) == "4, 7-9, 15"
    assert form_of("Kari Solberg 12") == "aaa… aaa… 99"


def _content(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    } | {str(path): (0, "") for path in sorted(folder.rglob("*")) if path.is_dir()}
