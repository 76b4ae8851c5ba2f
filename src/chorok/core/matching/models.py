"""Model names: wildcards, and supplier + model as a way of matching of its own."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chorok.core.matching.text import MINIMUM_CODE, normalise_supplier, squeeze

LONGEST_RUN = 4
"""Most words that are joined to spell one model ('FX 2100 B')."""
_WILD = re.compile(r"[*#]")
_WORDS = re.compile(r"[^\s,;()\[\]{}|]+")
_HANGUL = re.compile(r"[가-힣]")
_ENDS_CODE = re.compile(r"[A-Z0-9*#]")
_SUFFIX = re.compile(r"[a-z]{1,2}[0-9]?|[ivx]{1,4}")
_ABBREVIATIONS = re.compile(r"[abd][3-5]|k[sc]|gr|p[eps]|uv|[ad]c|ea|[wvlmgthdk]|[kc]g|[cm]m|m[23]|ip|co|el")
_FOR = ("용", "호환", "전용", "compatible")


@functools.lru_cache(maxsize=65536)
def _pattern(part: str) -> re.Pattern[str] | None:
    """Return what a model with wildcards matches; None without wildcards or with under three fixed characters."""
    fixed = _WILD.sub("", part)
    if fixed == part or len(fixed) < MINIMUM_CODE:
        return None
    stem = part.rstrip("*")
    inner = "".join({"*": "[A-Z0-9]", "#": "[0-9]"}.get(letter, letter) for letter in stem)
    return re.compile(inner + f"[A-Z0-9]{{0,{len(part) - len(stem)}}}")


@functools.lru_cache(maxsize=65536)
def model_keys(model: str) -> tuple[str, ...]:
    """Return the squeezed models that one field stands for: '14R/L' is 14R and 14L, 'AX-100/AX-200' both.

    Wildcards stay. Keys under three characters are left out.
    """
    first, *rest = [squeeze(part) for part in model.split("/")]
    if not rest:
        return (first,) if len(first) >= MINIMUM_CODE else ()
    keys = [first]
    for part in rest:
        whole = len(part) >= len(first) or (len(part) > MINIMUM_CODE and any(letter.isdigit() for letter in part))
        keys.append(part if whole or not first else first[: len(first) - len(part)] + part)
    keys.append(squeeze(model))
    return tuple(dict.fromkeys(key for key in keys if len(key) >= MINIMUM_CODE))


def covers(key: str, code: str) -> bool:
    """Tell whether a squeezed model with wildcards covers a squeezed code; False for one without wildcards."""
    pattern = _pattern(key)
    return pattern is not None and pattern.fullmatch(code) is not None


def _is_telling(key: str) -> bool:
    """Tell whether a model with wildcards may decide alone: 'GPR18****' covers too much that it never meant."""
    wild = len(_WILD.findall(key))
    return 2 * wild <= len(key) - wild


def supplier_model_key(supplier: str, model: str) -> str:
    """Return the key under which supplier (number or name) and model are joined; '' when either is missing.

    A business number keeps its digits; a name loses its legal form and blanks.
    """
    digits = re.sub(r"[\s-]", "", supplier)
    maker = digits if digits.isdigit() and len(digits) == 10 else normalise_supplier(supplier)
    code = squeeze(model)
    return f"{maker}|{code}" if maker and len(code) >= MINIMUM_CODE else ""


_SIZES = re.compile(
    r"(?<![\w-])\d+(?:[.,]\d+)?(?:\s*[x×*]\s*\d+(?:[.,]\d+)?)*\s*(?:mm|cm|m|㎜|㎝|kg|g|t|ml|l|kw|w|v|a|인치|본|개|매|대|박스)(?![\w-])"
    r"|\b[AB][3-5]\b",
    re.IGNORECASE,
)
"""Sizes, weights, powers, counts and paper formats: they say how a thing is, not which product it is."""


def without_sizes(text: str) -> str:
    """Return a text without its sizes and counts: '배수관 200mm 30본' -> '배수관'."""
    return _SIZES.sub(" ", text).strip(" ,/;·")


def spelled_models(text: str) -> dict[str, str]:
    """Return what a text may name as a model: up to four neighbouring words, squeezed -> the word that follows.

    Every one has three characters and a digit. Words of letters, digits and hyphens are joined; a word is never
    cut, so 'FX-2100-B' does not name 'FX-2100'; Hangul ends a model ('FX-2100용' is FX2100, followed by '용').
    Numbers that count or measure ('2500매') name nothing.
    """
    words = [_split_word(word) for word in _WORDS.findall(unicodedata.normalize("NFKC", text).upper())]
    found: dict[str, str] = {}
    for start in range(len(words)):
        joined = ""
        for place in range(start, min(start + LONGEST_RUN, len(words))):
            code, tail = words[place]
            if not code:
                break
            joined += code
            if len(joined) >= MINIMUM_CODE and any(letter.isdigit() for letter in joined):
                found.setdefault(
                    joined, tail or (words[place + 1][0] + words[place + 1][1] if place + 1 < len(words) else "")
                )
            if tail:
                break
    return found


def _split_word(word: str) -> tuple[str, str]:
    """Return the code that a word holds and the Hangul behind it."""
    last = _ENDS_CODE.search(word[::-1])
    tail = word[len(word) - last.start() :] if last else word
    tail = tail if _HANGUL.search(tail) else ""
    code = squeeze(word.removesuffix(tail))
    return ("", word) if tail and code.isdigit() else (code, tail)


def matching_key(models: Sequence[str], named: Mapping[str, str]) -> tuple[str, bool] | None:
    """Return the longest code among `named` that one of the models is, and whether exactly (or by wildcard).

    A model that is wildcards for more than a third decides nothing.
    """
    keys = {key for model in models for key in model_keys(model)}
    found = [(len(code), True, code) for code in keys & named.keys()]
    patterns = [pattern for key in keys if _is_telling(key) and (pattern := _pattern(key))]
    found += [(len(code), False, code) for code in named if any(pattern.fullmatch(code) for pattern in patterns)]
    if not found:
        return None
    _, exact, code = max(found)
    return code, exact


def is_strong(code: str) -> bool:
    """Tell whether a code is distinctive enough to stand without its supplier: 'FX2100' is, 'A520' is not."""
    digits = sum(letter.isdigit() for letter in code)
    return len(code) >= 7 if digits == len(code) else len(code) >= 5 and digits >= 2


def is_near(one: str, other: str) -> bool:
    """Tell whether two codes are a slip or a variant apart: one edit, or the shorter begins the longer."""
    short, long = sorted((one, other), key=len)
    if len(short) > MINIMUM_CODE and long.startswith(short):
        return True
    start = next((place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    return len(long) - len(short) <= 1 and short[start + (len(short) == len(long)) :] == long[start + 1 :]


def goes_on(follower: str, known: str) -> bool:
    """Tell whether the word behind a model makes it another product: a suffix ('FX-2100 B'), or 'for' ('FX-2100용').

    `known` is the normalised text of the certified product; a word in it goes on nothing.
    """
    word = follower.casefold()
    if word in known.split():
        return False
    return word.startswith(_FOR) or (_SUFFIX.fullmatch(word) is not None and _ABBREVIATIONS.fullmatch(word) is None)


@dataclass(frozen=True)
class SupplierModels:
    """Certified models by supplier: finds the rows of a supplier's model, exactly or by wildcard."""

    exact: dict[str, tuple[int, ...]] = field(default_factory=dict)
    wild: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Sequence[str]]]) -> SupplierModels:
        """Build from (supplier, models with aliases) of every row; row numbers count from 0."""
        exact: dict[str, list[int]] = {}
        wild: dict[str, list[tuple[str, int]]] = {}
        for row, (supplier, models) in enumerate(rows):
            for key in dict.fromkeys(key for model in models for key in model_keys(model)):
                exact.setdefault(supplier_model_key(supplier, key), []).append(row)
                if _WILD.search(key) and _is_telling(key):
                    wild.setdefault(normalise_supplier(supplier), []).append((key, row))
        exact.pop("", None)
        return cls(
            {key: tuple(rows) for key, rows in exact.items()}, {key: tuple(found) for key, found in wild.items()}
        )

    def find(self, supplier: str, model: str) -> tuple[int, ...]:
        """Return the rows of the supplier that carry the model; an exact name comes before a wildcard."""
        exact = self.exact.get(supplier_model_key(supplier, model))
        if exact:
            return exact
        code = squeeze(model)
        patterns = self.wild.get(normalise_supplier(supplier), ())
        return tuple(dict.fromkeys(row for key, row in patterns if covers(key, code)))
