"""What assessments ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.core.errors import UsageError
from chorok.core.screening.assessment import POINTS
from chorok.site.accounts.rights import Actor
from chorok.site.assessments.models import KINDS, OWNERS, STAGES
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.selectors import SEE
from chorok.site.assessments.services import Header
from chorok.site.config import forms as worded
from chorok.site.config.forms import Choices
from chorok.site.config.language import say
from chorok.site.purchases.forms import places

DAY = forms.DateInput(attrs={"type": "date"})


def words(family: str, codes: tuple[str, ...], *, every: bool = False) -> Choices:
    """Return codes as choices, behind "all" where there is such a choice."""
    first = [("", say("word.all"))] if every else []
    return [*first, *((code, say(f"{family}.{code}")) for code in codes)]


class Worded(worded.Worded):
    """A form whose labels and helps are sentences of assessments."""

    room = "site.assessments"


class ProjectForm(Worded):
    """What a project says about itself."""

    helped = ("reference", "contract_on")
    organisation = forms.ChoiceField()
    name = forms.CharField(max_length=200)
    department = forms.CharField(max_length=100, required=False)
    kind = forms.ChoiceField()
    stage = forms.ChoiceField()
    design_on = forms.DateField(widget=DAY, required=False)
    contract_on = forms.DateField(widget=DAY, required=False)
    reference = forms.CharField(max_length=100, required=False)

    @classmethod
    def of(cls, actor: Actor, *args: Any, **kwargs: Any) -> ProjectForm:
        """Return the form with what the actor may choose."""
        choices = {
            "organisation": places(actor, MAKE),
            "kind": words("kind", KINDS),
            "stage": words("site.assessments.stage", STAGES),
        }
        return cls(*args, choices=choices, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Say at its place that a contract cannot come before its design."""
        data = super().clean() or {}
        design, contract = data.get("design_on"), data.get("contract_on")
        if design and contract and contract < design:
            self.add_error("contract_on", say("site.assessments.dates_swapped"))
        return data

    @property
    def header(self) -> Header:
        """What was filled in, without whose it is."""
        return Header(**{name: value for name, value in self.cleaned_data.items() if name != "organisation"})


class BillForm(Worded):
    """A bill of materials: a file, or pasted text."""

    helped = ("file", "text", "answers")
    file = forms.FileField(required=False)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), max_length=2_000_000, required=False)
    answers = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)

    def __init__(self, *args: Any, same: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.same = same
        if not (self.data.get("answers") or self.data.get("asked")):
            self.fields["answers"].widget = forms.HiddenInput()

    def ask(self) -> None:
        """Show the field that says what columns mean."""
        self.fields["answers"].widget = forms.Textarea(attrs={"rows": 2})

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of both."""
        data = super().clean() or {}
        given = [name for name in ("file", "text") if data.get(name)]
        if len(given) == 2:
            self.add_error("text", say("site.assessments.file_or_text"))
        elif not given and not self.same and not self.errors:
            self.add_error("text", say("error.assessment_empty"))
        return data

    @property
    def said(self) -> dict[str, str]:
        """What columns were said to mean: `field=column`, one a line. Raises UsageError assessment_answers."""
        rows = [row.strip() for row in self.cleaned_data["answers"].splitlines() if row.strip()]
        for row in rows:
            if "=" not in row:
                raise UsageError("assessment_answers", row=row)
        return {name.strip(): column.strip() for name, _, column in (row.partition("=") for row in rows)}


class LineForm(Worded):
    """One material."""

    helped = ("product_id", "detail_code", "amount", "furnished", "no_goods")
    description = forms.CharField(max_length=500)
    specification = forms.CharField(max_length=500, required=False)
    product_id = forms.RegexField(r"^\d{8}$", required=False)
    detail_code = forms.RegexField(r"^\d{10}$", required=False)
    quantity = forms.DecimalField(max_digits=20, decimal_places=4, required=False, localize=False)
    unit = forms.CharField(max_length=40, required=False)
    amount = forms.IntegerField(min_value=0, required=False)
    furnished = forms.BooleanField(required=False)
    no_goods = forms.BooleanField(required=False)

    def clean_quantity(self) -> Any:
        """Refuse what no bill can mean."""
        value = self.cleaned_data["quantity"]
        if value is not None and value <= 0:
            self.add_error("quantity", say("site.assessments.quantity_positive"))
        return value


class SplitForm(Worded):
    """The materials that a lump sum is made of."""

    helped = ("parts",)
    parts = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), max_length=200_000)


class PointForm(Worded):
    """Who sees to an open point until when."""

    owner = forms.ChoiceField()
    due_on = forms.DateField(widget=DAY, required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices={"owner": words("site.screening.office", OWNERS)}, **kwargs)


class CloseForm(Worded):
    """With what a point is closed."""

    helped = ("words",)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class ProofForm(Worded):
    """The certificate that a contractor showed."""

    helped = ("certificate",)
    certificate = forms.CharField(max_length=100)
    on = forms.DateField(widget=DAY)


class Narrowing(Worded):
    """A form by GET; what does not fit is passed over."""

    def wished(self) -> dict[str, Any]:
        """Return what was chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ListForm(Narrowing):
    """Which projects are shown."""

    q = forms.CharField(required=False)
    organisation = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(required=False)
    aside = forms.BooleanField(required=False)

    @classmethod
    def of(cls, actor: Actor, *args: Any) -> ListForm:
        """Return the form with what the actor may choose."""
        choices = {
            "organisation": [("", say("word.all")), *places(actor, SEE)],
            "kind": words("kind", KINDS, every=True),
            "stage": words("site.assessments.stage", STAGES, every=True),
        }
        return cls(*args, choices=choices)


SHOWN = ("open", "owed", "furnished", "contracted")
"""What of the materials may be shown alone."""


class MaterialsForm(Narrowing):
    """Which materials are shown."""

    q = forms.CharField(required=False)
    show = forms.ChoiceField(required=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, choices={"show": words("site.assessments.show", SHOWN, every=True)})


STATES = ("open", "late", "closed")


class PointsForm(Narrowing):
    """Which points are shown."""

    q = forms.CharField(required=False)
    organisation = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    @classmethod
    def of(cls, actor: Actor, *args: Any) -> PointsForm:
        """Return the form with what the actor may choose."""
        choices = {
            "organisation": [("", say("word.all")), *places(actor, SEE)],
            "kind": words("site.assessments.point", POINTS, every=True),
            "owner": words("site.screening.office", OWNERS, every=True),
            "state": words("site.assessments.point_state", STATES, every=True),
        }
        return cls(*args, choices=choices)
