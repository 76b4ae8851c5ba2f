"""What could have been bought green: the purchases of a period that had certified alternatives on their day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from chorok.core.measures.replay import Result, Tally
from chorok.core.money import Share
from chorok.ledger import replay
from chorok.ledger.replay import Against, Wanted
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import Cell, Head, Table, cell, money, money_cell, rate, rate_cell

FIRST = 12
"""Purchases that are shown with what stood against them."""
AGAINST = 3


@dataclass(frozen=True)
class Potential:
    """What a policy would have turned green, by item group, and the biggest purchases among it."""

    reading: Reading
    by_item: dict[str | None, Result]
    whole: Result | None
    found: list[Against]

    @cached_property
    def sentences(self) -> list[str]:
        """What could have been, in words."""
        if self.whole is None:
            return [say("site.performance.potential.none")]
        sure, possible = self.whole.tallies["stopped"], self.whole.tallies["questioned"]
        return [
            self._say("sure", sure),
            self._say("possible", possible),
            say(
                "site.performance.potential.share",
                was=rate(self.whole.was.value),
                sure=rate(self.whole.stopped.value),
                most=rate(self.whole.at_most.value),
            ),
        ]

    def _say(self, code: str, tally: Tally) -> str:
        amount = money(tally.amount, self.reading.currency)
        return say(f"site.performance.potential.{code}", lines=f"{tally.lines:,}", amount=amount)

    @cached_property
    def items(self) -> Table:
        """The same by item group, the most money first."""
        ordered = sorted(self.by_item, key=lambda code: (-self.by_item[code].tallies["stopped"].amount, code or ""))
        rows = [self._row(code, self.by_item[code]) for code in ordered]
        caption = say("site.performance.potential.table", currency=unit_of(self.reading.currency))
        return Table.of("potential", caption, COLUMNS, rows)

    def _row(self, code: str | None, result: Result) -> list[Cell]:
        name = self.reading.scope.names.show("item", code) or say("drivers.no_item")
        sure, possible = result.tallies["stopped"], result.tallies["questioned"]
        return [
            Cell(name, name),
            cell(sure.lines),
            money_cell(sure.amount, self.reading.currency),
            cell(possible.lines),
            money_cell(possible.amount, self.reading.currency),
            rate_cell(result.was.value),
            rate_cell(result.stopped.value),
            rate_cell(result.at_most.value),
        ]

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The biggest purchases with the certified products that could have been bought instead."""
        return [self._line(one) for one in self.found]

    def _line(self, one: Against) -> dict[str, Any]:
        line, scope = one.line, self.reading.scope
        return {
            "number": f"L{line['line_id']}",
            "url": f"{reverse('performance:line', args=[line['line_id']])}?{scope.query()}",
            "what": " ".join(line[name] for name in ("description", "specification") if line[name]),
            "day": line["bought_on"],
            "who": " ".join(filter(None, (scope.names.show("organisation", line["organisation"]), line["department"]))),
            "amount": money(line["amount"], line["currency"]),
            "known": one.known,
            "products": [_product(row) for row in one.products],
        }


def _product(row: dict[str, Any]) -> str:
    named = [row["product_name"], row["model"], row["maker"], row["certificate_no"]]
    price = money(row["price"], row["currency"] or "KRW") if row["price"] is not None else None
    return ", ".join(str(part) for part in (*named, price) if part)


COLUMNS = (
    Head("item"),
    Head("sure_lines", number=True),
    Head("sure", number=True),
    Head("possible_lines", number=True),
    Head("possible", number=True),
    Head("share", number=True),
    Head("share_sure", number=True),
    Head("share_most", number=True),
)


def read(reading: Reading, *, lines: bool = False) -> Potential:
    """Replay the strict policy over the period: what it stops had a sure alternative (rules D7, D8).

    `lines`: with the biggest purchases, which takes a look at all lines of the period.
    """
    scope = reading.scope
    policy = replay.policy_of("strict")
    results = {
        row.figure.keys[0]: row.result
        for row in replay.run(scope.published, scope.question("item"), policy).rows
        if row.figure.currency == reading.currency and any(row.result.tallies[one].lines for one in COUNTED)
    }
    whole = [
        row.result
        for row in replay.run(scope.published, scope.question(), policy).rows
        if row.figure.currency == reading.currency
    ]
    return Potential(
        reading, results, whole[0] if whole and _has(whole[0].was) else None, _biggest(reading) if lines else []
    )


COUNTED = ("stopped", "questioned")


def _has(share: Share) -> bool:
    return share.denominator > 0


def _biggest(reading: Reading) -> list[Against]:
    """Return the biggest purchases that had a sure alternative, for those who may see lines."""
    scope = reading.scope
    if scope.organisation not in scope.actor.reach("lines.see"):
        return []
    wanted = Wanted("strict", scope.period, scope.organisation, definition=scope.definition)
    rows = replay.lines(scope.published, wanted, FIRST).rows
    return replay.against_each(scope.published, rows, scope.definition, AGAINST)
