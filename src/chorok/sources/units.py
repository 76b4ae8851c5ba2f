"""Unit notes: '(단위: 천원)', '백만원', '1 million USD', '£000' -> a currency and a factor."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

FACTORS = (
    ("십억", 10**9),
    ("백억", 10**10),
    ("천억", 10**11),
    ("조", 10**12),
    ("억", 10**8),
    ("천만", 10**7),
    ("백만", 10**6),
    ("십만", 10**5),
    ("만", 10**4),
    ("천", 10**3),
    ("백", 10**2),
    ("billion", 10**9),
    ("bn", 10**9),
    ("million", 10**6),
    ("mn", 10**6),
    ("thousand", 10**3),
    ("'000", 10**3),
    ("000", 10**3),
)
CURRENCIES = (
    ("us$", "USD"),
    ("usd", "USD"),
    ("미화", "USD"),
    ("달러", "USD"),
    ("불", "USD"),
    ("$", "USD"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("eur", "EUR"),
    ("유로", "EUR"),
    ("€", "EUR"),
    ("krw", "KRW"),
    ("won", "KRW"),
    ("₩", "KRW"),
    ("원", "KRW"),
    ("jpy", "JPY"),
    ("엔", "JPY"),
)
_LABEL = re.compile(r"(?:단위|units?|in)\s*[:：]?\s*", re.IGNORECASE)
_NOTE = re.compile(r"(?:단\s*위|units?)\s*[:：]?\s*([^)\]】）]+)", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[（【]([^)\]）】]*)[)\]）】]")
_IN = re.compile(r"\bin\s+(?:(?:million|thousand)s?\b.*|[A-Z]{3}\b.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """What one written unit is worth: `factor` whole units of `currency` (None: the note names none)."""

    currency: str | None
    factor: int


def is_note(text: str) -> bool:
    """Tell whether a cell outside the table is a note on the unit of money."""
    return notes_in(text) != [] and len(text) < 200


def notes_in(text: str) -> list[str]:
    """Return the parts of a text (a cell, a header) that name a unit of money, as written."""
    plain = unicodedata.normalize("NFKC", text)
    labelled = [match.group(0).strip(" ([") for match in _NOTE.finditer(plain)]
    found = [note for note in labelled if parse(note)]
    if not found:
        found = [note for note in _BRACKETED.findall(plain) if parse(note)]
    if not found:
        found = [match.group(0) for match in _IN.finditer(plain) if parse(match.group(0))]
    if not found and re.search(r"[£$€]\s*'?000", plain):
        found = [plain.strip()]
    return found


def parse(note: str) -> Unit | None:
    """Read a note; None when it is not about money ('단위: 개'). Of several units the one of money counts."""
    plain = _LABEL.sub("", unicodedata.normalize("NFKC", note).lower().replace("단 위", "단위"))
    units = [unit for part in re.split(r"[,;/·]| 및 ", plain) if (unit := _part(part))]
    return units[0] if units else None


def _part(text: str) -> Unit | None:
    rest = re.sub(r"[\s()\[\].:]|\b1\b", "", text)
    currency = next((code for mark, code in CURRENCIES if mark in rest), None)
    for mark, code in CURRENCIES:
        if code == currency:
            rest = rest.replace(mark, "")
    factor = 1
    if match := re.match(r"^\d+(?!\d*$)", rest):
        factor, rest = int(match.group(0)), rest[match.end() :]
    word = next(((name, size) for name, size in FACTORS if rest.rstrip("s") == name), None)
    if rest == "1":
        rest = ""
    if rest and not word:
        return None
    if currency is None and (word is None or word[0] in {"조", "만", "백", "000"}):
        return None
    return Unit(currency, factor * (word[1] if word else 1))
