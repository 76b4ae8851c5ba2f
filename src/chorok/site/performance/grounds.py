"""What every figure of a page names: definition, basis, scope, state of the ledger (rules 1, 1.4, 1.11)."""

from __future__ import annotations

from chorok.ledger import closings
from chorok.site.config.language import current, say
from chorok.site.config.written import moment, unit_of
from chorok.site.performance.reading import Reading
from chorok.site.performance.shown import money


def facts(reading: Reading) -> list[tuple[str, str]]:
    """Return pairs of what is named and what it is."""
    scope, answer = reading.scope, reading.years_answer
    title = answer.definition.title_ko if current() == "ko" else answer.definition.title_en
    named = {
        "definition": title,
        "basis": say(f"basis_of.{scope.basis}"),
        "scope": say("site.performance.grounds.subtree", organisation=scope.name),
        "period": say("site.performance.running", period=scope.written) if scope.running else scope.written,
        "snapshot": say(
            "site.performance.grounds.at",
            number=answer.snapshot,
            on=moment(answer.published_at),
            registry=answer.registry,
        ),
        "closing": say(f"closing.{closing(reading)}"),
        "currency": unit_of(reading.currency),
    }
    return [(say(f"site.performance.grounds.{code}"), value) for code, value in named.items()]


def closing(reading: Reading) -> str:
    """Return how far the closing of the scope's period is."""
    standings = closings.standings(reading.scope.published.ledger)
    standing = standings.get((reading.scope.organisation, reading.scope.written))
    return standing.state if standing else "preliminary"


def remarks(reading: Reading) -> list[str]:
    """Return what must be said beside the figures, so that nothing is left out in silence."""
    answer = reading.years_answer
    found: list[str] = []
    if reading.scope.running:
        found.append(say("site.performance.remark.running", day=reading.scope.today))
    for currency, left in sorted(reading.left_out.items()):
        found.append(say("site.performance.remark.currency", amount=money(left, currency)))
    if reading.whole.not_known:
        found.append(say("site.performance.remark.not_known"))
    if reading.whole.materials_unknown:
        amount = money(reading.whole.materials_unknown, reading.currency)
        found.append(say("share.materials", amount=amount))
    if answer.provisional:
        found.append(say("share.provisional", lines=f"{answer.provisional:,}"))
    if len(answer.vat) > 1:
        found.append(say("site.performance.remark.vat", kinds=", ".join(say(f"vat.{one}") for one in answer.vat)))
    return found
