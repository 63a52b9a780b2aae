"""What the nights left: the last good one, what waits for somebody, and the access log."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb

from pipelines.defs.context import RunContext
from pipelines.desk.access_log import last_of
from pipelines.desk.nights import LATE_AFTER_HOURS, is_late, last_success, nights_since
from pipelines.desk.signed import check_signed
from pipelines.errors import PukkError
from pipelines.ingest.inbox import present_sha256, unfinished_files
from pipelines.notices.outbox import waiting
from pipelines.upkeep.backup import SUBJECT
from pipelines.upkeep.finding import Finding, attention, fault, well
from pipelines.upkeep.log_held import REASONS, held_log
from pipelines.upkeep.machine_looked_at import local_moment
from pipelines.warehouse.connection import open_to_read
from pipelines.warehouse.deliveries import list_held, list_losses, list_rejected
from pipelines.words.messages import say

_OLDEST_BACKUP = timedelta(days=8)


def night(ctx: RunContext) -> Iterator[Finding]:
    """Look at when a run last ended well, and how the last one ended."""
    state = ctx.paths.state
    noted = nights_since(state, None)
    if not noted:
        yield attention(say("upkeep.night.none_noted"), say("upkeep.edition.run"))
        return
    last = last_success(state)
    when = local_moment(last) if last else "–"
    if noted[-1].outcome == "failed":
        yield fault(
            say("upkeep.night.last_failed", said=noted[-1].said, when=when),
            say("upkeep.night.mend_and_run"),
        )
    elif is_late(state, datetime.now(UTC)):
        yield fault(
            say("upkeep.night.late", hours=LATE_AFTER_HOURS, when=when),
            say("upkeep.night.start_schedule"),
        )
    else:
        yield well(say("upkeep.night.well", when=when))


def queue(ctx: RunContext) -> Iterator[Finding]:
    """Look at what waits for somebody: refused and held files, losses, messages not sent."""
    found = list(_queue(ctx))
    yield from found or [well(say("upkeep.queue.nothing"))]


def _queue(ctx: RunContext) -> Iterator[Finding]:
    paths = ctx.paths
    if paths.warehouse.is_file():
        try:
            with open_to_read(paths.warehouse) as con:
                yield from _in_ledger(ctx, con)
        except (duckdb.Error, PukkError):
            yield attention(say("upkeep.queue.not_seen"), say("upkeep.queue.see_warehouse"))
    unfinished = unfinished_files(paths)
    if unfinished:
        yield attention(
            say("upkeep.queue.unfinished", n=len(unfinished), first=unfinished[0].name),
            say("upkeep.queue.finish_or_remove"),
        )
    if not paths.inbox.is_dir() and paths.root.is_dir():
        yield fault(say("upkeep.queue.no_inbox", inbox=paths.inbox), say("upkeep.queue.make_inbox"))
    unsent = waiting(paths.state)
    if unsent:
        channel, said = unsent[0]
        yield attention(
            say("upkeep.queue.messages", n=len(unsent), channel=channel, said=said or "–"),
            say("upkeep.queue.mend_channel"),
        )


def _in_ledger(ctx: RunContext, con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for name, reason in list_rejected(con, present_sha256(ctx.paths)):
        yield fault(
            say("upkeep.queue.rejected", name=name, reason=reason),
            say("upkeep.queue.deliver_again"),
        )
    for number, name, reason in list_held(con):
        yield attention(
            say("upkeep.queue.held", number=number, name=name, reason=reason),
            say("upkeep.queue.decide", number=number),
        )
    for loss in list_losses(con):
        yield attention(loss, say("upkeep.queue.bring_loss_back"))


def backup(ctx: RunContext) -> Iterator[Finding]:
    """Look at when a backup was last finished, as the access log tells it."""
    last = last_of(ctx.paths.state, "backup", SUBJECT)
    if last is None:
        if ctx.paths.root.is_dir():
            yield attention(say("upkeep.backup.never"), say("upkeep.backup.take_one"))
        return
    at = datetime.fromisoformat(last["at"])
    if last["outcome"] != "ok":
        said = say("upkeep.backup.not_finished", at=local_moment(at))
        yield attention(said, say("upkeep.backup.take_again"))
    elif datetime.now(UTC) - at > _OLDEST_BACKUP:
        yield attention(
            say("upkeep.backup.old", at=local_moment(at)), say("upkeep.backup.take_one")
        )
    else:
        yield well(say("upkeep.backup.recent", at=local_moment(at)))


def access_log(ctx: RunContext) -> Iterator[Finding]:
    """Look at the access log: its chain, and every head that other files noted."""
    try:
        held = held_log(ctx.paths)
    except sqlite3.DatabaseError as error:
        yield fault(say("cli.log.log_unreadable", error=error), say("upkeep.log.restore_or_ask"))
        return
    found = held.found
    if found.broken_at is not None:
        where = f" ({found.where})" if found.where else ""
        said = say("upkeep.log.does_not_hold", at=found.broken_at, why=REASONS[found.reason])
        yield fault(said + where, say("upkeep.log.verify"))
    else:
        yield well(say("upkeep.log.whole", n=found.n_entries, head=found.head))
    for lost in check_signed(ctx.paths.state).faults:
        is_there = lost.reason == "changed"
        said = (
            say("cli.log.signed_changed", seq=lost.seq)
            if is_there
            else say("cli.log.signed_missing", seq=lost.seq)
        )
        yield fault(f"{lost.file}: {said}", say("cli.log.bring_signed_back"))
    if held.known.entry is not None:
        at = local_moment(datetime.fromisoformat(held.known.entry["at"]))
        yield attention(say("upkeep.log.loss_accepted", at=at), say("upkeep.log.verify"))
    if held.marks.unreadable:
        n, first = len(held.marks.unreadable), held.marks.unreadable[0]
        yield fault(
            say("upkeep.log.marks_unreadable", n=n, first=first), say("cli.log.bring_them_back")
        )
