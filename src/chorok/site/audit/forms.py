"""What the audit is searched by."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.core.organisations import Tree
from chorok.site.audit.selectors import Search
from chorok.site.config.language import say


class SearchForm(forms.Form):
    """All fields may stay empty."""

    who = forms.CharField(required=False, max_length=100)
    action = forms.CharField(required=False, max_length=80)
    organisation = forms.CharField(required=False, max_length=100)
    subject = forms.CharField(required=False, max_length=200)
    first = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *given: Any, tree: Tree, **named: Any) -> None:
        super().__init__(*given, **named)
        self.tree = tree
        for name, field in self.fields.items():
            field.label = say(f"site.audit.field.{name}")

    def clean_organisation(self) -> str:
        """Return the code of the organisation that was written: its code or its name."""
        text: str = self.cleaned_data["organisation"].strip()
        if not text:
            return ""
        code = self.tree.resolve(text, text).code
        if code is None:
            raise forms.ValidationError(say("site.audit.field.organisation_unknown", name=text))
        return code

    def search(self) -> Search:
        """Return what is searched for."""
        return Search(**self.cleaned_data)
