"""What is deleted because it is old: looked for and carried out, under the lock, with the log.

The command line and Dagster's job call the same functions. What is old is found in
``pipelines.retention``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipelines.contracts.retention import own_rules
from pipelines.defs.context import RunContext, tell
from pipelines.defs.lock import run_lock, warehouse
from pipelines.defs.sound import mend_warehouse
from pipelines.desk.access_log import Entry, append
from pipelines.desk.logged import Reader
from pipelines.retention.carry_out import delete_files
from pipelines.retention.found import KIND_NB, Found, Kind, old_files


@dataclass(frozen=True)
class Summary:
    """What is old of one kind by one rule.

    Attributes:
        kind: What kind of thing.
        n: How many.
        n_bytes: Their size.
        oldest: The day the oldest is from.
        keeps_from: The first day that is kept.
        length_nb: How long it is kept, in bokmål.
        rule: Where that is written.
    """

    kind: Kind
    n: int
    n_bytes: int
    oldest: date
    keeps_from: date
    length_nb: str
    rule: str


def today() -> date:
    """Return the day age is counted from."""
    return datetime.now(UTC).date()


def look(ctx: RunContext, as_of: date) -> list[Found]:
    """Return what is older than it may be; nothing is changed.

    Args:
        ctx: The run's context.
        as_of: The day age is counted from.

    Raises:
        BusyError: a run holds the lock.
    """
    with run_lock(ctx.paths):
        return _look(ctx, as_of)


def delete_old(ctx: RunContext, who: Reader) -> list[Found]:
    """Delete what is older than it may be today; returns what that was.

    Args:
        ctx: The run's context.
        who: Who does it, for the log.

    Raises:
        BusyError: a run holds the lock.
        sqlite3.Error: the log could not be written; nothing is deleted.
    """
    with run_lock(ctx.paths):
        found = _look(ctx, today())
        if not found:
            return found
        _log(ctx, who, found)
        with warehouse(ctx.paths) as con:
            delete_files(con, ctx.paths, found, who.actor)
        return found


def summed(found: Sequence[Found], as_of: date) -> list[Summary]:
    """Return what was found, added up by kind and rule.

    Args:
        found: What is old.
        as_of: The day age is counted from.
    """
    groups: dict[tuple[Kind, str], list[Found]] = {}
    for each in found:
        groups.setdefault((each.kind, each.rule.source), []).append(each)
    return [
        Summary(
            kind=kind,
            n=len(group),
            n_bytes=sum(each.n_bytes for each in group),
            oldest=min(each.dated for each in group),
            keeps_from=group[0].rule.keeps_from(as_of),
            length_nb=group[0].rule.length_nb,
            rule=rule,
        )
        for (kind, rule), group in groups.items()
    ]


def _look(ctx: RunContext, as_of: date) -> list[Found]:
    mend_warehouse(ctx)
    if not ctx.paths.warehouse.exists():
        return []
    with warehouse(ctx.paths) as con:
        return old_files(con, ctx.paths, ctx.sources, own_rules(), as_of)


def _log(ctx: RunContext, who: Reader, found: Sequence[Found]) -> None:
    counts = [f"{KIND_NB[s.kind]}: {s.n}" for s in summed(found, today())]
    for line in counts:
        tell(f"Sletter {line}")
    append(
        ctx.paths.state,
        Entry(
            who.actor, who.role, "delete", "retention", n_rows=len(found), detail="; ".join(counts)
        ),
    )
