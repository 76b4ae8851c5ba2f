"""The steps of the closing of a period, each announced in the audit and told to the other side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.urls import reverse

from chorok.core.calendar.closing import Standing, Step, Verb
from chorok.core.errors import UsageError
from chorok.ledger import closings
from chorok.publications import records
from chorok.site.accounts.rights import Actor
from chorok.site.audit.announcing import announced
from chorok.site.config import language
from chorok.site.config.ledger import ledger, published
from chorok.site.notices.services import holders, tell
from chorok.site.periods import rules
from chorok.site.periods.signing import parties, signature


def submit(
    actor: Actor,
    *,
    organisation: str,
    period: str,
    remarks: str = "",
    definition: str = "national",
    basis: str = "eligible",
) -> Standing:
    """Send a period's figures to who receives them; figures and files are kept as they are now.

    Raises PermissionDenied, UsageError as `closings.submit`.
    """
    opened, state, label = ledger(), published(), closings.period_of(period)[0]
    held = rules.hand(actor, organisation, "submit", _standing(organisation, label))
    step = Step(
        organisation, label, "submit", 1, opened.today, signature(actor, held), remarks, None, definition, basis
    )
    files = records.of(state, step, language.current())
    return _announce(actor, step, lambda: closings.submit(opened, state, step, files))


def take(
    actor: Actor, *, organisation: str, period: str, verb: Verb, version: int | None = None, remarks: str = ""
) -> Standing:
    """Take a step that sends no figures: withdraw, accept, return, finalise or reopen.

    `version`: the sending that the actor has seen; another one is refused. Raises PermissionDenied, UsageError
    period_own, period_moved_on, period_not_sender, and as `closings.take`.
    """
    opened, label = ledger(), closings.period_of(period)[0]
    before = _standing(organisation, label)
    held = rules.hand(actor, organisation, verb, before)
    by = before.sent.by if verb == "withdraw" and before.sent else signature(actor, held)

    def allow(standing: Standing) -> None:
        if version is not None and (standing.sent is None or standing.sent.version != version):
            raise UsageError("period_moved_on", organisation=organisation, period=label)
        rules.hand(actor, organisation, verb, standing)
        if verb == "withdraw" and standing.sent and standing.sent.by != by:
            raise UsageError("period_moved_on", organisation=organisation, period=label)

    allow(before)
    before.after(step := Step(organisation, label, verb, 0, opened.today, by, remarks))
    return _announce(actor, step, lambda: closings.take(opened, step, allow))


def _standing(organisation: str, label: str) -> Standing:
    return closings.standings(ledger()).get((organisation, label), Standing())


def _announce(actor: Actor, step: Step, write: Callable[[], Standing]) -> Standing:
    """Write a step, and tell the other side in the transaction of the event that closes it."""
    where = {"subject": ("period", f"{step.organisation} {step.period}"), "organisation": step.organisation}
    with announced(actor, f"periods.{step.verb}", **where) as closing:  # type: ignore[arg-type]
        reached = write()
        with transaction.atomic():
            version = reached.sent.version if reached.sent else 0
            _tell(actor, replace(step, version=version), reached)
            closing.done(period=step.period, version=version)
    return reached


def _tell(actor: Actor, step: Step, reached: Standing) -> None:
    receiver = rules.receiver(actor.tree, step.organisation, actor.today)
    right, places = (
        (rules.ACCEPT, [receiver]) if step.verb in ("submit", "withdraw") else (rules.SUBMIT, [step.organisation])
    )
    to = holders(right, places, actor.today, actor.tree, but={actor.user_id or 0})
    if right == rules.SUBMIT and reached.sent:
        to |= parties(reached.sent.by) - {actor.user_id}
    url = reverse("periods:one", args=[step.organisation, step.period])
    tell(
        f"site.periods.notice.{step.verb}",
        to=to,
        url=url,
        organisation=step.organisation,
        period=step.period,
        version=step.version,
        remarks=step.remarks or "–",
    )
