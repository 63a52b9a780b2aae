"""What the leader group follows up: topics about a unit, each with all that was done about it.

A topic is opened, handed to a role with a date, acknowledged, commented on, done, and perhaps taken
up again. Every step is kept and none is changed: the state of a topic is what its steps say. They
lie in the municipality's state folder, never in the warehouse, and each is in the access log too.
Who may see a unit is decided by who asks, and given here as the units they hold.
"""

import sqlite3
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from pipelines.desk.access_log import Entry, append
from pipelines.desk.database import never, open_database
from pipelines.desk.kept_text import now, one_line
from pipelines.desk.logged import Reader

FILE_NAME = "follow_up.sqlite"
OWNER_ROLES = ("unit_leader", "sector_director", "chief_executive", "professional_lead",
               "lean_coordinator")  # fmt: skip
"""Who can have a topic: a role, never a name. Their words are in the word files."""
_LONGEST_TEXT = 500
_LONGEST_TITLE = 160
_SCHEMA = (
    """
create table if not exists topics (
    topic_id integer primary key,
    unit_id text not null,
    metric_id text not null,
    title text not null,
    why text not null
);
create table if not exists steps (
    step_id integer primary key,
    topic_id integer not null references topics,
    at text not null,
    actor text not null,
    role text not null,
    kind text not null,
    owner_role text not null,
    due_date text not null,
    words text not null
);
"""
    + never("steps", "changed")
    + never("steps", "deleted")
)
Kind = Literal["opened", "assigned", "acknowledged", "commented", "done", "reopened"]
State = Literal["opened", "acknowledged", "done"]
_STATE: dict[str, State] = {
    "opened": "opened", "acknowledged": "acknowledged", "done": "done", "reopened": "opened",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that was done about a topic; ``role`` is whose, the actor is in the log."""

    at: str
    role: str
    kind: Kind
    owner_role: str
    due_date: date | None
    words: str


@dataclass(frozen=True)
class Topic:
    """Something to follow up.

    Attributes:
        topic_id: Its number.
        unit_id: The unit it is about.
        metric_id: The metric; empty when it is about the unit.
        title: What it is.
        why: Why it was taken up, with its figures.
        owner_role: The role that has it now.
        due_date: When it is to be done.
        state: Opened, acknowledged by who has it, or done.
        steps: All that was done, oldest first.
    """

    topic_id: int
    unit_id: str
    metric_id: str
    title: str
    why: str
    owner_role: str = ""
    due_date: date | None = None
    state: State = "opened"
    steps: tuple[Step, ...] = ()


class NotYoursError(PermissionError):
    """The topic does not exist, or is about a unit the reader does not hold."""


def open_topic(  # noqa: PLR0913 - a row of the list
    state: Path,
    reader: Reader,
    units: Collection[str],
    *,
    unit_id: str,
    metric_id: str,
    title: str,
    why: str,
    owner_role: str,
    due_date: date | None,
) -> int:
    """Take a topic up and return its number.

    Args:
        state: The municipality's state folder.
        reader: Who opens it, as the log names them.
        units: The units the reader holds.
        unit_id: The unit it is about.
        metric_id: The metric, or empty.
        title: What it is.
        why: Why, with its figures.
        owner_role: One of ``OWNER_ROLES``.
        due_date: When it is to be done.

    Raises:
        NotYoursError: The unit is not among the reader's.
        PersonalTextError: A text holds a personal identifier.
        ValueError: The title is empty or too long, or the role is none.
    """
    if unit_id not in units:
        raise NotYoursError(unit_id)
    told = _text(title, _LONGEST_TITLE), _text(why, _LONGEST_TEXT, may_be_empty=True)
    with _open(state) as con:
        made = con.execute(
            "insert into topics (unit_id, metric_id, title, why) values (?, ?, ?, ?)",
            [unit_id, metric_id, *told],
        )
        topic_id = int(made.lastrowid or 0)
        _add(con, reader, topic_id, "opened", _role(owner_role), due_date, "")
        _log(state, reader, unit_id, "opened")
    return topic_id


def take_step(  # noqa: PLR0913 - what is done, about what, by whom
    state: Path,
    reader: Reader,
    units: Collection[str],
    topic_id: int,
    kind: Kind,
    *,
    words: str = "",
    owner_role: str = "",
    due_date: date | None = None,
) -> None:
    """Do something about a topic; arguments and errors as in :func:`open_topic`."""
    told = _text(words, _LONGEST_TEXT, may_be_empty=kind != "commented")
    owner = _role(owner_role) if kind == "assigned" else ""
    with _open(state) as con:
        row = con.execute("select unit_id from topics where topic_id = ?", [topic_id]).fetchone()
        if row is None or row["unit_id"] not in units:
            raise NotYoursError(topic_id)
        _add(con, reader, topic_id, kind, owner, due_date, told)
        _log(state, reader, row["unit_id"], kind)


def topics(state: Path, units: Collection[str]) -> list[Topic]:
    """Return the topics about the reader's units: what is not done first, then by date."""
    if not (state / FILE_NAME).exists():
        return []
    with _open(state) as con:
        rows = con.execute("select * from topics order by topic_id").fetchall()
        steps: dict[int, list[Step]] = {}
        for row in con.execute("select * from steps order by step_id"):
            steps.setdefault(row["topic_id"], []).append(_step(row))
    found = [
        _as_told(
            Topic(row["topic_id"], row["unit_id"], row["metric_id"], row["title"], row["why"]),
            steps.get(row["topic_id"], []),
        )
        for row in rows
        if row["unit_id"] in units
    ]
    return sorted(found, key=lambda t: (t.state == "done", t.due_date or date.max, t.topic_id))


def _as_told(topic: Topic, steps: list[Step]) -> Topic:
    for step in steps:
        if step.kind in {"opened", "assigned"} and step.owner_role:
            topic = replace(topic, owner_role=step.owner_role, due_date=step.due_date)
        topic = replace(topic, state=_STATE.get(step.kind, topic.state))
    return replace(topic, steps=tuple(steps))


def _step(row: sqlite3.Row) -> Step:
    due = date.fromisoformat(row["due_date"]) if row["due_date"] else None
    return Step(row["at"], row["role"], row["kind"], row["owner_role"], due, row["words"])


def _add(  # noqa: PLR0913 - the columns of a step
    con: sqlite3.Connection,
    reader: Reader,
    topic_id: int,
    kind: Kind,
    owner_role: str,
    due_date: date | None,
    words: str,
) -> None:
    con.execute(
        "insert into steps (topic_id, at, actor, role, kind, owner_role, due_date, words)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            topic_id,
            now(),
            reader.actor,
            reader.role,
            kind,
            owner_role,
            due_date.isoformat() if due_date else "",
            words,
        ],
    )


def _log(state: Path, reader: Reader, unit_id: str, kind: Kind) -> None:
    # before the step is kept: a stop between leaves an entry without its step, never the reverse
    append(state, Entry(reader.actor, reader.role, "follow_up", kind, unit=unit_id))


def _role(owner_role: str) -> str:
    if owner_role not in OWNER_ROLES:
        raise ValueError("owner_role")
    return owner_role


def _text(words: str, longest: int, *, may_be_empty: bool = False) -> str:
    return one_line(words, "words", longest, may_be_empty=may_be_empty)


def _open(state: Path) -> AbstractContextManager[sqlite3.Connection]:
    return open_database(state / FILE_NAME, _SCHEMA)
