"""What column headers mean: the synonyms of `headers.toml`, compared without case, blanks and punctuation."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib import resources

from chorok.sources.understanding import FIELDS

_BRACKETS = re.compile(r"[(\[（【<][^)\]）】>]*[)\]）】>]")
_CURRENCY = re.compile(r"(?<=\w)[\s_]+(?:gbp|usd|eur|krw)\s*$")
"""A currency behind a name: 'Net amount GBP'; it is read where currencies are looked for."""
STRONG, WEAK, PART = 0, 1, 2
"""How well a header fits: a full name of the field, a looser one, or one that only contains or nearly equals it."""


@dataclass(frozen=True)
class Guess:
    """A field that a header may mean. Smaller `tier` and then smaller `rank` fit better."""

    field: str
    tier: int
    rank: int


@functools.cache
def normalise(name: str) -> str:
    """Return a header as it is compared: NFKC, lower case, no brackets, currency, blanks or punctuation."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = re.sub(r"[\W_]+", "", _CURRENCY.sub("", _BRACKETS.sub("", plain)))
    return bare or re.sub(r"[\W_]+", "", plain)


@functools.cache
def synonyms() -> dict[str, list[Guess]]:
    """Return normalised header -> the fields it may mean. Raises ValueError on a field that does not exist."""
    text = resources.files("chorok.sources").joinpath("headers.toml").read_text(encoding="utf-8")
    found: dict[str, list[Guess]] = {}
    for field, words in tomllib.loads(text)["fields"].items():
        if field not in FIELDS:
            raise ValueError(f"headers.toml: no field {field}")
        for tier, key in ((STRONG, "strong"), (WEAK, "weak")):
            for rank, word in enumerate(words.get(key, ())):
                found.setdefault(normalise(word), []).append(Guess(field, tier, rank))
    return found


@functools.cache
def words(kind: str) -> frozenset[str]:
    """Return a plain list of words of `headers.toml`, normalised: 'private', 'spending'."""
    text = resources.files("chorok.sources").joinpath("headers.toml").read_text(encoding="utf-8")
    return frozenset(normalise(word) for word in tomllib.loads(text)["words"][kind])


@functools.cache
def guesses(name: str) -> tuple[Guess, ...]:
    """Return what a header may mean, best first; a repeated header ('금액 (2)') is a weak one."""
    plain = normalise(name)
    exact = synonyms().get(plain, [])
    if exact or is_private(name):
        return tuple(sorted(exact, key=lambda guess: (guess.tier, guess.rank)))
    near = [word for word in synonyms() if len(word) > 5 and word.isascii() and _one_apart(plain, word)]
    parts = [word for word in synonyms() if _ends_with(plain, word)]
    if near:
        return tuple(synonyms()[near[0]])
    best = max(parts, key=len, default=None)
    return tuple(Guess(g.field, PART, g.rank) for g in synonyms()[best] if g.tier == STRONG) if best else ()


def is_known(name: str) -> bool:
    """Tell whether a text is a header word of ours."""
    plain = normalise(name)
    return plain in synonyms() or plain in words("private") or plain in words("other")


def is_private(name: str) -> bool:
    """Tell whether a header names a person: card holder, staff. Such columns are dropped."""
    plain = normalise(name)
    return plain in words("private") or any(plain.endswith(word) for word in words("private") if len(word) > 2)


def _ends_with(plain: str, word: str) -> bool:
    """In Korean and English the last word says what a thing is: '총구매금액' is an amount."""
    return len(word) >= (2 if not word.isascii() else 6) and plain.endswith(word) and plain != word


def _one_apart(left: str, right: str) -> bool:
    """Tell whether one letter is missing, added, changed or two are swapped ('Divison')."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
