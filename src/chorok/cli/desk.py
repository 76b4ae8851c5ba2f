"""What the calendar's commands work on: a ledger's tree and names, the rule sets in use, and what was noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from chorok.cli import scopes
from chorok.cli.speech import language, say
from chorok.core import calendar as rule_sets
from chorok.core.calendar import NATIONAL, Rule, RuleSet, duties
from chorok.core.calendar.duties import Choice, Done, Duty, Events, Question
from chorok.core.organisations import Tree
from chorok.ledger import closings, kept
from chorok.ledger.naming import Names
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger

OrganisationArgument = Annotated[str, typer.Argument(help=say("help.option.of_whom"), show_default=False)]
WhoseOption = Annotated[str | None, typer.Option("--organisation", "-o", help=say("help.option.of_whom_below"))]


@dataclass(frozen=True)
class Desk:
    """What the calendar is made of: a ledger's tree and names, the rule sets in use, what was noted."""

    ledger: Ledger
    tree: Tree
    names: Names
    sets: dict[str, RuleSet]
    choices: tuple[Choice, ...]
    events: Events
    published: Published

    @classmethod
    def open(cls, ledger: Ledger, as_of: str | None = None, rules: str | None = None) -> Desk:
        """Read it all. `rules`: rule sets for everybody instead of those that were chosen."""
        published = Published.at(ledger, as_of)
        tree = published.tree
        choices = kept.every(ledger, "calendars", Choice)
        if rules is not None:
            wished = tuple(name.strip() for name in rules.split(",") if name.strip())
            choices = tuple(Choice(code, wished) for code in tree.codes())
        used = dict.fromkeys((NATIONAL, *(name for choice in choices for name in choice.rules)))
        return cls(
            ledger,
            tree,
            Names.of(published.registry, language()),
            {name: loaded(ledger, name) for name in used},
            choices,
            Events(kept.every(ledger, "done", Done), kept.every(ledger, "questions", Question), closings.sent(ledger)),
            published,
        )

    def duties(self, year: int) -> list[Duty]:
        """Return what falls due in a year."""
        return duties.due(self.sets, self.choices, self.tree, year, self.events, self.ledger.today)

    def rules(self) -> dict[str, Rule]:
        """Return all rules in use, by id."""
        return {rule.id: rule for found in self.sets.values() for rule in found.rules}

    def kind(self, code: str) -> str | None:
        """Return the kind of an organisation as it is now."""
        place = self.tree.get(code)
        return place.kind if place else None

    def answering(self) -> set[str]:
        """Return the kinds of organisation that a question on a change may come to."""
        return {kind for rule in self.rules().values() if rule.after == "question" for kind in rule.kinds}

    def below(self, organisation: str | None, year: int) -> set[str]:
        """Return the codes of an organisation (a code or name) and all below it at the end of a year; None: all."""
        if organisation is None:
            return set(self.tree.codes())
        return self.tree.subtree(scopes.scope_of(self.tree, organisation), date(year, 12, 31))

    def name(self, code: str) -> str:
        """Return the name of an organisation, with its city in front unless it says that itself."""
        return scopes.full_name(self.tree, self.names, code)


def loaded(ledger: Ledger, name: str) -> RuleSet:
    """Return a rule set by id or file.

    A set that is no id is a file, beside the ledger's other records unless the path says otherwise.
    """
    return rule_sets.load(name if name in rule_sets.names() else str(ledger.path / name))
