"""Two bills of materials of one project, line by line: what changed between them, and whether by us or by the registry.

Pure. A line is found again by its words; one whose words are new, by its place, as a material that was changed.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from chorok.core.screening.decide import Outcome

Change = Literal[
    "added",
    "removed",
    "material",
    "quantity",
    "amount",
    "furnished",
    "item_group",
    "certificate_ended",
    "certificate_new",
    "alternative",
    "price",
    "outcome",
]
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(frozen=True)
class Entry:
    """One line of a bill as it was decided. `words`: all that names the product; `price` of its first alternative."""

    number: int
    words: str
    outcome: Outcome
    quantity: Decimal | None = None
    amount: int | None = None
    furnished: bool = False
    item_group: str = ""
    certificates: tuple[str, ...] = ()
    alternative: str = "none"
    price: int | None = None


@dataclass(frozen=True)
class Pair:
    """A line before and after; one of them None for a line that was taken out or put in. No changes: as it was."""

    before: Entry | None
    after: Entry | None
    changes: tuple[Change, ...]


def key(words: str) -> str:
    """Return the words of a line in one spelling, by which it is found again."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def keys(words: Sequence[str]) -> list[str]:
    """Return a key for each line: lines of the same words are told apart by which of them they are."""
    seen: dict[str, int] = defaultdict(int)
    found = []
    for one in map(key, words):
        seen[one] += 1
        found.append(one if seen[one] == 1 else f"{one}\t{seen[one]}")
    return found


def compared(before: Sequence[Entry], after: Sequence[Entry]) -> list[Pair]:
    """Return every line of both bills once: those of the later bill in order, then what was taken out."""
    earlier: dict[str, deque[Entry]] = defaultdict(deque)
    for one in before:
        earlier[key(one.words)].append(one)
    found = [earlier[key(one.words)].popleft() if earlier[key(one.words)] else None for one in after]
    left = {one.number: one for queue in earlier.values() for one in queue}
    pairs = []
    for was, now in zip(found, after, strict=True):
        old = was or left.pop(now.number, None)
        pairs.append(Pair(old, now, _changes(old, now) if old else ("added",)))
    return pairs + [Pair(one, None, ("removed",)) for _, one in sorted(left.items())]


def _changes(was: Entry, now: Entry) -> tuple[Change, ...]:
    differs: dict[Change, bool] = {
        "material": key(was.words) != key(now.words),
        "quantity": was.quantity != now.quantity,
        "amount": was.amount != now.amount,
        "furnished": was.furnished != now.furnished,
        "item_group": was.item_group != now.item_group,
        "certificate_ended": bool(set(was.certificates) - set(now.certificates)),
        "certificate_new": bool(set(now.certificates) - set(was.certificates)),
        "alternative": was.alternative != now.alternative,
        "price": was.price != now.price,
        "outcome": was.outcome != now.outcome,
    }
    return tuple(change for change, changed in differs.items() if changed)
