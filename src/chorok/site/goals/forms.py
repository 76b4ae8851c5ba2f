"""What targets, core items and action plans ask for."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django import forms

from chorok.core import definitions
from chorok.core.measures.core_items import BY
from chorok.core.measures.share import BASES
from chorok.core.measures.targets import MODES
from chorok.site.accounts.rights import Actor
from chorok.site.config import forms as worded
from chorok.site.config import ledger as site
from chorok.site.config.forms import Choices
from chorok.site.config.language import current, say
from chorok.site.goals.models import PlanState
from chorok.site.goals.services import CHANGE
from chorok.site.periods.views.choosing import organisations

FIRST_YEAR, LAST_YEAR = 1990, 2100


def items() -> Choices:
    """Return the item groups by name, behind 'all of them'."""
    found = site.names().by_dimension["item"].items()
    return [("", say("word.all")), *sorted(found, key=lambda pair: pair[1])]


class Worded(worded.Worded):
    """A form whose labels and helps are sentences of goals."""

    room = "site.goals"


class TargetForm(Worded):
    """A target: for whom, what, how it is meant, and why."""

    helped = ("value", "base_year", "base_value", "reason")
    organisation = forms.ChoiceField()
    item = forms.ChoiceField(required=False)
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    mode = forms.ChoiceField()
    value = forms.CharField(max_length=14)
    base_year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    base_value = forms.CharField(max_length=14, required=False)
    basis = forms.ChoiceField()
    definition = forms.ChoiceField()
    set_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    @classmethod
    def of(cls, actor: Actor, *args: Any, **kwargs: Any) -> TargetForm:
        """Return the form with what the actor may choose."""
        titles = [(name, getattr(definitions.load(name), f"title_{current()}")) for name in definitions.names()]
        choices: dict[str, Choices] = {
            "organisation": organisations(actor, CHANGE),
            "item": items(),
            "mode": [(mode, say(f"site.goals.mode.{mode}")) for mode in MODES],
            "basis": [(basis, say(f"basis_of.{basis}")) for basis in BASES],
            "definition": titles,
        }
        return cls(*args, choices=choices, **kwargs)


class Asking(Worded):
    """A form by GET: what is left open is as it usually is, so that it is never wrong to ask for nothing."""

    @classmethod
    def filled(cls, given: dict[str, str], usual: dict[str, Any], choices: dict[str, Choices]) -> Self:
        """Return the form with what was given, and the usual where nothing was."""
        found = cls({**usual, **{name: value for name, value in given.items() if value}}, choices=choices)
        for field in found.fields.values():
            field.required = False
        return found


class SuggestForm(Asking):
    """For whom and which year a target is looked for."""

    organisation = forms.ChoiceField()
    item = forms.ChoiceField()
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)

    @classmethod
    def of(cls, actor: Actor, given: dict[str, str], usual: dict[str, Any]) -> Self:
        """Return the form with what the actor may choose."""
        return cls.filled(given, usual, {"organisation": organisations(actor, "goals.see"), "item": items()})


class CoreForm(Asking):
    """By which rule core items are looked for."""

    organisation = forms.ChoiceField()
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    by = forms.ChoiceField()
    percentile = forms.IntegerField(min_value=0, max_value=100)
    reference = forms.ChoiceField()
    top = forms.IntegerField(min_value=1, max_value=100)

    @classmethod
    def of(cls, actor: Actor, given: dict[str, str], usual: dict[str, Any]) -> Self:
        """Return the form with what the actor may choose."""
        choices: dict[str, Choices] = {
            "organisation": organisations(actor, "goals.see"),
            "by": [(by, say(f"site.goals.by.{by}")) for by in BY],
            "reference": [(one, say(f"site.goals.reference.{one}")) for one in ("city", "best-peer")],
        }
        return cls.filled(given, usual, choices)


class AdoptForm(Worded):
    """Which item groups are adopted as core items, and why."""

    items = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class PlanForm(Worded):
    """What an action plan is for."""

    organisation = forms.ChoiceField()
    title = forms.CharField(max_length=200)
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    item = forms.ChoiceField(required=False)
    purpose = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False)

    @classmethod
    def of(cls, actor: Actor, *args: Any, **kwargs: Any) -> PlanForm:
        """Return the form with what the actor may choose."""
        return cls(*args, choices={"organisation": organisations(actor, CHANGE), "item": items()}, **kwargs)


class StepForm(Worded):
    """One measure of a plan."""

    text = forms.CharField(max_length=300)
    owner = forms.ChoiceField()
    begins_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    due_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Say at its place that a step cannot be due before it begins."""
        data = super().clean() or {}
        begins: date | None = data.get("begins_on")
        due: date | None = data.get("due_on")
        if begins and due and begins > due:
            self.add_error("due_on", say("error.plan_step_dates", begins=begins, due=due))
        return data


class CloseForm(Worded):
    """How a plan ended."""

    state = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[(one, one) for one in (PlanState.DONE, PlanState.DROPPED)]
    )
    outcome = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        states = [(one.value, say(f"site.goals.plan_state.{one.value}")) for one in (PlanState.DONE, PlanState.DROPPED)]
        super().__init__(*args, choices={"state": states}, **kwargs)
