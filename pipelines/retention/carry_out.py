"""Deleting what was found, after it has been written down: nothing goes that no record tells of.

Killed half-way, the next time finds what is left and writes it down again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import duckdb

from pipelines.desk.on_disk import sha256_of
from pipelines.ingest.expired_rows import Expired
from pipelines.ingest.rewriting import commit
from pipelines.retention.found import Found
from pipelines.settings import Paths
from pipelines.warehouse.records import Tables
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction


def delete_files(
    con: duckdb.DuckDBPyConnection, paths: Paths, found: Sequence[Found], deleted_by: str
) -> int:
    """Write down what is deleted, then delete it; returns how many files are gone.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        found: What is older than it may be.
        deleted_by: The account that does it.
    """
    if not found:
        return 0
    now = datetime.now(UTC).replace(tzinfo=None)
    with transaction(con):
        rows = [_row(each, now, deleted_by) for each in found]
        append(con, paths, "deletion", {"deletions": rows})
    for each in found:
        for file in each.files:
            file.unlink(missing_ok=True)
    return len(found)


def _row(found: Found, now: datetime, deleted_by: str) -> dict[str, Any]:
    return {
        "deleted_at": now,
        "deleted_by": deleted_by,
        "kind": found.kind,
        "name": found.name,
        "sha256": found.sha256 or sha256_of(found.files[0]),
        "n_bytes": found.n_bytes,
        "n_rows": None,
        "dated": found.dated,
        "rule": found.rule.source,
    }


def delete_rows(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    expired: Sequence[Expired],
    deleted_by: str,
    kept: Tables = MappingProxyType({}),
) -> int:
    """Delete rows about persons that are too old and not needed; returns how many.

    ``rebuild`` must come after when any were.

    Args:
        con: The working warehouse; it is outlived when rows were deleted.
        paths: The municipality's folders.
        expired: What is too old.
        deleted_by: The account that does it.
        kept: What is kept of them, in the same event: table of ``ops`` -> rows.
    """
    going = [each for each in expired if each.n_deleted]
    if going:
        now = datetime.now(UTC).replace(tzinfo=None)
        rows = [
            {
                "deleted_at": now,
                "deleted_by": deleted_by,
                "kind": "person_rows",
                "name": each.file.file.relative_to(paths.root).as_posix(),
                "sha256": each.file.sha256,
                "n_bytes": 0,
                "n_rows": each.n_deleted,
                "dated": each.oldest,
                "rule": each.rule.source,
            }
            for each in going
        ]
        tables = {"deletions": rows, **kept}
        commit(con, paths, [(each.file, each.kept) for each in going], tables)
    return sum(each.n_deleted for each in going)
