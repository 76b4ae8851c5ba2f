"""What a page of figures is asked for: organisation, definition, basis, period, grain, state of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404

from chorok.core import definitions, periods
from chorok.core.errors import UsageError
from chorok.core.measures import share
from chorok.core.organisations import Organisation, Tree
from chorok.core.periods import Period
from chorok.ledger.figures import Question
from chorok.ledger.naming import Names, full_name
from chorok.ledger.published import Published
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger
from chorok.site.config.language import say

SEE = "performance.see"


@dataclass(frozen=True)
class Scope:
    """A question of a page, checked: whoever has one may see its figures."""

    actor: Actor
    published: Published
    names: Names
    organisation: str
    definition: str
    basis: str
    written: str  # the period as it stands in the address
    period: Period
    grain: str
    as_of: str | None
    today: date

    @property
    def tree(self) -> Tree:
        """The organisations of the snapshot."""
        return self.published.tree

    @property
    def row(self) -> Organisation | None:
        """The organisation asked for."""
        return self.tree.get(self.organisation)

    @cached_property
    def name(self) -> str:
        """What the organisation is called, with its city in front."""
        return self.called(self.organisation)

    def called(self, code: str) -> str:
        """Return what an organisation is called, with its city in front."""
        return full_name(self.tree, self.names, code)

    @property
    def spoken(self) -> str:
        """The period as it is said: `2019년`, `2020년 상반기`."""
        return spoken(self.written, self.period)

    @property
    def running(self) -> bool:
        """Tell whether the period is not over yet."""
        return self.period.until > self.today

    def question(self, *by: str, whole: bool = False) -> Question:
        """Return a question about the scope; `whole`: over all of time."""
        return Question(by, self.basis, self.definition, None if whole else self.period, self.organisation)

    def other(self, **changed: str | None) -> Scope:
        """Return the same with another organisation or period, checked again."""
        given: dict[str, str | None] = {**self.parameters(), **changed}
        return read(self.actor, {key: value for key, value in given.items() if value is not None})

    def at(self, written: str) -> Scope:
        """Return the same in another period."""
        return replace(self, written=written, period=periods.parse(written))

    def parameters(self) -> dict[str, str]:
        """Return what an address says to ask the same again."""
        asked = {
            "organisation": self.organisation,
            "definition": self.definition,
            "basis": self.basis,
            "period": self.written,
            "by": self.grain,
        }
        return asked | ({"as_of": self.as_of} if self.as_of else {})

    def query(self, **changed: str | None) -> str:
        """Return the query of an address with some parameters changed, or left out for None."""
        given: dict[str, str | None] = {**self.parameters(), **changed}
        return urlencode({key: value for key, value in given.items() if value is not None})


def spoken(written: str, period: Period) -> str:
    """Return a period as it is said; one that is no year, half, quarter or month as it is written."""
    found = periods.numbered(period)
    if found is None:
        return written
    grain, number = found
    year, index = divmod(number, periods.PER_YEAR[grain])
    code = f"half_{index + 1}" if grain == "half" else grain
    return say(f"site.performance.period.{code}", year=year, number=index + 1)


def read(actor: Actor, given: Mapping[str, str], right: str = SEE) -> Scope:
    """Read a question from the parameters of an address.

    Raises Http404 for an organisation out of reach, whether it is there or not; UsageError for what cannot be asked.
    """
    as_of = given.get("as_of", "").strip() or None
    published = ledger.published(as_of)
    today = ledger.ledger().today
    written = given.get("period", "").strip() or str(today.year - 1)
    asked = Scope(
        actor,
        published,
        ledger.names(),
        _organisation(actor, given.get("organisation", "").strip(), right),
        _one_of("definition", given.get("definition", "").strip() or "national", definitions.names()),
        _one_of("basis", given.get("basis", "").strip() or "eligible", share.BASES),
        written,
        periods.parse(written),
        _one_of("grain", given.get("by", "").strip() or "year", periods.GRAINS),
        as_of,
        today,
    )
    if asked.organisation not in published.tree.rows:
        raise UsageError(
            "organisation_then_unknown", organisation=asked.organisation, snapshot=published.snapshot.number
        )
    return asked


def _organisation(actor: Actor, code: str, right: str) -> str:
    reach = actor.reach(right)
    if not code:
        first = next((place for place in actor.places(right) if place in reach), None)
        if first is None:
            raise Http404
        return first
    if code not in reach:
        raise Http404
    return code


def _one_of(name: str, value: str, known: tuple[str, ...] | list[str]) -> str:
    if value not in known:
        code = {"definition": "definition_unknown", "basis": "basis_unknown", "grain": "grain_unknown"}[name]
        what = {"definition": "name"}.get(name, name)
        raise UsageError(code, **{what: value, "known": ", ".join(known)})
    return value
