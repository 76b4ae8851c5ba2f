"""The typefaces that PDFs are set in: Pretendard as fetched at set-up, then those of the system; and what they hold."""

from __future__ import annotations

import functools
import struct
from importlib import resources
from pathlib import Path

import typst

from chorok.core.errors import UsageError

FETCHED = Path(str(resources.files("chorok"))) / "site/config/static/vendor/pretendard"
"""Where scripts/site_assets.py puts them; empty in a wheel that was built without."""
HANGUL = 0xAC00  # the first syllable


@functools.cache
def fonts() -> typst.Fonts:
    """Return the typefaces that there are, the fetched ones and those of the system."""
    return typst.Fonts(font_paths=[FETCHED] if FETCHED.is_dir() else [])


@functools.cache
def families() -> tuple[str, ...]:
    """Return the families with Hangul, Pretendard first. Raises UsageError fonts_missing where there is none."""
    found = {one.family for one in fonts().fonts() if one.path and HANGUL in _held(Path(one.path), one.index)}
    if not found:
        raise UsageError("fonts_missing")
    return tuple(sorted(found, key=lambda family: (family != "Pretendard", not family.startswith("Noto Sans"), family)))


@functools.cache
def held() -> frozenset[int]:
    """Return the code points that any typeface with a file holds."""
    return frozenset().union(*(_held(Path(one.path), one.index) for one in fonts().fonts() if one.path))


@functools.cache
def _held(file: Path, index: int) -> frozenset[int]:
    """The code points of a font's character map (OpenType, table cmap, formats 4 and 12)."""
    data = file.read_bytes()
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    tables = (struct.unpack_from(">4sIII", data, start + 12 + 16 * place) for place in range(count))
    at = next((offset for tag, _, offset, _ in tables if tag == b"cmap"), None)
    if at is None:
        return frozenset()
    maps = (struct.unpack_from(">HHI", data, at + 4 + 8 * n) for n in range(struct.unpack_from(">H", data, at + 2)[0]))
    return frozenset().union(*(_mapped(data, at + offset) for _, _, offset in maps))


def _mapped(data: bytes, at: int) -> set[int]:
    kind = struct.unpack_from(">H", data, at)[0]
    if kind == 12:
        groups = struct.unpack_from(">I", data, at + 12)[0]
        spans = (struct.unpack_from(">II", data, at + 16 + 12 * group) for group in range(groups))
        return {one for first, last in spans for one in range(first, last + 1)}
    if kind != 4:
        return set()
    size = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{size}H", data, at + 14)
    starts = struct.unpack_from(f">{size}H", data, at + 16 + 2 * size)
    return {one for first, last in zip(starts, ends, strict=True) for one in range(first, last + 1) if one < 0xFFFF}
