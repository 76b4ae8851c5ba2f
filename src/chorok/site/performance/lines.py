"""The lines that a figure is made of, and one line with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from chorok.core.errors import LedgerError, UsageError
from chorok.ledger import drilldown
from chorok.ledger.drilldown import STATES, Found, Wanted
from chorok.ledger.explain import Explanation, explain
from chorok.ledger.figures import Places
from chorok.site.config.language import say
from chorok.site.performance.reading import Reading
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, cell, money_cell
from chorok.sources import origins
from chorok.sources.origins import Origin

RIGHT = "lines.see"
PAGE = 50
NARROWING = ("state", "item", "department", "currency", "words", "grouped")
GROUPED = {"yes": True, "no": False}


@dataclass(frozen=True)
class Narrowed:
    """Which lines of a scope are wanted, as an address says it."""

    scope: Scope
    given: dict[str, str]

    @classmethod
    def of(cls, scope: Scope, parameters: dict[str, str]) -> Narrowed:
        """Read what narrows a scope's lines. Raises UsageError for a state that there is not."""
        found = {name: parameters[name].strip() for name in NARROWING if parameters.get(name, "").strip()}
        if found.get("state", STATES[0]) not in STATES:
            raise UsageError("state_unknown", state=found["state"], known=", ".join(STATES))
        found.setdefault("currency", Reading(scope).currency)  # sums of two currencies are no sum
        return cls(scope, found)

    @property
    def wanted(self) -> Wanted:
        """What the ledger is asked for."""
        return Wanted(
            self.scope.period,
            self.scope.organisation,
            self.given.get("item"),
            self.given.get("state"),
            self.scope.definition,
            department=self.given.get("department"),
            currency=self.given.get("currency"),
            goods_only=self.scope.basis == "all_goods",
            words=self.given.get("words", ""),
            grouped=GROUPED.get(self.given.get("grouped", "")),
        )

    def query(self, **changed: str | None) -> str:
        """Return the query of an address that asks for the same lines."""
        return self.scope.query(**{**self.given, **changed})


def some(narrowed: Narrowed, page: int) -> Found:
    """Return one page of lines, the biggest first, with the count and sum of all."""
    return drilldown.lines(narrowed.scope.published, narrowed.wanted, PAGE, PAGE * (page - 1))


COLUMNS = (
    Head("bought_on"),
    Head("organisation"),
    Head("supplier"),
    Head("description"),
    Head("item"),
    Head("quantity", number=True),
    Head("amount", number=True),
    Head("state"),
)


def table(narrowed: Narrowed, found: Found) -> Table:
    """Return lines as a table of a page."""
    rows = [_row(narrowed.scope, row) for row in found.rows]
    return Table.of("lines", say("site.performance.lines.title"), COLUMNS, rows)


def _row(scope: Scope, row: dict[str, Any]) -> list[Cell]:
    day, where = row["bought_on"].isoformat(), scope.names.show("organisation", row["organisation"])
    url = f"{reverse('performance:line', args=[row['line_id']])}?{scope.query()}"
    quantity = None if row["quantity"] is None else f"{row['quantity'].normalize():f} {row['unit'] or ''}".strip()
    return [
        Cell(day, day, url),
        cell(" ".join(filter(None, (where, row["department"]))) or None),
        cell(row["supplier_name"]),
        cell(" ".join(row[name] for name in ("description", "specification") if row[name]) or None),
        cell(scope.names.show("item", row["item_group"])),
        cell(quantity),
        money_cell(row["amount"], row["currency"]),
        Cell(row["state"], say(f"state_of.{row['state']}")),
    ]


@dataclass(frozen=True)
class Line:
    """One line: why it is what it is, and the row of the received file as it was."""

    told: Explanation
    origin: Origin | None
    gone: bool  # the received file is no longer there


def one(scope: Scope, line_id: int) -> Line:
    """Return a line that who asks may see. Raises Http404 where it is out of reach or not there."""
    try:
        told = explain(scope.published, f"L{line_id}", scope.definition)
    except UsageError as error:
        raise Http404 from error
    if told.line is None or not _within_reach(scope, told.line):
        raise Http404
    try:
        return Line(told, origins.find(scope.published.ledger, told.line["batch"], line_id), gone=False)
    except (LedgerError, FileNotFoundError):
        return Line(told, None, gone=True)


def _within_reach(scope: Scope, line: dict[str, Any]) -> bool:
    """Tell whether a line was bought below an organisation at which the actor may see lines, at that time."""
    changes = scope.tree.change_dates()
    era = sum(line["bought_on"] >= day for day in changes)
    row = {"organisation": line["organisation"], "era": era}
    reach = scope.actor.reach(RIGHT)
    tops = (place for place in scope.actor.places(RIGHT) if place in reach)
    return any(Places(scope.tree, changes, top).of(row) is not None for top in tops)
