"""The only file that imports duckdb or pyspark: opens an engine and hands out frames."""

from __future__ import annotations

import functools
import socket
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from chorok.core.errors import UsageError

Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
SPARK_PORT = 15002
"""Port of Spark Connect where the URL names none."""


_SEALED: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
_BOUNDS: dict[str, Any] = {}


def bound(*, threads: int, memory_limit: str) -> None:
    """Bound all connections of this process that ask for no bounds themselves: a web process leaves room to others."""
    _BOUNDS.update(threads=threads, memory_limit=memory_limit)
    _shared.cache_clear()


def connect(*, threads: int | None = None, memory_limit: str | None = None, temp: Path | None = None) -> Connection:
    """Open a DuckDB connection, in memory, that fetches nothing from outside. What it registers and its temporary
    tables are its own; it makes no others.

    `memory_limit` as DuckDB writes it ('2GB'); `temp` is where it spills.
    """
    bounds: dict[str, Any] = {}
    if threads:
        bounds["threads"] = threads
    if memory_limit:
        bounds["memory_limit"] = memory_limit
    if temp:
        bounds["temp_directory"] = str(temp)
    return duckdb.connect(config=_SEALED | _BOUNDS | bounds) if bounds else _shared_connection()


@functools.cache
def _shared() -> Connection:
    """The database of all who ask for no bounds: to begin one costs more than a small question. It survives no fork."""
    return duckdb.connect(config=_SEALED | _BOUNDS)


def _shared_connection() -> Connection:
    try:
        return _shared().cursor().execute("SELECT 1")
    except duckdb.Error:  # the engine gives a whole database up after a fault of its own
        _shared.cache_clear()
        return _shared().cursor()


def quoted(text: str | Path) -> str:
    """Return a text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def local_path(uri: str) -> str:
    """Return the path of a file URI; deltalake percent-encodes what it lists."""
    return unquote(urlparse(uri).path) if uri.startswith("file:") else unquote(uri)


class Engine:
    """DuckDB as an engine of frames. `open_engine` also knows Spark Connect; measures cannot tell them apart."""

    def __init__(
        self, *, threads: int | None = None, memory_limit: str | None = None, temp: Path | None = None
    ) -> None:
        self.connection = connect(threads=threads, memory_limit=memory_limit, temp=temp)

    def parquet(self, files: list[str], like: pa.Schema | None = None) -> nw.LazyFrame[Any]:
        """Return Parquet files as one lazy frame; no files give an empty frame with the columns of `like`."""
        if not files and like is not None:
            return self.frame(like.empty_table())
        return nw.from_native(self.connection.read_parquet(files, hive_partitioning=False))

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return a small Arrow table as a lazy frame of this engine."""
        return nw.from_native(self.connection.from_arrow(table))

    def rows(self, files: list[str]) -> int:
        """Return how many rows Parquet files hold, from their footers."""
        return sum(pq.read_metadata(file).num_rows for file in files)

    def close(self) -> None:
        """Let go of the engine."""
        self.connection.close()


class SparkEngine(Engine):
    """A Spark Connect server (`sc://host:port`) as an engine of frames. Needs the extra `spark`."""

    def __init__(self, url: str) -> None:
        _must_answer(url)
        try:
            from pyspark.sql.connect.session import SparkSession
        except ImportError as error:
            raise UsageError("extra_missing", extra="spark") from error
        self.session = SparkSession.builder.remote(url).getOrCreate()

    def parquet(self, files: list[str], like: pa.Schema | None = None) -> nw.LazyFrame[Any]:
        """Return Parquet files as one lazy frame."""
        if not files and like is not None:
            return self.frame(like.empty_table())
        return nw.from_native(self.session.read.parquet(*files))

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return a small Arrow table as a lazy frame of this engine."""
        if table.num_rows:
            return nw.from_native(self.session.createDataFrame(table))
        from pyspark.sql.pandas.types import from_arrow_schema

        # Without rows the session does not look at the columns of an Arrow table.
        return nw.from_native(self.session.createDataFrame([], from_arrow_schema(table.schema)))

    def close(self) -> None:
        """Let go of the session."""
        self.session.stop()


def _must_answer(url: str) -> None:
    """Raise UsageError engine_unreachable when nobody listens: the client itself would try for many minutes."""
    try:
        address = urlparse(url)
        socket.create_connection((address.hostname or "localhost", address.port or SPARK_PORT), timeout=10).close()
    except (OSError, ValueError) as error:
        raise UsageError("engine_unreachable", engine=url, why=error) from error


def open_engine(
    url: str = "duckdb", *, threads: int | None = None, memory_limit: str | None = None, temp: Path | None = None
) -> Engine:
    """Open the engine of a URL: 'duckdb', or 'sc://host:port' for Spark Connect. Raises UsageError for others."""
    if url.startswith("sc://"):
        return SparkEngine(url)
    if url != "duckdb":
        raise UsageError("engine_unknown", engine=url)
    return Engine(threads=threads, memory_limit=memory_limit, temp=temp)
