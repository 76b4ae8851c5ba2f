"""The figures of a scope, each asked of the cube once: the whole, over time, by item group, by what is below."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from chorok.core import periods
from chorok.core.measures.share import Amounts
from chorok.core.money import Share
from chorok.core.periods import Period
from chorok.ledger.figures import Answer, Figure, summary
from chorok.site.performance.scope import Scope

LEVELS = ("district", "organisation", "department")


@dataclass(frozen=True)
class Reading:
    """The figures of a scope in one currency; money in others is named beside, never added."""

    scope: Scope

    @cached_property
    def years_answer(self) -> Answer:
        """Everything by year and item group: what most of a page is made of, asked for once."""
        return summary(self.scope.published, self.scope.question("year", "item", whole=True))

    def figures_in(self, period: Period) -> list[Figure]:
        """Return sums of a period by item group, their only key."""
        found = periods.numbered(period)
        if found and found[0] == "year":
            year = str(found[1])
            return [replace(one, keys=one.keys[1:]) for one in self.years_answer.figures if one.keys[0] == year]
        return summary(self.scope.published, replace(self.scope.question("item"), period=period)).figures

    @cached_property
    def figures(self) -> list[Figure]:
        """Sums of the scope's period by item group, in all currencies."""
        return self.figures_in(self.scope.period)

    @cached_property
    def currency(self) -> str:
        """The currency of most lines of the period, or of all of time where the period has none."""
        for figures in (self.figures, self.years_answer.figures):
            lines: dict[str, int] = defaultdict(int)
            for figure in figures:
                lines[figure.currency] += figure.amounts.lines
            if lines:
                return max(sorted(lines), key=lines.__getitem__)
        return "KRW"

    @cached_property
    def left_out(self) -> dict[str, int]:
        """Money of the period in other currencies, by currency."""
        found: dict[str, int] = defaultdict(int)
        for figure in self.figures:
            if figure.currency != self.currency:
                found[figure.currency] += figure.amounts.amount
        return dict(found)

    @cached_property
    def items(self) -> dict[str | None, Amounts]:
        """Sums of the period by item group; None: the item group is not known."""
        return self.items_in(self.scope.period)

    def items_in(self, period: Period) -> dict[str | None, Amounts]:
        """Return sums of any period by item group, in the currency of the scope's."""
        return {one.keys[0]: one.amounts for one in self.figures_in(period) if one.currency == self.currency}

    @cached_property
    def whole(self) -> Amounts:
        """Sums of the period."""
        return sum(self.items.values(), Amounts())

    @property
    def share(self) -> Share:
        """The share of the period."""
        return self.whole.share(self.scope.basis)

    @property
    def has_data(self) -> bool:
        """Tell whether anything was bought in the period."""
        return bool(self.whole.lines)

    @cached_property
    def years(self) -> dict[int, Amounts]:
        """Sums by year."""
        found: dict[int, Amounts] = defaultdict(Amounts)
        for one in self.years_answer.figures:
            if one.currency == self.currency:
                found[int(one.keys[0] or 0)] += one.amounts
        return dict(sorted(found.items()))

    @cached_property
    def series(self) -> dict[int, Amounts]:
        """Sums by number of the period in the scope's grain."""
        if self.scope.grain == "year":
            return self.years
        found: dict[int, Amounts] = {}
        for one in summary(self.scope.published, self.scope.question(self.scope.grain, whole=True)).figures:
            number = periods.numbered(periods.parse(str(one.keys[0])))
            if one.currency == self.currency and number:
                found[number[1]] = one.amounts
        return dict(sorted(found.items()))

    @cached_property
    def level(self) -> str:
        """What stands below the organisation: districts, organisations, or its own departments."""
        children = self.scope.tree.children(self.scope.today).get(self.scope.organisation, set())
        kinds = {row.kind for code in children if (row := self.scope.tree.get(code))}
        return "district" if "district" in kinds else "organisation" if children else "department"

    def below(self, level: str) -> dict[tuple[str | None, ...], Amounts]:
        """Return sums of the period by what is below; departments with the organisation that they belong to."""
        by = ("organisation", "department") if level == "department" else (level,)
        answer = summary(self.scope.published, self.scope.question(*by))
        return {one.keys: one.amounts for one in answer.figures if one.currency == self.currency}
