"""The truth behind the lines, kept beside the files and read by no import: for counting errors and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from chorok.demo.calibration import CITIES
from chorok.demo.koneps import request_numbers
from chorok.demo.lines import Ints, Lines
from chorok.demo.named import Named
from chorok.demo.vocabulary import item_groups

SCHEMA = pa.schema(
    [
        ("file", pa.string()),  # path below the demo's folder
        ("row", pa.string()),  # request number and line, else the row (1-based) of the file
        ("city", pa.string()),  # NULL: the buyer is not in the organisation list
        ("year", pa.int32()),  # of the first order
        ("item_group", pa.string()),  # code; NULL: no item group covers the goods
        ("amount", pa.int64()),  # won
        ("green", pa.bool_()),  # NULL: no item group covers the goods
        ("product_key", pa.int64()),
    ]
)


class Truth:
    """Collects the true lines file by file."""

    def __init__(self, lines: Lines, products: pa.Table, named: list[Named]) -> None:
        self._lines = lines
        self._keys = products["key"].to_numpy()
        self._named_keys = np.array([one.key for one in named], dtype=np.int64)
        self._parts: list[pa.Table] = []

    def orders(self, file: str, rows: pa.Table) -> None:
        """Add the delivery-request rows whose amount counts."""
        counted = rows.filter(rows["counts"])
        line = counted["line"].to_numpy()
        number = pa.array(self._lines["number"][line]).cast(pa.string())
        identity = pc.binary_join_element_wise(request_numbers(counted, self._lines), number, "-")
        self._add(file, identity, line, self._keys[self._lines["product"][line]])

    def rows(self, file: str, positions: Sequence[int], places: Sequence[int]) -> None:
        """Add lines bought by name, by their place in the file."""
        line = np.array(positions, dtype=np.int64)
        keys = self._named_keys[self._lines["named"][line]]
        self._add(file, pa.array(list(places), pa.int64()).cast(pa.string()), line, keys)

    def _add(self, file: str, identity: pa.Array, line: Ints, keys: Ints) -> None:
        lines = self._lines[line]
        codes = pa.array([*(group.code for group in item_groups()), None])  # the last: position -1
        group = pa.array(np.where(lines["group"] < 0, len(codes) - 1, lines["group"]))
        cities = pa.array([*CITIES, None])
        place = pa.array(np.where(lines["known"] == 1, lines["city"], len(CITIES)))
        columns = [
            pa.repeat(file, len(lines)),
            identity,
            cities.take(place),
            pa.array(lines["year"].astype(np.int32)),
            codes.take(group),
            pa.array(lines["amount"]),
            pa.array(lines["green"] == 1, mask=lines["green"] < 0),
            pa.array(keys),
        ]
        self._parts.append(pa.table([_whole(one) for one in columns], schema=SCHEMA))

    def keys(self) -> set[int]:
        """Return the keys of all products bought so far."""
        return {key for part in self._parts for key in pc.unique(part["product_key"]).to_pylist()}

    def write(self, path: Path) -> int:
        """Write all as one Parquet file and return the number of lines."""
        whole = pa.concat_tables(self._parts)
        parquet.write_table(whole.combine_chunks(), path, compression="zstd")
        return int(whole.num_rows)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
