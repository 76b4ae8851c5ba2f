"""Received bytes to UTF-8 text: which encoding, strictly, with the place of a wrong byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import AnyStr

import pyarrow as pa
from charset_normalizer import from_bytes

from chorok.core.errors import BadInputError
from chorok.sources.limits import Limits
from chorok.sources.transcoding import CHUNK, chunks, ranges, transcode

UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
RARER = ["cp1252", "shift_jis", "euc_jp", "gb18030", "big5", "cp1250", "cp1251"]
"""What is tried after UTF-8 and CP949, by how well the text fits."""


JSON_LINES = 32
"""How many times longer than a line of a table a line of JSON may be."""


@dataclass(frozen=True)
class Text:
    """A file of valid UTF-8 and the encoding it was received in."""

    path: Path
    encoding: str


@dataclass(frozen=True)
class _Look:
    wrong_at: int | None  # first byte that is not UTF-8
    multibyte: bool  # UTF-8 characters beyond ASCII stood before it


def as_utf8(path: Path, work: Path, limits: Limits | None = None, name: str = "") -> Text:
    """Return the file as UTF-8: itself where it is already, else a copy in `work`.

    Tried in this order: byte order mark, strict UTF-8 over the whole file, CP949, rarer encodings. Raises
    BadInputError: long_line, nul_bytes, mixed_encoding, unknown_encoding. `name` is what to call the file.
    """
    name = name or path.name
    with path.open("rb") as file:
        head = file.read(4096)
    if wide := UTF16.get(head[:2]) or _wide_without_mark(head):
        return _from_utf16(path, work, wide, limits or Limits(), name)
    look = _look(path, limits or Limits(), name)
    if look.wrong_at is None:
        return Text(path, "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8")
    return _from_other(path, work, look, name)


def line_of(path: Path, offset: int) -> int:
    """Return the line number (from 1) of a byte offset."""
    count = 1
    with path.open("rb") as file:
        while offset > 0 and (block := file.read(min(CHUNK, offset))):
            count += block.count(b"\n")
            offset -= len(block)
    return count


def is_wide(head: bytes) -> bool:
    """Tell whether the beginning of a file is UTF-16, with a mark or without."""
    return bool(UTF16.get(head[:2]) or _wide_without_mark(head))


def _wide_without_mark(head: bytes) -> str | None:
    """Name UTF-16 without a mark: with zero bytes, and almost only letters we expect when read as such."""
    even = head[: len(head) // 2 * 2]
    for encoding in UTF16.values() if b"\0" in even else ():
        text = even.decode(encoding, errors="replace")
        usual = sum(" " <= character <= "~" or character in "\r\n\t" or "가" <= character <= "힣" for character in text)
        if usual > len(text) * 0.9:
            return encoding
    return None


def _from_utf16(path: Path, work: Path, encoding: str, limits: Limits, name: str) -> Text:
    target = work / f"{path.name}.utf8"
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, run = 0, _Line()
    with path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        for block in iter(lambda: file.read(min(CHUNK, limits.line)), b""):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                raise _mixed(path, name, offset + error.start, encoding) from None
            run = _run(run, text, "\n")
            _check_run(run.longest, limits.line, name, path, offset)
            out.write(text.removeprefix("\ufeff") if not offset else text)
            offset += len(block)
        if decoder.getstate()[0]:
            raise _mixed(path, name, offset - 1, encoding)
    return Text(target, encoding)


def _look(path: Path, limits: Limits, name: str) -> _Look:
    # A whole JSON document may stand on one line; it is streamed by token. Only its check as UTF-8 holds a line.
    _bound_lines(path, limits.line * JSON_LINES if _is_json(path) else limits.line, name)
    multibyte = False
    with ThreadPoolExecutor() as threads:
        for look in threads.map(lambda one: _look_at(path, *one), ranges(path)):
            multibyte = multibyte or look.multibyte
            if look.wrong_at is not None:
                return _Look(look.wrong_at, multibyte)
    return _Look(None, multibyte)


def _look_at(path: Path, start: int, end: int) -> _Look:
    offset, multibyte = start, False
    for chunk in chunks(path, start, end):
        if not _valid(chunk):
            wrong = _wrong_at(chunk)
            return _Look(offset + wrong, multibyte or not chunk[:wrong].isascii())
        multibyte = multibyte or not chunk.isascii()
        offset += len(chunk)
    return _Look(None, multibyte)


def _is_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _valid(chunk: bytes) -> bool:
    """Check UTF-8 with Arrow: several times as fast as decoding."""
    offsets = pa.array([0, len(chunk)], pa.int64()).buffers()[1]
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(chunk)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _wrong_at(chunk: bytes) -> int:
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(chunk)


def _bound_lines(path: Path, limit: int, name: str) -> None:
    """Refuse a line over the limit, and a zero byte, without ever holding more than one block."""
    offset, run = 0, _Line()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(min(CHUNK, limit)), b""):
            run = _run(run, block, b"\n" if b"\n" in block else b"\r")
            _check_run(run.longest, limit, name, path, offset)
            zero = block.find(b"\0")
            if zero >= 0:
                raise BadInputError("nul_bytes", file=name, line=line_of(path, offset + zero), byte=offset + zero)
            offset += len(block)


@dataclass(frozen=True)
class _Line:
    """A line still open at the end of a block, and the longest that ended with it."""

    length: int = 0
    longest: int = 0


def _run(line: _Line, block: AnyStr, mark: AnyStr) -> _Line:
    first = block.find(mark)
    if first < 0:
        return _Line(line.length + len(block), line.length + len(block))
    left = len(block) - block.rfind(mark) - 1
    return _Line(left, max(line.length + first, left))


def _check_run(length: int, limit: int, name: str, path: Path, offset: int) -> None:
    if length > limit:
        raise BadInputError("long_line", file=name, line=line_of(path, offset), limit=max(limit >> 20, 1))


def _from_other(path: Path, work: Path, look: _Look, name: str) -> Text:
    target = work / f"{path.name}.utf8"
    wrong_korean = transcode(path, target, "cp949")
    korean = not look.multibyte and _is_korean(path, wrong_korean)
    if korean and wrong_korean is None:
        return Text(target, "cp949")
    utf8_wrong = look.wrong_at or 0
    if look.multibyte or korean:
        target.unlink(missing_ok=True)
        raise _mixed(path, name, wrong_korean or 0, "cp949") if korean else _mixed(path, name, utf8_wrong, "utf-8")
    encoding = _rarer(path)
    wrong = transcode(path, target, encoding) if encoding else 0
    if encoding and wrong is None:
        return Text(target, encoding)
    target.unlink(missing_ok=True)
    raise BadInputError("unknown_encoding", file=name, line=line_of(path, utf8_wrong), byte=utf8_wrong)


def _is_korean(path: Path, end: int | None) -> bool:
    """Tell whether what stands beyond ASCII before `end` is mostly Hangul of KS X 1001, by its first lines."""
    sample = b"\n".join(islice(_lines_beyond_ascii(path, end), 2000)).decode("cp949", errors="replace")
    beyond = re.sub("[\\x00-\\x7f]+", "", sample)
    second = re.sub("[^가-힣]+", "", beyond).encode("cp949")[1::2]
    usual = second.translate(None, delete=bytes(range(0xA1)))
    return len(usual) * 2 > len(beyond)


def _rarer(path: Path) -> str | None:
    sample = b"\n".join(islice(_lines_beyond_ascii(path), 2000))
    high = sum(byte > 127 for byte in sample)
    if high * 4 < len(sample) and _decodes(sample, "cp1252"):
        return "cp1252"  # a stray pound sign or accent in English text
    best = from_bytes(sample, cp_isolation=RARER).best()
    return best.encoding if best else None


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines_beyond_ascii(path: Path, end: int | None = None) -> Iterator[bytes]:
    for chunk in chunks(path, 0, end):
        if not chunk.isascii():
            yield from (line for line in chunk.split(b"\n") if not line.isascii())


def _mixed(path: Path, name: str, offset: int, encoding: str) -> BadInputError:
    with path.open("rb") as file:
        file.seek(offset)
        byte = file.read(1).hex().upper()
    line = line_of(path, offset)
    return BadInputError("mixed_encoding", file=name, line=line, offset=offset, byte=byte, encoding=encoding)
