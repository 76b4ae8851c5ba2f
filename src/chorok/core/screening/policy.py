"""Policies of screening: who may buy past a green product, on what grounds, and who co-signs. Data, one TOML each.

`strict`, `legal` and `seoul` come with the program; a city's own file extends one of them and tunes what may be tuned.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any, Literal, get_args

from chorok.core import records
from chorok.core.errors import BadInputError
from chorok.core.records import Change
from chorok.core.screening.grounds import NUMBERS, grounds

Role = Literal["environment_team_leader", "environment_division_head", "green_purchase_officer", "deputy_head"]
ROLES: tuple[Role, ...] = get_args(Role)
Step = Literal["accounting_check", "officer_review", "contract_condition", "inspection_proof"]
STEPS: tuple[Step, ...] = get_args(Step)

TUNABLE = (
    "currency",
    "tiers",
    "small_amounts",
    "small_days",
    "registry_days",
    "approval_days",
    "quantity_more",
    "emergency_days",
    "proportions",
    "note_below",
    "override",
)
"""What a file that extends a policy may set beside its own name, source and dates."""


@dataclass(frozen=True)
class Tier:
    """Who co-signs a line of at most `up_to` smallest units (None: of any amount)."""

    role: Role
    up_to: int | None = None


@dataclass(frozen=True)
class SmallAmount:
    """Lines below this sum, in smallest units, pass with a note: of one item group, or of all that have no own one."""

    below: int
    item_group: str | None = None


@dataclass(frozen=True)
class Proportion:
    """Of this item group at least so many percent of a request's quantity must be green; the rest may be otherwise."""

    item_group: str
    at_least: Fraction


@dataclass(frozen=True)
class Override:
    """Who may close a finding by name, and with how many characters of reason at least."""

    role: Role
    least_reason: int = 10


@dataclass(frozen=True)
class Policy:
    """A dated rule of screening. `checker` is empty while no second person has checked it.

    `accepts`: the grounds of article 6 that may excuse a purchase although a green product surely exists. Where
    `in_force_from` is missing, no first day is known. Days and thresholds are rules section 6's; `proposed` there.
    """

    id: str
    title_ko: str
    title_en: str
    source_ko: str
    source_en: str
    author: str
    checker: str
    next_review: date
    accepts: tuple[int, ...]
    tiers: tuple[Tier, ...]
    change_log: tuple[Change, ...]
    in_force_from: date | None = None
    in_force_until: date | None = None  # exclusive
    checks: tuple[Step, ...] = ()  # on every line whose green product is passed by
    on_green: tuple[Step, ...] = ()  # on lines that are bought green
    sub_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ground -> the only ones accepted
    currency: str = "KRW"
    small_amounts: tuple[SmallAmount, ...] = ()
    small_days: int = 30
    registry_days: int = 200
    approval_days: int = 90
    quantity_more: Fraction = Fraction(10)  # percent
    emergency_days: int = 7
    proportions: tuple[Proportion, ...] = ()
    note_below: int | None = None  # below it a note on the inspection paper replaces certificates
    override: Override | None = None

    @property
    def version(self) -> str:
        """The id and a hash of all that the policy says: equal version, equal rules."""
        return f"{self.id}@{hashlib.sha256(repr(self).encode()).hexdigest()[:12]}"

    @property
    def refuses(self) -> tuple[int, ...]:
        """The grounds of the Act, ① apart, that do not excuse a purchase here."""
        return tuple(one for one in NUMBERS[1:] if one not in self.accepts)

    def holds(self, day: date) -> bool:
        """Tell whether the policy is in force on a day."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_until is None or day < self.in_force_until)

    def cosigner(self, amount: int | None, currency: str) -> Role:
        """Return who co-signs a line; an amount that is not known, or in another currency, goes to the highest tier."""
        if amount is None or currency != self.currency:
            return self.tiers[-1].role
        fitting = (tier.role for tier in self.tiers if tier.up_to is None or amount <= tier.up_to)
        return next(fitting, self.tiers[-1].role)

    def threshold(self, item_group: str | None) -> int | None:
        """Return below which sum lines of an item group are small; None: none is."""
        of_all = next((one.below for one in self.small_amounts if one.item_group is None), None)
        return next((one.below for one in self.small_amounts if one.item_group == item_group and item_group), of_all)

    def proportion(self, item_group: str | None) -> Fraction | None:
        """Return the required proportion of an item group in percent; None where every line must be green."""
        return next((one.at_least for one in self.proportions if one.item_group == item_group), None)


def names() -> tuple[str, ...]:
    """Return the ids of the policies that come with the program."""
    files = (entry.name for entry in resources.files(__package__).joinpath("policies").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def preset(name: str) -> Policy:
    """Return a policy that comes with the program, by its id."""
    text = resources.files(__package__).joinpath("policies", f"{name}.toml").read_text(encoding="utf-8")
    return made(tomllib.loads(text, parse_float=str), f"{name}.toml")


def made(data: Mapping[str, Any], where: str) -> Policy:
    """Return a policy from its file's content.

    With `extends` the rest is that of the named preset, and only TUNABLE keys may be set. Raises BadInputError for an
    unknown, missing or wrong key, and for rules that do not hold.
    """
    if "extends" not in data:
        return _checked(records.make(Policy, data, where), where)
    above = data["extends"]
    if above not in names():
        raise BadInputError("policy_extends", where=where, policy=above, known=", ".join(names()))
    base = preset(above)
    given = {key: value for key, value in data.items() if key != "extends"}
    for key in given:
        if key in _GIVEN_BY_PRESET:
            raise BadInputError("policy_not_tunable", where=where, key=key, known=", ".join(TUNABLE))
    own = records.make(Policy, {"accepts": [], "tiers": [], **given}, where)
    tuned = {key: getattr(own, key) for key in given}
    identity = {"in_force_from": own.in_force_from, "in_force_until": own.in_force_until}
    return _checked(replace(base, **{**identity, **tuned}), where)


def written(policy: Policy) -> str:
    """Return a policy as the whole text of its file, from which `made` gives an equal one."""
    return records.written(policy, "policy").partition("\n")[2]


_GIVEN_BY_PRESET = ("accepts", "checks", "on_green", "sub_codes")


def _checked(policy: Policy, where: str) -> Policy:
    known = grounds()
    codes = {str(one.number): {sub.code for sub in one.sub_codes} for one in known}
    for number, chosen in policy.sub_codes.items():
        for code in chosen:
            if code not in codes.get(number, ()):
                raise BadInputError("policy_sub_code", where=where, ground=number, code=code)
    limits = [tier.up_to for tier in policy.tiers]
    rising = all(limit is not None for limit in limits[:-1]) and limits[:-1] == sorted(
        {limit for limit in limits[:-1] if limit is not None}
    )
    if not limits or limits[-1] is not None or not rising:
        raise BadInputError("policy_tiers", where=where)
    if any(one not in NUMBERS[1:] for one in policy.accepts):
        raise BadInputError("policy_accepts", where=where, grounds=", ".join(map(str, policy.accepts)))
    if any(not 0 < one.at_least <= 100 for one in policy.proportions):
        raise BadInputError("policy_proportion", where=where)
    for key in ("small_days", "registry_days", "approval_days", "emergency_days"):
        if getattr(policy, key) < 1:
            raise BadInputError("policy_days", where=where, key=key)
    return policy
