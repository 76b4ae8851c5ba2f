"""What a step on a period asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.core import definitions
from chorok.core.calendar.closing import NEED_REMARKS, Verb
from chorok.core.measures.share import BASES
from chorok.site.config.language import say

MOST_REMARKS = 2000


class StepForm(forms.Form):
    """Remarks, which some steps must have, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    remarks = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=MOST_REMARKS, required=False)

    def __init__(self, verb: Verb, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remarks"].label = say("site.periods.remarks")
        self.fields["remarks"].required = verb in NEED_REMARKS
        self.fields["remarks"].error_messages["required"] = say("site.periods.remarks_missing")


class SubmitForm(StepForm):
    """How the figures that are sent are to be made."""

    definition = forms.ChoiceField()
    basis = forms.ChoiceField()
    field_order = ("definition", "basis", "remarks", "version")

    def __init__(self, verb: Verb, *args: Any, language: str = "ko", **kwargs: Any) -> None:
        super().__init__(verb, *args, **kwargs)
        known = [(name, getattr(definitions.load(name), f"title_{language}")) for name in definitions.names()]
        for name, choices in (("definition", known), ("basis", [(one, say(f"basis_of.{one}")) for one in BASES])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices, field.label = choices, say(f"site.periods.{name}")
        self.fields["definition"].initial = "national"


class NoteForm(forms.Form):
    """The day on which something happened, and a remark such as a document's number."""

    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = say("site.periods.calendar.on")
        self.fields["note"].label = say("site.periods.calendar.note")


class QuestionForm(NoteForm):
    """Which year's results a question was about."""

    period = forms.IntegerField(min_value=1990, max_value=2100)
    field_order = ("period", "on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].label = say("site.periods.calendar.asked_period")
