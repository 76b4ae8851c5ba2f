"""Final periods among figures: which of them the ledger would now answer otherwise than they were sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from chorok.core import periods
from chorok.core.calendar.closing import Step
from chorok.core.measures.share import Amounts
from chorok.core.money import Share
from chorok.ledger import closings
from chorok.ledger.closings import GRAINS, Key
from chorok.ledger.figures import Answer, Figure, tree_of
from chorok.ledger.published import Published

PLACES = ("city", "district")
"""What figures are broken down by together with all below it, as what is sent is."""

Shares = dict[str, Share]
"""Currency -> share."""


@dataclass(frozen=True)
class Departed:
    """A final period whose figures are not what the ledger says now."""

    step: Step
    sent: Shares
    now: Shares


def departed(published: Published, answer: Answer) -> list[Departed]:
    """Return the final periods that an answer shows as a whole, under the same definition and basis, with other sums.

    Raises LedgerError for what was sent and is not as it was, BadInputError as `closings.standings` does.
    """
    question, found = answer.question, []
    shown = _shown(published, answer) if question.tree == "then" else {}
    for key, standing in sorted(closings.standings(published.ledger).items()):
        step = standing.sent
        if standing.state != "final" or step is None or key not in shown:
            continue
        if (step.definition, step.basis) == (question.definition, question.basis):
            sent = _shares(closings.as_sent(published.ledger, step).total(), step.basis)
            now = _shares(shown[key], step.basis)
            found += [Departed(step, sent, now)] if sent != now else []
    return found


def _shares(sums: dict[str, Amounts], basis: str) -> Shares:
    return {currency: amounts.share(basis) for currency, amounts in sums.items()}


def _shown(published: Published, answer: Answer) -> dict[Key, dict[str, Amounts]]:
    """Return what an answer says of organisations with all below them, by period and currency."""
    tree, scope = tree_of(published, answer.question), answer.question.organisation
    inside = tree.subtree(scope) if scope else set(tree.codes())
    whole = {code for code in inside if (place := tree.get(code)) and place.kind != "province"} | {scope or ""}
    found: dict[Key, dict[str, Amounts]] = defaultdict(lambda: defaultdict(Amounts))
    for figure in answer.figures:
        label = _label(answer, figure)
        for code in _places(answer, figure) if label else ():
            if code in whole:
                found[code, str(label)][figure.currency] += figure.amounts
    return found


def _places(answer: Answer, figure: Figure) -> Iterator[str]:
    """The scope, and the city or district that is not the scope itself; a province's cities are not in its figure."""
    scope = answer.question.organisation
    named = {key for name, key in zip(answer.question.by, figure.keys, strict=True) if name in PLACES and key}
    yield from named | ({scope} if scope else set())


def _label(answer: Answer, figure: Figure) -> str | None:
    """Return the period of a figure when it is one that can be closed, and shown whole."""
    asked, grain = answer.question.period, answer.question.grain
    if grain is None:
        numbered = periods.numbered(asked) if asked else None
        return periods.label(numbered[1], numbered[0]) if numbered and numbered[0] in GRAINS else None
    label = figure.keys[answer.question.by.index(grain)]
    if grain not in GRAINS or label is None:
        return None
    own = periods.parse(label)
    whole = asked is None or (asked.since <= own.since and own.until <= asked.until)
    return label if whole else None
