"""What a person decides about a delivery: it counts after all, or it must not count.

A decision is about the content: every reading of the same file in the feed follows it. What then
counts is worked out in ``in_force``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

import duckdb

from pipelines.desk.events import acting, log_event
from pipelines.desk.logged import Reader
from pipelines.errors import PukkError
from pipelines.ingest.closed_months import refuse_closed
from pipelines.ingest.in_force import Table, refresh
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import status_of
from pipelines.warehouse.releases import Release, checked_reason, seen_by_two, today_in_norway
from pipelines.warehouse.replay import append
from pipelines.warehouse.standing import CONTENT
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

Action = Literal["accept", "withdraw"]
Recorded = Literal["accept", "propose", "withdraw", "lapse"]
"""What stands in the ledger: ``propose`` waits for a second person, ``lapse`` is a passed date."""
_FROM: dict[str, tuple[str, ...]] = {
    "accept": ("held", "withdrawn"),
    "propose": ("held", "withdrawn"),
    "withdraw": ("loaded", "superseded", "held"),
    "lapse": ("loaded", "superseded"),
}
_TO = {"accept": "loaded", "withdraw": "withdrawn", "lapse": "held"}
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
        is_proposed: Whether it waits for a second person.
    """

    delivery_id: str
    status: str
    changed_periods: list[str]
    is_proposed: bool = False


class _Found(NamedTuple):
    table: Table
    content: str
    status: str
    codes: str


def decide_delivery(  # noqa: PLR0913 - who, what, why, until when and by how many
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    action: Action,
    delivery_id: str,
    reason: str,
    decided_by: str,
    *,
    expires_on: date | None = None,
    four_eyes: bool = False,
) -> Decided:
    """Record a decision and let the source tables follow; the next run publishes it.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        action: ``accept`` or ``withdraw``.
        delivery_id: The delivery.
        reason: Why, in the person's own words.
        decided_by: The account that decides.
        expires_on: The last day an accepted delivery counts; for good by default.
        four_eyes: Whether what is accepted waits until a second person has accepted it too.

    Raises:
        PukkError: there is no such delivery, its status does not allow it, all it gave is kept
            as sums, the reason is empty or names a person by a number or an address, or the second
            person is the first.
    """
    said = Release(decided_by, checked_reason(reason), expires_on)
    found = _find(con, delivery_id)
    if found.status not in _FROM[action]:
        raise PukkError(
            f"Leveransen {_STATUS_NB[found.status]}. {_WRONG[action]}.",
            where=delivery_id,
            way_out=say("ingest.decisions.see_deliveries"),
        )
    if found.status != "held":
        refuse_closed(con, delivery_id)
        if expires_on is not None:
            raise PukkError(
                say("ingest.decisions.only_held_expires"),
                where=delivery_id,
                way_out=say("ingest.decisions.accept_without_until"),
            )
    if action == "withdraw" or not four_eyes:
        return record_decision(con, paths, action, delivery_id, said)
    first = proposed(con, delivery_id, today_in_norway())
    if first is None:
        return record_decision(con, paths, "propose", delivery_id, said)
    agreed = seen_by_two(first, said)
    return record_decision(con, paths, "accept", delivery_id, agreed, first.by)


def record_decision(  # noqa: PLR0913 - what, by whom and who asked for it first
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    action: Recorded,
    delivery_id: str,
    said: Release,
    proposed_by: str | None = None,
) -> Decided:
    """Keep a decision that may be made, and let the source tables follow.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        action: What is decided.
        delivery_id: The delivery.
        said: By whom, why and until when.
        proposed_by: Who asked for it first, where two must.
    """
    codes = _find(con, delivery_id).codes
    row = {
        "decided_at": datetime.now(UTC).replace(tzinfo=None),
        "decided_by": said.by,
        "action": action,
        "delivery_id": delivery_id,
        "codes": codes,
        "reason": said.reason,
        "expires_on": said.expires_on,
        "proposed_by": proposed_by,
    }
    until = f" until {said.expires_on}" if said.expires_on else ""
    log_event(
        paths.state,
        action,
        delivery_id,
        who=Reader(said.by, acting().role),
        detail=f"{codes}{until}",
    )
    with transaction(con):
        append(con, paths, "decision", {"decisions": [row]})
        changed = refresh(con, paths, follow(con, delivery_id, action))
    return Decided(
        delivery_id, status_of(con, delivery_id), changed, is_proposed=action == "propose"
    )


def proposed(con: duckdb.DuckDBPyConnection, delivery_id: str, today: date) -> Release | None:
    """Return what waits for a second person about a delivery's content; ``None`` for nothing.

    Args:
        con: The working warehouse.
        delivery_id: The delivery, or another reading of the same content.
        today: What was asked for until a day that is over waits no longer.
    """
    found = _find(con, delivery_id)
    rows = con.execute(
        "select c.action, c.decided_by, c.reason, c.expires_on from ops.decisions as c"
        " inner join ops.deliveries as d on c.delivery_id = d.delivery_id"
        f" where d.feed_id = ? and {CONTENT} = ?"
        " order by c.decided_at desc limit 1",
        [found.table.feed_id, found.content],
    ).fetchall()
    if not rows or rows[0][0] != "propose":
        return None
    first = Release(*rows[0][1:])
    return None if first.is_over(today) else first


def follow(con: duckdb.DuckDBPyConnection, delivery_id: str, action: Recorded) -> Table:
    """Give every reading of a delivery's content the status a decision says.

    Args:
        con: The working warehouse, in a transaction.
        delivery_id: The delivery that was decided about.
        action: What was decided.

    Returns:
        The feed and table whose rows must be refreshed.
    """
    found = _find(con, delivery_id)
    if action in _TO:
        con.execute(
            "update ops.deliveries as d set status = ? where d.feed_id = ?"
            f" and {CONTENT} = ? and list_contains(?, d.status)",
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


def _find(con: duckdb.DuckDBPyConnection, delivery_id: str) -> _Found:
    rows = con.execute(
        f"select contract_id, table_name, feed_id, {CONTENT}, status, reason_code"
        " from ops.deliveries as d where delivery_id = ?",
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
