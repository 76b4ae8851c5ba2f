"""Reads of the registry: the state the site works with, its catalogue, and what is found in it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chorok.core.matching.areas import province
from chorok.ledger.catalogue import Catalogue, Hits, Wanted, state
from chorok.ledger.naming import Names
from chorok.ledger.registry import Registry
from chorok.site.accounts.rights import Actor
from chorok.site.config import language
from chorok.site.config import ledger as ledgers
from chorok.site.registry.models import RegistryState

PAGE = 20
"""Results of a search that one page shows."""


@dataclass(frozen=True)
class Search:
    """What somebody looks for, as the address of the page says it."""

    text: str = ""
    basis: str = ""
    group: str = ""
    valid: bool = False
    local: bool = False


def registry() -> Registry:
    """Return the registry that the site works with: as it wrote or took it over last, else as it lies there."""
    kept = RegistryState.objects.values_list("versions", flat=True).first()
    return Registry.open(ledgers.ledger().path, kept)


@dataclass(frozen=True)
class Known:
    """The registry as a page shows it: its catalogue, kept open between requests, and names of item groups."""

    registry: Registry
    catalogue: Catalogue
    names: Mapping[str, str]

    def search(self, actor: Actor, asked: Search, page: int = 1, size: int = PAGE) -> Hits:
        """Return one page of the products that are looked for."""
        hits = self.catalogue.search(self._wanted(actor, asked), actor.today, start=(page - 1) * size, limit=size)
        return Hits(hits.total, self.titled(self.shown(actor, hits.rows)), hits.alike)

    def titled(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows under the name that another list has for the same product where their own list has none."""
        return [{**row, "title": self._title(row)} for row in rows]

    def _title(self, row: Mapping[str, Any]) -> str:
        if row["product_name"]:
            return str(row["product_name"])
        named = (one["product_name"] for one in self.catalogue.having("product", row["product"]))
        return next((name for name in named if name), None) or title(row)

    def every(self, actor: Actor, asked: Search, most: int) -> Hits:
        """Return all that is looked for, up to a number of rows; names that are merely alike are left out."""
        hits = self.catalogue.search(self._wanted(actor, asked), actor.today, limit=most)
        return Hits(0, [], alike=True) if hits.alike else Hits(hits.total, self.shown(actor, hits.rows))

    def _wanted(self, actor: Actor, asked: Search) -> Wanted:
        near = homes(actor)
        seats = frozenset(seat for seat in self.catalogue.seats if lies_in(seat, near)) if asked.local else None
        return Wanted(
            text=asked.text,
            keys=(("group", asked.group),) if asked.group else (),
            bases=(asked.basis,) if asked.basis else (),
            valid_only=asked.valid,
            seats=seats,
        )

    def shown(self, actor: Actor, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows with what they say today, the best name they have, and whether their maker is near."""
        near = homes(actor)
        return [
            {
                **row,
                "state": state(dict(row), actor.today),
                "title": title(row),
                "group": self.names.get(row["item_group"] or "", row["item_group"]),
                "near": bool(row["seat"]) and lies_in(row["seat"], near),
            }
            for row in rows
        ]


def known() -> Known:
    """Open the registry the site works with."""
    found = registry()
    at = str(found.ledger), tuple(sorted(found.versions.items()))
    return Known(found, _catalogue(*at), _group_names(*at, language.current()))


@functools.lru_cache(maxsize=2)
def _catalogue(path: str, versions: tuple[tuple[str, int], ...]) -> Catalogue:
    return Catalogue.of(ledgers.ledger(), Registry.open(Path(path), dict(versions)))


@functools.lru_cache(maxsize=4)
def _group_names(path: str, versions: tuple[tuple[str, int], ...], spoken: str) -> dict[str, str]:
    return Names.of(Registry.open(Path(path), dict(versions)), spoken).by_dimension["item"]


def title(row: Mapping[str, Any]) -> str:
    """Return the best name that a product has."""
    named = ("product_name", "model", "item_label", "product_id", "certificate_no")
    return next((str(row[name]) for name in named if row[name]), "-")


def homes(actor: Actor) -> frozenset[str]:
    """Return the names of the cities at which the actor holds roles: makers that sit there are in the jurisdiction."""
    cities = (actor.tree.city_of(place, actor.today) for place in actor.places("registry.see"))
    found = (actor.tree.get(code, actor.today) for code in cities if code)
    return frozenset(_plain(name) for one in found if one for name in one.names())


def lies_in(seat: str, cities: frozenset[str]) -> bool:
    """Tell whether a place of business lies in one of some cities or provinces, however they are written."""
    words = seat.split()
    shorts = {province(city) for city in cities} - {None}
    return bool(words) and (province(words[0]) in shorts or any(_plain(word) in cities for word in words[:2]))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()
