"""What a list of jobs can be narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.config.language import say
from chorok.site.jobs.models import State


class Filter(forms.Form):
    """One state, or all."""

    state = forms.ChoiceField(required=False)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.label = say("site.jobs.state_is")
        every = [(code, say(f"site.jobs.state.{code}")) for code in State.values]
        field.choices = [("", say("site.jobs.all")), *every]
