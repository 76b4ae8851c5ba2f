"""What keys, sheets and columns of a structured report are called, in English and Korean."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources


@functools.cache
def _korean() -> Mapping[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8")
    return {key: tuple(_bare(word) for word in words) for key, words in tomllib.loads(text).items()}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


def key_of(name: str, allowed: Iterable[str]) -> str | None:
    """Return the key that a written name stands for ('Green amount', 'green', '녹색제품 구매금액'), None for none."""
    bare = _bare(name)
    keys = list(allowed)
    plain = next((key for key in keys if _bare(key) == bare), None)
    return plain or next((key for key in keys if bare in _korean().get(key, ())), None)


def closest(name: str, allowed: Iterable[str]) -> str:
    """Return the known key that a wrong one is most like."""
    keys = sorted(allowed)
    near = difflib.get_close_matches(name.casefold(), keys, n=1, cutoff=0.0)
    return near[0] if near else ""
