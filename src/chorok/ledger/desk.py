"""What falls due and was sent: a ledger's tree and names, the rule sets in use, and what was noted, read together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from chorok.core import calendar as rule_sets
from chorok.core.calendar import NATIONAL, Rule, RuleSet, duties
from chorok.core.calendar.duties import Choice, Done, Duty, Events, Question
from chorok.core.errors import UsageError
from chorok.core.organisations import Tree
from chorok.ledger import closings, kept
from chorok.ledger.closings import Key
from chorok.ledger.naming import Names, full_name
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger


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
    def read(cls, published: Published, language: str, rules: str | None = None, names: Names | None = None) -> Self:
        """Read it all; names in a language, unless who asks has them already.

        `rules`: rule sets for everybody instead of those that were chosen.
        """
        ledger = published.ledger
        tree = published.tree
        choices = kept.every(ledger, "calendars", Choice)
        if rules is not None:
            wished = tuple(name.strip() for name in rules.split(",") if name.strip())
            choices = tuple(Choice(code, wished) for code in tree.codes())
        used = dict.fromkeys((NATIONAL, *(name for choice in choices for name in choice.rules)))
        return cls(
            ledger,
            tree,
            names or Names.of(published.registry, language),
            {name: loaded(ledger, name) for name in used},
            choices,
            Events(kept.every(ledger, "done", Done), kept.every(ledger, "questions", Question), closings.sent(ledger)),
            published,
        )

    def duties(self, year: int) -> list[Duty]:
        """Return what falls due in a year."""
        return duties.due(self.sets, self.choices, self.tree, year, self.events, self.ledger.today)

    def meant(self, rule: str, code: str, period: str | None, day: date) -> Duty:
        """Return the duty of a rule and organisation for a period; without one, the duty whose due day is nearest.

        Raises UsageError duty_rule_unknown, duty_closes, duty_none, duty_unasked.
        """
        period = period.strip().upper() if period else None
        known = self.rules()
        if rule not in known:
            raise UsageError("duty_rule_unknown", rule=rule, known=", ".join(known))
        if known[rule].closes:
            raise UsageError("duty_closes", rule=rule, organisation=code)
        years = range(day.year - 1, day.year + 2) if period is None else self._years(known[rule], code, period)
        owed = [
            duty for year in years for duty in self.duties(year) if (duty.rule.id, duty.organisation) == (rule, code)
        ]
        fitting = [duty for duty in owed if period in (None, duty.period)]
        if not fitting:
            raise UsageError("duty_unasked" if known[rule].after else "duty_none", rule=rule, organisation=code)
        return min(fitting, key=lambda duty: (duty.done_on is not None, abs(duty.due - day), duty.due))

    def _years(self, rule: Rule, code: str, period: str) -> list[int]:
        """The years in which a rule's duty for a period can fall due."""
        if rule.after:
            asked = [one for one in self.events.questions if (one.organisation, one.period) == (code, period)]
            return sorted({rule.due_after(one.on).year for one in asked})
        return [int(period[:4]) + rule.years_after] if period[:4].isdigit() else []

    def asking(self, code: str) -> Rule:
        """Return the rule by which an organisation answers a question on a change. Raises UsageError duty_none."""
        rule = next(one for one in self.rules().values() if one.after)
        if self.kind(code) not in rule.kinds:
            raise UsageError("duty_none", rule=rule.id, organisation=code)
        return rule

    def awaited(self, label: str | None = None) -> list[Key]:
        """Return the periods that closing duties are about: the named one, else those of the last full year."""
        year = int(label[:4]) if label else self.ledger.today.year - 1
        duties_ = [duty for due in (year, year + 1) for duty in self.duties(due) if duty.rule.closes]
        return [(duty.organisation, duty.period) for duty in duties_ if duty.period == (label or str(year))]

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
        """Return the codes of an organisation and all below it at the end of a year; None: all."""
        if organisation is None:
            return set(self.tree.codes())
        return self.tree.subtree(organisation, date(year, 12, 31))

    def name(self, code: str) -> str:
        """Return the name of an organisation, with its city in front unless it says that itself."""
        return full_name(self.tree, self.names, code)


def loaded(ledger: Ledger, name: str) -> RuleSet:
    """Return a rule set by id or file.

    A set that is no id is a file, beside the ledger's other records unless the path says otherwise.
    """
    return rule_sets.load(name if name in rule_sets.names() else str(ledger.path / name))
