"""Which blanks may stand around the cells of a file, told from its bytes, so that only those are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chorok.sources.transcoding import ranges

BLANKS = " \t\r\n\u00a0\u3000"
"""What is taken away around a cell."""

_BLOCK = 1 << 20
_EDGES = np.zeros(256, dtype=np.bool_)
_EDGES[list(b",;|\t\r\n\"'")] = True


def around_cells(path: Path) -> str:
    """Return those of BLANKS that may stand at an edge of some cell of delimited UTF-8 text: never one too few.

    A space stands at one only beside a delimiter, a quote or a line end, a line end only within quotes.
    """
    with ThreadPoolExecutor() as threads:
        found = set().union(*threads.map(lambda one: _within(path, *one), ranges(path)))
    return "".join(mark for mark in BLANKS if mark in found)


def _within(path: Path, start: int, end: int) -> set[str]:
    found: set[str] = set()
    for block in _blocks(path, start, end):
        found |= {mark for mark in BLANKS if mark not in found and _may_edge(mark, block)}
    return found


def _may_edge(mark: str, block: bytes) -> bool:
    if mark == " ":
        return _touches_edge(np.frombuffer(block, dtype=np.uint8), ord(mark))
    if mark in "\r\n":
        return b'"' in block
    coded = mark.encode()
    return coded[:1] in block and coded in block  # the first byte is rare and found several times as fast


def _touches_edge(text: npt.NDArray[np.uint8], mark: int) -> bool:
    at = np.flatnonzero(text == mark)
    return bool(_EDGES[text[np.maximum(at - 1, 0)]].any() or _EDGES[text[np.minimum(at + 1, len(text) - 1)]].any())


def _blocks(path: Path, start: int, end: int) -> Iterator[bytes]:
    """Yield whole lines in pieces that overlap by two bytes, between line ends, so that no neighbours are parted."""
    with path.open("rb") as file:
        file.seek(start)
        last = b"\n"
        while block := file.read(min(_BLOCK, end - file.tell())):
            yield last + block
            last = block[-2:]
    yield last + b"\n"
