"""A review list that was filled in: each row is decided as if on the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from chorok.core.errors import ChorokError
from chorok.ledger.review import Wanted, keys
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.reviews import rules, selectors, services
from chorok.site.reviews.models import Review, State
from chorok.site.reviews.verdict import Verdict
from chorok.sources import decided


@dataclass(frozen=True)
class Turned:
    """A row that could not be decided: where, and why in words."""

    row: str
    column: str
    value: str
    why: str


@dataclass(frozen=True)
class Filled:
    """What became of a filled list: decided, still without an outcome, turned down."""

    decided: list[Review]
    undecided: int
    turned: list[Turned]

    @property
    def second(self) -> int:
        """How many of the decided wait for a second person."""
        return sum(one.state == State.PROPOSED for one in self.decided)


def take(actor: Actor, *, file: Path, name: str) -> Filled:
    """Decide what a filled list says. Raises BadInputError for a file that is none; bad rows are returned."""
    published, registry = site.published(), selectors.registry()
    known = decided.Known(
        frozenset(keys(published, selectors.within(actor, Wanted()))),
        frozenset(registry.item_groups()["code"].to_pylist()),
        frozenset(number for number in registry.certificates()["certificate_no"].to_pylist() if number),
    )
    found = decided.read(file, known, decided_by=str(actor.user_id), decided_on=actor.today)
    turned = [
        Turned(str(one.row), one.column, one.value, say(f"decision_reject.{one.reason}")) for one in found.refused
    ]
    made: list[Review] = []
    for row in found.decisions.to_pylist():
        try:
            made.append(services.decide(actor, key=row["product_key"], said=Verdict.of_row(row)))
        except ChorokError as error:
            turned.append(Turned("", "product_key", f"P{row['product_key']}", say_error(error)))
    with transaction.atomic():
        record(
            actor, "reviews.imported", organisation=actor.places(rules.DECIDE)[0], file=name,
            decided=len(made), turned=len(turned), undecided=found.undecided,
        )  # fmt: skip
    return Filled(made, found.undecided, turned)
