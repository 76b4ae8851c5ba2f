"""How targets and shares in percent are said, for the commands that speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import typer

from chorok.cli.scopes import full_name
from chorok.cli.speech import note, say
from chorok.core.measures.targets import Remark, Target
from chorok.core.money import Share, round_half_away
from chorok.core.organisations import Tree
from chorok.ledger.naming import Names
from chorok.ledger.shares import Shares, in_percent

TargetScopeOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.target_scope"))]
OneScopeOption = Annotated[
    str, typer.Option("--organisation", "-o", help=say("help.option.target_scope"), show_default=False)
]
ItemOption = Annotated[str | None, typer.Option("--item", help=say("help.option.target_item"))]


def number(value: Fraction | None, digits: int = 2) -> str | None:
    """Return a number in percent or points as it is shown, rounded once."""
    return None if value is None else str(round_half_away(value, digits))


def bounded(share: Share | None) -> str | None:
    """Return a share in percent, with its bounds where they differ from it."""
    value = number(in_percent(share))
    if share is None or value is None or share.low is None or share.high is None:
        return value
    low, high = (number(bound * 100) for bound in (share.low, share.high))
    return value if low == value == high else f"{value} ({low}–{high})"


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
    base = target.base_year or (number(target.base_value) if target.base_value is not None else "–")
    value = round_half_away(target.value, _digits(target.value))
    shown = str(value) if target.mode == "absolute" else f"{value:+}"
    return say(f"target_mode.{target.mode}", value=shown, base=base)


def _digits(value: Fraction) -> int:
    return next((digits for digits in range(3) if (value * 10**digits).denominator == 1), 2)


def said(remark: Remark) -> str:
    """Return a remark on a target as a sentence."""
    shown = {name: number(value) if isinstance(value, Fraction) else value for name, value in remark.params.items()}
    return say(f"target_remark.{remark.code}", **shown)


def note_currencies(asked: list[Shares], names: Names) -> None:
    """Say which money is not in the figures because it is in another currency."""
    for shares in asked:
        for code, others in sorted(shares.left_out.items()):
            note("targets.currencies", organisation=names.show("organisation", code), left=", ".join(sorted(others)))
