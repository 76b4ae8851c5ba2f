"""Where the closing of periods stands, as far as who asks may see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chorok.core.calendar.closing import Standing, Step, Verb
from chorok.core.errors import LedgerError
from chorok.core.measures.share import Amounts
from chorok.ledger import closings
from chorok.ledger.closings import Differences, Key, Record
from chorok.ledger.desk import Desk
from chorok.site.accounts.rights import Actor
from chorok.site.config import language
from chorok.site.config.ledger import ledger, names, published
from chorok.site.periods import rules


def desk() -> Desk:
    """Return what falls due and was sent, with names in the request's language."""
    return Desk.read(published(), language.current(), names=names())


@dataclass(frozen=True)
class Closing:
    """One organisation's period: how it is called, where it stands, what the actor may do next."""

    organisation: str
    name: str
    period: str
    standing: Standing
    verbs: list[Verb]


def closings_of(actor: Actor, year: int, state: str = "", organisation: str = "") -> list[Closing]:
    """Return the periods of a year in reach: those on which a step was taken, and those that a duty waits for."""
    found, reach = desk(), actor.reach(rules.SEE)
    inside = reach & found.below(organisation, year) if organisation else reach
    taken = closings.standings(ledger())
    known: dict[Key, Standing] = {**dict.fromkeys(found.awaited(str(year)), Standing()), **taken}
    return [
        Closing(*key[:1], found.name(key[0]), key[1], standing, rules.open_to(actor, key[0], standing))
        for key, standing in sorted(known.items())
        if key[0] in inside and key[1].startswith(str(year)) and state in ("", standing.state)
    ]


def years_of(actor: Actor) -> list[int]:
    """Return the years to choose from, the latest first."""
    today = ledger().today.year
    taken = {int(period[:4]) for code, period in closings.standings(ledger()) if code in actor.reach(rules.SEE)}
    return sorted(taken | set(range(today - 5, today + 1)), reverse=True)


def one(actor: Actor, organisation: str, period: str) -> Closing | None:
    """Return one period; None when the organisation is out of reach or not known. Raises UsageError for no period."""
    if organisation not in actor.reach(rules.SEE):
        return None
    label, _ = closings.period_of(period)
    standing = closings.standings(ledger()).get((organisation, label), Standing())
    return Closing(
        organisation, desk().name(organisation), label, standing, rules.open_to(actor, organisation, standing)
    )


def history(closing: Closing) -> list[Step]:
    """Return the steps of a period, the latest first."""
    return closings.steps_of(ledger(), closing.organisation, closing.period)[::-1]


def record(closing: Closing) -> Record | None:
    """Return what was last sent; None before the first sending. Raises LedgerError when it was altered."""
    step = closing.standing.sent
    return closings.as_sent(ledger(), step) if step else None


def differences(closing: Closing) -> Differences | None:
    """Return what the ledger would say now beside what was sent; None where nothing was sent."""
    if closing.standing.sent is None:
        return None
    return closings.differences(ledger(), published(), closing.organisation, closing.period)


def file(closing: Closing, version: int, name: str) -> Path | None:
    """Return a file of a version as it was sent, its content checked; None when there is none of that name."""
    steps = closings.steps_of(ledger(), closing.organisation, closing.period)
    step = next((step for step in steps if step.verb == "submit" and step.version == version), None)
    if step is None:
        return None
    sent = closings.as_sent(ledger(), step)
    if name not in (*sent.files, "figures.json"):
        return None
    return closings.folder_of(ledger(), closing.organisation, closing.period, version) / name


def shares(sums: dict[str, Amounts], basis: str) -> list[dict[str, object]]:
    """Return sums by currency as pages show them: exact share with bounds, and the amounts it is made of."""
    return [
        {"currency": currency, "amounts": amounts, "share": amounts.share(basis)}
        for currency, amounts in sorted(sums.items())
    ]


def sent_share(closing: Closing) -> list[dict[str, object]] | None:
    """Return the share that was sent; None where nothing was, or where what was sent cannot be read."""
    step = closing.standing.sent
    if step is None:
        return None
    try:
        return shares(closings.as_sent(ledger(), step).total(), step.basis)
    except LedgerError:
        return None
