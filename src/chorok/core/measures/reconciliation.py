"""Reconciliation: our figures of a year beside an official file's, by category, with what may explain a difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chorok.core.measures.share import Amounts
from chorok.core.money import Consistency, check_published_share


@dataclass(frozen=True)
class Official:
    """One row of an official file: a category by the names or codes it has there, smallest first, and its amounts.

    Amounts are integers of the smallest currency unit; `printed` are total, green and rate as they stand in the file
    (the rate None where there is none).
    """

    row: int
    names: tuple[str, ...]
    total: int
    green: int
    printed: tuple[str, str, str | None] = ("0", "0", None)

    @property
    def rate(self) -> Consistency | None:
        """Tell whether the printed rate fits the printed amounts; None where no rate is printed."""
        total, green, rate = self.printed
        return None if rate is None else check_published_share(green, total, rate)


@dataclass(frozen=True)
class Explanation:
    """What may explain a difference (REASONS), and how much of it in smallest currency units; 0: not a sum."""

    code: str
    amount: int = 0


REASONS = (
    "unit",
    "undetermined",
    "unknown",
    "grounds",
    "standard",
    "edges",
    "not_bought",
    "provisional",
    "not_there",
    "other_source",
)
"""In the order in which they are told; `other_source` is what is left when nothing here explains a difference."""


@dataclass(frozen=True)
class Ours:
    """What the ledger has for one item group: the year's sums, and what was bought within a month of its ends."""

    amounts: Amounts
    before: int = 0  # eligible amount of the month before the year
    after: int = 0  # and of the month after it
    first: int = 0  # of the year's first month
    last: int = 0  # and of its last

    @property
    def total(self) -> int:
        """The denominator of the eligible basis."""
        return self.amounts.share().denominator


@dataclass(frozen=True)
class Context:
    """What is open in the whole ledger: the amount whose item group is not known, and provisional lines."""

    unknown: int = 0
    provisional: int = 0


@dataclass(frozen=True)
class Difference:
    """One item group on both sides; `rows` are the official rows that mean it, none when there is none."""

    item_group: str
    rows: tuple[Official, ...]
    ours: Ours
    reasons: tuple[Explanation, ...]

    @property
    def official(self) -> tuple[int, int]:
        """Total and green amount of the official rows."""
        return sum(row.total for row in self.rows), sum(row.green for row in self.rows)

    @property
    def total(self) -> int:
        """Our total less the official one."""
        return self.ours.total - self.official[0]

    @property
    def green(self) -> int:
        """Our green amount less the official one."""
        return self.ours.amounts.green - self.official[1]


@dataclass(frozen=True)
class Reconciliation:
    """All categories: those that met, biggest difference first, and official rows that mean no item group of ours."""

    differences: tuple[Difference, ...]
    unmatched: tuple[Official, ...]


def dictionary(groups: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Return word -> item group from rows of the registry's item groups; a word that two groups have means none.

    Words are codes, names in both languages and synonyms, compared without case, blanks and punctuation.
    """
    found: dict[str, set[str]] = {}
    for group in groups:
        for word in _words(group):
            found.setdefault(_key(word), set()).add(str(group["code"]))
    return {word: next(iter(codes)) for word, codes in found.items() if word and len(codes) == 1}


def _key(word: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", word).casefold())


def _words(group: Mapping[str, object]) -> list[str]:
    lists = [value for name in ("synonyms", "codes") if isinstance(value := group.get(name), Sequence)]
    plain = [group.get(name) for name in ("code", "name_ko", "name_en")]
    return [str(word) for word in [*plain, *(word for words in lists for word in words)] if word]


def compare(
    official: Iterable[Official], ours: Mapping[str, Ours], words: Mapping[str, str], context: Context
) -> Reconciliation:
    """Set official rows beside our sums by item group. `words` is a `dictionary`; a row is met by its smallest name."""
    met: dict[str, list[Official]] = {code: [] for code, one in ours.items() if one.total or one.amounts.green}
    unmatched = []
    for row in official:
        code = next((words[word] for name in row.names if (word := _key(name)) in words), None)
        if code is None:
            unmatched.append(row)
        else:
            met.setdefault(code, []).append(row)
    found = [_difference(code, tuple(rows), ours.get(code, Ours(Amounts())), context) for code, rows in met.items()]
    ordered = sorted(found, key=lambda one: (-abs(one.total) - abs(one.green), one.item_group))
    return Reconciliation(tuple(ordered), tuple(unmatched))


def _difference(code: str, rows: tuple[Official, ...], ours: Ours, context: Context) -> Difference:
    plain = Difference(code, rows, ours, ())
    if not plain.total and not plain.green:
        return plain
    return Difference(code, rows, ours, tuple(_explained(plain, context)))


def _explained(one: Difference, context: Context) -> list[Explanation]:
    """What may explain a difference. Each is a possibility with its size, none a proof."""
    if not one.rows:
        return [Explanation("not_there", one.ours.total)]
    amounts, (total, green) = one.ours.amounts, one.official
    fewer, more = one.total < 0, one.total > 0
    edges = one.ours.before + one.ours.after if fewer else one.ours.first + one.ours.last
    possible = {
        "unit": (_is_unit(one.ours.total, total), 0),
        "undetermined": (one.green < 0 and amounts.undetermined > 0, amounts.undetermined),
        "unknown": ((fewer or one.green < 0) and context.unknown > 0, context.unknown),
        "grounds": (more and amounts.exempt > 0, amounts.exempt),
        "standard": (fewer and amounts.not_eligible > 0, amounts.not_eligible),
        "edges": (0 < abs(one.total) <= edges, edges),
        "not_bought": (one.ours.total == 0 and total != 0, total),
        "provisional": (context.provisional > 0, 0),
    }
    found = [Explanation(code, amount) for code, (holds, amount) in possible.items() if holds]
    return found or [Explanation("other_source", abs(one.total) or abs(green - amounts.green))]


def _is_unit(ours: int, theirs: int) -> bool:
    """Tell whether two sums are the same but for a factor of thousands."""
    small, big = sorted((abs(ours), abs(theirs)))
    return small > 0 and any(big // factor == small for factor in (10**3, 10**6))
