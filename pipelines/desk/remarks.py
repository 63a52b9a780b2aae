"""What people say about a unit and a metric without taking it up: kept, never changed, and logged.

They lie beside the topics of ``follow_up``, in the municipality's state folder. Who may see a unit
is decided by who asks, and given here as the units they hold.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.access_log import Entry, append
from pipelines.desk.database import never, open_database
from pipelines.desk.follow_up import FILE_NAME, NotYoursError
from pipelines.desk.kept_text import now, one_line
from pipelines.desk.logged import Reader

LONGEST_REMARK = 500
_SCHEMA = (
    """
create table if not exists remarks (
    remark_id integer primary key,
    at text not null,
    actor text not null,
    role text not null,
    unit_id text not null,
    metric_id text not null,
    words text not null
);
"""
    + never("remarks", "changed")
    + never("remarks", "deleted")
)


@dataclass(frozen=True)
class Remark:
    """One remark; ``role`` is whose, the actor is in the log. Without a metric: on the unit."""

    at: str
    role: str
    unit_id: str
    metric_id: str
    words: str


def add_remark(
    state: Path, reader: Reader, units: Collection[str], about: tuple[str, str], words: str
) -> None:
    """Keep a remark.

    Args:
        state: The municipality's state folder.
        reader: Who says it, as the log names them.
        units: The units the reader holds.
        about: The unit, and the metric or an empty text.
        words: What is said.

    Raises:
        NotYoursError: The unit is not among the reader's.
        PersonalTextError: The text holds a personal identifier.
        ValueError: The text is empty or too long.
    """
    unit_id, metric_id = about
    if unit_id not in units:
        raise NotYoursError(unit_id)
    told = one_line(words, "words", LONGEST_REMARK)
    with open_database(state / FILE_NAME, _SCHEMA) as con:
        con.execute(
            "insert into remarks (at, actor, role, unit_id, metric_id, words)"
            " values (?, ?, ?, ?, ?, ?)",
            [now(), reader.actor, reader.role, unit_id, metric_id, told],
        )
        append(state, Entry(reader.actor, reader.role, "follow_up", "remark", unit=unit_id))


def remarks(state: Path, units: Collection[str]) -> list[Remark]:
    """Return the remarks about the reader's units, the newest first."""
    if not (state / FILE_NAME).exists():
        return []
    with open_database(state / FILE_NAME, _SCHEMA) as con:
        rows = con.execute(
            "select at, role, unit_id, metric_id, words from remarks order by remark_id desc"
        ).fetchall()
    return [Remark(**dict(row)) for row in rows if row["unit_id"] in units]
