"""What is planted among the calibrated lines: suspected doubles, equal rows, returns, damaged rows. Sums stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chorok.demo.catalogue import MODELS, days
from chorok.demo.lines import CARD, DISTRICT, KONEPS, LINE, SMALL, Ints, Lines
from chorok.demo.named import Named
from chorok.demo.vocabulary import office_index

DAMAGED = 1
"""Written unreadably in the district's file, and readably in the mended file."""
EQUAL = 2
RETURNED = 3
DOUBLE = 4

DOUBLES = 60
EQUALS = 20
RETURNS = 30
DAMAGED_ROWS = 12
DAMAGED_YEAR = 2018
SUSPICION_DAYS = 5
BUSANJIN = "DEMO-26-230"
SMALL_LINES = 8


@dataclass(frozen=True)
class Planted:
    """The lines with everything planted; `doubles` are pairs of positions (card line, delivery-request line)."""

    lines: Lines
    doubles: tuple[tuple[int, int], ...]


def planted(lines: Lines, products: list[Named], rng: np.random.Generator) -> Planted:
    """Plant the traps that touch calibrated money; every cell keeps its sum to the won."""
    doubles = _doubles(lines, products, rng)
    _damage(lines)
    return Planted(np.concatenate([lines, _equals(lines), _returns(lines), _small(products)]), doubles)


def _free(lines: Lines, source: int) -> Ints:
    mask = (lines["source"] == source) & (lines["movable"] == 1) & (lines["trap"] == 0)
    return np.flatnonzero(mask & (lines["group"] >= 0) & (lines["year"] < 2020))


def _doubles(lines: Lines, products: list[Named], rng: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """Make delivery-request lines equal to card lines in buyer, supplier and amount, a few days later."""
    cells = lines["city"] * 1_000_000 + lines["year"] * 100 + lines["group"]
    requests = _free(lines, KONEPS)
    requests = requests[lines["green"][requests] == 0]
    partners = dict(zip(cells[requests].tolist(), requests.tolist(), strict=True))  # one a cell: the last
    found: list[tuple[int, int]] = []
    for card in _free(lines, CARD).tolist():
        pair = products[lines["named"][card]].pair
        if lines["green"][card] or products[lines["named"][card]].way != "exact" or pair is None:
            continue
        partner = partners.pop(int(cells[card]), None)
        if partner is not None:
            _make_equal(lines, card, partner, pair.position * MODELS, int(rng.integers(0, SUSPICION_DAYS)))
            found.append((card, partner))
        if len(found) == DOUBLES:
            break
    return tuple(found)


def _make_equal(lines: Lines, card: int, partner: int, product: int, later: int) -> None:
    same = np.ones(len(lines), bool)
    for column in ("city", "year", "group", "green"):
        same &= lines[column] == lines[column][partner]
    same[partner] = False
    top = int(np.argmax(np.where(same & (lines["source"] == KONEPS), lines["amount"], 0)))
    lines["amount"][top] += lines["amount"][partner] - lines["amount"][card]  # the largest: it stays positive
    lines["amount"][partner] = lines["amount"][card]
    lines["office"][partner] = lines["office"][card]
    lines["product"][partner] = product
    lines["day"][partner] = min(lines["day"][card] + later, days(lines["year"][card] + 1) - 1)
    lines["trap"][[card, partner]] = DOUBLE


def _damage(lines: Lines) -> None:
    positions = _free(lines, DISTRICT)
    lines["trap"][positions[lines["year"][positions] == DAMAGED_YEAR][:DAMAGED_ROWS]] = DAMAGED


def _equals(lines: Lines) -> Lines:
    """Halve some card lines and write them twice: equal rows of one file stay separate lines (rules 1.9)."""
    positions = _free(lines, CARD)
    positions = positions[lines["amount"][positions] % 2 == 0][::7][:EQUALS]
    lines["amount"][positions] //= 2
    lines["trap"][positions] = EQUAL
    copies: Lines = np.take(lines, positions)
    return copies


def _returns(lines: Lines) -> Lines:
    """Add purchases that went back: one more line each, and its return in brackets."""
    positions = _free(lines, DISTRICT)[::5][:RETURNS]
    lines["trap"][positions] = RETURNED
    again, back = np.take(lines, positions), np.take(lines, positions)
    back["amount"] = -back["amount"]
    return np.concatenate([again, back])


def _small(products: list[Named]) -> Lines:
    """Return a few small purchases of one district, for the list that ends in an unclosed quote."""
    others = [i for i, one in enumerate(products) if one.kind == DISTRICT and one.group < 0][:SMALL_LINES]
    lines = np.zeros(len(others), LINE)
    lines["year"], lines["source"], lines["known"] = 2016, SMALL, 1
    lines["group"] = lines["green"] = lines["product"] = -1
    lines["named"], lines["office"] = others, office_index(BUSANJIN)
    lines["amount"] = 52_000 + 1_500 * np.arange(len(others))
    lines["day"] = days(2016, 1, 11) + 30 * np.arange(len(others))
    return lines
