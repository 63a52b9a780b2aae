"""What has happened since the last message: read of the ledger and of how the runs ended.

Nothing is put into words here (``night_message``), and nothing is changed.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.desk.nights import Night, last_success, nights_since
from pipelines.errors import BusyError
from pipelines.ingest.inbox import present_sha256
from pipelines.municipality.model import Municipality
from pipelines.notices.rhythm import FeedState, feed_states, missing
from pipelines.settings import Paths
from pipelines.warehouse.deliveries import LYING_IN_INBOX, list_held


@dataclass(frozen=True)
class Brought:
    """What a feed has brought.

    Attributes:
        feed_id: The feed.
        n_files: Deliveries that count.
        rows_loaded: Their rows.
        rows_quarantined: Rows set aside from them.
    """

    feed_id: str
    n_files: int
    rows_loaded: int
    rows_quarantined: int


@dataclass(frozen=True)
class Cause:
    """One cause, and everything that stopped for it.

    Attributes:
        names: Files or deliveries.
        said: Why, and the way out, of the first of them.
    """

    names: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Facts:
    """All that a message of the night tells.

    Attributes:
        name: The municipality's.
        language: Its language.
        nights: Runs that have ended, oldest first.
        last_success: When one last ended well.
        brought: What has come, by feed.
        rejected: Files in the inbox that are refused, by cause.
        held: Deliveries that wait for a person, by cause.
        missing: Feeds that are late.
        is_busy: A run is going on, so that the ledger could not be read.
    """

    name: str
    language: str
    nights: Sequence[Night]
    last_success: datetime | None
    brought: Sequence[Brought] = ()
    rejected: Sequence[Cause] = ()
    held: Sequence[Cause] = ()
    missing: Sequence[FeedState] = ()
    is_busy: bool = False

    @property
    def failed(self) -> Sequence[Cause]:
        """Runs that failed after the last that did not, by what was said of them."""
        last: list[Night] = []
        for night in self.nights:
            last = [*last, night] if night.outcome == "failed" else []
        return grouped([(f"{night.ended_at:%Y-%m-%d}", night.said, night.said) for night in last])

    @property
    def published(self) -> Sequence[int]:
        """Editions that were published."""
        return [n.generation for n in self.nights if n.outcome == "published" and n.generation]


def facts(
    municipality: Municipality,
    paths: Paths,
    ledger: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
    since: datetime | None,
    today: date,
) -> Facts:
    """Return what has happened since a moment.

    Args:
        municipality: Its name, language, feeds and calendar.
        paths: Its folders.
        ledger: Opens the warehouse for reading alone.
        since: When it was last told; everything without one.
        today: The day feeds are held against their rhythm.
    """
    known = Facts(
        municipality.name,
        municipality.language,
        nights_since(paths.state, since),
        last_success(paths.state),
    )
    if not paths.warehouse.exists():
        return known
    try:
        with ledger() as con:
            return _with_ledger(known, con, municipality, paths, since, today)
    except BusyError:
        return Facts(known.name, known.language, known.nights, known.last_success, is_busy=True)


def grouped(found: Sequence[tuple[str, str, str]]) -> list[Cause]:
    """Return names by cause, in the order the causes were met.

    Args:
        found: Name, what tells causes apart, and what is said of it.
    """
    causes: dict[str, tuple[list[str], str]] = {}
    for name, cause, said in found:
        causes.setdefault(cause, ([], said))[0].append(name)
    return [Cause(tuple(dict.fromkeys(names)), said) for names, said in causes.values()]


def _with_ledger(  # noqa: PLR0913 - what is known, and where the rest is found
    known: Facts,
    con: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    paths: Paths,
    since: datetime | None,
    today: date,
) -> Facts:
    feeds = [(feed.id, f"{feed.contract}.{feed.table}") for feed in municipality.feeds]
    states = feed_states(con, feeds, today, municipality.working_calendar)
    return Facts(
        name=known.name,
        language=known.language,
        nights=known.nights,
        last_success=known.last_success,
        brought=_brought(con, since),
        rejected=_rejected(con, paths),
        held=_held(con),
        missing=list(missing(states)),
    )


def _brought(con: duckdb.DuckDBPyConnection, since: datetime | None) -> list[Brought]:
    rows = con.execute(
        "select feed_id, count(*), sum(rows_loaded), sum(rows_quarantined) from ops.deliveries"
        " where status = 'loaded' and (?1 is null or timezone('UTC', received_at) > ?1)"
        " group by feed_id order by feed_id",
        [since],
    ).fetchall()
    return [Brought(feed, n, int(loaded or 0), int(aside or 0)) for feed, n, loaded, aside in rows]


def _rejected(con: duckdb.DuckDBPyConnection, paths: Paths) -> list[Cause]:
    rows = con.execute(
        "select lying.file_name, coalesce(d.reason_code, d.reason_nb), lying.reason_nb"
        f" from ({LYING_IN_INBOX}) as lying inner join ops.deliveries as d on d.seq = lying.seq"
        " where lying.is_refused order by lying.seq",
        [list(present_sha256(paths))],
    ).fetchall()
    return grouped(rows)


def _held(con: duckdb.DuckDBPyConnection) -> list[Cause]:
    codes = dict(con.execute("select delivery_id, reason_code from ops.deliveries").fetchall())
    return grouped(
        [
            (f"{number} {file}", str(codes.get(number) or reason), reason)
            for number, file, reason in list_held(con)
        ]
    )
