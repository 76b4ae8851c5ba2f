"""What was bought against what was screened: which purchase follows from which line, and what differs.

Pure. A pair of a screened line and a purchase has a score from named signs; pairs that are each other's only best are
taken, again and again, until none is left. What stays tied waits for a person, so the order of the input never decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from chorok.core.screening.decide import Said
from chorok.core.screening.policy import Policy
from chorok.core.screening.request import Bought, lapses

SIGNS = {
    # sign, worded `match_sign.<sign>`: points
    "product": 100,
    "text": 60,
    "item": 40,
    "amount_same": 20,
    "amount_near": 10,
    "department": 5,
}
"""What speaks for a pair (proposed). One of the first three must."""
NEAR = Fraction(20)
"""Percent by which amounts of one item group may differ for a pair without the same product (proposed)."""


@dataclass(frozen=True)
class Agreed:
    """A line that may be bought: from `since`, up to and with `until`. `places`: who may buy it.

    `product_id` and `item_group` are '' where they are not known, money None; `text` is what it was called.
    """

    number: int
    places: frozenset[str]
    since: date
    until: date
    product_id: str = ""
    item_group: str = ""
    text: str = ""
    department: str = ""
    quantity: Decimal | None = None
    unit_price: int | None = None
    amount: int | None = None
    currency: str = "KRW"


@dataclass(frozen=True)
class Purchase:
    """A line of the ledger. Amounts in smallest units of `currency`; negative ones are no purchase."""

    number: int
    place: str
    on: date
    amount: int
    currency: str = "KRW"
    product_id: str = ""
    item_group: str = ""
    text: str = ""
    department: str = ""
    quantity: Decimal | None = None

    @property
    def unit_price(self) -> int | None:
        """The amount of one, where it is whole."""
        if not self.quantity or Fraction(self.amount) % Fraction(self.quantity):
            return None
        return int(Fraction(self.amount) / Fraction(self.quantity))


@dataclass(frozen=True)
class Pair:
    """A purchase that may follow from a line, and what speaks for it."""

    agreed: int
    purchase: int
    signs: tuple[str, ...]

    @property
    def score(self) -> int:
        """The sum of the points of its signs."""
        return sum(SIGNS[sign] for sign in self.signs)


@dataclass(frozen=True)
class Matching:
    """Pairs that are sure, and those between which a person chooses, each the best first."""

    sure: tuple[Pair, ...]
    open: tuple[Pair, ...]


def pair(agreed: Agreed, purchase: Purchase) -> Pair | None:
    """Return what speaks for a purchase following from a line; None where it cannot, or nothing does."""
    in_time = agreed.since <= purchase.on <= agreed.until
    if not in_time or purchase.place not in agreed.places or purchase.currency != agreed.currency:
        return None
    if purchase.amount <= 0:
        return None
    near = _near(agreed.amount, purchase.amount)
    same = _same_thing(agreed, purchase, near=near)
    if same is None:
        return None
    more = [] if not near else ["amount_same" if agreed.amount == purchase.amount else "amount_near"]
    if agreed.department and agreed.department == purchase.department:
        more.append("department")
    return Pair(agreed.number, purchase.number, (same, *more))


def _same_thing(agreed: Agreed, purchase: Purchase, *, near: bool) -> str | None:
    if agreed.product_id and agreed.product_id == purchase.product_id:
        return "product"
    if _plain(agreed.text) and _plain(agreed.text) == _plain(purchase.text):
        return "text"
    group = agreed.item_group and agreed.item_group == purchase.item_group
    return "item" if group and near else None


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _near(was: int | None, now: int) -> bool:
    return was is not None and abs(now - was) * 100 <= NEAR * was


def match(agreed: Iterable[Agreed], purchases: Iterable[Purchase], never: Collection[tuple[int, int]] = ()) -> Matching:
    """Match lines with purchases, one each. `never`: pairs (line, purchase) that a person has said no to."""
    found = [
        one
        for line, purchase in _within_reach(list(agreed), list(purchases))
        if (line.number, purchase.number) not in never and (one := pair(line, purchase)) is not None
    ]
    sure: list[Pair] = []
    while taken := _only_best(found):
        sure += taken
        lines, bought = {one.agreed for one in taken}, {one.purchase for one in taken}
        found = [one for one in found if one.agreed not in lines and one.purchase not in bought]
    return Matching(tuple(sorted(sure, key=_order)), tuple(sorted(found, key=_order)))


def _order(one: Pair) -> tuple[int, int, int]:
    return one.agreed, -one.score, one.purchase


def _within_reach(agreed: list[Agreed], purchases: list[Purchase]) -> Iterable[tuple[Agreed, Purchase]]:
    """Yield pairs that share a product, a text or an item group: all others cannot be pairs."""
    keyed: dict[tuple[str, str], list[Purchase]] = defaultdict(list)
    for one in purchases:
        for key in _keys(one):
            keyed[key].append(one)
    for line in agreed:
        for purchase in {one.number: one for key in _keys(line) for one in keyed[key]}.values():
            yield line, purchase


def _keys(one: Agreed | Purchase) -> list[tuple[str, str]]:
    found = [("product", one.product_id), ("text", _plain(one.text)), ("item", one.item_group)]
    return [key for key in found if key[1]]


def _only_best(found: Collection[Pair]) -> list[Pair]:
    """Return the pairs that are the only best of both their line and their purchase."""
    of_line: dict[int, list[Pair]] = defaultdict(list)
    of_purchase: dict[int, list[Pair]] = defaultdict(list)
    for one in found:
        of_line[one.agreed].append(one)
        of_purchase[one.purchase].append(one)
    best = {key: _best(pairs) for key, pairs in of_line.items()}
    firsts = (_best(pairs) for pairs in of_purchase.values())
    return [first for first in firsts if first is not None and best[first.agreed] == first]


def _best(pairs: Collection[Pair]) -> Pair | None:
    top = max(one.score for one in pairs)
    first = [one for one in pairs if one.score == top]
    return first[0] if len(first) == 1 else None


def rest(agreed: Agreed, bought: Collection[Purchase]) -> Agreed | None:
    """Return a line as it is still to be bought after some purchases; None where nothing is left of it.

    Quantities decide where the line and all purchases say one, at about the same price each: a box is not ten pieces.
    Else amounts do, up to NEAR; of a line that says neither any purchase is the whole.
    """
    if not bought:
        return agreed
    paid = sum(one.amount for one in bought)
    if agreed.quantity and all(_counts(agreed, one) for one in bought):
        left = agreed.quantity - sum(one.quantity or 0 for one in bought)
        amount = None if agreed.amount is None or agreed.amount <= paid else agreed.amount - paid
        return replace(agreed, quantity=left, amount=amount) if left > 0 else None
    if agreed.amount is None or (agreed.amount - paid) * 100 <= NEAR * agreed.amount:
        return None
    return replace(agreed, quantity=None, amount=agreed.amount - paid)


def _counts(agreed: Agreed, one: Purchase) -> bool:
    """Tell whether a purchase counts in the pieces of a line."""
    if not one.quantity:
        return False
    wanted = None if agreed.unit_price is None else agreed.unit_price * Fraction(one.quantity)
    return wanted is None or abs(one.amount - wanted) * 100 <= NEAR * wanted


def match_parts(
    agreed: Collection[Agreed],
    purchases: Iterable[Purchase],
    held: Mapping[int, Collection[Purchase]],
    never: Collection[tuple[int, int]] = (),
) -> Matching:
    """Match lines with purchases, several each until nothing of a line is left. `held`: line -> what it has already."""
    left = {one.number: one for one in purchases}
    taken = defaultdict[int, list[Purchase]](list, {number: list(each) for number, each in held.items()})
    sure: list[Pair] = []
    while True:
        wanted = {one.number: part for one in agreed if (part := rest(one, taken[one.number])) is not None}
        found = match(wanted.values(), left.values(), never)
        more = found.sure or _together(wanted, left, found.open)
        if not more:
            return Matching(tuple(sorted(sure, key=_order)), found.open)
        for one in more:
            taken[one.agreed].append(left.pop(one.purchase))
        sure += more


def _together(wanted: Mapping[int, Agreed], left: Mapping[int, Purchase], found: Collection[Pair]) -> list[Pair]:
    """Return pairs between which nobody has to choose: the best of a line, of no other, that all fit into it."""
    of_line: dict[int, list[Pair]] = defaultdict(list)
    lines_of: dict[int, set[int]] = defaultdict(set)
    for one in found:
        of_line[one.agreed].append(one)
        lines_of[one.purchase].add(one.agreed)
    taken: list[Pair] = []
    for line, pairs in of_line.items():
        best = [one for one in pairs if one.score == max(each.score for each in pairs)]
        alone = all(len(lines_of[one.purchase]) == 1 for one in best)
        if alone and _fit(wanted[line], [left[one.purchase] for one in best]):
            taken += best
    return taken


def _fit(agreed: Agreed, purchases: Collection[Purchase]) -> bool:
    if not agreed.quantity or not all(_counts(agreed, one) for one in purchases):
        return False
    return sum(one.quantity or 0 for one in purchases) <= agreed.quantity


def differences(policy: Policy, agreed: Agreed, purchase: Purchase) -> tuple[Said, ...]:
    """Return what was bought otherwise than screened (rules D13): product, price, more than agreed, too late.

    What one of the two does not say is not compared.
    """
    was = Bought(agreed.product_id, agreed.unit_price, agreed.quantity)
    now = Bought(purchase.product_id, purchase.unit_price, purchase.quantity)
    if not was.product or not now.product:
        now = replace(now, product=was.product)
    if was.unit_price is None or now.unit_price is None:
        now = replace(now, unit_price=was.unit_price)
    if was.quantity is None or now.quantity is None:
        now = replace(now, quantity=was.quantity)
    return lapses(policy, was, agreed.since, now, purchase.on)


FEWEST_LINES = 10
"""Lines that a department must have before its share is compared (proposed)."""
FEWEST_DEPARTMENTS = 4
"""Departments with that many lines that a comparison needs: below, quartiles say nothing (proposed)."""


@dataclass(frozen=True)
class Fence:
    """The upper fence of a comparison: upper quartile + 1.5 times the distance between the quartiles."""

    lower: Fraction
    upper: Fraction

    @property
    def limit(self) -> Fraction:
        """Above it a share is far above the others."""
        return self.upper + Fraction(3, 2) * (self.upper - self.lower)


def fence(counts: Mapping[str, tuple[int, int]]) -> Fence | None:
    """Return the fence of shares (counted, all lines) by department; None for too few departments to compare.

    Quartiles are linear between the ordered shares. Departments with fewer than FEWEST_LINES lines are left out.
    """
    shares = sorted(Fraction(part, whole) for part, whole in counts.values() if whole >= FEWEST_LINES)
    if len(shares) < FEWEST_DEPARTMENTS:
        return None
    return Fence(_quartile(shares, 1), _quartile(shares, 3))


def _quartile(ordered: list[Fraction], number: int) -> Fraction:
    place = Fraction(number, 4) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def outliers(counts: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Return the departments whose share lies above the fence, by name; empty where there is no fence."""
    found = fence(counts)
    if found is None:
        return ()
    compared = (name for name, (_, whole) in counts.items() if whole >= FEWEST_LINES)
    return tuple(sorted(name for name in compared if Fraction(*counts[name]) > found.limit))
