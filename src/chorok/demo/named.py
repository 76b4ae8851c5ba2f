"""Products that are known by name only: what card lists, a district's own file and an HTML table write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from chorok.demo.catalogue import Catalogue, Pair, Supplier
from chorok.demo.lines import CARD, DISTRICT, KONEPS, TABLE, Ints, Lines
from chorok.demo.vocabulary import ItemGroup, item_groups, office_index, words
from chorok.ledger import schema

HAEUNDAE = "DEMO-26-350"
YUSEONG = "DEMO-30-200"
DISTRICT_YEARS = (2017, 2018, 2019)
TABLE_YEAR = 2018

WAYS = {CARD: (5, 5, 5), DISTRICT: (4, 3, 3), TABLE: (2, 2, 2)}
"""How many products a group and half are written exactly, noisily and in general words, by kind of file."""

OPEN = 9
"""Kind for card products bought in 2020 only, on which nobody has decided yet."""

PERCENT = {CARD: 21, DISTRICT: 10, TABLE: 40}
"""Of the lines of middling amount, how many in a hundred move to such a file."""


@dataclass(frozen=True)
class Named:
    """A product as written. `pair` is the product meant, and says what a person would find out about it."""

    kind: int
    group: int  # -1: not eligible
    green: int  # 1, 0; -1 when not eligible
    way: str  # exact | noisy | near | generic | other
    supplier_no: str  # ten digits, or '' where the file has no such column
    supplier_name: str
    description: str
    specification: str
    pair: Pair | None
    decided: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The identifying columns in the order of `schema.PRODUCT_COLUMNS`."""
        return ("goods", "", "", "", "", self.supplier_no, self.supplier_name, self.description, self.specification)

    @property
    def key(self) -> int:
        """The product key."""
        return product_key(self.columns)


def product_key(columns: tuple[str, ...]) -> int:
    """Return the product key of identifying columns as the raw files hold them."""
    return schema.product_key(one.strip() for one in columns)


def named_products(catalogue: Catalogue, rng: np.random.Generator) -> list[Named]:
    """Return the name-only products, sorted so that equal (kind, group, green) lie together; no key comes twice."""
    found: dict[int, Named] = {}
    for kind in WAYS:
        for group in item_groups():
            for green in (0, 1):
                for one in _of_half(catalogue, kind, group, green, rng):
                    found.setdefault(one.key, one)
    for one in (*_others(catalogue), *_undecided(catalogue, rng)):
        found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: (one.kind, one.group, one.green))


def _of_half(
    catalogue: Catalogue, kind: int, group: ItemGroup, green: int, rng: np.random.Generator
) -> Iterator[Named]:
    pairs = catalogue.of(group.position, "long" if green else "none")
    for way, count in zip(("exact", "noisy", "generic"), WAYS[kind], strict=True):
        for i in range(count):
            pair = pairs[(i + kind * 5) % len(pairs)]
            if way == "noisy" and not green and i == 0:
                yield _near(kind, catalogue.of(group.position, "long")[kind])
                continue
            seller = catalogue.shops[int(rng.integers(len(catalogue.shops)))] if way == "generic" else pair.supplier
            yield Named(
                kind, pair.group, green, way, *_seller(kind, way, seller), *_text(kind, way, pair, i, rng), pair
            )


def _near(kind: int, pair: Pair) -> Named:
    """Return a model that is not certified, one letter off two of the same supplier that are."""
    text = f"{pair.item[2]} {pair.models[0][:-1]}C"
    return Named(kind, pair.group, 0, "near", *_seller(kind, "near", pair.supplier), text, "", pair)


def _seller(kind: int, way: str, seller: Supplier) -> tuple[str, str]:
    """Return business number and name as the file has them; only card lists have numbers."""
    return seller.number if kind in (CARD, OPEN) else "", seller.bare_name if way == "noisy" else seller.name


def _text(kind: int, way: str, pair: Pair, i: int, rng: np.random.Generator) -> tuple[str, str]:
    """Return description and specification as the file has them; card lists have no specification."""
    text = {"exact": _exact, "noisy": _noisy, "generic": _generic}[way](pair, i, rng)
    return text, pair.specification if way == "exact" and kind in (DISTRICT, TABLE) else ""


def _exact(pair: Pair, i: int, rng: np.random.Generator) -> str:
    return f"{pair.item[2]} {pair.models[i % 2]}"


def _noisy(pair: Pair, i: int, rng: np.random.Generator) -> str:
    noun, model = pair.item[2], pair.models[i % 2]
    cut = int(rng.integers(1, len(noun))) if len(noun) > 1 else 0
    forms = (
        f"{model.replace('-', '').lower()} {noun} 납품",
        f"{noun[:cut]}{noun[cut + 1 :]} {model}",
        f"{model.replace('-', ' ')} ({noun})",
        f"{noun}{model[:-1]} 1식",
        f"{noun} {model} 외",
    )
    return forms[i % len(forms)]


def _generic(pair: Pair, i: int, rng: np.random.Generator) -> str:
    group = item_groups()[pair.group]
    pattern = words()["generic"][int(rng.integers(len(words()["generic"])))]
    return pattern.format(noun=pair.item[2], name=group.name_ko, synonym=group.synonyms[i % len(group.synonyms)])


def _others(catalogue: Catalogue) -> Iterator[Named]:
    for i, text in enumerate(words()["others"]):
        shop = catalogue.shops[i % len(catalogue.shops)]
        yield Named(CARD, -1, -1, "other", shop.number, shop.name, text, "", None)
        yield Named(DISTRICT, -1, -1, "other", "", shop.name, text, "", None)
        yield Named(TABLE, -1, -1, "other", "", shop.bare_name, f"{text} 1식", "", None)


def _undecided(catalogue: Catalogue, rng: np.random.Generator) -> Iterator[Named]:
    for group in item_groups():
        for green, status in ((1, "long"), (0, "none")):
            for i, way in enumerate(("noisy", "generic")):
                pair = catalogue.of(group.position, status)[-1 - i]
                shop = catalogue.shops[(group.position + 5) % len(catalogue.shops)]
                seller = _seller(OPEN, way, pair.supplier if way == "noisy" else shop)
                text = f"{_text(OPEN, way, pair, i, rng)[0]} 추가"
                yield Named(OPEN, pair.group, green, way, *seller, text, "", pair, decided=False)


def move(lines: Lines, products: list[Named], scale: float, rng: np.random.Generator) -> None:
    """Turn some delivery-request lines into lines bought by name: changes source, product and office in place.

    Only lines alone in their request and of middling amount are moved, so that no cell loses its remainder.
    """
    low, high = int(1_000_000 / scale), int(20_000_000 / scale)
    dice = rng.integers(0, 100, len(lines))
    middling = (lines["movable"] == 1) & (lines["amount"] >= low) & (lines["amount"] <= high)
    middling &= (lines["group"] >= 0) | (dice % 3 == 0)  # cards buy fewer of the other goods
    own = middling & (lines["city"] == 0) & np.isin(lines["year"], DISTRICT_YEARS) & (dice < PERCENT[DISTRICT])
    html = middling & (lines["city"] == 1) & (lines["year"] == TABLE_YEAR) & (lines["amount"] % 1000 == 0)
    html &= dice < PERCENT[TABLE]
    card = middling & ~own & ~html & (dice < PERCENT[CARD])
    for kind, mask in ((DISTRICT, own), (TABLE, html), (CARD, card)):
        lines["source"][mask] = kind
        lines["named"][mask] = _picked(lines[mask], kind, products, rng)
    lines["office"][own] = office_index(HAEUNDAE)
    lines["office"][html] = office_index(YUSEONG)
    lines["product"][lines["source"] != KONEPS] = -1


def _picked(lines: Lines, kind: int, products: list[Named], rng: np.random.Generator) -> Ints:
    picked = np.zeros(len(lines), np.int64)
    where: dict[tuple[int, int, int], list[int]] = {}
    for position, one in enumerate(products):
        where.setdefault((one.kind, one.group, one.green), []).append(position)
    for (found, group, green), positions in where.items():
        if found not in (kind, OPEN) or (found == OPEN and kind != CARD):
            continue
        mask = (lines["group"] == group) & (lines["green"] == green)
        if found == OPEN:
            mask &= (lines["year"] == 2020) & (rng.integers(0, 3, len(lines)) == 0)
        picked[mask] = rng.choice(np.array(positions), int(mask.sum()))
    return picked
