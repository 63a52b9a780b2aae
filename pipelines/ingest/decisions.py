"""What a person decides about a delivery: it counts after all, or it must not count.

A decision is about the content: every reading of the same file in the feed follows it. What then
counts is worked out in ``in_force``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import duckdb

from pipelines.desk.events import acting, log_event
from pipelines.desk.logged import Reader
from pipelines.errors import PukkError
from pipelines.ingest.closed_months import refuse_closed
from pipelines.ingest.in_force import Table, refresh
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import status_of, transaction
from pipelines.warehouse.replay import append
from pipelines.words.messages import say

Action = Literal["accept", "withdraw"]
# a day, a month (raised for D-numbers and test persons) and a year, then five digits, however the
# digits are set apart
_IDENTITY_NUMBER = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])\W?"
    r"(?:0[1-9]|1[0-2]|4[1-9]|5[0-2]|8[1-9]|9[0-2])\W?\d{2}\W{0,3}\d{3}\W?\d{2}(?!\d)"
)
_FROM = {"accept": ("held", "withdrawn"), "withdraw": ("loaded", "superseded", "held")}
_TO = {"accept": "loaded", "withdraw": "withdrawn"}
_WRONG = {
    "accept": say("ingest.decisions.only_held_or_withdrawn_accepted"),
    "withdraw": say("ingest.decisions.only_loaded_withdrawn"),
}
_STATUS_NB = {
    "loaded": say("ingest.decisions.is_loaded"),
    "superseded": say("ingest.decisions.is_superseded"),
    "held": say("ingest.decisions.is_held"),
    "withdrawn": say("ingest.decisions.is_withdrawn"),
    "rejected": say("ingest.decisions.is_rejected"),
    "duplicate": say("ingest.decisions.is_duplicate"),
}


@dataclass(frozen=True)
class Decided:
    """What a decision led to.

    Attributes:
        delivery_id: The delivery.
        status: What it counts as now.
        changed_periods: Periods whose rows are others than before.
    """

    delivery_id: str
    status: str
    changed_periods: list[str]


class _Found(NamedTuple):
    table: Table
    content: str
    status: str
    codes: str


def decide_delivery(  # noqa: PLR0913 - who, what and why
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    action: Action,
    delivery_id: str,
    reason: str,
    decided_by: str,
) -> Decided:
    """Record a decision and let the source tables follow; the next run publishes it.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        action: ``accept`` or ``withdraw``.
        delivery_id: The delivery.
        reason: Why, in the person's own words.
        decided_by: The account that decides.

    Raises:
        PukkError: there is no such delivery, its status does not allow it, all it gave is kept
            as sums, or the reason is empty or holds a national identity number.
    """
    why = checked_reason(reason)
    found = _find(con, delivery_id)
    if found.status not in _FROM[action]:
        raise PukkError(
            f"Leveransen {_STATUS_NB[found.status]}. {_WRONG[action]}.",
            where=delivery_id,
            way_out=say("ingest.decisions.see_deliveries"),
        )
    if found.status != "held":
        refuse_closed(con, delivery_id)
    row = {
        "decided_at": datetime.now(UTC).replace(tzinfo=None),
        "decided_by": decided_by,
        "action": action,
        "delivery_id": delivery_id,
        "codes": found.codes,
        "reason": why,
    }
    who = Reader(decided_by, acting().role)
    log_event(paths.state, action, delivery_id, who=who, detail=found.codes)
    with transaction(con):
        append(con, paths, "decision", {"decisions": [row]})
        changed = refresh(con, paths, follow(con, delivery_id, action))
    return Decided(delivery_id, status_of(con, delivery_id), changed)


def follow(con: duckdb.DuckDBPyConnection, delivery_id: str, action: Action) -> Table:
    """Give every reading of a delivery's content the status a decision says.

    Args:
        con: The working warehouse, in a transaction.
        delivery_id: The delivery that was decided about.
        action: What was decided.

    Returns:
        The feed and table whose rows must be refreshed.
    """
    found = _find(con, delivery_id)
    con.execute(
        "update ops.deliveries set status = ? where feed_id = ?"
        " and coalesce(content_id, file_sha256) = ? and list_contains(?, status)",
        [_TO[action], found.table.feed_id, found.content, list(_FROM[action])],
    )
    return found.table


def follow_earlier(con: duckdb.DuckDBPyConnection, delivery_id: str) -> None:
    """Let a delivery follow what was decided about it before it was recorded anew.

    Args:
        con: The working warehouse, in a transaction.
        delivery_id: The delivery; usually nothing was decided.
    """
    rows = con.execute(
        "select action from ops.decisions where delivery_id = ? order by decided_at",
        [delivery_id],
    ).fetchall()
    for (action,) in rows:
        follow(con, delivery_id, action)


def checked_reason(reason: str) -> str:
    """Return why somebody decided something, on one line.

    Args:
        reason: In the person's own words; it is kept for good and shown.

    Raises:
        PukkError: it is empty, or holds a national identity number.
    """
    why = " ".join(reason.split())
    if not why:
        raise PukkError(
            say("ingest.decisions.reason_is_empty"), way_out=say("ingest.decisions.write_reason")
        )
    if _IDENTITY_NUMBER.search(why):
        raise PukkError(
            say("ingest.decisions.reason_has_identity_number"),
            way_out=say("ingest.decisions.write_reason_without_persons"),
        )
    return why


def _find(con: duckdb.DuckDBPyConnection, delivery_id: str) -> _Found:
    rows = con.execute(
        "select contract_id, table_name, feed_id, coalesce(content_id, file_sha256), status,"
        " reason_code"
        " from ops.deliveries where delivery_id = ?",
        [delivery_id],
    ).fetchall()
    if not rows:
        raise PukkError(
            say("ingest.decisions.no_such_delivery"),
            where=delivery_id,
            way_out=say("ingest.decisions.see_numbers"),
        )
    contract_id, table_name, feed_id, content, status, codes = rows[0]
    return _Found(Table(contract_id, table_name, feed_id), content, status, codes or "")
