"""Character trigrams of texts, hashed into 65,536 buckets, by numpy over many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 16
"""Two trigrams of a pair of texts share a bucket by chance about once in seventy pairs; ranking bears that."""

Array = npt.NDArray[Any]
_FACTORS = tuple(np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_BREAK = ord("\n")


def padded(text: str) -> str:
    """Return the text between blanks, so that one character already has a trigram; '' stays ''."""
    return f" {text} " if text else ""


def trigrams(text: str) -> list[str]:
    """Return the distinct trigrams of the padded text, in order of appearance."""
    whole = padded(text)
    return list(dict.fromkeys(whole[start : start + 3] for start in range(len(whole) - 2)))


def buckets_of(grams: Sequence[str]) -> Array:
    """Return the bucket of each trigram (uint16)."""
    points = _points("".join(grams)).reshape(-1, 3)
    return _hashed(points[:, 0], points[:, 1], points[:, 2])


def bucket_lists(texts: Sequence[str]) -> tuple[Array, Array]:
    """Return the distinct buckets of all texts (uint16, one after another) and the n + 1 offsets (int64).

    Texts hold no line break.
    """
    points = _points("\n".join(padded(text) for text in texts))
    whole = (points[:-2] != _BREAK) & (points[1:-1] != _BREAK) & (points[2:] != _BREAK)
    owner = np.cumsum(points == _BREAK)[:-2][whole].astype(np.uint64)
    buckets = _hashed(points[:-2], points[1:-1], points[2:])[whole]
    distinct = np.sort((owner << np.uint64(16)) | buckets)
    distinct = distinct[np.diff(distinct, prepend=distinct[:1] ^ np.uint64(1)) != 0]
    counts = np.bincount((distinct >> np.uint64(16)).astype(np.int64), minlength=len(texts))
    return distinct.astype(np.uint16), np.concatenate(([0], np.cumsum(counts)))


def _points(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def _hashed(first: Array, second: Array, third: Array) -> Array:
    mixed: Array = first * _FACTORS[0] + second * _FACTORS[1] + third * _FACTORS[2]
    spread = (mixed ^ (mixed >> np.uint64(29))) * _FACTORS[1]
    hashed: Array = np.right_shift(spread, np.uint64(48)).astype(np.uint16)
    return hashed
