"""Another encoding to UTF-8 in streaming chunks; large files by several processes at once.

Imports nothing of ours, so that a helper process starts at once.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHUNK = 8 << 20
SPLIT_FROM = 64 << 20
"""Smaller files are not worth a second worker."""


def transcode(source: Path, target: Path, encoding: str) -> int | None:
    """Write `source` as UTF-8 to `target`. Return the offset of the first wrong byte, None when all is right.

    `encoding` must be one whose newline byte is never part of another character (CP949 and all single-byte
    ones, not UTF-16).
    """
    first, *others = ranges(source)
    parts = [target.with_name(f"{target.name}.{part}") for part in range(len(others))]
    helpers = [_start(source, part, encoding, *one) for part, one in zip(parts, others, strict=True)]
    found = [transcode_range(source, target, encoding, *first)]
    found += [_result(helper) for helper in helpers]
    _append(target, parts)
    wrong = [offset for offset in found if offset is not None]
    return min(wrong) if wrong else None


def ranges(source: Path) -> list[tuple[int, int]]:
    """Return the parts (start, end) of a file that several workers may take, cut at line starts."""
    size = source.stat().st_size
    workers = min(os.cpu_count() or 1, 4) if size >= SPLIT_FROM else 1
    cuts = [0, *(_line_start(source, size * part // workers) for part in range(1, workers)), size]
    return list(itertools.pairwise(cuts))


def transcode_range(source: Path, target: Path, encoding: str, start: int, end: int) -> int | None:
    """Transcode the bytes from `start` to `end`, both at line starts. Return the offset of a wrong byte."""
    with target.open("wb") as out:
        offset = start
        for chunk in chunks(source, start, end):
            try:
                out.write(chunk.decode(encoding).encode("utf-8"))
            except UnicodeDecodeError as error:
                return offset + error.start
            offset += len(chunk)
    return None


def chunks(source: Path, start: int = 0, end: int | None = None, size: int = CHUNK) -> Iterator[bytes]:
    """Yield the bytes from `start` to `end` in pieces that end with a line, as far as there are lines.

    A piece grows with the longest line: bound the lines first.
    """
    left = (source.stat().st_size if end is None else end) - start
    with source.open("rb") as file:
        file.seek(start)
        while left > 0 and (block := file.read(min(size, left))):
            left -= len(block)
            rest = b"" if block.endswith(b"\n") else file.readline(left)
            left -= len(rest)
            yield block + rest if rest else block


def _line_start(source: Path, offset: int) -> int:
    with source.open("rb") as file:
        file.seek(offset)
        return offset + len(file.readline())


def _start(source: Path, part: Path, encoding: str, start: int, end: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-I", "-S", __file__, str(source), str(part), encoding, str(start), str(end)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own file and arguments


def _result(helper: subprocess.Popen[str]) -> int | None:
    said, _ = helper.communicate()
    if helper.returncode:
        raise OSError(f"a transcoding process ended with {helper.returncode}")
    return int(said) if said.strip() else None


def _append(target: Path, parts: list[Path]) -> None:
    with target.open("ab") as out:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, out, CHUNK)
            part.unlink()


if __name__ == "__main__":
    wrong_at = transcode_range(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    sys.stdout.write("" if wrong_at is None else str(wrong_at))
