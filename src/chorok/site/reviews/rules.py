"""Who may do what with a review, and when a second person is needed. No reading of lines, no writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chorok.site.accounts.rights import Actor, Held
from chorok.site.reviews.models import Review, ReviewPolicy

SEE, DECIDE, SECOND, POLICY = "reviews.see", "reviews.decide", "reviews.second", "reviews.policy"
ABOVE = 10_000_000
"""Won above which two people decide where a city has set nothing else (proposed)."""


def policy_of(city: str) -> ReviewPolicy:
    """Return a city's policy, or the default one, which is not saved."""
    return ReviewPolicy.objects.filter(city=city).first() or ReviewPolicy(city=city, above=ABOVE, currency="KRW")


def needs_second(policy: ReviewPolicy, gross: Mapping[str, int], *, overrules: bool) -> bool:
    """Tell whether two people must decide: above the policy's amount, or where a decision of others is overruled.

    `gross`: currency -> sum of amounts without their signs. An amount in another currency than the policy's cannot be
    compared with it, so it needs two.
    """
    return overrules or any(sum_ > policy.above or currency != policy.currency for currency, sum_ in gross.items())


def by_role(actor: Actor, right: str, organisation: str, *, but: Iterable[int] = ()) -> Held | None:
    """Return the role by which the actor acts at an organisation: an own one before one for somebody else.

    None where there is no role, or only one for somebody of `but`, or when the actor is of them.
    """
    parties = set(but)
    if actor.user_id in parties:
        return None
    above = {organisation, *actor.tree.ancestors(organisation, actor.today)}
    fitting = [held for held in actor.why(right) if held.organisation in above and held.behalf not in parties]
    return min(fitting, key=lambda held: held.behalf is not None, default=None)


def parties(review: Review) -> set[int]:
    """Return the ids of who proposed, and of whom they stood in for: none of them may confirm."""
    return {one for one in (review.proposed_by_id, review.proposed_for_id) if one is not None}
