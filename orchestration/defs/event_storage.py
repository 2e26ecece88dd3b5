"""Dagster's SQLite event log with its connections kept open.

Holds one change to Dagster's own storage: that one makes a new engine and a new
connection for each event, 16 ms of CPU (here 4), and a run has hundreds of them.
`dagster.yaml` names this class; without that line Dagster's own storage reads the
same files. Does not hold what is stored.
Tests: tests/orchestration/defs/test_event_storage.py
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self

# Dagster names its storages by this path in dagster.yaml; there is no public one.
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

INDEX = "index"
KEPT_RUNS = 4
_BUSY_SECONDS = 60


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """Keeps the connections to the index and to the runs in use."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._using = threading.Lock()
        super().__init__(*arguments, **options)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> Self:
        """Make the storage that `dagster.yaml` asks for."""
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> Any:
        """Open a transaction on the events of a run."""
        return self._kept(str(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """Open a transaction on what is asked across runs."""
        return self._kept(INDEX)

    def dispose(self) -> None:
        """Close all connections."""
        with self._using:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()

    @contextmanager
    def _kept(self, shard: str) -> Iterator[Connection]:
        with self._using, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            with self._connect(shard):
                pass  # Dagster makes the tables of a new file here
            self._engines[shard] = _engine_of(self.conn_string_for_shard(shard))
        self._engines.move_to_end(shard)
        while len(self._engines) > KEPT_RUNS + 1:
            oldest = next(name for name in self._engines if name != INDEX)
            self._engines.pop(oldest).dispose()
        return self._engines[shard]


def _engine_of(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        # With a write-ahead log a killed process still loses nothing.
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine
