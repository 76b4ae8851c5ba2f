"""The five grounds of article 6 on which a green product need not be bought, and what each must show."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from chorok.core import records

NUMBERS = (1, 2, 3, 4, 5)
_CIRCLED = {circled: number for number, circled in zip(NUMBERS, "①②③④⑤", strict=True)}


@dataclass(frozen=True)
class SubCode:
    """A case of a ground that has several; `source` is the text that names it."""

    code: str
    source: str


@dataclass(frozen=True)
class Ground:
    """A ground by its number in article 6, its cases, and codes of the evidence that it must be shown with.

    Worded as `ground.<number>`, with help and an example as `ground_help.<number>` and `ground_example.<number>`.
    """

    number: int
    evidence: tuple[str, ...]
    sub_codes: tuple[SubCode, ...] = ()


@functools.cache
def grounds() -> tuple[Ground, ...]:
    """Return the grounds, in the order of the Act."""
    text = resources.files(__package__).joinpath("grounds.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["grounds"]
    return tuple(records.make(Ground, one, f"grounds.toml, grounds {place}") for place, one in enumerate(found, 1))


def ground(number: int) -> Ground:
    """Return a ground by its number. Raises StopIteration for one that the Act does not have."""
    return next(one for one in grounds() if one.number == number)


def number_of(written: str | None) -> int | None:
    """Return the ground that a text means, by the first number in it ('②', '2. no supply'); None: it means none."""
    found = re.search(r"[①②③④⑤]|[0-9]+", written or "")
    if found is None:
        return None
    number = _CIRCLED.get(found[0]) or int(found[0])
    return number if number in NUMBERS else None
