"""Dagster's own event log in one SQLite file, made quick enough for a short job on one machine.

Every asset and check writes several events, each its own commits, and Dagster's storages make a new
database engine for each of them: together that took longer than the work. Here one engine lives as
long as the process, what the database looks like is asked once, commits do not wait for the disk,
and events that come by the hundred are written together: before any other event, before anything is
read, and before the process lets go of the log. The log is about runs, not about data: after a kill
its last events may be missing, while deliveries, results and generations are in files that are
synced.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster import AssetKey
from dagster._core.events import DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetKeyTable
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from pipelines.desk.private_files import close_process

# what comes once for each asset and check; all others say where a run is, and are written at once
_BY_THE_HUNDRED = frozenset(
    {
        DagsterEventType.ASSET_CHECK_EVALUATION,
        DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
        DagsterEventType.ASSET_MATERIALIZATION,
        DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        DagsterEventType.STEP_OUTPUT,
    }
)
_AT_MOST = 500


class OneFileEventLog(ConsolidatedSqliteEventLogStorage):
    """The event log of every run of one municipality; named in ``dagster.yaml``.

    Every process of Dagster opens it before it writes anything, so here each becomes one whose
    files others cannot read.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        close_process()
        self._waiting: list[EventLogEntry] = []
        self._turn = threading.RLock()
        self._own = threading.local()
        self._tables: set[str] = set()
        self._just_made: set[AssetKey] = set()
        self._records: dict[AssetKey, AssetRecord] = {}
        super().__init__(base_dir, inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event; one of those that come by the hundred perhaps a little later.

        Args:
            event: The event.
        """
        kind = event.dagster_event.event_type if event.dagster_event else None
        with self._turn:
            self._waiting.append(event)
            self._forget(event, kind)
            if kind not in _BY_THE_HUNDRED or len(self._waiting) >= _AT_MOST:
                self._write()

    def _forget(self, event: EventLogEntry, kind: DagsterEventType | None) -> None:
        """Keep no record of an asset that is made again, and none beyond one row of assets."""
        if kind == DagsterEventType.ASSET_MATERIALIZATION and event.dagster_event:
            key = event.dagster_event.asset_key
            if key is not None:
                self._just_made.add(key)
                self._records.pop(key, None)
        elif kind not in _BY_THE_HUNDRED:
            self._just_made.clear()
            self._records.clear()

    def get_asset_records(
        self, asset_keys: Sequence[AssetKey] | None = None
    ) -> Sequence[AssetRecord]:
        """Return what is known of assets.

        Of every asset it makes, Dagster asks what those it was made from came to, one at a time,
        and each time what waits must be written first. Assets come level by level, so whoever asks
        of one that was just made is answered for all of them.

        Args:
            asset_keys: The assets; all of them when not given.
        """
        with self._turn:
            if not asset_keys or not self._just_made.issuperset(asset_keys):
                return super().get_asset_records(asset_keys)
            if not self._records.keys() >= set(asset_keys):
                wanted = list(self._just_made - self._records.keys())
                found = super().get_asset_records(wanted)
                self._records |= {record.asset_entry.asset_key: record for record in found}
            return [self._records[key] for key in asset_keys if key in self._records]

    def _write(self) -> None:
        """Write what waits, in one transaction; what cannot be written is not tried again."""
        events, self._waiting = self._waiting, []
        if not events:
            return
        with self._engine.connect() as connection, connection.begin():
            self._own.connection = connection
            try:
                for each in events:
                    super().store_event(each)
            finally:
                self._own.connection = None

    @cached_property
    def _engine(self) -> Engine:
        made: Engine = create_engine(
            self._conn_string, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        event.listen(made, "connect", _do_not_wait_for_the_disk)
        return made

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        together: Connection | None = getattr(self._own, "connection", None)
        if together is not None:
            yield together
            return
        with self._turn:
            self._write()
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Tell whether a table exists; one that was there once is not asked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether checks can be stored; asked once, and no table ever goes."""
        return self.has_table(AssetCheckExecutionsTable.name)

    @cached_property
    def _reads_status_cache(self) -> bool:
        return super().can_read_asset_status_cache()

    def can_read_asset_status_cache(self) -> bool:
        """Tell whether what is known of an asset can be read; asked once, at every asset."""
        return self._reads_status_cache

    def has_asset_key_col(self, column_name: str) -> bool:
        """Tell whether a column exists; asked at every asset, and once there it never goes."""
        mark = f"{AssetKeyTable.name}.{column_name}"
        return mark in self._tables or super().has_asset_key_col(column_name)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        mark = f"{AssetKeyTable.name}.{column_name}"
        if mark not in self._tables and super()._has_asset_key_col_on_connection(conn, column_name):
            self._tables.add(mark)
        return mark in self._tables

    def dispose(self) -> None:
        """Write what waits and let go of the file."""
        with self._turn:
            self._write()
        super().dispose()  # type: ignore[no-untyped-call] # Dagster's own
        self._engine.dispose()


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI
    connection.execute("pragma synchronous = off")
