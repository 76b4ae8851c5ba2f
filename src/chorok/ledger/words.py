"""A word index on disk: which rows hold a word, or any word that begins so. For searching while somebody types.

One folder, never changed: `words.arrow` (all words, sorted), `offsets.npy` and `rows.npy` (the rows of every word, in
the order of the words). What begins with the same letters stands side by side, so a prefix is one slice of `rows`.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chorok.ledger.engines import Connection

Rows = npt.NDArray[np.int32]

LAST = "\U0010ffff"
"""Sorts behind every letter."""
LONGEST = 40
"""Letters of a word that are kept; nobody types more to find something."""
_BETWEEN = re.compile(r"[\W_]+")

# Korean writes compounds in one word: what begins at a later syllable is found too ('복사용지' by '용지').
_BUILD = (
    f"""CREATE TEMP TABLE heard AS SELECT DISTINCT "row", left(word, {LONGEST}) AS word FROM (
      SELECT "row", unnest(regexp_split_to_array(lower(nfc_normalize(text)), '[^\\pL\\pN]+')) AS word FROM texts)
    WHERE word <> ''""",
    """CREATE TEMP TABLE parts AS SELECT word, unnest(list_distinct([word] || list_filter(
      list_transform(range(2, length(word)), lambda n: word[n:]), lambda x: regexp_matches(x, '^\\p{Hangul}{2}')
    ))) AS part FROM (SELECT DISTINCT word FROM heard)""",
    """CREATE TEMP TABLE vocabulary AS SELECT part, (row_number() OVER (ORDER BY part))::INTEGER AS place FROM (
      SELECT part FROM parts UNION SELECT key FROM keys)""",
    """CREATE TEMP TABLE held AS SELECT DISTINCT place, "row" FROM (
      SELECT v.place, h."row" FROM heard h JOIN parts p USING (word) JOIN vocabulary v USING (part)
      UNION ALL SELECT v.place, k."row" FROM keys k JOIN vocabulary v ON v.part = k.key)""",
)


def words_of(text: str) -> list[str]:
    """Return the words of what somebody typed, spelled as in the index."""
    plain = unicodedata.normalize("NFC", text).lower()
    return [word[:LONGEST] for word in _BETWEEN.split(plain) if word]


class WordIndex:
    """Finds rows by words, beginnings of words, and keys. Read-only and memory-mapped; threads may share it."""

    def __init__(self, words: pa.Array, offsets: npt.NDArray[np.int64], rows: Rows) -> None:
        self._words = _Sorted(words)
        self._offsets, self._rows = offsets, rows

    @classmethod
    def build(cls, folder: Path, engine: Connection) -> None:
        """Write the index of the views `texts` (row, text) and `keys` (row, key) of an engine into a folder.

        A key is found whole only, and holds a sign that no word has.
        """
        for statement in _BUILD:
            engine.execute(statement)
        words = engine.execute("SELECT part FROM vocabulary ORDER BY place").to_arrow_table()["part"]
        write_mapped(folder / "words.arrow", pa.table({"word": words.cast(pa.large_string())}))
        counted = engine.execute("SELECT count(*) FROM held GROUP BY place ORDER BY place").fetchnumpy()
        sizes = next(iter(counted.values()))
        np.save(folder / "offsets.npy", np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))))
        rows = engine.execute('SELECT "row"::INTEGER AS r FROM held ORDER BY place, "row"').fetchnumpy()["r"]
        np.save(folder / "rows.npy", np.asarray(rows, dtype=np.int32))

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """Open an index. Raises OSError, ValueError when it is missing or damaged."""
        words = mapped(folder / "words.arrow")["word"].combine_chunks()
        offsets, rows = (
            np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in ("offsets", "rows")
        )
        return cls(words, offsets, rows)

    def beginning(self, letters: str) -> Rows:
        """Return the rows of all words that begin with some letters; a row stands there once for each such word."""
        return self._slice(bisect.bisect_left(self._words, letters), bisect.bisect_left(self._words, letters + LAST))

    def holding(self, word: str) -> Rows:
        """Return the rows of one whole word, or of a key, in ascending order."""
        place = bisect.bisect_left(self._words, word)
        there = place < len(self._words) and self._words[place] == word
        return self._slice(place, place + 1) if there else self._rows[:0]

    def keys(self, prefix: str) -> list[tuple[str, int]]:
        """Return (key without the prefix, number of rows) of all keys that begin with a prefix, in order."""
        first, last = bisect.bisect_left(self._words, prefix), bisect.bisect_left(self._words, prefix + LAST)
        sizes = np.diff(self._offsets[first : last + 1]).tolist()
        return [(self._words[first + at].removeprefix(prefix), size) for at, size in enumerate(sizes)]

    def _slice(self, first: int, last: int) -> Rows:
        return self._rows[self._offsets[first] : self._offsets[last]]


class _Sorted(Sequence[str]):
    """Words of an Arrow array, taken out one by one."""

    def __init__(self, words: pa.Array) -> None:
        self._words = words

    def __len__(self) -> int:
        return len(self._words)

    def __getitem__(self, place: Any) -> Any:
        return self._words[place].as_py()


def mapped(path: Path) -> pa.Table:
    """Return a table that is read from disk as it is touched."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def write_mapped(path: Path, table: pa.Table) -> None:
    """Write a table so that `mapped` reads it."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
