"""Setting targets, adopting core items, and what is done about action plans: checked, written, told to the audit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from chorok.core.errors import UsageError
from chorok.core.measures import targets as measure
from chorok.core.measures.targets import Target
from chorok.ledger import core_lists, kept
from chorok.ledger import targets as targets_of
from chorok.ledger.core_lists import CoreList
from chorok.ledger.shares import Shares
from chorok.ledger.targets import Proposal
from chorok.publications.target_words import as_set, number
from chorok.site.accounts.rights import Actor
from chorok.site.audit.announcing import announced
from chorok.site.audit.services import record
from chorok.site.config.language import say
from chorok.site.config.ledger import ledger, published
from chorok.site.goals.models import ActionPlan, PlanState, PlanStep
from chorok.site.notices.services import holders, tell
from chorok.site.periods.rules import holding
from chorok.site.periods.signing import signature

CHANGE = "goals.change"


def propose(target: Target) -> Proposal:
    """Return what a target would mean, without keeping it.

    Raises BadInputError for one that cannot be worked with; UsageError target_reason, target_set_later, target_there,
    target_base_no_data, target_aim_range.
    """
    opened = ledger()
    if not target.reason.strip():
        raise UsageError("target_reason")
    if target.set_on and target.set_on > opened.today:
        raise UsageError("target_set_later", on=target.set_on, today=opened.today)
    measure.checked(target, say("site.goals.this_target"))
    shares = Shares(published(), target.basis, target.definition)
    found = targets_of.propose(shares, opened, target)
    if found is None:
        raise UsageError("target_there")
    if target.base_year is not None and found.base is None:
        raise UsageError("target_base_no_data", year=target.base_year)
    if measure.impossible(found.aim):
        raise UsageError("target_aim_range", value=as_set(target, say), aim=number(found.aim), base=number(found.base))
    return found


def set_target(actor: Actor, target: Target) -> Proposal:
    """Set a target, or revise one: the one before is kept. `target.set_by` is the actor, whatever it says.

    Raises PermissionDenied, and as `propose`.
    """
    held = holding(actor, CHANGE, target.scope)[0]
    target = _signed(target, set_by=signature(actor, held))
    found = propose(target)
    facts = {"year": target.year, "item": target.item or "", "value": str(target.value), "mode": target.mode}
    with announced(actor, "goals.target", subject=("target", target.year), organisation=target.scope, **facts):
        kept.add(ledger(), "targets", target)
    return found


def _signed(target: Target, **more: Any) -> Target:
    return Target(**{**target.__dict__, **more})


def adopt(actor: Actor, *, scope: str, year: int, items: tuple[str, ...], rule: str, reason: str) -> CoreList:
    """Adopt core items for an organisation's year; without items the list before is taken back.

    Raises PermissionDenied, UsageError core_reason, core_item_unknown, core_nothing_new.
    """
    held = holding(actor, CHANGE, scope)[0]
    if not reason.strip():
        raise UsageError("core_reason")
    known = {row["code"] for row in published().registry.item_groups().to_pylist()}
    if strange := [item for item in items if item not in known]:
        raise UsageError("core_item_unknown", items=", ".join(strange))
    before = core_lists.in_force(ledger(), scope, year)
    if tuple(sorted(items)) == tuple(sorted(before.items if before else ())):
        raise UsageError("core_nothing_new")
    adopted = CoreList(scope, year, items, ledger().today, signature(actor, held), rule, reason)
    with announced(
        actor, "goals.core_items", subject=("core_items", year), organisation=scope, items=list(items), rule=rule
    ):
        core_lists.adopt(ledger(), adopted)
    return adopted


def make_plan(actor: Actor, *, organisation: str, title: str, purpose: str, year: int, item: str) -> ActionPlan:
    """Begin an action plan. Raises PermissionDenied."""
    _must(actor, organisation)
    with transaction.atomic():
        plan = ActionPlan.objects.create(
            organisation=organisation,
            title=title,
            purpose=purpose,
            year=year,
            item=item,
            made_by=actor.user_id or 0,
            made_on=actor.today,
        )
        record(actor, "goals.plan_made", subject=("plan", plan.pk), organisation=organisation, year=year, item=item)
    return plan


def change_plan(actor: Actor, plan: ActionPlan, *, title: str, purpose: str, year: int, item: str) -> ActionPlan:
    """Change what a plan says. Raises PermissionDenied, UsageError plan_closed."""
    with transaction.atomic():
        plan = _open(actor, plan)
        plan.title, plan.purpose, plan.year, plan.item = title, purpose, year, item
        plan.save()
        record(
            actor, "goals.plan_changed", subject=("plan", plan.pk), organisation=plan.organisation, year=year, item=item
        )
    return plan


def close_plan(actor: Actor, plan: ActionPlan, *, state: PlanState, outcome: str) -> ActionPlan:
    """Close a plan as carried out or given up, saying what came of it. Raises PermissionDenied, UsageError."""
    with transaction.atomic():
        plan = _open(actor, plan)
        if not outcome.strip():
            raise UsageError("plan_outcome")
        if state == PlanState.DONE and plan.steps.filter(done_on=None).exists():
            raise UsageError("plan_steps_open")
        plan.state, plan.outcome, plan.closed_on = state, outcome, actor.today
        plan.save()
        record(actor, "goals.plan_closed", subject=("plan", plan.pk), organisation=plan.organisation, state=state.value)
    return plan


def reopen_plan(actor: Actor, plan: ActionPlan) -> ActionPlan:
    """Open a closed plan again. Raises PermissionDenied."""
    _must(actor, plan.organisation)
    with transaction.atomic():
        plan = ActionPlan.objects.select_for_update().get(pk=plan.pk)
        plan.state, plan.closed_on = PlanState.OPEN, None
        plan.save()
        record(actor, "goals.plan_reopened", subject=("plan", plan.pk), organisation=plan.organisation)
    return plan


def write_step(
    actor: Actor,
    plan: ActionPlan,
    step: PlanStep | None,
    *,
    text: str,
    owner: str,
    begins_on: date | None,
    due_on: date,
) -> PlanStep:
    """Add a step to a plan, or change one. Who owns it is told when that is new.

    Raises PermissionDenied, UsageError plan_closed, plan_step_dates, plan_step_owner for an owner outside the
    plan's organisation.
    """
    with transaction.atomic():
        plan = _open(actor, plan)
        if begins_on and begins_on > due_on:
            raise UsageError("plan_step_dates", begins=begins_on, due=due_on)
        if owner not in actor.tree.subtree(plan.organisation, actor.today) | {plan.organisation}:
            raise UsageError("plan_step_owner", owner=owner)
        before = step.owner if step else None
        step = step or PlanStep(plan=plan)
        step.text, step.owner, step.begins_on, step.due_on = text, owner, begins_on, due_on
        step.save()
        if owner != before:
            to = holders("goals.see", [owner], actor.today, actor.tree, but={actor.user_id or 0})
            url = reverse("goals:plan", args=[plan.pk])
            tell("site.goals.notice.step", to=to, url=url, organisation=owner, text=text, due=str(due_on))
        record(
            actor,
            "goals.plan_step",
            subject=("plan", plan.pk),
            organisation=plan.organisation,
            step=step.pk,
            owner=owner,
            due=str(due_on),
        )
    return step


def step_done(actor: Actor, plan: ActionPlan, step: PlanStep, *, done: bool) -> PlanStep:
    """Note a step as done today, or as not done after all. Raises PermissionDenied, UsageError plan_closed."""
    with transaction.atomic():
        plan = _open(actor, plan, step.owner)
        step.done_on = actor.today if done else None
        step.save()
        record(
            actor,
            "goals.plan_step_done",
            subject=("plan", plan.pk),
            organisation=plan.organisation,
            step=step.pk,
            done=done,
        )
    return step


def drop_step(actor: Actor, plan: ActionPlan, step: PlanStep) -> None:
    """Take a step out of a plan; the event keeps what it said. Raises PermissionDenied, UsageError plan_closed."""
    with transaction.atomic():
        plan = _open(actor, plan)
        record(
            actor,
            "goals.plan_step_dropped",
            subject=("plan", plan.pk),
            organisation=plan.organisation,
            step=step.pk,
            text=step.text,
        )
        step.delete()


def _must(actor: Actor, *organisations: str) -> None:
    if not any(actor.may(CHANGE, one) for one in organisations):
        raise PermissionDenied(CHANGE)


def _open(actor: Actor, plan: ActionPlan, owner: str | None = None) -> ActionPlan:
    """Return a plan as it is now, locked until the transaction ends."""
    _must(actor, plan.organisation, *([owner] if owner else []))
    found = ActionPlan.objects.select_for_update().get(pk=plan.pk)
    if found.state != PlanState.OPEN:
        raise UsageError("plan_closed")
    return found
