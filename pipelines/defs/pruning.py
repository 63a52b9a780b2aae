"""What every night adds and nobody is promised: pruned at the end of a night, and by a command.

Dagster's runs with their events, and files laid out long ago. The access log, the journal and the
editions are never touched here: how long those are kept is carried out in ``care``.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipelines.contracts.retention import Rule, own_rules
from pipelines.defs.context import RunContext, tell
from pipelines.defs.lock import run_lock
from pipelines.settings import Paths
from pipelines.words.messages import say

if TYPE_CHECKING:
    import dagster as dg

Kind = Literal["dagster_runs", "outbox"]
KIND_NB: dict[Kind, str] = {
    "dagster_runs": say("defs.pruning.dagster_runs"),
    "outbox": say("defs.pruning.laid_out"),
}
_AT_MOST = 50
"""Runs deleted at once: a home that was never pruned is done over some nights."""
_FREE_SHARE = 0.25
"""A file of which more than this is empty is written anew, smaller."""
_WAIT_S = 1.0


@dataclass(frozen=True)
class Old:
    """One thing older than it need be.

    Attributes:
        kind: What kind of thing.
        name: Its number or its place.
        dated: The day its age is counted from.
        remove: Deletes it.
    """

    kind: Kind
    name: str
    dated: date
    remove: Callable[[], None]


def prune(ctx: RunContext, *, dry_run: bool) -> list[Old]:
    """Delete what is older than it need be, and give the disk back what it took.

    Args:
        ctx: The municipality.
        dry_run: Only say what would be deleted.

    Returns:
        What was, or would be, deleted; oldest first within its kind.

    Raises:
        BusyError: A run goes on.
        ContractError: The file of rules does not say how long.
    """
    import dagster as dg

    if not ctx.paths.root.is_dir():
        return []
    with run_lock(ctx.paths):
        home = _dagster(ctx.paths)
        if not (home / "dagster.yaml").is_file():
            return _pruned(ctx.paths, None, dry_run=dry_run)
        with dg.DagsterInstance.from_config(str(home)) as instance:
            found = _pruned(ctx.paths, instance, dry_run=dry_run)
        if found and not dry_run:
            give_back(ctx.paths)
        return found


def prune_after_night(ctx: RunContext, instance: "dg.DagsterInstance") -> None:
    """Prune at the end of a night, under its lock; what cannot be pruned waits for the next.

    Args:
        ctx: The run's context.
        instance: Dagster's, as the run has it open.
    """
    # history is not worth a night: whatever stops it (a file that is held, a database of its own)
    # is met again tomorrow, and the doctor tells of a full disk
    with suppress(Exception):
        found = _pruned(ctx.paths, instance, dry_run=False)
        if found:
            tell(say("defs.pruning.pruned", n=len(found)))


def give_back(paths: Paths) -> None:
    """Write Dagster's own files anew where much of them is empty; one that is held is left.

    Args:
        paths: The municipality's folders, with Dagster's instance closed.
    """
    for file in sorted(_dagster(paths).glob("*/*.db")):
        with suppress(sqlite3.Error), closing(sqlite3.connect(file, timeout=_WAIT_S)) as con:
            ((n_free,),) = con.execute("pragma freelist_count").fetchall()
            ((n_pages,),) = con.execute("pragma page_count").fetchall()
            if n_free > _FREE_SHARE * n_pages:
                con.execute("vacuum")


def _pruned(paths: Paths, instance: "dg.DagsterInstance | None", *, dry_run: bool) -> list[Old]:
    rules, today = own_rules(), datetime.now(UTC).date()
    runs = _old_runs(paths, instance, rules["dagster_runs"], today) if instance else iter(())
    found = [*runs, *_laid_out(paths, rules["outbox"], today)]
    for each in found if not dry_run else ():
        each.remove()
    return found


def _old_runs(
    paths: Paths, instance: "dg.DagsterInstance", rule: Rule, today: date
) -> Iterator[Old]:
    from dagster import DagsterRunStatus, RunsFilter

    first = rule.keeps_from(today)
    before = datetime(first.year, first.month, first.day, tzinfo=UTC)
    kept = {
        record.dagster_run.run_id for record in instance.get_run_records(limit=rule.keep_newest)
    }
    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    old = instance.get_run_records(
        RunsFilter(statuses=ended, created_before=before),
        limit=_AT_MOST + len(kept),
        ascending=True,
    )
    for record in [each for each in old if each.dagster_run.run_id not in kept][:_AT_MOST]:
        run_id = record.dagster_run.run_id
        yield Old(
            "dagster_runs",
            run_id,
            record.create_timestamp.date(),
            lambda run_id=run_id: _remove_run(paths, instance, run_id),  # type: ignore[misc] # bound now
        )


def _remove_run(paths: Paths, instance: "dg.DagsterInstance", run_id: str) -> None:
    instance.delete_run(run_id)
    # what the run wrote to its screen, a folder each
    shutil.rmtree(_dagster(paths) / "storage" / run_id, ignore_errors=True)


def _laid_out(paths: Paths, rule: Rule, today: date) -> Iterator[Old]:
    for recipient in sorted(folder for folder in paths.outbox.glob("*") if folder.is_dir()):
        editions = sorted(folder for folder in recipient.iterdir() if folder.is_dir())
        for folder in editions[: -rule.keep_newest or None]:
            dated = datetime.fromtimestamp(folder.stat().st_mtime, UTC).date()
            if dated < rule.keeps_from(today):
                name = folder.relative_to(paths.root).as_posix()
                yield Old("outbox", name, dated, lambda folder=folder: shutil.rmtree(folder))  # type: ignore[misc] # bound now


def _dagster(paths: Paths) -> Path:
    return paths.state / "dagster"
