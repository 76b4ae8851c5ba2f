"""Certification labels as lists write them, and the basis each stands for (aliases in labels.toml)."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from importlib import resources

NONE = "none"
"""The basis of a label that is known and does not count as green."""

_LIGHT = re.compile(r"[\s·ㆍ・\-_.\[\](){}「」<>/]+")
_TOKEN = re.compile(r"[(\[{（［]|[)\]}）］]|[,，、;；|\n]")


def normalise(label: str) -> str:
    """Return a label as it is compared: full-width folded, without case, blanks, brackets and light punctuation."""
    return _LIGHT.sub("", unicodedata.normalize("NFKC", label).casefold())


def split_labels(text: str | None) -> list[str]:
    """Return the labels of a list such as 'GR(우수재활용),환경표지제품', each once, in order.

    Separators are commas, semicolons, bars and line breaks outside brackets. A bracket that is never closed
    holds nothing together.
    """
    if not text:
        return []
    parts = [part.strip() for part in _parts(text)]
    return list(dict.fromkeys(part for part in parts if part))


def basis_of(label: str) -> str | None:
    """Return the basis a label stands for, 'none' for one that does not count, None for one never seen before."""
    return _aliases().get(normalise(label))


def _parts(text: str) -> list[str]:
    whole = text.count("(") + text.count("[") + text.count("（") == text.count(")") + text.count("]") + text.count("）")
    parts, start, depth = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token.group() in "([{（［":
            depth += whole
        elif token.group() in ")]}）］":
            depth = max(depth - 1, 0)
        elif depth == 0:
            parts.append(text[start : token.start()])
            start = token.end()
    return [*parts, text[start:]]


@functools.cache
def _aliases() -> dict[str, str]:
    text = resources.files(__package__).joinpath("labels.toml").read_text(encoding="utf-8")
    pairs = [(normalise(label), basis) for basis, table in tomllib.loads(text).items() for label in table["labels"]]
    aliases = dict(pairs)
    if len(set(pairs)) != len(aliases):
        raise ValueError("labels.toml gives one label two bases")
    return aliases
