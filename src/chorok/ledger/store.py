"""The ledger folder: its format, its lock, its Delta tables.

```
ledger.toml  files/<sha256>/  batches/  purchases/  decisions/  registry/<table>/  snapshots/  derived/<snapshot>/
```
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import TableNotFoundError

from chorok.core.errors import LedgerError
from chorok.ledger import schema
from chorok.ledger.engines import Connection, connect, local_path, quoted

KEPT_FOREVER = {"delta.logRetentionDuration": "interval 36500 days", "delta.enableExpiredLogCleanup": "false"}
"""Snapshots name table versions, so no version may ever expire by itself."""

PATIENCE = 60.0
"""Seconds that a second writer waits before it is told who writes."""


@dataclass(frozen=True)
class Ledger:
    """A ledger folder. All of its state is on disk; opening it costs one small read."""

    path: Path
    synthetic: str | None = None  # the fixed day (ISO) of an example ledger, whose purchases are invented

    @classmethod
    def create(cls, path: Path, synthetic: str | None = None) -> Ledger:
        """Make an empty ledger, or open the one that is there."""
        if (path / "ledger.toml").exists():
            return cls.open(path)
        if path.exists() and any(path.iterdir()):
            raise LedgerError("ledger_folder_taken", path=path)
        path.mkdir(parents=True, exist_ok=True)
        mark = f'synthetic = "{synthetic}"\n' if synthetic else ""
        write_whole(path / "ledger.toml", f"# A Chorok ledger. Do not edit.\nformat = {schema.FORMAT}\n{mark}")
        return cls(path, synthetic)

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open a ledger. Raises LedgerError when there is none, or when another version wrote it."""
        try:
            settings = tomllib.loads((path / "ledger.toml").read_text(encoding="utf-8"))
            found = int(settings["format"])
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LedgerError("ledger_missing", path=path) from error
        except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
            raise LedgerError("ledger_damaged", path=path / "ledger.toml") from error
        if found > schema.FORMAT:
            raise LedgerError("ledger_newer", path=path, found=found, known=schema.FORMAT)
        if found < schema.FORMAT:
            raise LedgerError("ledger_older", path=path, found=found, known=schema.FORMAT)
        return cls(path, settings.get("synthetic"))

    @property
    def today(self) -> date:
        """The day that counts as today: the fixed one of an example ledger, else the calendar's (rules 7.3)."""
        return date.fromisoformat(self.synthetic) if self.synthetic else date.today()  # noqa: DTZ011 - local on purpose

    @contextlib.contextmanager
    def writing(self, patience: float = PATIENCE, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the ledger's write lock. A second writer waits `patience` seconds, then LedgerError ledger_locked."""
        with (self.path / "lock").open("a+", encoding="utf-8") as handle:
            self._acquire(handle.fileno(), patience, waiting)
            handle.truncate(0)
            handle.write(json.dumps({"process": os.getpid()}))
            handle.flush()
            yield

    def _acquire(self, descriptor: int, patience: float, waiting: Callable[[str], None] | None) -> None:
        deadline = time.monotonic() + patience
        told = False
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = (self.path / "lock").read_text(encoding="utf-8") or "?"
                if time.monotonic() >= deadline:
                    raise LedgerError("ledger_locked", path=self.path, holder=holder) from error
                if waiting and not told:
                    waiting(holder)
                    told = True
                time.sleep(0.1)

    def connection(self, *, threads: int | None = None, memory_limit: str | None = None) -> Connection:
        """Open an engine that spills into this ledger's folder."""
        return connect(threads=threads, memory_limit=memory_limit, temp=self.path / "spill")

    def table(self, name: str, *, version: int | None = None) -> DeltaTable | None:
        """Open a Delta table of the ledger, or None when nothing was ever written to it."""
        folder = self.path / name
        if not (folder / "_delta_log").exists():
            return None
        try:
            found = DeltaTable(str(folder), version=version)
        except TableNotFoundError:
            return None
        if "deletionVectors" in (found.protocol().reader_features or []):
            raise LedgerError("deletion_vectors", path=folder)
        return found

    def table_or_new(self, name: str, columns: pa.Schema, partition_by: list[str] | None = None) -> DeltaTable:
        """Open a Delta table, making it when it is not there."""
        return self.table(name) or DeltaTable.create(
            str(self.path / name), columns, mode="ignore", partition_by=partition_by, configuration=KEPT_FOREVER
        )

    def version(self, name: str) -> int:
        """Return the version of a table, -1 when there is none."""
        found = self.table(name)
        return -1 if found is None else found.version()


def once(app: str, attempt: int = 1) -> CommitProperties:
    """Return commit properties that mark a commit as done for `app` (design section 3, step 5)."""
    return CommitProperties(app_transactions=[Transaction(app, attempt)], max_commit_retries=0)


def files_of(table: DeltaTable) -> list[str]:
    """Return the local paths of a table's data files, decoded."""
    return [local_path(uri) for uri in table.file_uris()]


def read(table: DeltaTable) -> pa.Table:
    """Return a small table whole.

    Arrow reads the files itself: deltalake's reader hands Python's files to Arrow's threads, which can abort the
    process when it ends.
    """
    files = files_of(table)
    return pq.read_table(files, partitioning=None) if files else pa.schema(table.schema().to_arrow()).empty_table()


def scan(files: list[str], columns: pa.Schema) -> str:
    """Return SQL that reads Parquet files; for no files, an empty table of the same columns."""
    if files:
        listed = ", ".join(quoted(file) for file in files)
        return f"SELECT * FROM read_parquet([{listed}], hive_partitioning=false, union_by_name=true)"
    empty = ", ".join(f'CAST(NULL AS {sql_type(field.type)}) AS "{field.name}"' for field in columns)
    return f"SELECT {empty} WHERE false"


_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "bool": "BOOLEAN", "date32[day]": "DATE"}


def sql_type(kind: pa.DataType) -> str:
    """Return DuckDB's name of a column type."""
    text = str(kind)
    if text.startswith("decimal"):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if text.startswith("list"):
        return "VARCHAR[]"
    return _SQL_TYPES.get(text, "DOUBLE")


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all, also after a power cut."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
