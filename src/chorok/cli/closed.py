"""Remarks beside figures on periods that are final: what was sent stays, what is shown is what the ledger says now."""

from __future__ import annotations

from chorok.cli.speech import note, say
from chorok.core.errors import ChorokError
from chorok.core.money import percent
from chorok.ledger import closed
from chorok.ledger.closed import Shares
from chorok.ledger.figures import Answer
from chorok.ledger.published import Published


def tell_final(published: Published, answer: Answer) -> None:
    """Say of each final period within an answer that it was sent with other figures."""
    try:
        found = closed.departed(published, answer)
    except ChorokError as error:  # figures can be read all the same
        note("periods.final_unread", why=say(f"error.{error.code}", **error.params))
        return
    for one in found:
        step = one.step
        said = {"organisation": step.organisation, "period": step.period, "version": step.version}
        note("periods.final_differs", **said, sent=_said(one.sent), now=_said(one.now))


def _said(shares: Shares) -> str:
    rounded = [percent(share.value) for share in shares.values()]
    return " / ".join(say("word.not_defined") if one is None else str(one) for one in rounded)
