"""One figure opened: what it is, its formula in words and numbers, the parts that add up to it, its lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from chorok.core.measures.share import Amounts
from chorok.core.money import Share, written
from chorok.ledger.figures import summary
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, bounds, money_cell, rate

PARTS = ("green", "not_green", "undetermined", "unknown", "not_eligible", "not_known")
STATE_OF = {"unknown": "undetermined"}
GROUPED = {"undetermined": "yes", "unknown": "no"}
"""Undetermined lines with and without a known item group are two parts: the first are in the denominator."""
COLUMNS = (Head("part"), Head("amount", number=True), Head("counts"))


@dataclass(frozen=True)
class Figure:
    """A figure and what it is made of; `item` None: all item groups, `department` None: all departments."""

    reading: Reading
    amounts: Amounts
    item: str | None = None
    department: str | None = None

    @property
    def share(self) -> Share:
        """The share itself."""
        return self.amounts.share(self.reading.scope.basis)

    @property
    def value(self) -> str:
        """The share in words."""
        if not self.amounts.lines:
            return say("word.no_data")
        return say("word.definition_not_known") if self.amounts.not_known else rate(self.share.value)

    @property
    def bounds(self) -> str:
        """Its bounds in words."""
        return "" if self.amounts.not_known else bounds(self.share)

    @property
    def formula(self) -> str:
        """How it comes about, in words."""
        return say(f"site.performance.formula.{self.reading.scope.basis}")

    @property
    def sum(self) -> str:
        """The same in numbers."""
        share, currency = self.share, self.reading.currency
        return f"{written(share.green, currency)} ÷ {written(share.denominator, currency)} = {self.value}"

    @cached_property
    def parts(self) -> Table:
        """The parts that all lines fall into; together they are all money."""
        caption = say("site.performance.figure.parts", currency=unit_of(self.reading.currency))
        rows = [self._part(name) for name in PARTS if getattr(self.amounts, name) or name in PARTS[:3]]
        every = [Cell("total", say("site.performance.figure.all")), self._money("amount"), Cell("", "")]
        return Table.of("figure", caption, COLUMNS, [*rows, every])

    def _part(self, name: str) -> list[Cell]:
        url = self.lines_url(STATE_OF.get(name, name), GROUPED.get(name))
        counts = say(f"site.performance.counts.{self.reading.scope.basis}.{name}")
        return [Cell(name, say(f"site.performance.part.{name}"), url), self._money(name), Cell(counts, counts)]

    def _money(self, name: str) -> Cell:
        return money_cell(getattr(self.amounts, name), self.reading.currency)

    def lines_url(self, state: str | None = None, grouped: str | None = None) -> str:
        """Return where its lines are; nothing for those who may not see lines."""
        scope = self.reading.scope
        if scope.organisation not in scope.actor.reach("lines.see"):
            return ""
        more = {"state": state, "item": self.item, "department": self.department, "grouped": grouped}
        return f"{reverse('performance:lines')}?{scope.query(**more)}"


def opened(scope: Scope, item: str | None, department: str | None) -> Figure:
    """Open the figure of an item group, of a department, or of all."""
    reading = Reading(scope)
    if department is not None:
        answer = summary(scope.published, scope.question("item", "department"))
        found = (
            one.amounts
            for one in answer.figures
            if one.currency == reading.currency and one.keys[1] == department and item in (None, one.keys[0])
        )
        return Figure(reading, sum(found, Amounts()), item, department)
    amounts = reading.whole if item is None else reading.items.get(item, Amounts())
    return Figure(reading, amounts, item)
