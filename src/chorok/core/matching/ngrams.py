"""Texts as sparse rows of hashed character n-grams (two to four letters), by numpy over many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chorok.core.matching.text import normalise_all

FEATURES = 1 << 16
"""Columns that n-grams are hashed into."""
LENGTHS = (2, 3, 4)
_CHUNK = 256
Array = npt.NDArray[Any]
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BREAK = ord("\n")


@dataclass(frozen=True)
class SparseRows:
    """Sparse rows: the columns of all rows one after another, their values, and n + 1 offsets."""

    columns: Array  # int64
    values: Array  # float32
    offsets: Array  # int64

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def take(self, rows: Array) -> SparseRows:
        """Return some of the rows, in the given order."""
        sizes = self.offsets[rows + 1] - self.offsets[rows]
        ends = np.cumsum(sizes)
        places = np.repeat(self.offsets[rows] - (ends - sizes), sizes) + np.arange(sizes.sum())
        return SparseRows(self.columns[places], self.values[places], np.concatenate(([0], ends)))

    def times(self, weights: Array) -> Array:
        """Return rows x weights (float32, columns x labels), as many rows at a time as a processor keeps near."""
        product = np.zeros((len(self), weights.shape[1]), dtype=np.float32)
        filled = np.flatnonzero(np.diff(self.offsets))
        for start in range(0, len(filled), _CHUNK):
            rows = filled[start : start + _CHUNK]
            first = self.offsets[rows[0]]
            part = slice(first, self.offsets[rows[-1] + 1])
            weighed = weights[self.columns[part]] * self.values[part, None]
            product[rows] = np.add.reduceat(weighed, self.offsets[rows] - first, axis=0)
        return product

    def turned(self, width: int) -> SparseRows:
        """Return the transpose: columns as rows. `width` is the number of columns."""
        order = np.argsort(self.columns, kind="stable")
        owners = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        sizes = np.bincount(self.columns, minlength=width)
        return SparseRows(owners[order], self.values[order], np.concatenate(([0], np.cumsum(sizes))))


def counted(texts: Sequence[str]) -> SparseRows:
    """Return the distinct n-grams of every text, each with value 1; texts are normalised first."""
    lines = "\n".join(f" {text} " if text else "" for text in normalise_all(texts))
    points = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    keys = np.sort(np.concatenate([_keys(points, length) for length in LENGTHS]))
    keys = keys[np.diff(keys, prepend=keys[:1] ^ np.uint64(1)) != 0]
    sizes = np.bincount((keys >> np.uint64(16)).astype(np.int64), minlength=len(texts))
    columns = (keys & np.uint64(FEATURES - 1)).astype(np.int64)
    return SparseRows(columns, np.ones(len(columns), dtype=np.float32), np.concatenate(([0], np.cumsum(sizes))))


def _keys(points: Array, length: int) -> Array:
    """Return line number and hashed n-gram (the low 16 bits) of every n-gram within a line."""
    starts = max(len(points) - length + 1, 0)
    breaks = np.concatenate(([0], np.cumsum(points == _BREAK)))
    whole = breaks[length : length + starts] == breaks[:starts]
    hashed = np.full(starts, length, dtype=np.uint64)
    for place in range(length):
        hashed = (hashed ^ points[place : place + starts]) * _FACTOR
        hashed ^= hashed >> np.uint64(32)
    owner = breaks[:starts].astype(np.uint64)
    keys: Array = ((owner << np.uint64(16)) | ((hashed * _FACTOR) >> np.uint64(48)))[whole]
    return keys


def weighed(rows: SparseRows, idf: Array) -> SparseRows:
    """Return the rows weighed by inverse document frequency (float32, one a column), each of length 1."""
    values = idf[rows.columns]
    sums = np.concatenate(([0.0], np.cumsum(np.square(values, dtype=np.float64))))
    lengths = np.sqrt(np.maximum(sums[rows.offsets[1:]] - sums[rows.offsets[:-1]], 1e-12))
    scaled = values / np.repeat(lengths, np.diff(rows.offsets)).astype(np.float32)
    return SparseRows(rows.columns, scaled.astype(np.float32), rows.offsets)


def idf_of(rows: SparseRows) -> Array:
    """Return the inverse document frequency of every column."""
    seen = np.bincount(rows.columns, minlength=FEATURES)
    return (np.log((1 + len(rows)) / (1 + seen)) + 1).astype(np.float32)
