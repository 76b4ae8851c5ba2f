"""The catalogue: every product of a registry as people look it up, by name, maker, model, number or item group."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chorok.core.errors import LedgerError
from chorok.ledger import cataloguing, lookup
from chorok.ledger.names import NameIndex
from chorok.ledger.registry import Registry
from chorok.ledger.store import Ledger
from chorok.ledger.words import WordIndex, mapped, words_of

EPOCH = date(1970, 1, 1)

Mask = npt.NDArray[np.bool_]
Row = dict[str, Any]


@dataclass(frozen=True)
class Hits:
    """What a search found: how many in all, the rows of one page of it, and whether they are merely alike."""

    total: int
    rows: list[Row]
    alike: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is looked for: typed text, a key such as ('group', 'T-CHAIR'), only what is valid, only some places."""

    text: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    bases: tuple[str, ...] = ()
    valid_only: bool = False
    seats: frozenset[str] | None = None


@dataclass(frozen=True)
class Catalogue:
    """All products of one state of the registry, read-only; threads may share it."""

    rows: pa.Table
    index: WordIndex
    names: NameIndex | None
    _days: dict[date, Mask] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, ledger: Ledger, registry: Registry) -> Catalogue:
        """Open the catalogue of a registry, making it when it is not there yet."""
        folder = cataloguing.folder_of(ledger, registry)
        try:
            rows, index = mapped(folder / "rows.arrow"), WordIndex.open(folder)
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            raise LedgerError("catalogue_unreadable", folder=folder, why=str(error)) from error
        names = lookup.names_of(ledger, registry) if "certificates" in registry.versions else None
        return cls(rows, index, names)

    def search(self, wanted: Wanted, day: date, *, start: int = 0, limit: int = 20) -> Hits:
        """Return the products that are looked for, each once and with the row that fits best.

        Whole words stand before beginnings, valid on the day before not valid. Where no row has every word, the most
        similar names are returned instead, and said to be merely alike.
        """
        words = words_of(wanted.text)
        fits = self._fitting(wanted, day)
        mask = fits & self._typed(wanted.text, words)
        if mask.any() or not words or self.names is None:
            found = np.flatnonzero(mask)
            return Hits(self._products(found), self._shown(self._ranked(found, words, day, start + limit)[start:]))
        near = self.names.search([wanted.text], start + limit)[0]
        alike = self._once([one.row for one in near if fits[one.row]], start + limit)
        return Hits(len(alike), self._shown(alike[start:]), alike=True)

    def having(self, kind: str, key: str) -> list[Row]:
        """Return all rows of a product, a supplier, a certificate number or an item group."""
        return self._shown(self.index.holding(_keyed(kind, key)).tolist())

    def keys(self, kind: str) -> list[str]:
        """Return every key of a kind, such as the item groups that have products."""
        return [key for key, _ in self.index.keys(f"={kind}:")]

    def counts(self, kind: str, valid_on: date | None = None) -> dict[str, int]:
        """Return key -> number of products, with `valid_on` only of those surely certified on a day."""
        found = {}
        for key in self.keys(kind):
            rows = self.index.holding(_keyed(kind, key))
            counted = rows if valid_on is None else rows[self.valid(valid_on)[rows]]
            found[key] = int(np.unique(self._numbers[counted]).size)
        return found

    def valid(self, day: date) -> Mask:
        """Tell of each row whether its certificate surely holds on a day."""
        if day not in self._days:
            at = (day - EPOCH).days
            begins, ends = (
                self.rows[name].cast(pa.int32()).fill_null(at + 1).to_numpy() for name in ("begins", "ends")
            )
            self._days.clear()
            self._days[day] = (begins <= at) & (at < ends) & self.rows["certain"].to_numpy()
        return self._days[day]

    @functools.cached_property
    def _seats(self) -> pa.DictionaryArray:
        return self.rows["seat"].combine_chunks().dictionary_encode()

    @functools.cached_property
    def _bases(self) -> pa.DictionaryArray:
        return self.rows["basis"].combine_chunks().dictionary_encode()

    @property
    def seats(self) -> list[str]:
        """Every distinct place of business that some maker has, as written."""
        return [place for place in self._seats.dictionary.to_pylist() if place]

    @property
    def bases(self) -> list[str]:
        """Every basis that some certificate has."""
        return [basis for basis in self._bases.dictionary.to_pylist() if basis and basis != "none"]

    def _fitting(self, wanted: Wanted, day: date) -> Mask:
        mask = self.valid(day).copy() if wanted.valid_only else np.ones(self.rows.num_rows, dtype=np.bool_)
        for kind, key in wanted.keys:
            mask &= self._marked(self.index.holding(_keyed(kind, key)))
        if wanted.bases:
            mask &= _among(self._bases, set(wanted.bases))
        if wanted.seats is not None:
            mask &= _among(self._seats, wanted.seats)
        return mask

    def _typed(self, text: str, words: list[str]) -> Mask:
        """Tell which rows have each typed word or one that begins so, or the whole text as a number or model."""
        if not words:
            return np.full(self.rows.num_rows, not text.strip(), dtype=np.bool_)
        mask = self._marked(self.index.beginning(words[0]))
        for word in words[1:]:
            mask &= self._marked(self.index.beginning(word))
        return mask | self._marked(self.index.beginning("".join(words))) if len(words) > 1 else mask

    def _marked(self, rows: npt.NDArray[np.int32]) -> Mask:
        mask = np.zeros(self.rows.num_rows, dtype=np.bool_)
        mask[rows] = True
        return mask

    @functools.cached_property
    def _numbers(self) -> npt.NDArray[np.int32]:
        numbers: npt.NDArray[np.int32] = self.rows["number"].to_numpy()
        return numbers

    def _products(self, found: npt.NDArray[np.int64]) -> int:
        """Return how many products some rows are of."""
        marked = np.zeros(self.rows.num_rows, dtype=np.bool_)
        marked[self._numbers[found]] = True
        return int(marked.sum())

    def _once(self, rows: list[int], most: int) -> list[int]:
        """Return the first row of each product, up to a number of them."""
        first: dict[int, int] = {}
        for row in rows:
            if len(first) >= most:
                break
            first.setdefault(int(self._numbers[row]), row)
        return list(first.values())

    def _ranked(self, found: npt.NDArray[np.int64], words: list[str], day: date, most: int) -> list[int]:
        """Return the first rows by rank, one a product; rows of one rank stay in the registry's order."""
        rank = self.valid(day)[found].astype(np.int8)
        for word in words if len(found) > most else []:
            whole = self._marked(self.index.holding(word))
            rank += 2 * whole[found].astype(np.int8)
        first: list[int] = []
        for level in range(int(rank.max(initial=0)), -1, -1):
            if len(first) >= most:
                break
            first = self._once(first + self._firsts(found[rank == level], most), most)
        return first

    def _firsts(self, rows: npt.NDArray[np.int64], most: int) -> list[int]:
        """Return rows of enough products, read on until there are enough."""
        taken = most
        while True:
            first = self._once(rows[:taken].tolist(), most)
            if len(first) >= most or taken >= len(rows):
                return first
            taken *= 4

    def _shown(self, rows: list[int]) -> list[Row]:
        found: list[Row] = self.rows.take(pa.array(rows, pa.int64())).to_pylist()
        return found


def state(row: Row, day: date) -> str:
    """Return what a row says on a day: valid, not_yet, expired, revoked, uncertain, or none for no certificate."""
    if (row["basis"] or "none") == "none":
        return "none"
    if row["read_on"] or not row["certain"]:
        return "valid" if row["read_on"] == day else "uncertain"
    if row["revoked_on"] and row["revoked_on"] <= day:
        return "revoked"
    if day < row["begins"]:
        return "not_yet"
    return "valid" if day < row["ends"] else "expired"


def _keyed(kind: str, key: str) -> str:
    return f"={kind}:{''.join(words_of(key)) if kind == 'certificate' else key}"


def _among(column: pa.DictionaryArray, wanted: set[str] | frozenset[str]) -> Mask:
    fits = np.array([value in wanted for value in column.dictionary.to_pylist()] or [False], dtype=np.bool_)
    among: Mask = fits[column.indices.fill_null(0).to_numpy(zero_copy_only=False)] & column.is_valid().to_numpy(False)
    return among
