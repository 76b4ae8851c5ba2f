"""How targets and shares in percent are said, for the commands that speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from chorok.cli.scopes import full_name
from chorok.cli.speech import note, say
from chorok.core.measures.targets import Remark, Target
from chorok.core.organisations import Tree
from chorok.ledger.naming import Names
from chorok.ledger.shares import Shares
from chorok.publications import target_words as words
from chorok.publications.target_words import bounded, number

__all__ = [
    "Called",
    "ItemOption",
    "OneScopeOption",
    "TargetScopeOption",
    "as_set",
    "bounded",
    "note_currencies",
    "number",
    "said",
]

TargetScopeOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.target_scope"))]
OneScopeOption = Annotated[
    str, typer.Option("--organisation", "-o", help=say("help.option.target_scope"), show_default=False)
]
ItemOption = Annotated[str | None, typer.Option("--item", help=say("help.option.target_item"))]


@dataclass(frozen=True)
class Called:
    """How organisations and targets are called."""

    tree: Tree
    names: Names

    def organisation(self, code: str) -> str:
        """Return the name of an organisation, with its city in front."""
        return full_name(self.tree, self.names, code)

    def item(self, code: str | None) -> str:
        """Return the name of an item group; None is all of them."""
        return self.names.show("item", code) or say("word.all")

    def target(self, target: Target) -> str:
        """Return what a target is for: organisation, item group, year."""
        return f"{self.organisation(target.scope)}, {self.item(target.item)}, {target.year}"


def as_set(target: Target) -> str:
    """Return the value of a target in the form in which it was set."""
    return words.as_set(target, say)


def said(remark: Remark) -> str:
    """Return a remark on a target as a sentence."""
    return words.said(remark, say)


def note_currencies(asked: list[Shares], names: Names) -> None:
    """Say which money is not in the figures because it is in another currency."""
    for shares in asked:
        for code, others in sorted(shares.left_out.items()):
            note("targets.currencies", organisation=names.show("organisation", code), left=", ".join(sorted(others)))
