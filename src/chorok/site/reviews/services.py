"""The verbs on reviews: propose, confirm, return, take back, undo, and a city's policy. One event each."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from chorok.core.errors import BadInputError, UsageError
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import record
from chorok.site.config.language import say
from chorok.site.notices.services import holders, tell
from chorok.site.reviews import publication, rules, selectors
from chorok.site.reviews.models import OPEN, Outcome, Review, ReviewPolicy, State
from chorok.site.reviews.selectors import Product
from chorok.site.reviews.verdict import Verdict, checked, of_review


def decide(actor: Actor, *, key: int, said: Verdict, seen: str | None = None) -> Review:
    """Decide what a product is, for all of its lines; above the city's amount this waits for a second person.

    `seen` is the mark of the product's page: raises UsageError when somebody has decided meanwhile, and says who if
    the actor may know. Raises Http404 for a product out of reach, BadInputError for a verdict that cannot be used.
    """
    product = selectors.product(actor, key)
    if rules.by_role(actor, rules.DECIDE, product.organisation) is None:
        raise Http404
    kept = checked(said)
    _must_change_something(product, kept)
    try:
        with transaction.atomic():
            _must_be_as_seen(actor, product, seen)
            made = _proposed(actor, product, kept)
            _recorded(actor, made, "reviews.decided")
    except IntegrityError:
        raise conflict(actor, product) from None
    return made


def _must_be_as_seen(actor: Actor, product: Product, seen: str | None) -> None:
    open_here = Review.objects.filter(product_key=product.key, city=product.city, state__in=OPEN).exists()
    if open_here or (seen is not None and seen != selectors.stamp(product.key, product.city)):
        raise conflict(actor, product)


def _must_change_something(product: Product, said: Verdict) -> None:
    if said.outcome == Outcome.PUT_BACK and selectors.held(product.key) is None:
        raise UsageError("review_nothing_to_put_back")


def conflict(actor: Actor, product: Product) -> UsageError:
    """Return what is told to the second of two people who decide about one product."""
    other = selectors.seen_reviews(actor).filter(product_key=product.key).order_by("-pk").first()
    if other is None or other.city != product.city:
        return UsageError("review_decided_elsewhere")
    return UsageError(
        "review_decided_already",
        who=str(other.proposed_by or "–"),
        outcome=say(f"site.reviews.outcome.{other.outcome}"),
        state=say(f"site.reviews.state.{other.state}"),
        at=timezone.localtime(other.proposed_at).strftime("%Y-%m-%d %H:%M"),
    )


def _proposed(actor: Actor, product: Product, said: Verdict, undoes: Review | None = None) -> Review:
    role = rules.by_role(actor, rules.DECIDE, product.organisation)
    policy = rules.policy_of(product.city)
    second = rules.needs_second(policy, product.city_gross, overrules=product.elsewhere)
    # What is compared with the policy is in its currency where there is any.
    currency = policy.currency if policy.currency in product.city_gross else max(product.city_gross)
    return Review.objects.create(
        product_key=product.key,
        city=product.city,
        organisation=product.organisation,
        **said.__dict__,
        lines=product.sums.lines,
        amount=product.city_gross[currency],
        currency=currency,
        state=State.PROPOSED if second else State.CONFIRMED,
        undoes=undoes,
        proposed_by_id=actor.user_id,
        proposed_for_id=role.behalf if role else None,
        proposed_at=timezone.now(),
        proposed_on=actor.today,
        second_needed=second,
    )


def _recorded(actor: Actor, one: Review, action: str, **facts: object) -> None:
    record(
        actor,
        action,
        subject=("review", one.pk),
        organisation=one.organisation,
        product=one.product_key,
        outcome=one.outcome,
        state=one.state,
        **facts,
    )
    if one.state == State.PROPOSED:
        _call_second(actor, one)


def _call_second(actor: Actor, one: Review) -> None:
    people = holders(rules.SECOND, [one.organisation], actor.today, actor.tree, but=rules.parties(one))
    tell("site.reviews.notice.waits", to=people, url=reverse("reviews:waiting"), organisation=one.organisation)


def locked(actor: Actor, pk: int) -> Review:
    """Return a review in reach, kept from others until the transaction ends; else Http404."""
    found = Review.objects.select_for_update().filter(pk=pk, organisation__in=actor.reach(rules.SEE)).first()
    if found is None:
        raise Http404
    return found


def confirm(actor: Actor, *, pk: int) -> Review:
    """Decide as the second person: not the one who proposed, nor anybody standing in for them."""
    with transaction.atomic():
        one = locked(actor, pk)
        _seconded(actor, one, State.CONFIRMED)
        taken = Review.objects.filter(product_key=one.product_key, state=State.CONFIRMED).exclude(pk=one.pk)
        if taken.exists():
            raise UsageError("review_decided_elsewhere")
        one.save()
        _recorded(actor, one, "reviews.confirmed")
    return one


def send_back(actor: Actor, *, pk: int, remark: str) -> Review:
    """Disagree as the second person, and say why."""
    if not remark.strip():
        raise BadInputError("review_remark")
    with transaction.atomic():
        one = locked(actor, pk)
        _seconded(actor, one, State.RETURNED)
        one.remark = remark.strip()
        one.save()
        _recorded(actor, one, "reviews.returned")
        url = reverse("reviews:product", args=[one.product_key])
        tell("site.reviews.notice.returned", to=rules.parties(one), url=url, organisation=one.organisation)
    return one


def _seconded(actor: Actor, one: Review, state: State) -> None:
    if not actor.may(rules.SECOND, one.organisation):
        raise Http404
    role = rules.by_role(actor, rules.SECOND, one.organisation, but=rules.parties(one))
    if role is None:
        raise UsageError("review_second_same")
    if one.state != State.PROPOSED:
        raise UsageError("review_state", state=say(f"site.reviews.state.{one.state}"))
    one.state, one.second_by_id, one.second_for_id, one.second_at = state, actor.user_id, role.behalf, timezone.now()


def withdraw(actor: Actor, *, pk: int) -> Review:
    """Take back what is not published yet."""
    with transaction.atomic():
        one = locked(actor, pk)
        if not actor.may(rules.DECIDE, one.organisation):
            raise Http404
        if one.state not in OPEN or publication.is_under_way(one):
            raise UsageError("review_state", state=say(f"site.reviews.state.{one.state}"))
        one.state = State.WITHDRAWN
        one.save()
        _recorded(actor, one, "reviews.withdrawn")
    return one


def undo(actor: Actor, *, pk: int) -> Review:
    """Decide back to what held before a published decision; the same rules hold for it as for any other."""
    one = selectors.seen_reviews(actor).filter(pk=pk).first()
    if one is None or rules.by_role(actor, rules.DECIDE, one.organisation) is None:
        raise Http404
    if one.state != State.PUBLISHED:
        raise UsageError("review_state", state=say(f"site.reviews.state.{one.state}"))
    product = selectors.product(actor, one.product_key)
    newer = Review.objects.filter(product_key=one.product_key, state=State.PUBLISHED, pk__gt=one.pk).exists()
    if newer or (selectors.held(one.product_key) or {}).get("decided_by") not in (selectors.signature(one), None):
        raise conflict(actor, product)
    try:
        with transaction.atomic():
            _must_be_as_seen(actor, product, product.seen)
            made = _proposed(actor, product, _before(one), one)
            _recorded(actor, made, "reviews.undone", undoes=one.pk)
    except IntegrityError:
        raise conflict(actor, product) from None
    return made


def _before(one: Review) -> Verdict:
    """Return what held before a review, as a verdict."""
    reason = say("site.reviews.undo_reason", number=one.pk)
    if one.before is None:
        return Verdict(Outcome.PUT_BACK, reason)
    earlier = Review.objects.filter(product_key=one.product_key, state=State.PUBLISHED, pk__lt=one.pk).last()
    if earlier is not None and one.before["decided_by"] == selectors.signature(earlier):
        return Verdict(**{**of_review(earlier).__dict__, "reason": reason})
    row = {**one.before, "reason": reason}
    return Verdict.of_row({**row, **{name: _day(row[name]) for name in ("valid_from", "valid_until")}})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def set_policy(actor: Actor, *, city: str, above: int, currency: str = "KRW") -> ReviewPolicy:
    """Say above which amount a city has two people decide."""
    if not actor.may(rules.POLICY, city) or actor.tree.city_of(city, actor.today) not in (city, None):
        raise Http404
    if above < 0:
        raise BadInputError("review_policy", amount=above, name=name_of(actor, city))
    with transaction.atomic():
        before = rules.policy_of(city).above
        made, _ = ReviewPolicy.objects.update_or_create(city=city, defaults={"above": above, "currency": currency})
        record(
            actor, "reviews.policy_set", subject=("city", city), organisation=city, above=above, before=before,
            currency=currency,
        )  # fmt: skip
    return made
