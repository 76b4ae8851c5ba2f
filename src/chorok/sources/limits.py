"""How much of a received file is read before it is refused. Every limit is said when it is hit."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds that keep a damaged or hostile file from filling memory or disk; all in bytes except `ratio`."""

    line: int = 16 * MEGABYTE  # longest line of text; DuckDB reads no longer ones either
    unpacked: int = 20_000 * MEGABYTE  # all members of an archive together
    ratio: int = 100  # unpacked to packed, checked once `ratio_from` bytes came out
    ratio_from: int = 16 * MEGABYTE
    markup: int = 512 * MEGABYTE  # HTML and XML are held in memory as a tree
    members: int = 1_000  # files in an archive
