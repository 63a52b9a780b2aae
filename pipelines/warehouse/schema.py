"""The tables of the working warehouse: one schema per contract, and ``ops`` for the ledger.

What dbt builds, and the schema ``municipality``, are created by their own rooms.
"""

from collections.abc import Mapping

import duckdb

from pipelines.contracts.shapes import TECHNICAL_COLUMNS, Contract, Table
from pipelines.warehouse.care_tables import CARE_TABLES
from pipelines.warehouse.computed import COMPUTED_TABLES
from pipelines.warehouse.kept_tables import KEPT_TABLES
from pipelines.warehouse.migrations import VERSIONS_TABLE
from pipelines.warehouse.readers_views import RELEASE_COLUMNS, view_statements
from pipelines.warehouse.table_sql import Columns, OpsTable, create, widen
from pipelines.warehouse.transaction import transaction

OPS = "ops"

OPS_TABLES: dict[str, OpsTable] = {
    "deliveries": OpsTable(
        "One row per delivery and feed; rows_in = loaded + quarantined + duplicate.",
        {
            "delivery_id": ("varchar not null", "D and a running number."),
            "seq": ("integer not null", "The order in which deliveries were read."),
            "contract_id": ("varchar", "Empty when no feed knows the file."),
            "table_name": ("varchar", "The contract's table."),
            "feed_id": ("varchar", "The municipality's feed."),
            "file_name": ("varchar not null", "Path below the inbox."),
            "file_sha256": ("varchar not null", "Hash of the file as it came."),
            "content_id": ("varchar", "That hash, and the period or day the file's name says."),
            "size_bytes": ("bigint not null", "Its size."),
            "received_at": ("timestamp not null", "When it was read, UTC."),
            "contract_version": ("varchar", "Version of the contract it was judged by."),
            "fingerprint": ("varchar not null", "Hash of contract and feed, then of the units."),
            "encoding": ("varchar", "The encoding found; empty for binary formats."),
            "status": (
                "varchar not null",
                "loaded, held, rejected, duplicate, superseded or withdrawn.",
            ),
            "reason_code": ("varchar", "Why it was held or rejected: codes with commas."),
            "reason_nb": ("varchar", "Why, and the way out; never a personal value."),
            "duplicate_of": ("varchar", "The delivery with the same content."),
            "periods": ("varchar not null", "Comma list of YYYY-MM or all."),
            "register_date": ("date", "The day a register tells of; empty for other files."),
            "lines_total": ("integer not null", "Records in the file."),
            "layout_rows": ("integer not null", "Titles, headers, totals, footnotes, blanks."),
            "rows_in": ("integer not null", "Data rows; after melting, the long rows."),
            "rows_loaded": ("integer not null", "Rows that went into the source table."),
            "rows_quarantined": ("integer not null", "Rows set aside."),
            "rows_duplicate": ("integer not null", "Rows that repeat an earlier row."),
            "n_persons": ("integer", "Different persons in the rows; empty for other tables."),
            "quarantined_nok": ("double", "Kroner in the rows set aside, as far as readable."),
            "quarantined_days": ("double", "Days in the rows set aside, as far as readable."),
            "quarantined_persons": ("integer", "Different persons in the rows set aside."),
        },
    ),
    "quarantine": OpsTable(
        "One row per broken rule and row of a delivery; never a personal value.",
        {
            "delivery_id": ("varchar not null", "The delivery."),
            "file_name": ("varchar not null", "Path below the inbox."),
            "source_row": ("integer not null", "Line or row in the file, from 1."),
            "column_name": ("varchar", "The contract's column; empty for a rule about the row."),
            "rule_id": ("varchar not null", "The contract's rule, or <column>|type."),
            "reason_nb": ("varchar not null", "What was expected."),
            "row_sha256": ("varchar not null", "Keyed hash of the row."),
            "found_nb": ("varchar", "What stood there, when it is no personal value."),
        },
    ),
    "warnings": OpsTable(
        "What a user should know about a delivery that did not stop it.",
        {
            "delivery_id": ("varchar not null", "The delivery."),
            "code": ("varchar not null", "What kind of warning."),
            "message_nb": ("varchar not null", "The warning."),
        },
    ),
    "dropped_rows": OpsTable(
        "Rows of a file that are no data: one line per row and column with a figure.",
        {
            "delivery_id": ("varchar not null", "The delivery."),
            "source_row": ("integer not null", "Line or row in the file, from 1."),
            "kind": ("varchar not null", "Why: total, footnote, title and so on."),
            "word": ("varchar", "The configured word a total begins with; never other text."),
            "column_name": ("varchar", "The file's column the figure stands in."),
            "amount": ("double", "The figure, in the contract's unit."),
        },
    ),
    "codes_read": OpsTable(
        "One row per delivery and code system: the codes of units it was read by.",
        {
            "delivery_id": ("varchar not null", "The delivery."),
            "code_system": ("varchar not null", "The code system, or unit_id."),
            "codes": ("varchar not null", "Keyed hashes of the codes, with commas between."),
            "meaning": ("varchar not null", "Hash of the units they meant, and from when to when."),
        },
    ),
    "landing_files": OpsTable(
        "One row per delivery and period: its file in landing.",
        {
            "delivery_id": ("varchar not null", "The delivery."),
            "period_ym": ("varchar not null", "YYYY-MM or all."),
            "row_count": ("integer not null", "Rows in the file."),
            "sha256": ("varchar not null", "Hash of the file."),
        },
    ),
    "decisions": OpsTable(
        "One row per time a delivery was accepted, withdrawn or held again; append-only.",
        {
            "decided_at": ("timestamp not null", "When, UTC."),
            "decided_by": ("varchar not null", "The account on the machine that decided it."),
            "action": ("varchar not null", "propose, accept, withdraw, or lapse of a last day."),
            "delivery_id": ("varchar not null", "The delivery."),
            "codes": ("varchar not null", "What it was held for, with commas between."),
            "reason": ("varchar not null", "Why, in the person's own words."),
            "expires_on": ("date", "The last day it counts; empty when it counts for good."),
            "proposed_by": ("varchar", "The account that asked for it first, where two must."),
        },
    ),
    "check_releases": OpsTable(
        "One row per time a check that stops was released, or that was taken back; append-only.",
        {
            "decided_at": ("timestamp not null", "When, UTC."),
            "decided_by": ("varchar not null", "The account on the machine that decided it."),
            "action": ("varchar not null", "propose, release or revoke."),
            "gate": ("varchar not null", "inbound."),
            "contract_id": ("varchar not null", "The contract."),
            "table_name": ("varchar not null", "The table."),
            "rule_id": ("varchar not null", "The rule."),
            "n_failed": ("bigint not null", "Rows that broke it when it was released."),
            "found": ("varchar not null", "Hashes of what was found then, with commas between."),
            "reason": ("varchar not null", "Why, in the person's own words."),
            "expires_on": ("date", "The last day it counts."),
            "proposed_by": ("varchar", "The account that asked for it first, where two must."),
        },
    ),
    "losses": OpsTable(
        "What was found to be lost for good; append-only.",
        {
            "found_at": ("timestamp not null", "When, UTC."),
            "message_nb": ("varchar not null", "What is lost, and what can be done."),
            "entry_number": ("integer", "The entry of the store that is lost."),
            "landing_file": ("varchar", "The file in landing that is lost: its place there."),
            "decided_by": ("varchar", "The account that decided to go on without it."),
            "reason": ("varchar", "Why, in the person's own words."),
        },
    ),
    "records": OpsTable(
        "Every entry of the store beside landing that is in this warehouse.",
        {
            "number": ("integer not null", "The entry's number."),
            "kind": ("varchar not null", "What kind of event."),
            "sha256": ("varchar not null", "Checksum of the entry."),
            "text": ("varchar not null", "The entry as it was written."),
        },
    ),
    "quality_results": OpsTable(
        "One row per expectation and run, never changed afterwards.",
        {
            "run_id": ("varchar not null", "The run."),
            "run_at": ("timestamp not null", "When, UTC."),
            "gate": ("varchar not null", "inbound, models or outbound."),
            "contract_id": ("varchar not null", "The contract."),
            "contract_version": ("varchar not null", "Its version."),
            "table_name": ("varchar not null", "The table."),
            "rule_id": ("varchar not null", "The rule."),
            "expectation": ("varchar not null", "The expectation that tested it."),
            "column_name": ("varchar", "The column, if the rule is about one."),
            "severity": ("varchar not null", "error or warning."),
            "promised_nb": ("varchar not null", "What the contract promises."),
            "measured_nb": ("varchar not null", "What was found."),
            "n_rows": ("bigint not null", "Rows looked at."),
            "n_failed": ("bigint not null", "Rows that broke the rule."),
            "success": ("boolean not null", "Whether the promise was kept."),
            "found": ("varchar", "Hashes of what was found, with commas between."),
            **RELEASE_COLUMNS,
        },
    ),
    "publications": OpsTable(
        "Every time readers were pointed to a generation.",
        {
            "generation": ("integer not null", "The generation's number."),
            "run_id": ("varchar not null", "The run."),
            "published_at": ("timestamp not null", "When, UTC."),
            "file_name": ("varchar not null", "The generation's file."),
            "file_sha256": ("varchar not null", "Its hash."),
            "input_fingerprint": ("varchar not null", "Hash of everything it was built from."),
            "action": ("varchar not null", "publish or rollback."),
        },
    ),
    **KEPT_TABLES,
    **CARE_TABLES,
    **COMPUTED_TABLES,
    **VERSIONS_TABLE,
}


def create_tables(con: duckdb.DuckDBPyConnection, contracts: Mapping[str, Contract]) -> None:
    """Create every schema, table and column that is not there yet, with comments.

    A column that a newer contract has added is empty in the rows that came before it.

    Args:
        con: The working warehouse.
        contracts: The source contracts by id.
    """
    schemas = [*contracts, OPS]
    existing: dict[tuple[str, str], set[str]] = {}
    for schema, name, column in con.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and list_contains(?, schema_name)",
        [schemas],
    ).fetchall():
        existing.setdefault((schema, name), set()).add(column)
    present_schemas = {schema for schema, _ in existing}
    statements = [
        f'create schema if not exists "{name}"' for name in schemas if name not in present_schemas
    ]
    for contract in contracts.values():
        for table in contract.tables.values():
            present = existing.get((contract.id, table.name))
            wanted = _columns(table)
            if present is None:
                statements += create(contract.id, table.name, table.description, wanted)
            else:
                statements += widen(contract.id, table.name, wanted, present)
    for name, (description, columns) in OPS_TABLES.items():
        present = existing.get((OPS, name))
        if present is None:
            statements += create(OPS, name, description, columns)
        else:
            statements += widen(OPS, name, columns, present)
    viewed = ("deliveries", "quarantine", "quality_results")
    described = (OPS_TABLES[name].columns for name in viewed)
    statements += view_statements(con, *described)
    if statements:
        # one transaction: several hundred comments one by one take a second
        with transaction(con):
            con.execute(";\n".join(statements))


def _columns(table: Table) -> Columns:
    own = {c.name: (c.physical_type, c.meaning) for c in table.columns}
    technical = {
        "delivery_id": "The delivery the row came with.",
        "feed_id": "The feed of that delivery.",
        "source_row": "Line or row in the file, from 1.",
        "period_ym": "The period a correction replaces.",
    }
    return own | {
        name: (f"{kind} not null", technical[name]) for name, kind in TECHNICAL_COLUMNS.items()
    }
