"""Shares of organisations by year and item group, for whatever judges them: asked of the cube as late and as narrowly
as can be, then looked up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal, get_args

from chorok.core.errors import UsageError
from chorok.core.measures.share import Amounts
from chorok.core.measures.suggestions import best_of
from chorok.core.money import Share
from chorok.core.organisations import CITY_KINDS
from chorok.core.periods import Period
from chorok.ledger.figures import Answer, Question, summary, tree_of
from chorok.ledger.published import Published

UNGROUPED = ""
"""Stands for the money whose item group is not known: inside a whole's bounds, in no item."""

Why = Literal["no_data", "definition_not_known", "no_groups", "not_positive"]
WHY: tuple[Why, ...] = get_args(Why)
"""Why there is no share: no purchases, before a local definition, no item group known, a denominator below 0."""

Years = dict[int, dict[str, Amounts]]


class Shares:
    """Shares on one basis under one definition, where organisations stood at the time.

    Money of two currencies is never added: each organisation has the currency of most of its lines, and `left_out`
    names the others. What is asked for is no more than `period`, and without `items` wholes only. `together`: one
    question for all cities instead of one for each organisation. `among`: who may be held up as a peer; None: all.
    """

    def __init__(
        self,
        published: Published,
        basis: str = "eligible",
        definition: str = "national",
        *,
        period: Period | None = None,
        by_item: bool = True,
        together: bool = False,
        among: Collection[str] | None = None,
    ) -> None:
        self.published, self.among = published, among
        self.question = Question((), basis, definition, period)
        self.by_item, self.together = by_item, together
        self.tree = tree_of(published, self.question)
        self.answer: Answer | None = None  # the last that was asked for; all rest on the same
        self.currencies: dict[str, str] = {}
        self.left_out: dict[str, set[str]] = {}
        self._asked: dict[str, Years] = {}
        self._compared: dict[tuple[str, str | None, int], dict[str, Years]] = {}

    def of(self, scope: str, year: int, item: str | None = None) -> Share | None:
        """Return an organisation's share, all of it or of one item group; None without data or definition."""
        items = self.items(scope, year)
        if item is not None:
            return items.get(item)
        return sum(items.values(), Share(0, 0)) if items else None

    def items(self, scope: str, year: int) -> dict[str, Share]:
        """Return an organisation's shares by item group; none where the definition is not known for that year."""
        return self._shares(self._years(scope).get(year, {}))

    def years(self, scope: str) -> list[int]:
        """Return the years in which an organisation has eligible spend."""
        return [
            year for year in sorted(self._years(scope)) if (whole := self.of(scope, year)) and whole.denominator > 0
        ]

    def why_none(self, scope: str, year: int) -> Why | None:
        """Return why an organisation has no share in a year; None when it has one."""
        found = self._years(scope).get(year, {})
        if not found:
            return "no_data"
        whole = sum(found.values(), Amounts())
        if whole.not_known:
            return "definition_not_known"
        share = whole.share(self.question.basis)
        if share.denominator > 0:
            return None
        return "no_groups" if share.unknown and not share.denominator else "not_positive"

    def peers(self, scope: str, year: int) -> dict[str, dict[str, Share]]:
        """Return the shares of like organisations: the other cities, or the other districts of the city."""
        row = self.tree.get(scope)
        if row and row.kind in CITY_KINDS:
            kin = {scope, *self.tree.ancestors(scope), *self.tree.subtree(scope)}
            return self._year_of(self._alike(scope, self._by("city", None, year)), year, kin)
        city = self.tree.city_of(scope)
        if row is None or row.kind != "district" or city is None:
            return {}
        return self._year_of(self._alike(scope, self._by("district", city, year)), year, {scope})

    def parts(self, scope: str, year: int, item: str) -> dict[str, Share]:
        """Return an item group's shares by the organisations that bought it, each its own purchases."""
        found = self._alike(scope, self._by("organisation", scope, year))
        return {code: self._shares(years.get(year, {})).get(item, Share(0, 0)) for code, years in found.items()}

    def references(self, scope: str, year: int, reference: str) -> dict[str, Fraction | None]:
        """Return the share (ratio of one) that each item group is held against.

        'city': the organisation's own share of all. 'best-peer': the best peer's share of the same item group, failing
        one its own share of all. Else a number in percent. Money without an item group has no reference. Raises
        UsageError reference_unknown.
        """
        items = self.items(scope, year)
        whole = sum(items.values(), Share(0, 0)).value
        items.pop(UNGROUPED, None)
        if reference == "best-peer":
            peers = self.peers(scope, year).items()
            best = {item: best_of(own, {at: of[item] for at, of in peers if item in of}) for item, own in items.items()}
            return {item: found[1] if found else whole for item, found in best.items()}
        return dict.fromkeys(items, whole if reference == "city" else _percentage(reference))

    def _alike(self, scope: str, found: dict[str, Years]) -> dict[str, Years]:
        """Keep what is in the scope's currency: amounts of two are not compared."""
        self._years(scope)
        ours = self.currencies.get(scope)
        for code in found:
            if self.currencies[code] != ours:
                self.left_out.setdefault(code, set()).add(self.currencies[code])
        return {code: years for code, years in found.items() if self.currencies[code] == ours}

    def _year_of(self, found: dict[str, Years], year: int, but: set[str]) -> dict[str, dict[str, Share]]:
        seen = [code for code in found if code not in but and (self.among is None or code in self.among)]
        shares = {code: self._shares(found[code].get(year, {})) for code in seen}
        return {code: items for code, items in shares.items() if items}

    def _shares(self, items: dict[str, Amounts]) -> dict[str, Share]:
        if any(amounts.not_known for amounts in items.values()):
            return {}
        return {code: amounts.share(self.question.basis) for code, amounts in items.items()}

    def _years(self, scope: str) -> Years:
        if scope not in self.tree.rows:
            return {}
        if self.together and scope in self._single_cities:
            return self._cities.get(scope, {})
        if scope not in self._asked:
            self._asked[scope] = self._ask((), scope, self.question.period).get(scope, {})
        return self._asked[scope]

    @cached_property
    def _single_cities(self) -> set[str]:
        """Cities without a city below: for them 'by city' is the whole subtree, and one question answers for all."""
        cities = [code for code in self.tree.codes() if self.tree.city_of(code) == code]
        outer = {above for code in cities for above in self.tree.ancestors(code)}
        return set(cities) - outer

    @cached_property
    def _cities(self) -> dict[str, Years]:
        return self._ask(("city",), None, self.question.period)

    def _by(self, dimension: str, scope: str | None, year: int) -> dict[str, Years]:
        key = (dimension, scope, year)
        if key not in self._compared:
            self._compared[key] = self._ask((dimension,), scope, years(year, year))
        return self._compared[key]

    def _ask(self, places: tuple[str, ...], scope: str | None, period: Period | None) -> dict[str, Years]:
        """Return code of a place (the scope without places) -> year -> item group -> sums."""
        by = ("year", *(("item",) if self.by_item else ()), *places)
        question = replace(self.question, by=by, organisation=scope, period=period)
        self.answer = summary(self.published, question)
        found: dict[str, dict[str, Years]] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
        for figure in self.answer.figures:
            key = dict(zip(by, figure.keys, strict=True))
            year, item, code = key["year"], key.get("item"), key[places[0]] if places else scope
            if year is not None and code is not None:
                found[code][figure.currency][int(year)][item or UNGROUPED] = figure.amounts
        return {code: self._in_one_currency(code, of) for code, of in found.items()}

    def _in_one_currency(self, code: str, found: dict[str, Years]) -> Years:
        lines = {
            currency: sum(a.lines for items in of.values() for a in items.values()) for currency, of in found.items()
        }
        main = max(sorted(lines), key=lines.__getitem__)
        self.currencies[code] = main
        if others := set(found) - {main}:
            self.left_out[code] = others
        return found[main]


def years(first: int, last: int) -> Period:
    """Return the period of some whole years, the last one included."""
    return Period(date(first, 1, 1), date(last + 1, 1, 1))


def item_of(published: Published, written: str) -> str:
    """Return the code of an item group by its code or one of its names. Raises UsageError item_unknown."""
    wanted = written.strip().casefold()
    for row in published.registry.item_groups().to_pylist():
        if wanted in {str(row[name] or "").casefold() for name in ("code", "name_ko", "name_en")}:
            return str(row["code"])
    raise UsageError("item_unknown", item=written)


def _percentage(written: str) -> Fraction:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", written) or Fraction(written) > 100:
        raise UsageError("reference_unknown", reference=written)
    return Fraction(written) / 100


def in_percent(share: Share | None) -> Fraction | None:
    """Return a share in percent; None where there is none or it is not defined."""
    return None if share is None or share.value is None else share.value * 100
