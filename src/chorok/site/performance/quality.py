"""How far the figures of a scope can be trusted: what is open, what was rejected, who is missing."""

from __future__ import annotations

from fractions import Fraction

from django.urls import reverse

from chorok.core.money import ratio
from chorok.ledger.figures import summary
from chorok.site.config.language import say
from chorok.site.config.written import unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import Cell, Head, Table, cell, money_cell, rate_cell
from chorok.site.purchases.selectors import SEE as IMPORTS
from chorok.site.purchases.selectors import imports


def without_data(reading: Reading) -> list[str]:
    """Return the organisations of a scope without a single line in the period, in order of their codes."""
    scope = reading.scope
    found = {one.keys[0] for one in summary(scope.published, scope.question("organisation")).figures}
    below = scope.tree.subtree(scope.organisation, min(scope.today, scope.period.until)) - {scope.organisation}
    above = {code for one in found if one for code in scope.tree.ancestors(one)}
    existed = (code for code in below if scope.tree.valid_on(code, scope.period.since))
    return sorted(code for code in existed if code not in found and code not in above)


COLUMNS = (Head("what"), Head("amount", number=True), Head("part_of", number=True), Head("meaning"))


def table(reading: Reading) -> Table:
    """Return what is open or left out, with its part of all money of the period."""
    whole = reading.whole
    rows = []
    for name in ("undetermined", "unknown", "not_known", "materials_unknown"):
        amount = getattr(whole, name)
        title, means = (say(f"site.performance.quality.{name}.{what}") for what in ("title", "means"))
        part: Fraction | None = ratio(amount, whole.amount)
        rows.append([Cell(title, title), money_cell(amount, reading.currency), rate_cell(part), Cell(means, means)])
    return Table.of("quality", say("site.performance.quality.table", currency=unit_of(reading.currency)), COLUMNS, rows)


MISSING = (Head("organisation"), Head("code"))


def missing(reading: Reading) -> Table:
    """Return those without data as a table."""
    scope = reading.scope
    rows = []
    for code in without_data(reading):
        name = scope.names.show("organisation", code) or code
        rows.append([Cell(name, name), Cell(code, code)])
    return Table.of("missing", say("site.performance.quality.missing"), MISSING, rows)


REJECTS = (Head("file"), Head("organisation"), Head("accepted", number=True), Head("rejected", number=True))


def rejects(reading: Reading) -> Table:
    """Return the imports of the scope with rejected rows, those with most first."""
    scope = reading.scope
    caption = say("site.performance.quality.rejects")
    if not scope.actor.may(IMPORTS, scope.organisation):
        return Table.of("rejects", caption, REJECTS, [])
    below = scope.tree.subtree(scope.organisation, scope.today)
    found = [one for one in imports(scope.actor) if one.rejected and not one.on_its_way and one.organisation in below]
    rows = [
        [
            Cell(one.file, one.file, reverse("purchases:account", args=[one.key])),
            cell(scope.names.show("organisation", one.organisation)),
            cell(one.lines),
            cell(one.rejected),
        ]
        for one in sorted(found, key=lambda one: -(one.rejected or 0))
    ]
    return Table.of("rejects", caption, REJECTS, rows)
