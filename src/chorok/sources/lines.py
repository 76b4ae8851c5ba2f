"""Line ends. DuckDB reads one kind a file: after a title line that ends otherwise it would lose every row unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chorok.sources.text import Text
from chorok.sources.transcoding import CHUNK, chunks


def even_lines(text: Text, work: Path) -> Text:
    """Return the text with one kind of line end: itself, or a copy with LF where kinds are mixed.

    In the copy a lone CR, which is no line end there, becomes a blank. Line feeds within quoted cells stay.
    """
    if not is_mixed(text.path):
        return text
    target = work / f"{text.path.name}.lines"
    with target.open("wb") as out:
        for chunk in chunks(text.path):
            out.write(chunk.replace(b"\r\n", b"\n").replace(b"\r", b" "))
    return Text(target, text.encoding)


def is_mixed(path: Path) -> bool:
    """Tell whether a file has more than one kind of line end."""
    if not any(b"\r" in block for block in _blocks(path)):
        return False
    pairs = feeds = returns = 0
    last = b""
    for block in _blocks(path):
        feeds += block.count(b"\n")
        returns += block.count(b"\r")
        pairs += block.count(b"\r\n") + (last == b"\r" and block.startswith(b"\n"))
        last = block[-1:]
    return feeds > 0 and not pairs == feeds == returns


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK), b"")
