"""A policy that is chosen and tuned: the form, what it says, and a policy in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms

from chorok.core import definitions
from chorok.core.money import round_half_away, written
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import ROLES, Policy
from chorok.core.screening.situations import FIELDS
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say
from chorok.site.screening.adopting import ADOPT, tuned
from chorok.site.screening.adoptions import DUE_DAYS

ROWS = (1, 2, 3)
"""Tiers, item groups with an own threshold, and required proportions that the form has room for."""
DAYS = ("small_days", "registry_days", "approval_days", "emergency_days")
MOST = 10**15


def _amount() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=MOST, required=False)


def _days() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=3650, required=False)


class PolicyForm(forms.Form):
    """Which policy an organisation adopts from when, and what it tunes. Empty fields keep what the policy says."""

    organisation = forms.ChoiceField()
    base = forms.ChoiceField()
    since = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    definition = forms.ChoiceField()
    due_days = forms.IntegerField(min_value=1, max_value=60, initial=DUE_DAYS)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False)
    small_all = _amount()
    small_days = _days()
    registry_days = _days()
    approval_days = _days()
    emergency_days = _days()
    quantity_more = forms.IntegerField(min_value=0, max_value=100, required=False)
    note_below = _amount()
    override = forms.ChoiceField(required=False)
    least_reason = forms.IntegerField(min_value=1, max_value=500, required=False)
    understood = forms.BooleanField(required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = _grouped(self.fields)
        for name, field in self.fields.items():
            stem, _, row = name.rpartition("__")
            field.label = say(f"site.screening.rollout.field.{stem or name}", row=row)
            if name in HINTED:
                field.help_text = say(f"site.screening.rollout.hint.{name}")
        for name, found in _choices(actor).items():
            for field_name, field in self.fields.items():
                if field_name == name or field_name.startswith(f"{name}__"):
                    field.choices = found  # type: ignore[attr-defined]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields in groups, as the page shows them."""
        return [(part, [self[name] for name in names]) for part, names in self.groups.items()]

    def clean(self) -> dict[str, Any]:
        """Refuse `strict` until it was read that it refuses grounds."""
        data = super().clean() or {}
        base = data.get("base")
        if base and policies.preset(base).refuses and not data.get("understood"):
            self.add_error("understood", say("site.screening.rollout.tick_first"))
        return data

    def changes(self) -> dict[str, Any]:
        """Return what is tuned, as `policies.made` reads it."""
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in (*DAYS, "note_below") if data[name] is not None}
        if data["quantity_more"] is not None:
            found["quantity_more"] = str(data["quantity_more"])
        tiers = [
            _given(role=data[f"tier_role__{row}"], up_to=data[f"tier_up_to__{row}"])
            for row in ROWS
            if data[f"tier_role__{row}"]
        ]
        small = [{"below": data["small_all"]}] if data["small_all"] else []
        small += [
            {"below": data[f"small_below__{row}"], "item_group": data[f"small_item__{row}"]}
            for row in ROWS
            if data[f"small_item__{row}"] and data[f"small_below__{row}"]
        ]
        shares = [
            {"item_group": data[f"share_item__{row}"], "at_least": str(data[f"share_least__{row}"])}
            for row in ROWS
            if data[f"share_item__{row}"] and data[f"share_least__{row}"]
        ]
        found |= {
            key: value for key, value in (("tiers", tiers), ("small_amounts", small), ("proportions", shares)) if value
        }
        if data["override"]:
            found["override"] = _given(role=data["override"], least_reason=data["least_reason"])
        return found

    def policy(self) -> Policy:
        """Return the policy that was asked for. Raises BadInputError."""
        return tuned(self.cleaned_data["base"], self.changes())


HINTED = ("since", "due_days", "small_all", "registry_days", "quantity_more", "note_below", "override", "understood")


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _grouped(fields: dict[str, Any]) -> dict[str, list[str]]:
    """Add the repeated fields, and return the names by the part of the page that they stand in."""
    repeated: dict[str, list[str]] = {"tiers": [], "small": [], "shares": []}
    for row in ROWS:
        made: dict[str, tuple[str, forms.Field]] = {
            f"tier_role__{row}": ("tiers", forms.ChoiceField(required=False)),
            f"tier_up_to__{row}": ("tiers", _amount()),
            f"small_item__{row}": ("small", forms.ChoiceField(required=False)),
            f"small_below__{row}": ("small", _amount()),
            f"share_item__{row}": ("shares", forms.ChoiceField(required=False)),
            f"share_least__{row}": ("shares", forms.IntegerField(min_value=1, max_value=100, required=False)),
        }
        for name, (part, field) in made.items():
            fields[name] = field
            repeated[part].append(name)
    return {
        "what": ["organisation", "base", "understood", "since", "definition", "due_days", "reason"],
        "tiers": repeated["tiers"],
        "small": ["small_all", "small_days", *repeated["small"]],
        "days": ["registry_days", "approval_days", "emergency_days", "quantity_more", "note_below"],
        "shares": repeated["shares"],
        "override": ["override", "least_reason"],
    }


def _choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    reach, names = actor.reach(ADOPT), site.names()
    none = ("", say("site.screening.rollout.unchanged"))
    roles = [(one, say(f"role.{one}")) for one in ROLES]
    items = [none, *sorted(names.by_dimension["item"].items(), key=lambda pair: pair[1])]
    return {
        "organisation": [
            (code, names.show("organisation", code) or code) for code in actor.tree.codes() if code in reach
        ],
        "base": [(one, title(policies.preset(one))) for one in policies.names()],
        "definition": [(one, getattr(definitions.load(one), f"title_{current()}")) for one in definitions.names()],
        "tier_role": [none, *roles],
        "small_item": items,
        "share_item": items,
        "override": [none, *roles],
    }


def title(policy: Policy) -> str:
    """Return what a policy is called in the language of the page."""
    return str(getattr(policy, f"title_{current()}"))


def refusal(policy: Policy) -> str:
    """Return which grounds of the Act a policy refuses; empty where it refuses none."""
    marks = "".join(say(f"ground_mark.{one}") for one in policy.refuses)
    return say("screening.refuses", policy=title(policy), grounds=marks) if marks else ""


def told(policy: Policy) -> dict[str, str]:
    """Return what a policy decides by, in words, by field."""
    return {name: _said(policy, name) for name in FIELDS}


def _said(policy: Policy, name: str) -> str:
    value = getattr(policy, name)
    if name == "id":
        return title(policy)
    if name == "accepts":
        return "".join(say(f"ground_mark.{one}") for one in value) or say("site.screening.rollout.no_ground")
    if name == "sub_codes":
        told = (
            f"{say(f'ground_mark.{number}')} {', '.join(say(f'sub_code.{code}') for code in codes)}"
            for number, codes in _plain(value)
        )
        return "; ".join(told) or "–"
    if name in ("checks", "on_green"):
        return ", ".join(say(f"site.screening.rollout.step.{one}") for one in value) or "–"
    if name in _TOLD:
        return _TOLD[name](policy)
    return "–" if value is None else str(value)


def _plain(value: Mapping[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(value.items())


def _tiers(policy: Policy) -> str:
    return "; ".join(
        say("site.screening.rollout.tier_any", role=say(f"role.{one.role}"))
        if one.up_to is None
        else say(
            "site.screening.rollout.tier", role=say(f"role.{one.role}"), amount=written(one.up_to, policy.currency)
        )
        for one in policy.tiers
    )


def _small(policy: Policy) -> str:
    told = (f"{_item(one.item_group)}: {written(one.below, policy.currency)}" for one in policy.small_amounts)
    return "; ".join(told) or "–"


def _shares(policy: Policy) -> str:
    return "; ".join(f"{_item(one.item_group)}: {_percent(one.at_least)}" for one in policy.proportions) or "–"


def _override(policy: Policy) -> str:
    one = policy.override
    if one is None:
        return say("site.screening.rollout.off")
    return say("site.screening.rollout.override_on", role=say(f"role.{one.role}"), least=one.least_reason)


def _note(policy: Policy) -> str:
    return "–" if policy.note_below is None else written(policy.note_below, policy.currency)


def _more(policy: Policy) -> str:
    return _percent(policy.quantity_more)


def _item(code: str | None) -> str:
    return (site.names().show("item", code) or code) if code else say("word.all")


def _percent(value: Fraction) -> str:
    return f"{round_half_away(value, 0 if value.denominator == 1 else 1)}%"


_TOLD = {
    "tiers": _tiers,
    "small_amounts": _small,
    "proportions": _shares,
    "override": _override,
    "note_below": _note,
    "quantity_more": _more,
}
