"""What an inspector fills in."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.config.forms import Worded
from chorok.site.config.language import say
from chorok.site.fulfilment.models import PROOFS
from chorok.site.fulfilment.services import Seen

DAY = {"type": "date"}


class InspectForm(Worded):
    """One delivery of one line."""

    room = "site.fulfilment"
    helped = ("certificate_no", "ordered_on", "note")
    proof = forms.ChoiceField(widget=forms.RadioSelect)
    certificate_no = forms.CharField(max_length=60, required=False)
    delivered_on = forms.DateField(widget=forms.DateInput(attrs=DAY))
    ordered_on = forms.DateField(widget=forms.DateInput(attrs=DAY), required=False)
    quantity = forms.DecimalField(max_digits=18, decimal_places=4, min_value=0, required=False)
    amount = forms.IntegerField(min_value=0, max_value=10**15, required=False)
    statement_no = forms.CharField(max_length=100, required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("proof", [(one, say(f"site.fulfilment.proof.{one}")) for one in PROOFS])

    def seen(self) -> Seen:
        """Return what was filled in, once it is valid."""
        return Seen(**self.cleaned_data)
