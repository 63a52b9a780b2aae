"""Numbered changes of the tables of ``ops``, each made once, and the version that is noted of them.

A new table or column is made by ``schema`` and needs no number. What does is a change of what is
there already: a column under another name, a value that means something else. The warehouse notes
which it has been through. Entries of the journal are never rewritten.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.desk.on_disk import write_whole
from pipelines.errors import NewerStoreError
from pipelines.settings import Paths
from pipelines.warehouse.table_sql import OpsTable
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

FILE = "store_version"
VERSIONS_TABLE: dict[str, OpsTable] = {
    "store_versions": OpsTable(
        "One row per numbered change these tables have been through; append-only.",
        {
            "number": ("integer not null", "The change's number."),
            "what": ("varchar not null", "What was changed."),
        },
    ),
}


@dataclass(frozen=True)
class Migration:
    """One change of tables that are there.

    Attributes:
        number: 1, 2, 3 …, without a gap; never used for anything else afterwards.
        what: What is changed, for whoever looks at the table of versions.
        statements: SQL, run in one transaction with those of the other changes.
    """

    number: int
    what: str
    statements: tuple[str, ...] = ()


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "The tables as they were when they were first numbered."),
)
"""Every change, oldest first."""


def newest(migrations: Sequence[Migration] | None = None) -> int:
    """Return the version this program writes."""
    return (MIGRATIONS if migrations is None else migrations)[-1].number


def version_of(con: duckdb.DuckDBPyConnection) -> int:
    """Return the version of a warehouse's tables; 0 from before they were numbered.

    Args:
        con: A warehouse, also one opened for reading alone.
    """
    is_there = con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops'"
        " and table_name = 'store_versions' and database_name = current_database()"
    ).fetchall()
    if not is_there:
        return 0
    return int(
        con.execute("select coalesce(max(number), 0) from ops.store_versions").fetchall()[0][0]
    )


def refuse_newer_warehouse(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse tables that a newer program has changed, before anything in them is touched.

    Args:
        con: The working warehouse.
        path: Its file, for the message.

    Raises:
        NewerStoreError: They are newer than this program.
    """
    _refuse(version_of(con), path)


def bring_up(con: duckdb.DuckDBPyConnection, *, is_new: bool) -> list[int]:
    """Make the changes the tables have not been through; all of them, or none.

    Args:
        con: The working warehouse with all its tables, outside a transaction.
        is_new: Whether they were made just now, as the newest version has them.

    Returns:
        The numbers of the changes that were made.
    """
    done = version_of(con)
    waiting = [each for each in MIGRATIONS if each.number > done]
    if not waiting:
        return []
    with transaction(con):
        for each in waiting:
            for statement in () if is_new else each.statements:
                con.execute(statement)
            con.execute("insert into ops.store_versions values (?, ?)", [each.number, each.what])
    return [] if is_new else [each.number for each in waiting]


def noted_version(paths: Paths) -> int:
    """Return the version that is noted beside the journal; 0 when none is.

    Args:
        paths: The municipality's folders.
    """
    try:
        told = json.loads((paths.records / FILE).read_text(encoding="utf-8"))
        return int(told["version"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def refuse_newer(paths: Paths) -> None:
    """Refuse a home that a newer program has written to, before anything in it is touched.

    Args:
        paths: The municipality's folders.

    Raises:
        NewerStoreError: It is newer than this program.
    """
    _refuse(noted_version(paths), paths.root)


def note_version(paths: Paths) -> None:
    """Note beside the journal which version writes to it, when it is another than noted.

    Args:
        paths: The municipality's folders, with a journal.
    """
    if noted_version(paths) == newest():
        return
    file = paths.records / FILE
    text = json.dumps({"version": newest(), "noted_at": datetime.now(UTC).isoformat()})
    write_whole(file, text.encode())


def _refuse(version: int, where: Path) -> None:
    if version > newest():
        raise NewerStoreError(
            say("warehouse.migrations.newer", version=version, ours=newest()),
            where=str(where),
            way_out=say("warehouse.migrations.use_newer_or_restore"),
        )
