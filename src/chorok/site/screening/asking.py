"""What somebody wants to buy, looked at before anything is kept: typed lines, a table, last year's purchases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from django.http import Http404

from chorok.core.matching import typed
from chorok.core.matching.typed import Typed
from chorok.ledger.asked import Asked
from chorok.ledger.screening import Request as Found
from chorok.site.accounts.rights import Actor
from chorok.site.screening import adoptions, screened
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.models import Line, Request
from chorok.site.screening.writing import ASK, Header
from chorok.sources import headers

MOST = 100
"""Lines that the box answers at once; more belong into a file."""
FIELDS = ("description", "specification", "product_id", "detail_code", "quantity", "unit", "unit_price", "amount")
"""What is read of a typed line."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Looked:
    """Lines that are not kept anywhere, with what screening says of them; `cut`: how many more there were."""

    request: Request
    lines: tuple[Line, ...]
    rule: InForce
    registry_age: int | None
    cut: int = 0


@dataclass(frozen=True)
class Pasted:
    """What was read of a text: at most MOST lines as values, how many more there are, and the columns of a table.

    `columns`: what each column of a table without headings was taken for, with its first cells.
    """

    values: list[Values]
    cut: int
    columns: tuple[tuple[str | None, tuple[str, ...]], ...] = ()


def read(text: str, meant: Sequence[str | None] = ()) -> Pasted:
    """Read typed or pasted text; `meant`: what a person said of the columns of a table without headings."""
    rows = [one for one in text.splitlines() if one.strip()]
    if not any("\t" in one for one in rows):
        return _pasted([typed.line(one) for one in rows])
    cells = [one.split("\t") for one in rows]
    headed = headings(cells[0])
    if headed is not None:
        return _pasted([typed.row(row, headed) for row in cells[1:]])
    width = max(map(len, cells))
    columns = [
        [row[place].strip() for row in cells if place < len(row) and row[place].strip()] for place in range(width)
    ]
    fields = list(meant) if len(meant) == width else guessed(columns, cells)
    said = [(name, tuple(column[:3])) for name, column in zip(fields, columns, strict=True)]
    found = [typed.row(row, fields) if len(row) > 1 else typed.line(row[0]) for row in cells]
    return replace(_pasted(found), columns=tuple(said))


def _pasted(found: Sequence[Typed]) -> Pasted:
    return Pasted([_values(one) for one in found[:MOST]], max(len(found) - MOST, 0))


def guessed(columns: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[str | None]:
    """Return what the columns of a table without headings seem to mean; a person sees it and may say otherwise."""
    fields: list[str | None] = [_seems(cells) for cells in columns]
    for name in ("product_id", "detail_code", "quantity", "unit"):
        for place in [place for place, one in enumerate(fields) if one == name][1:]:
            fields[place] = None
    texts = [place for place, one in enumerate(fields) if one == "text"]
    for place, name in zip_longest(texts, ("description", "specification")[: len(texts)]):
        fields[place] = name
    numbers = [place for place, one in enumerate(fields) if one == "number"]
    small = all(len(cell) < 4 for place in numbers[:1] for cell in columns[place])
    counted = "quantity" in fields or not (small or len(numbers) > 1)
    wanted = ["unit_price", "amount"] if len(numbers) > 2 - counted else ["amount"]
    names = wanted if counted else ["quantity", *(wanted if len(numbers) > 1 else [])]
    for place, number in zip_longest(numbers, names[: len(numbers)]):
        fields[place] = number
    return fields


def _seems(cells: Sequence[str]) -> str | None:
    for name, pattern in _SEEMS:
        if cells and all(re.fullmatch(pattern, cell) for cell in cells):
            return name
    return "text" if cells else None


_UNITS = "|".join(map(re.escape, typed.UNITS))
_SEEMS = (
    ("product_id", r"\d{8}"), ("detail_code", r"\d{10}"), ("unit", _UNITS),
    ("quantity", rf"[\d,.]+\s?(?:{_UNITS})"), ("number", rf"[₩￦]?\s?\d[\d,.]*\s?{typed.WON}?"),
)  # fmt: skip


def headings(cells: Iterable[str]) -> list[str | None] | None:
    """Return what the columns of a table mean when its first row says it; None when that row is a line like others."""
    meant: list[str | None] = []
    for cell in cells:
        guessed = (one.field for one in headers.guesses(cell) if one.field in FIELDS) if cell.strip() else iter(())
        name = next(guessed, None)
        meant.append(None if name in meant else name)
    names = {"description", "specification", "product_id", "detail_code"}
    return meant if names & set(meant) and len([one for one in meant if one]) > 1 else None


def _values(one: Typed) -> Values:
    return {name: getattr(one, name) for name in FIELDS}


def values_of(asked: Asked) -> Values:
    """Return a line of a file as values of a line that is kept."""
    texts = {name: _cut(getattr(asked, name), name) for name in TEXTS}
    numbers = {name: getattr(asked, name) for name in ("quantity", "unit_price", "amount", "currency", "needed_by")}
    flags = {name: getattr(asked, name) for name in ("furnished", "no_goods", "emergency")}
    return {**texts, **numbers, **flags}


TEXTS = (
    "description", "specification", "product_id", "class_code", "detail_code", "item_hint", "supplier_no",
    "supplier_name", "unit", "ground", "statement", "evidence", "difference",
)  # fmt: skip
"""Texts that a file may give a line."""


def _cut(value: str | None, name: str) -> str:
    """Return a text at most as long as its field: what is longer is told of before."""
    return (value or "")[: longest(name)]


def longest(name: str) -> int | None:
    """Return how long a text of a line may be."""
    found: int | None = Line._meta.get_field(name).max_length  # type: ignore[union-attr]
    return found


def look(actor: Actor, *, organisation: str, header: Header, lines: Sequence[Values], cut: int = 0) -> Looked:
    """Screen lines without keeping anything. Raises Http404 out of reach, BadInputError without lines, LedgerError."""
    if not actor.may(ASK, organisation):
        raise Http404
    request = Request(organisation=organisation, screened_on=actor.today, state="draft", **vars(header))
    made = [Line(number=number, **known(values)) for number, values in enumerate(lines, 1)]
    under = rule(actor, organisation)
    found: Found = screened.screen(request, made, under, actor.today)
    for line, one in zip(made, found.lines, strict=True):
        screened.keep(line, one)
    if found.lines:
        request.definition = found.lines[0].decision.definition
    request.registry, request.snapshot = found.registry, found.snapshot
    return Looked(request, tuple(made), under, found.registry_age, cut)


def rule(actor: Actor, organisation: str) -> InForce:
    """Return what an organisation screens under today."""
    return adoptions.in_force(actor.tree, organisation, actor.today)


def known(values: Mapping[str, Any]) -> Values:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "")}
