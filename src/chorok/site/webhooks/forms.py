"""What is filled in about an address."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.accounts.forms import organisations
from chorok.site.accounts.rights import Actor
from chorok.site.config.language import say
from chorok.site.webhooks.events import EVENTS
from chorok.site.webhooks.sending import RIGHT


class HookForm(forms.Form):
    """An address, of which organisation it hears, and what."""

    name = forms.CharField(max_length=100)
    address = forms.CharField(max_length=500, widget=forms.URLInput)
    organisation = forms.ChoiceField()
    events = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(f"site.webhooks.field.{name}")
        self.fields["address"].help_text = say("site.webhooks.help.address")
        self.fields["organisation"].choices = organisations(actor, RIGHT)  # type: ignore[attr-defined]
        events = self.fields["events"]
        events.choices = [(event, say(f"site.webhooks.event.{event}")) for event in EVENTS]  # type: ignore[attr-defined]
        events.initial = list(EVENTS)
