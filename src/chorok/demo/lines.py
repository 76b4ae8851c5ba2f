"""Purchase lines, drawn cell by cell so that their amounts add up to the calibrated won."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chorok.demo.calibration import CITIES, Cell, cells, preliminary
from chorok.demo.catalogue import MODELS, Catalogue, days
from chorok.demo.vocabulary import UNKNOWN, item_groups, offices, other_goods

Ints = npt.NDArray[np.int64]
Lines = npt.NDArray[Any]

LINE = np.dtype(
    [
        ("city", "i8"),  # 0 Busan, 1 Daejeon
        ("year", "i8"),
        ("group", "i8"),  # position of the item group; -1: not eligible
        ("green", "i8"),  # 1 green, 0 not green, -1 not eligible
        ("source", "i8"),  # KONEPS, CARD, ...
        ("product", "i8"),  # pair * 2 + model; -1 for what is bought by name
        ("named", "i8"),  # position among the name-only products; -1 otherwise
        ("day", "i8"),
        ("office", "i8"),
        ("amount", "i8"),
        ("request", "i8"),
        ("number", "i8"),  # line of the request, from 1
        ("movable", "i8"),  # 1: neither carries its cell's remainder nor shares a request
        ("known", "i8"),  # 0: the organisation list does not know the buyer
        ("trap", "i8"),  # DAMAGED, ... of `planted`; 0: nothing special
    ]
)
KONEPS, CARD, DISTRICT, TABLE, SMALL = range(5)
"""Kinds of files a line may come in: delivery requests, card list, a district's own CSV, an HTML table, a short CSV."""

CALIBRATED_LINES = 370_000
PRELIMINARY_LINES = 40_000
OTHER_SHARE = 35
"""Percent of the goods lines that no item group covers."""

BUYABLE = (
    ("none", "expired", "late", "revoked", "low_carbon"),
    ("long", "chain", "expired", "late", "revoked", "given_up", "low_carbon"),
)
"""Statuses of pairs that can be bought when not green, and when green."""


@dataclass(frozen=True)
class Choice:
    """Pairs that may be bought in one cell: positions, first and last+1 day each, and how often."""

    pairs: Ints
    first: Ints
    end: Ints
    weight: npt.NDArray[np.float64]


def split(total: int, count: int, rng: np.random.Generator) -> tuple[Ints, int]:
    """Split won into `count` heavy-tailed positive amounts that sum to it; return them and who took the rest.

    Most are whole tens, hundreds or thousands; the largest takes what rounding leaves. Raises ValueError when
    the total is too small for so many lines.
    """
    weights = (rng.lognormal(0, 1.25, count) * 10_000).astype(np.int64) + 1
    units = rng.choice(np.array([10, 100, 1000]), count, p=[0.25, 0.35, 0.4])
    amounts = np.maximum(total * weights // weights.sum() // units, 1) * units
    top = int(np.argmax(amounts))
    amounts[top] += total - int(amounts.sum())
    if amounts[top] <= 0:
        raise ValueError(f"{total} won cannot be split into {count} lines")
    return amounts, top


def line_counts(halves: list[int], wanted: int) -> list[int]:
    """Return how many lines each half cell gets: more money, more lines, in less than proportion."""
    strength = [half**0.8 for half in halves]
    factor = wanted / sum(strength)
    return [max(4, min(round(one * factor), half // 40_000)) for one, half in zip(strength, halves, strict=True)]


def bought(catalogue: Catalogue, wished: list[Cell], wanted: int, rng: np.random.Generator) -> Iterator[Lines]:
    """Yield the lines of each half of each cell: the green ones and the others."""
    positions = {group.name_en: group.position for group in item_groups()}
    halves = [(cell, green) for cell in wished for green in (1, 0)]
    amounts = [cell.green if green else cell.total - cell.green for cell, green in halves]
    for (cell, green), total, count in zip(halves, amounts, line_counts(amounts, wanted), strict=True):
        group = positions[cell.item_group]
        choice = _choice(catalogue, group, green, cell.year)
        lines = _drawn(CITIES.index(cell.city), cell.year, choice, count, rng)
        lines["group"], lines["green"] = group, green
        lines["amount"], top = split(total, count, rng)
        lines["movable"] = _alone(lines["request"])
        lines["movable"][top] = 0
        yield lines


def _choice(catalogue: Catalogue, group: int, green: int, year: int) -> Choice:
    begin, end = days(year), days(2020, 11) if year == 2020 else days(year + 1)
    found: list[tuple[int, int, int, float]] = []
    for rank, pair in enumerate(catalogue.of(group, *BUYABLE[green])):
        if green:
            spans = [(max(begin, pair.since), min(end, pair.until))]
        else:
            spans = [(begin, min(end, pair.since)), (max(begin, pair.until), end)] if pair.until else [(begin, end)]
        spans = [(first, last) for first, last in spans if first < last]
        if spans:
            found.append((pair.position, *max(spans, key=lambda span: span[1] - span[0]), 1 / (rank % 60 + 4)))
    weight = np.array([one[3] for one in found])
    columns = np.array([one[:3] for one in found], dtype=np.int64)
    return Choice(columns[:, 0], columns[:, 1], columns[:, 2], weight / weight.sum())


def _drawn(city: int, year: int, choice: Choice, count: int, rng: np.random.Generator) -> Lines:
    sizes = rng.choice(np.array([1, 2, 3]), count, p=[0.78, 0.16, 0.06])
    request = np.repeat(np.arange(count), sizes)[:count]
    requests = int(request[-1]) + 1
    picked = rng.choice(len(choice.pairs), requests, p=choice.weight)
    day = choice.first[picked] + (rng.random(requests) * (choice.end - choice.first)[picked]).astype(np.int64)
    lines = np.zeros(count, LINE)
    lines["city"], lines["year"], lines["known"], lines["named"] = city, year, 1, -1
    lines["request"], lines["number"] = request, _running(request)
    lines["product"] = choice.pairs[picked][request] * MODELS + (lines["number"] + choice.pairs[picked][request]) % 2
    lines["day"] = day[request]
    lines["office"] = _offices(city, requests, rng)[request]
    return lines


def _running(request: Ints) -> Ints:
    starts = np.flatnonzero(np.diff(request, prepend=-1))
    first: Ints = np.repeat(starts, np.diff(np.append(starts, len(request))))
    numbers: Ints = np.arange(len(request)) - first + 1
    return numbers


def _alone(request: Ints) -> Ints:
    alone: Ints = (np.bincount(request)[request] == 1).astype(np.int64)
    return alone


def _offices(city: int, count: int, rng: np.random.Generator) -> Ints:
    known = [(i, one.weight) for i, one in enumerate(offices()) if one.city == city and one not in UNKNOWN]
    weight = np.array([one[1] for one in known], dtype=np.float64)
    chosen: Ints = rng.choice(np.array([one[0] for one in known]), count, p=weight / weight.sum())
    return chosen


def others(catalogue: Catalogue, city: int, year: int, count: int, rng: np.random.Generator) -> Lines:
    """Return lines for goods that no item group covers, from known buyers."""
    begin, end = days(year), days(2020, 11) if year == 2020 else days(year + 1)
    pairs = np.array([pair.position for pair in catalogue.of(-1, "other")])
    weight = np.tile(1 / (np.arange(len(pairs) // len(other_goods())) + 4), len(other_goods()))
    choice = Choice(pairs, np.full(len(pairs), begin), np.full(len(pairs), end), weight / weight.sum())
    lines = _drawn(city, year, choice, count, rng)
    lines["group"], lines["green"] = -1, -1
    lines["amount"] = (rng.lognormal(13.6, 1.3, count).astype(np.int64) // 100 + 50) * 100
    lines["movable"] = _alone(lines["request"])
    return lines


def unknown_buyers(lines: Lines, city: int, count: int) -> Lines:
    """Return a copy of the first lines as bought by an office that the organisation list does not know."""
    strangers = lines[:count].copy()
    strangers["office"], strangers["known"], strangers["movable"] = len(offices()) - len(UNKNOWN) + city, 0, 0
    return strangers


def drawn(catalogue: Catalogue, scale: float, rng: np.random.Generator, progress: Callable[[int, int], None]) -> Lines:
    """Return all lines, requests numbered through; `scale` shrinks their number, never their money."""
    parts = list(bought(catalogue, cells(), int(CALIBRATED_LINES * scale), rng))
    progress(1, 3)
    parts += bought(catalogue, preliminary(), int(PRELIMINARY_LINES * scale), rng)
    progress(2, 3)
    for city in range(len(CITIES)):
        for year in range(2015, 2021):
            eligible = sum(len(part) for part in parts if (part["city"][0], part["year"][0]) == (city, year))
            rest = others(catalogue, city, year, max(40, eligible * OTHER_SHARE // (100 - OTHER_SHARE)), rng)
            parts += [rest, unknown_buyers(rest, city, max(2, int(30 * scale)))]
    progress(3, 3)
    return _numbered(parts)


def _numbered(parts: list[Lines]) -> Lines:
    offset = 0
    for part in parts:
        part["request"] += offset
        offset = int(part["request"].max()) + 1
    return np.concatenate(parts)
