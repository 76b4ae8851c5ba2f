"""The only file that imports duckdb or pyspark: opens an engine and hands out frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import duckdb
import narwhals as nw
import pyarrow as pa

Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error


def connect(*, threads: int | None = None, memory_limit: str | None = None, temp: Path | None = None) -> Connection:
    """Open a DuckDB connection of its own, in memory, that fetches nothing from outside.

    `memory_limit` as DuckDB writes it ('2GB'); `temp` is where it spills.
    """
    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    if threads:
        config["threads"] = threads
    if memory_limit:
        config["memory_limit"] = memory_limit
    if temp:
        config["temp_directory"] = str(temp)
    return duckdb.connect(config=config)


def quoted(text: str | Path) -> str:
    """Return a text as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def local_path(uri: str) -> str:
    """Return the path of a file URI; deltalake percent-encodes what it lists."""
    return unquote(urlparse(uri).path) if uri.startswith("file:") else unquote(uri)
