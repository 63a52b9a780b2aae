"""How each run ended, in a file of its own: whoever watches need not ask what has stopped.

Written by every run, from the command line and from Dagster, also by one with nothing to do. Read
by the message of the night, by the watch and by the pages; none of them needs the warehouse.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pipelines.desk.database import open_database
from pipelines.desk.personal_identifiers import masked

FILE_NAME = "nights.sqlite"
LATE_AFTER_HOURS = 30
"""A day and the hours a night may be late: longer without success, and somebody must look."""
Outcome = Literal["published", "unchanged", "failed"]
_KEPT = 400
_LONGEST = 4000
_SCHEMA = """
create table if not exists nights (
    number integer primary key, ended_at text not null, outcome text not null,
    generation integer, said text not null
);
"""


@dataclass(frozen=True)
class Night:
    """One run that has ended.

    Attributes:
        ended_at: When.
        outcome: How.
        generation: The edition readers see after it.
        said: What was said of a failure: why, and the way out.
    """

    ended_at: datetime
    outcome: Outcome
    generation: int | None
    said: str


def note_night(
    state: Path, outcome: Outcome, *, generation: int | None = None, said: str = ""
) -> None:
    """Note how a run ended.

    Args:
        state: The municipality's state folder.
        outcome: How.
        generation: The edition readers see now.
        said: Why it failed.

    Raises:
        sqlite3.Error: It could not be written.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with open_database(state / FILE_NAME, _SCHEMA) as con:
        con.execute(
            "insert into nights (ended_at, outcome, generation, said) values (?, ?, ?, ?)",
            [now, outcome, generation, masked(said)[:_LONGEST]],
        )
        con.execute(
            "delete from nights where number <= (select max(number) from nights) - ?", [_KEPT]
        )


def nights_since(state: Path, since: datetime | None) -> list[Night]:
    """Return the runs that ended after a moment, oldest first; all that are kept without one.

    Args:
        state: The municipality's state folder.
        since: The moment.
    """
    file = state / FILE_NAME
    if not file.exists():
        return []
    with closing(sqlite3.connect(file, timeout=15.0)) as con:
        con.execute("pragma query_only = true")
        rows = con.execute(
            "select ended_at, outcome, generation, said from nights order by number"
        ).fetchall()
    found = [Night(datetime.fromisoformat(at), *rest) for at, *rest in rows]
    return [night for night in found if since is None or night.ended_at > since]


def last_success(state: Path) -> datetime | None:
    """Return when a run last ended well; ``None`` when none has, or nothing is noted."""
    good = [night for night in nights_since(state, None) if night.outcome != "failed"]
    return good[-1].ended_at if good else None


def is_late(state: Path, now: datetime, hours: float = LATE_AFTER_HOURS) -> bool:
    """Tell whether it is too long since a run ended well; never where no run was ever noted.

    Args:
        state: The municipality's state folder.
        now: The present.
        hours: How long is too long.
    """
    noted = nights_since(state, None)
    if not noted:
        return False
    last = last_success(state) or noted[0].ended_at
    return now - last > timedelta(hours=hours)
