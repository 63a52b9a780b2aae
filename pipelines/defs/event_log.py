"""Dagster's own event log, made quick enough for a short job on one machine.

Every asset and check writes several events, each its own SQLite commit; waiting for the disk after
each took longer than the work. The log is about runs, not about data: after a power cut the last
events may be missing, while deliveries, results and generations are in files that are synced.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine


def skip_waiting_for_the_disk() -> None:
    """Let SQLite connections of this process commit without waiting for the disk."""
    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


def _relax(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DBAPI connection
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("pragma synchronous = off")
