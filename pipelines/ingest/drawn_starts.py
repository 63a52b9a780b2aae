"""Keeping a start order that was drawn by lot, so that every later verdict can say that it was.

A draw is an event of the journal like a lock: written with the clock's own time and never changed.
How it is drawn is in ``planning``; whether a unit started where it was drawn is worked out by dbt
(``int_start_orders``) each time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from pipelines.ingest.clock import NORWAY
from pipelines.settings import Paths
from pipelines.warehouse.replay import append
from pipelines.warehouse.transaction import transaction


def keep_draw(
    con: duckdb.DuckDBPyConnection, paths: Paths, digest: str, order: Sequence[Sequence[str]]
) -> None:
    """Keep a drawn order.

    Args:
        con: The working warehouse, outside a transaction.
        paths: The municipality's folders.
        digest: Hash of the list that was drawn from.
        order: Units by wave.
    """
    now = datetime.now(UTC)
    stamp = {
        "drawn_at": now.replace(tzinfo=None),
        "drawn_on": now.astimezone(NORWAY).date(),
        "list_sha256": digest,
    }
    placed = [(unit_id, wave) for wave, units in enumerate(order, 1) for unit_id in units]
    with transaction(con):
        counted = con.execute("select coalesce(max(entry_no), 0) from ops.drawn_starts").fetchall()
        first = counted[0][0] + 1
        rows = [
            stamp | {"entry_no": number, "unit_id": unit_id, "wave_no": wave}
            for number, (unit_id, wave) in enumerate(placed, first)
        ]
        append(con, paths, "draw", {"drawn_starts": rows})
