"""Dagster's own event log in one SQLite file, made quick enough for a short job on one machine.

Every asset and check writes several events, each its own commit, and Dagster's storages make a new
database engine for each of them: together that took longer than the work. Here one engine lives as
long as the process, and commits do not wait for the disk. The log is about runs, not about data:
after a power cut its last events may be missing, while deliveries, results and generations are in
files that are synced.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from pipelines.desk.private_files import close_process


class OneFileEventLog(ConsolidatedSqliteEventLogStorage):
    """The event log of every run of one municipality; named in ``dagster.yaml``.

    Every process of Dagster opens it before it writes anything, so here each becomes one whose
    files others cannot read.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        close_process()
        super().__init__(base_dir, inst_data)

    @cached_property
    def _engine(self) -> Engine:
        made: Engine = create_engine(
            self._conn_string, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        event.listen(made, "connect", _do_not_wait_for_the_disk)
        return made

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    connection.execute("pragma synchronous = off")
