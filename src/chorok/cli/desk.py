"""What the calendar's commands work on, in the language of this run."""

from __future__ import annotations

from typing import Annotated, Self

import typer

from chorok.cli import scopes
from chorok.cli.speech import language, say
from chorok.ledger import desk as desks
from chorok.ledger.desk import loaded
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

__all__ = ["Desk", "OrganisationArgument", "WhoseOption", "loaded"]

OrganisationArgument = Annotated[str, typer.Argument(help=say("help.option.of_whom"), show_default=False)]
WhoseOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.of_whom_below"))]


class Desk(desks.Desk):
    """The desk as commands open it."""

    @classmethod
    def open(cls, ledger: Ledger, as_of: str | None = None, rules: str | None = None) -> Self:
        """Read it all. `rules`: rule sets for everybody instead of those that were chosen."""
        return cls.read(Published.at(ledger, as_of), language(), rules)

    def below(self, organisation: str | None, year: int) -> set[str]:
        """As above, and a name does for the code."""
        return super().below(scopes.scope_of(self.tree, organisation) if organisation else None, year)
