"""The working warehouse: its tables, replacing periods, the delivery ledger."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import duckdb
import polars as pl
import pytest

from pipelines.errors import DamagedError
from pipelines.settings import Paths
from pipelines.warehouse import records
from pipelines.warehouse.computed import note_inputs
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.deliveries import DeliveryResult, next_seq, record_delivery
from pipelines.warehouse.load import insert_frame
from pipelines.warehouse.schema import OPS_TABLES
from pipelines.warehouse.transaction import transaction
from tests.ingest_fixture import CONTRACTS
from tests.ops_tables import list_deliveries, list_quarantine, list_warnings

ONE = DeliveryResult(
    delivery_id="D000001",
    seq=1,
    contract_id="organisation",
    table_name="units",
    feed_id="units",
    file_name="enheter.csv",
    file_sha256="a" * 64,
    size_bytes=10,
    received_at=datetime(2017, 1, 1, 12, 0),  # noqa: DTZ001 - the ledger holds UTC without a zone
    contract_version="1.0.0",
    fingerprint="x.y",
    status="loaded",
    periods="all",
    rows_in=3,
    rows_loaded=1,
    rows_quarantined=1,
    rows_duplicate=1,
)


@pytest.fixture
def con(tmp_path):
    opened = open_warehouse(tmp_path / "dypt" / "nede" / "w.duckdb", CONTRACTS)
    yield opened
    opened.close()


def units(*ids, delivery="D000001", period="all"):
    return pl.DataFrame(
        {
            "unit_id": ids,
            "unit_name": ids,
            "sector": ["Omsorg"] * len(ids),
            "delivery_id": [delivery] * len(ids),
            "feed_id": ["units"] * len(ids),
            "source_row": list(range(2, 2 + len(ids))),
            "period_ym": [period] * len(ids),
        },
        schema_overrides={"source_row": pl.Int32},
    )


def loaded(con):
    return [
        row[0]
        for row in con.execute("select unit_id from organisation.units order by 1").fetchall()
    ]


def test_every_contract_table_and_ops_table_is_there_with_comments(con):
    found = {
        (schema, table): comment
        for schema, table, comment in con.execute(
            "select schema_name, table_name, comment from duckdb_tables()"
        ).fetchall()
    }
    wanted = {(c.id, t) for c in CONTRACTS.values() for t in c.tables}
    assert wanted | {("ops", name) for name in OPS_TABLES} == set(found)
    assert all(found.values())
    columns = con.execute(
        "select comment from duckdb_columns() where schema_name = 'ops' or table_name = 'units'"
    ).fetchall()
    assert all(comment for (comment,) in columns)


def test_source_tables_have_the_contract_types_and_the_technical_columns(con):
    described = {row[0]: row[1] for row in con.execute("describe hr.positions").fetchall()}
    assert described["position_pct"] == "DECIMAL(5,2)"
    assert described["start_date"] == "DATE"
    assert list(described)[-4:] == [
        "delivery_id",
        "feed_id",
        "source_row",
        "period_ym",
    ]


def test_opening_again_keeps_what_is_there_and_local_time(con, tmp_path):
    insert_frame(con, "organisation.units", units("E1"))
    con.close()
    again = open_warehouse(tmp_path / "dypt" / "nede" / "w.duckdb")
    assert loaded(again) == ["E1"]
    assert again.execute("select current_setting('TimeZone')").fetchall() == [("Europe/Oslo",)]
    assert again.execute("select current_setting('autoinstall_known_extensions')").fetchall() == [
        (False,)
    ]
    again.close()


def test_a_warehouse_another_process_holds_is_busy(con, tmp_path):
    path = tmp_path / "dypt" / "nede" / "w.duckdb"
    script = (
        "import sys; from pathlib import Path\n"
        "from pipelines.warehouse.connection import open_warehouse\n"
        "from pipelines.errors import BusyError\n"
        "try: open_warehouse(Path(sys.argv[1]))\n"
        "except BusyError as busy: print(busy.text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert "En annen kjøring holder datavarehuset. Vent til den er ferdig" in done.stdout


def test_a_broken_file_is_not_called_busy(tmp_path):
    (tmp_path / "w.duckdb").write_bytes(b"dette er ingen database" * 1000)
    with pytest.raises(DamagedError, match="skadet"):
        open_warehouse(tmp_path / "w.duckdb", CONTRACTS)


def test_a_delivery_is_recorded_with_its_quarantine_and_warnings(con, tmp_path):
    quarantine = pl.DataFrame(
        {
            "source_row": [3],
            "column_name": ["unit_id"],
            "rule_id": ["not_null_unit_id"],
            "reason_nb": ["Rad 3: mangler."],
            "row_sha256": ["b" * 64],
        }
    )
    assert next_seq(con) == 1
    with transaction(con):
        record_delivery(
            con, Paths(tmp_path), ONE, [("extra_columns", "Kolonner: «x».")], quarantine=quarantine
        )
    assert next_seq(con) == 2
    assert list_deliveries(con).row(0, named=True)["rows_quarantined"] == 1
    assert list_quarantine(con, "D000001")["reason_nb"].to_list() == ["Rad 3: mangler."]
    assert list_quarantine(con, "D000002").is_empty()
    assert list_warnings(con)["code"].to_list() == ["extra_columns"]
    assert list_deliveries(con)["status"].to_list() == ["loaded"]


def test_a_transaction_that_fails_leaves_nothing(con, tmp_path):
    def stop_halfway():
        with transaction(con):
            record_delivery(con, Paths(tmp_path), ONE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_halfway()
    assert list_deliveries(con).is_empty()


def test_what_went_wrong_is_told_also_where_nothing_can_be_undone(con):
    def fail_when_it_is_over():
        with transaction(con):
            con.rollback()
            raise ValueError(ONE.file_name)

    with pytest.raises(ValueError, match=ONE.file_name):
        fail_when_it_is_over()


def test_inputs_that_cannot_be_kept_leave_no_transaction_open(con):
    con.execute("drop table ops.computed_from")
    with pytest.raises(duckdb.Error):
        note_inputs(con, {"a": ["b"]}, {}, {})
    with transaction(con):  # none is open
        con.execute("select 1")


def test_a_record_that_does_not_reconcile_cannot_be_made():
    with pytest.raises(ValueError, match="do not reconcile"):
        replace(ONE, rows_in=4)


def test_a_warehouse_from_before_a_contract_grew_gets_the_new_columns(tmp_path):
    file = tmp_path / "w.duckdb"
    with open_warehouse(file, CONTRACTS) as con:
        insert_frame(con, "lean.gain_events", gain_event("G1"))
        con.execute("drop view ops.quarantined_rows")
        for table, column in (
            ("lean.gain_events", "evidence_kind"),
            ("lean.gain_events", "evidence_ref"),
            ("ops.quarantine", "rule_id"),
        ):
            con.execute(f"alter table {table} drop column {column}")
    with open_warehouse(file, CONTRACTS) as con:
        insert_frame(con, "lean.gain_events", gain_event("G2", evidence_kind="position"))
        found = con.execute("select gain_id, evidence_kind from lean.gain_events order by 1")
        assert found.fetchall() == [("G1", None), ("G2", "position")]
        (comment,) = con.execute(
            "select comment from duckdb_columns() where table_name = 'gain_events'"
            " and column_name = 'evidence_ref'"
        ).fetchone()
        assert comment
        assert con.execute("select count(rule_id) from ops.quarantine").fetchone() == (0,)


def gain_event(gain_id, **values):
    row = {
        "gain_id": gain_id, "event_no": 1, "event_date": datetime(2017, 1, 1),  # noqa: DTZ001 - a day
        "status": "identified", "realised_fte_change": 0.0, "delivery_id": "D000001",
        "feed_id": "gain_events", "source_row": 1, "period_ym": "all", **values,
    }  # fmt: skip
    return pl.DataFrame([row])


def test_a_nights_checks_are_kept_whole_and_small(tmp_path):
    rows = [
        {"run_id": "r", "rule_id": f"regel_{n}", "promised_nb": "Hver rad har en enhet.", "n": n}
        for n in range(800)
    ]
    tables = {"quality_results": rows}
    entry = records.make(1, "quality", records.NOTHING, tables)
    file = records.write(Paths(tmp_path).create(), entry)
    assert records.read(file).tables == tables
    assert file.stat().st_size * 5 < len(records.as_text(tables))
    content = json.loads(records.make(1, "delivery", records.NOTHING, tables).text)
    before = records.as_text({**content, "kind": "quality"})
    assert records.Entry(1, "quality", "", before).tables == tables
