"""Great Expectations on an open DuckDB connection, pushed down.

Holds the data source that GX lacks: it computes in DuckDB, on an open connection, and
reads no frame into memory. GX looks its classes up by module, so they must be
importable. Does not know any suite. Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

import duckdb
import sqlalchemy
from duckdb_engine import ConnectionWrapper
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

# In the class below `type` is a field.
_EngineType = type[SqlAlchemyExecutionEngine]


class KeptConnectionEngine(SqlAlchemyExecutionEngine):
    """An engine that keeps its one connection.

    GX closes a connection before it has read the rows, and then every metric raises
    "list index out of range".
    """

    @contextmanager
    def get_connection(self) -> Generator[sqlalchemy.Connection, None, None]:
        """Yield the kept connection, usable again after a query that failed."""
        if self._connection is None:
            self._connection = self.engine.connect()
        try:
            yield self._connection
        except sqlalchemy.exc.DBAPIError:
            self._connection.rollback()
            raise

    def release(self) -> None:
        """Let go of the connection now, not whenever garbage is collected."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):
    """The data source type `duckdb`; GX adds it as `data_sources.add_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    asset_types: ClassVar[list[Any]] = SQLDatasource.asset_types

    @property
    def execution_engine_type(self) -> _EngineType:
        """Return the engine that keeps its connection."""
        return KeptConnectionEngine

    def release(self) -> None:
        """Let go of all connections; the caller closes the database next."""
        engine = self.get_execution_engine()
        if isinstance(engine, KeptConnectionEngine):
            engine.release()
        self.get_engine().dispose()


def engine_arguments(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return what makes SQLAlchemy use the databases of an open connection."""

    def connect() -> ConnectionWrapper:
        cursor = connection.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        return ConnectionWrapper(cursor)

    return {"creator": connect}
