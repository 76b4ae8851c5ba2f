"""What was aimed at, and what came of it: the targets of a scope beside its figures."""

from __future__ import annotations

from fractions import Fraction

from chorok.core.money import round_half_away
from chorok.ledger import targets
from chorok.ledger.shares import Shares
from chorok.ledger.targets import Row
from chorok.site.config.language import say
from chorok.site.performance.scope import Scope
from chorok.site.performance.shown import Cell, Head, Table, cell, rate_cell


def rows(scope: Scope) -> list[Row]:
    """Return the targets in force for a scope on its basis and definition, year by year."""
    kept = [
        one
        for one in targets.read(scope.published.ledger)
        if (one.scope, one.basis, one.definition) == (scope.organisation, scope.basis, scope.definition)
    ]
    shares = Shares(scope.published, scope.basis, scope.definition)
    return targets.Table([shares], scope.published.ledger, kept).rows(scope.organisation)


def wholes(found: list[Row]) -> dict[int, Fraction]:
    """Return what the whole share is to be by year, in percent."""
    return {row.target.year: row.aim for row in found if row.target.item is None and row.aim is not None}


COLUMNS = (
    Head("year"),
    Head("item"),
    Head("base", number=True),
    Head("aim", number=True),
    Head("result", number=True),
    Head("attained", number=True),
    Head("gap_closed", number=True),
    Head("standing"),
)


def table(scope: Scope, found: list[Row]) -> Table:
    """Return targets and attainment as a table, the newest first."""
    ordered = sorted(found, key=lambda row: (-row.target.year, row.target.item or ""))
    return Table.of("targets", say("site.performance.targets.title"), COLUMNS, [_row(scope, row) for row in ordered])


def _row(scope: Scope, row: Row) -> list[Cell]:
    result = row.result.value if row.result else None
    return [
        cell(str(row.target.year)),
        cell(scope.names.show("item", row.target.item) or say("word.all")),
        _percent(row.base),
        _percent(row.aim),
        rate_cell(result, "not_defined" if row.result else "no_data"),
        _percent(None if row.attainment.ratio is None else row.attainment.ratio * 100),
        _percent(None if row.attainment.gap_closed is None else row.attainment.gap_closed * 100),
        Cell(row.standing, say(f"standing.{row.standing}")),
    ]


def _percent(value: Fraction | None) -> Cell:
    return cell(None) if value is None else Cell(round_half_away(value, 2), str(round_half_away(value, 2)))
