"""Rows by key on disk: which rows have this identification number, this maker ... Read-only, memory-mapped.

`<name>.arrow` (all keys, sorted, with where their rows begin) and `<name>.npy` (the rows of every key, in that order).
"""

from __future__ import annotations

import bisect
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chorok.ledger.engines import Connection
from chorok.ledger.words import mapped, write_mapped

Rows = npt.NDArray[np.int32]


class Keyed:
    """Finds rows by a key. Threads may share it."""

    def __init__(self, keys: pa.Array, begins: npt.NDArray[np.int64], rows: Rows) -> None:
        self._keys, self._begins, self._rows = keys, begins, rows

    @classmethod
    def build(cls, folder: Path, name: str, engine: Connection, query: str) -> None:
        """Write the pairs (key, row) that a query gives."""
        engine.execute(f'CREATE OR REPLACE TEMP TABLE pairs AS SELECT key, "row"::INTEGER AS "row" FROM ({query})')
        counted = engine.execute("SELECT key, count(*) AS n FROM pairs GROUP BY key ORDER BY key").to_arrow_table()
        ends = np.cumsum(counted["n"].to_numpy(), dtype=np.int64)
        begins = pa.array(ends - counted["n"].to_numpy(), pa.int64())
        keys = counted["key"].cast(pa.large_string())
        write_mapped(folder / f"{name}.arrow", pa.table({"key": keys, "begins": begins}))
        rows = engine.execute('SELECT "row" FROM pairs ORDER BY key, "row"').fetchnumpy()["row"]
        np.save(folder / f"{name}.npy", np.asarray(rows, dtype=np.int32))

    @classmethod
    def open(cls, folder: Path, name: str) -> Keyed:
        """Open it. Raises OSError, ValueError when it is missing or damaged."""
        table = mapped(folder / f"{name}.arrow")
        rows = array(folder / f"{name}.npy")
        begins = np.append(table["begins"].to_numpy(), len(rows))
        return cls(whole(table["key"]), begins, rows)

    def holding(self, key: str) -> Rows:
        """Return the rows of a key, in ascending order."""
        count = len(self._keys)
        at = bisect.bisect_left(range(count), key, key=lambda place: self._keys[place].as_py())
        there = at < count and self._keys[at].as_py() == key
        return self._rows[self._begins[at] : self._begins[at + 1]] if there else self._rows[:0]


def array(path: Path) -> npt.NDArray[np.int32]:
    """Return an array read from disk as it is touched; as a plain array, since slicing a memmap is slow."""
    found: npt.NDArray[np.int32] = np.load(path, mmap_mode="r").view(np.ndarray)
    return found


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece, still mapped where it is stored so: rows are taken from it ten times as fast."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
