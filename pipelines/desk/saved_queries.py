"""Questions people keep, for themselves or for all who may ask; deleting can be undone.

They lie in the municipality's state folder, outside the published file. Whether a question may run
is judged each time it is asked, never here.
"""

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.database import open_database
from pipelines.desk.kept_text import now, one_line, refuse_personal

FILE_NAME = "saved_queries.sqlite"
_LONGEST_TITLE = 120
_LONGEST_SQL = 20_000
_SCHEMA = """
create table if not exists queries (
    query_id integer primary key,
    owner text not null,
    title text not null,
    sql text not null,
    is_shared integer not null,
    created_at text not null,
    changed_at text not null,
    deleted_at text
);
"""


@dataclass(frozen=True)
class SavedQuery:
    """One kept question; a shared one is read by all and changed by its owner alone."""

    query_id: int
    owner: str
    title: str
    sql: str
    is_shared: bool
    created_at: str


class NotYoursError(Exception):
    """The question does not exist, or belongs to somebody else."""


def save(state: Path, owner: str, title: str, sql: str, *, is_shared: bool) -> int:
    """Keep a question and return its id.

    Raises:
        PersonalTextError: The title or the question holds a personal identifier.
        ValueError: The title or the question is empty or too long.
    """
    title, sql = _title(title), sql.strip()
    refuse_personal(sql, "sql")
    if not sql or len(sql) > _LONGEST_SQL:
        raise ValueError("sql")
    made_at = now()
    with _open(state) as con:
        made = con.execute(
            "insert into queries (owner, title, sql, is_shared, created_at, changed_at)"
            " values (?, ?, ?, ?, ?, ?)",
            [owner, title, sql, int(is_shared), made_at, made_at],
        )
        return int(made.lastrowid or 0)


def visible_to(state: Path, owner: str) -> list[SavedQuery]:
    """Return one's own questions and the shared ones, one's own first, then by title."""
    if not (state / FILE_NAME).exists():
        return []
    with _open(state) as con:
        rows = con.execute(
            "select * from queries where deleted_at is null and (owner = ?1 or is_shared)"
            " order by owner <> ?1, lower(title), query_id",
            [owner],
        ).fetchall()
    return [_query(row) for row in rows]


def rename(state: Path, owner: str, query_id: int, title: str, *, is_shared: bool) -> None:
    """Give one's own question another title, and share it or not.

    Raises:
        NotYoursError: It is not one's own.
        PersonalTextError: The title holds a personal identifier.
        ValueError: The title is empty or too long.
    """
    _change(state, owner, query_id, title=_title(title), is_shared=int(is_shared))


def delete(state: Path, owner: str, query_id: int) -> None:
    """Delete one's own question; ``restore`` undoes it.

    Raises:
        NotYoursError: It is not one's own.
    """
    _change(state, owner, query_id, deleted_at=now())


def restore(state: Path, owner: str, query_id: int) -> None:
    """Undo a deletion.

    Raises:
        NotYoursError: It is not one's own.
    """
    _change(state, owner, query_id, deleted_at=None)


def _change(state: Path, owner: str, query_id: int, **values: str | int | None) -> None:
    values["changed_at"] = now()
    assignments = ", ".join(f"{name} = ?" for name in values)
    with _open(state) as con:
        done = con.execute(
            f"update queries set {assignments} where query_id = ? and owner = ?",
            [*values.values(), query_id, owner],
        )
        if not done.rowcount:
            raise NotYoursError(query_id)


def _open(state: Path) -> AbstractContextManager[sqlite3.Connection]:
    return open_database(state / FILE_NAME, _SCHEMA)


def _query(row: sqlite3.Row) -> SavedQuery:
    return SavedQuery(
        query_id=row["query_id"],
        owner=row["owner"],
        title=row["title"],
        sql=row["sql"],
        is_shared=bool(row["is_shared"]),
        created_at=row["created_at"],
    )


def _title(title: str) -> str:
    return one_line(title, "title", _LONGEST_TITLE)
