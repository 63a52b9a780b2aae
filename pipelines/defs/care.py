"""What is deleted because it is old: looked for and carried out, under the lock, with the log.

The command line and Dagster's job call the same functions. What is old is found in
``pipelines.retention``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pipelines.contracts.retention import own_rules, person_tables, rule_of_rows
from pipelines.defs.context import RunContext, tell
from pipelines.defs.lock import run_lock, warehouse
from pipelines.defs.sound import mend_warehouse, rebuild_warehouse
from pipelines.defs.unchanged import already_published
from pipelines.desk.events import log_event
from pipelines.desk.log_shortening import old_entries, shorten
from pipelines.desk.logged import Reader
from pipelines.ingest.expired_rows import Expired, expired_rows
from pipelines.retention.carry_out import delete_files, delete_rows
from pipelines.retention.closing import Closing, closings, kept_sums
from pipelines.retention.found import KIND_NB, Found, Kind, old_files, today
from pipelines.words.messages import say


@dataclass(frozen=True)
class Old:
    """What is older than it may be.

    Attributes:
        files: Files.
        rows: Rows about persons, by file in landing.
        n_log_entries: Entries of the access log.
        closing: How far each source is closed when its rows go, of those that can be.
    """

    files: list[Found]
    rows: list[Expired]
    n_log_entries: int = 0
    closing: Mapping[str, Closing] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to delete."""
        return bool(self.files or self.n_rows or self.n_log_entries)

    @property
    def n_rows(self) -> int:
        """Rows that no figure needs, which are deleted."""
        return sum(each.n_deleted for each in self.rows)

    @property
    def closes(self) -> dict[str, Closing]:
        """Sources of which rows go that figures are computed from until now, and how far."""
        going = {each.file.contract_id for each in self.rows if each.n_deleted}
        return {source: each for source, each in self.closing.items() if source in going}

    @property
    def n_needed(self) -> int:
        """Rows that are too old, but that published figures are computed from."""
        return sum(each.n_needed for each in self.rows)


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


def look(ctx: RunContext, as_of: date) -> Old:
    """Return what is older than it may be; nothing is changed.

    Args:
        ctx: The run's context.
        as_of: The day age is counted from.

    Raises:
        BusyError: a run holds the lock.
    """
    with run_lock(ctx.paths):
        return _look(ctx, as_of)


def delete_old(ctx: RunContext, who: Reader) -> Old:
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
        if not found.is_any:
            return found
        _log(ctx, who, found)
        with warehouse(ctx.paths) as con:
            delete_files(con, ctx.paths, found.files, who.actor)
            kept = kept_sums(con, found.closes, who.actor)
            delete_rows(con, ctx.paths, found.rows, who.actor, kept)
        shorten(ctx.paths.state, _log_kept_from(today()), who)
        if found.n_rows:
            # the database keeps what was deleted from it until it is written anew
            rebuild_warehouse(ctx)
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


def _look(ctx: RunContext, as_of: date) -> Old:
    n_entries = old_entries(ctx.paths.state, _log_kept_from(as_of))
    mend_warehouse(ctx)
    if not ctx.paths.warehouse.exists():
        return Old([], [], n_entries)
    with warehouse(ctx.paths) as con:
        keeps_from: dict[str, date] = {}
        for source, table in person_tables(ctx.sources):
            kept_from = rule_of_rows(ctx.sources[source], table).keeps_from(as_of)
            keeps_from[source] = min(kept_from, keeps_from.get(source, kept_from))
        # only what readers see is what the rows there are now give
        closing = closings(con, keeps_from, is_computed=already_published(ctx) is not None)
        before = {source: each.rows_before for source, each in closing.items()}
        first_month = ctx.municipality.first_month
        return Old(
            old_files(con, ctx.paths, ctx.sources, own_rules(), as_of),
            expired_rows(con, ctx.paths, ctx.sources, first_month, as_of, before),
            n_entries,
            closing,
        )


def _log_kept_from(as_of: date) -> datetime:
    day = own_rules()["access_log"].keeps_from(as_of)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _log(ctx: RunContext, who: Reader, found: Old) -> None:
    counts = [f"{KIND_NB[s.kind]}: {s.n}" for s in summed(found.files, today())]
    if found.n_rows:
        counts.append(f"Personrader: {found.n_rows}")
    if found.n_log_entries:
        counts.append(say("defs.care.access_log_entries", n_log_entries=found.n_log_entries))
    for line in counts:
        tell(f"Sletter {line}")
    n = len(found.files) + found.n_rows
    log_event(ctx.paths.state, "delete", "retention", who=who, n_rows=n, detail="; ".join(counts))
