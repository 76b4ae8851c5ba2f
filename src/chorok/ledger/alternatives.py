"""Alternatives to a line that is to be bought (rules D7): certified products of its item, and where they are had.

What stands certified and supplied when is laid out by `ledger.stock`; here it is asked for single items, on arrays.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import numpy as np

from chorok.core.definitions import Definition
from chorok.core.matching.areas import Place, reaches
from chorok.ledger.keyed import whole
from chorok.ledger.listed import Listed
from chorok.ledger.remembered import Remembered
from chorok.ledger.stock import LAST, SCALE, Array, Stock

Kind = Literal["sure", "possible", "none"]
KINDS: tuple[Kind, ...] = ("sure", "possible", "none")
EPOCH = date(1970, 1, 1)
MOST = 10_000
"""Products in answers that are remembered at most, some 20 MB."""


class Sought(NamedTuple):
    """What alternatives are sought to: an item group, a 10-digit detailed item (None: not known), and the days."""

    item_group: str | None
    detail_code: str | None
    day: date
    needed_by: date


@dataclass(frozen=True)
class Alternatives:
    """Products that stand against a line: the sure ones first, then the cheapest. `certified`: all of the item."""

    kind: Kind
    products: list[dict[str, Any]]
    known: int  # how many there are in all
    certified: int  # certified products of the item group that day, in reach or not


class Market:
    """The certified products of a registry under a definition, and where they are had. Threads may share it."""

    def __init__(self, stock: Stock, listed: Listed, definition: Definition) -> None:
        self._stock, self._listed = stock, listed
        self._periods = [
            (stock.bases.index(basis), _number(since or date.min), _number(until or date.max))
            for basis, since, until in definition.basis_periods()
            if basis in stock.bases
        ]
        self._answers = Remembered(MOST)
        self._reached: dict[Place, Array] = {}
        self._lock = threading.Lock()

    def against(self, sought: Sought, place: Place, quantity: Decimal | None, limit: int) -> Alternatives:
        """Return what stands against one line; a product with several offers counts once, by its best.

        The same answer is given to all who ask the same: it is not to be changed.
        """
        enough = -1 if quantity is None else min(int(Fraction(quantity) * SCALE // 1), np.iinfo(np.int64).max)
        # Where no offer has a minimum order the quantity changes nothing, and is not asked for again.
        for question in ((sought, place, None, limit), (sought, place, enough, limit)):
            known: Alternatives | None = self._answers.answer(question)
            if known is not None:
                return known
        met = self._met(sought)
        found = self._found(met, place, enough, limit)
        asked = enough if met.minimum.any() else None
        self._answers.keep((sought, place, asked, limit), found, len(found.products) + 1)
        return found

    def _found(self, met: _Met, place: Place, quantity: int, limit: int) -> Alternatives:
        if not len(met.held):
            return Alternatives("none", [], 0, 0)
        reached = self._reach(place, met.area)
        kind, best = self._best(met, reached, quantity)
        kind, shown = kind[best], met.only(best)
        standing = np.flatnonzero(kind < KINDS.index("none"))
        if not len(standing):
            return Alternatives("none", [], 0, len(best))
        unknown = np.where(shown.offered, reached[best] < 0, True)
        rank = _ranked(self._stock, shown) | _bit(kind, 62) | _bit(~shown.same_item, 61) | _bit(unknown, 60)
        first = _smallest(rank[standing], limit)
        order = standing[first]
        each = zip(self._rows(shown.only(order)), kind[order], reached[best][order], strict=True)
        products = [
            {**row, "in_reach": _told(int(reach)) if row["offered"] else None, "alternative": KINDS[how]}
            for row, how, reach in each
        ]
        return Alternatives(KINDS[int(kind.min())], products, len(standing), len(best))

    def _met(self, sought: Sought) -> _Met:
        """Every certificate of the item that holds on the day, with each offer that stands then, or with none."""
        stock, day = self._stock, _number(sought.day)
        by_group = stock.by_group.holding(sought.item_group) if sought.item_group is not None else _NONE
        by_detail = stock.by_detail.holding(sought.detail_code) if sought.detail_code is not None else _NONE
        item = np.sort(np.concatenate([by_group, by_detail]), kind="stable")  # two sorted runs: one pass
        item = item[np.diff(item, prepend=-1) > 0]
        begins, ends, basis = (stock.held[name][item] for name in ("begins", "ends", "basis"))
        parts = []
        for number, since, last in self._periods:
            found = (basis == number) & (np.maximum(begins, since) <= day) & (day < np.minimum(ends, last))
            parts.append((item[found], np.minimum(ends[found], last)))
        held = np.concatenate([part for part, _ in parts]) if parts else _NONE
        until = np.concatenate([part for _, part in parts]) if parts else _NONE
        order = np.argsort(held, kind="stable")  # those of one product stand together again
        held, until = held[order], until[order]
        place, offer = self._offered(held, day)
        return _Met.of(stock, held[place], until[place], offer, by_detail, _number(sought.needed_by))

    def _offered(self, held: Array, day: int) -> tuple[Array, Array]:
        """Return (place among `held`, offer or -1): each with its offers of the day; -1 where there is none."""
        offers, counts = self._stock.offers, self._stock.held["offers"][held].astype(np.int64)
        slots = counts + 1  # the last one stands for no offer
        begins = np.cumsum(slots) - slots
        place = np.repeat(np.arange(len(held)), slots)
        within = np.arange(len(place)) - begins[place]
        none = within == counts[place]
        offer = np.where(none, -1, self._stock.held["first_offer"][held][place] + within)
        stands = ~none
        stands[stands] = (offers["since"][offer[stands]] <= day) & (day < offers["until"][offer[stands]])
        some = np.logical_or.reduceat(stands, begins) if len(held) else stands
        kept = stands | (none & ~some[place])
        return place[kept], offer[kept]

    def _reach(self, place: Place, areas: Array) -> Array:
        """Tell of each area whether it reaches a place: 1, 0, -1 for not known; an area is read once."""
        with self._lock:
            known = self._reached.setdefault(place, np.full(len(self._stock.areas) + 1, _UNREAD, dtype=np.int8))
            for area in set(areas[known[areas] == _UNREAD].tolist()):
                told = reaches(self._stock.areas[area], place) if area >= 0 else None
                known[area] = -1 if told is None else int(told)
        found: Array = known[areas]
        return found

    def _best(self, met: _Met, reached: Array, quantity: int) -> tuple[Array, Array]:
        """Return of each the kind as a place in KINDS, and which is the best of its product: then the cheapest."""
        sure = met.offered & (reached == 1) & met.same_item & met.lasts
        enough = (met.minimum == 0) | (quantity >= met.minimum)
        kind = np.where(met.offered & (reached == 0), 2, np.where(sure & enough, 0, 1))
        rank = _ranked(self._stock, met) | _bit(kind, 62)
        begins = np.flatnonzero(np.diff(met.product, prepend=-1))
        least = np.minimum.reduceat(rank, begins)
        sizes = np.diff(np.append(begins, len(rank)))
        fitting = np.flatnonzero(rank == np.repeat(least, sizes))
        return kind, fitting[np.searchsorted(fitting, begins)]

    @functools.cached_property
    def _shown(self) -> dict[str, Any]:
        return {name: whole(self._stock.shown[name]) for name in self._stock.shown.column_names}

    def _rows(self, met: _Met) -> list[dict[str, Any]]:
        """Return what people are shown of each."""
        rows = self._stock.held["row"][met.held].tolist()
        certificates = self._listed.read(rows, _OF_CERTIFICATE)
        found = []
        for at, (one, offer) in enumerate(zip(certificates, met.offer.tolist(), strict=True)):
            offered = {name: column[offer].as_py() if offer >= 0 else None for name, column in self._shown.items()}
            maker = one.pop("supplier_name") if offered["maker"] is None else offered["maker"]
            name = offered["product_name"] if one["product_name"] is None else one["product_name"]
            one.pop("supplier_name", None)
            found.append(
                {**offered, **one, "product_name": name, "maker": maker, "offered": offer >= 0,
                 "valid_until": EPOCH + timedelta(int(met.until[at]) - 1), "same_item": bool(met.same_item[at]),
                 "lasts": bool(met.lasts[at])}
            )  # fmt: skip
        return found


_NONE = np.zeros(0, dtype=np.int32)
_UNREAD = -2
_OF_CERTIFICATE = ("product_id", "product_name", "model", "supplier_name", "certificate_no", "basis")


class _Met(NamedTuple):
    """Certificates of an item with their offers, by column; `offer` is -1 and `area` too where there is none."""

    held: Array
    product: Array
    until: Array
    offer: Array
    offered: Array
    area: Array
    minimum: Array
    same_item: Array
    lasts: Array

    @classmethod
    def of(cls, stock: Stock, held: Array, until: Array, offer: Array, item: Array, needed_by: int) -> _Met:
        """Gather the columns. `item`: the certificates of the detailed item that is sought."""
        offered = offer >= 0
        area, minimum, stays = (np.full(len(offer), one, dtype=np.int64) for one in (-1, 0, needed_by + 1))
        for column, name in ((area, "area"), (minimum, "minimum"), (stays, "until")):
            column[offered] = stock.offers[name][offer[offered]]
        lasts = (until > needed_by) & (stays > needed_by)
        same = _among(held, item)
        return cls(held, stock.held["product"][held], until, offer, offered, area, minimum, same, lasts)

    def only(self, places: Array) -> _Met:
        """Return some of them."""
        return _Met(*(column[places] for column in self))


def _among(values: Array, among: Array) -> Array:
    """Tell which values are among others that stand in ascending order."""
    if not len(among):
        return np.zeros(len(values), dtype=np.bool_)
    found: Array = among[np.minimum(np.searchsorted(among, values), len(among) - 1)] == values
    return found


def _ranked(stock: Stock, met: _Met) -> Array:
    """Return a number that is smaller for what is cheaper, then by what people read; what has no price comes last."""
    price = np.full(len(met.offer), LAST, dtype=np.uint64)
    price[met.offered] = stock.offers["price_rank"][met.offer[met.offered]]
    text = stock.held["text"][met.held].astype(np.uint64)
    ranked: Array = _bit(price, 30) | text
    return ranked


def _bit(values: Array, at: int) -> Array:
    moved: Array = values.astype(np.uint64) << np.uint64(at)
    return moved


def _smallest(rank: Array, count: int) -> Array:
    """Return the places of the smallest, in order."""
    near = np.argpartition(rank, count)[:count] if count < len(rank) else np.arange(len(rank))
    found: Array = near[np.argsort(rank[near], kind="stable")]
    return found


def _told(reach: int) -> bool | None:
    return None if reach < 0 else bool(reach)


def _number(day: date) -> int:
    return (day - EPOCH).days
