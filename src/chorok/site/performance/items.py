"""The share by item group, and those to work on first."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.urls import reverse

from chorok.core import periods
from chorok.core.measures.core_items import Choice, Chosen, CoreItem, choose, gain
from chorok.core.money import Share, percent, round_half_away
from chorok.ledger import targets
from chorok.ledger.shares import UNGROUPED, Shares
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance import aims
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import (
    Cell,
    Head,
    Table,
    cell,
    money,
    money_cell,
    points,
    points_cell,
    rate,
    rate_cell,
)
from chorok.site.performance.trend import SUMS, sums

COLUMNS = (
    Head("item"),
    Head("lines", number=True),
    *SUMS,
    Head("weight", number=True),
)


def table(reading: Reading) -> Table:
    """Return every item group of the period, the biggest spending first."""
    basis, whole = reading.scope.basis, reading.share.denominator
    ordered = sorted(reading.items, key=lambda code: (-reading.items[code].share(basis).denominator, code or ""))
    rows = []
    for code in ordered:
        amounts = reading.items[code]
        share = amounts.share(basis)
        if not share.denominator and not share.unknown and not amounts.not_known:
            continue
        name = reading.scope.names.show("item", code) or say("drivers.no_item")
        url = "" if code is None else f"{reverse('performance:figure')}?{reading.scope.query(item=code)}"
        weight = Fraction(share.denominator, whole) if whole > 0 else None
        rows.append(
            [Cell(name, name, url), cell(amounts.lines), *sums(amounts, basis, reading.currency), rate_cell(weight)]
        )
    return Table.of("items", say("site.performance.items.table", currency=unit_of(reading.currency)), COLUMNS, rows)


@dataclass(frozen=True)
class Core:
    """The core items of a year: those of high spending and low share, and what they could do to the whole share."""

    reading: Reading
    chosen: Chosen
    next_aims: dict[str | None, Fraction]

    @cached_property
    def table(self) -> Table:
        """The chosen ones with the money that is missing to the scope's own share."""
        caption = say("site.performance.core.table", currency=unit_of(self.reading.currency))
        return Table.of("core", caption, CORE_COLUMNS, [self._row(one) for one in self.chosen.core])

    def _row(self, one: CoreItem) -> list[Cell]:
        name = self.reading.scope.names.show("item", one.code) or one.code
        aim = self.next_aims.get(one.code)
        next_gain = None if aim is None else gain(one.share, aim / 100, self.chosen.total.denominator)
        return [
            Cell(name, name, f"{reverse('performance:figure')}?{self.reading.scope.query(item=one.code)}"),
            money_cell(one.share.denominator, self.reading.currency),
            rate_cell(one.weight),
            rate_cell(one.share.value),
            rate_cell(one.reference),
            money_cell(int(round_half_away(one.potential, 0)), self.reading.currency),
            points_cell(one.effect),
            points_cell(one.most),
            cell(None) if aim is None else Cell(round_half_away(aim, 2), f"{round_half_away(aim, 2)}"),
            points_cell(next_gain),
        ]

    @cached_property
    def sentences(self) -> list[str]:
        """Why these, and what they can do together."""
        core, zero = self.chosen.core, Fraction(0)
        high = money(self.chosen.high_spend, self.reading.currency)
        found = [say("site.performance.core.rule", high=high, share=rate(self.chosen.total.value))]
        if not core:
            return [*found, say("site.performance.core.none")]
        effect, most = sum((one.effect for one in core), zero), sum((one.most for one in core), zero)
        found.append(
            say(
                "site.performance.core.together",
                count=len(core),
                weight=percent(sum((one.weight for one in core), zero)),
                effect=points(effect),
                after=rate(self.chosen.after(effect)),
                most=points(most),
                ceiling=rate(self.chosen.after(most)),
            )
        )
        return found


CORE_COLUMNS = (
    Head("item"),
    Head("eligible", number=True),
    Head("weight", number=True),
    Head("share", number=True),
    Head("reference", number=True),
    Head("gap", number=True),
    Head("effect", number=True),
    Head("most", number=True),
    Head("next_aim", number=True),
    Head("next_effect", number=True),
)


def core(reading: Reading) -> Core | None:
    """Choose core items by the rule of high spending and low share; None where the period has no share."""
    scope = reading.scope
    if reading.whole.not_known or reading.share.value is None:
        return None
    items = {code or UNGROUPED: amounts.share(scope.basis) for code, amounts in reading.items.items()}
    ungrouped = items.pop(UNGROUPED, Share(0, 0))
    references = dict.fromkeys(items, reading.share.value)
    return Core(reading, choose(items, references, Choice(), ungrouped), _next_aims(reading))


def _next_aims(reading: Reading) -> dict[str | None, Fraction]:
    """Return what the item groups are to reach in the year after the period; nothing where it is not one year."""
    found = periods.numbered(reading.scope.period)
    if found is None or found[0] != "year":
        return {}
    scope = reading.scope
    kept = [one.target for one in aims.rows(scope)]
    shares = Shares(scope.published, scope.basis, scope.definition)
    return targets.Table([shares], scope.published.ledger, kept).aims(scope.organisation, found[1] + 1)
