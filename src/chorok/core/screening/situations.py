"""Situations of a line that differ between policies, for people who choose one. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from chorok.core.screening.decide import Outcome, decide
from chorok.core.screening.facts import Facts
from chorok.core.screening.policy import Policy

SITUATIONS: dict[str, dict[str, Any]] = {
    # situation, worded `screen_situation.<situation>`: what is so
    "certified": {"certified": "yes"},
    "no_standard": {"standard": "no"},
    "not_known": {"standard": "unknown"},
    "none": {"alternative": "none"},
    "none_stated": {"alternative": "none", "statement": True},
    "possible": {"alternative": "possible"},
    "possible_difference": {"alternative": "possible", "difference": True},
    "sure": {},
    "sure_ground_1": {"ground": 1},
    "sure_ground_2": {"ground": 2, "statement": True, "evidence": True},
    "sure_ground_3": {"ground": 3, "statement": True, "evidence": True},
    "sure_ground_4": {"ground": 4, "statement": True, "evidence": True},
    "sure_ground_5": {"ground": 5, "sub_code": "urgent", "statement": True, "evidence": True},
    "contractor": {"kind": "works"},
    "emergency": {"emergency": True},
}


def outcomes(policy: Policy, day: date) -> dict[str, Outcome]:
    """Return what a policy makes of each situation, on a day, for a line too big to be small."""
    largest = max((one.below for one in policy.small_amounts), default=0)
    plain = Facts(day, 0, "yes", "no", "sure", amount=largest + 1, currency=policy.currency, recent=0)
    return {name: decide(policy, replace(plain, **given)).outcome for name, given in SITUATIONS.items()}


FIELDS = (
    "id", "accepts", "checks", "on_green", "sub_codes", "tiers", "small_amounts", "small_days", "registry_days",
    "approval_days", "quantity_more", "emergency_days", "proportions", "note_below", "override", "currency",
)  # fmt: skip
"""What a policy decides by, in the order in which people read it; worded `policy_field.<field>`."""


def changed(before: Policy, after: Policy) -> tuple[str, ...]:
    """Return the fields by which two policies decide differently."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
