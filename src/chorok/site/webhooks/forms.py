"""What is filled in about an address."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.accounts.forms import organisations
from chorok.site.accounts.rights import Actor
from chorok.site.config.forms import Worded
from chorok.site.config.language import say
from chorok.site.webhooks.events import EVENTS
from chorok.site.webhooks.sending import RIGHT


class HookForm(Worded):
    """An address, of which organisation it hears, and what."""

    room = "site.webhooks"
    helped = ("address",)
    name = forms.CharField(max_length=100)
    address = forms.CharField(max_length=500, widget=forms.URLInput)
    organisation = forms.ChoiceField()
    events = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("organisation", organisations(actor, RIGHT))
        self.choose("events", [(event, say(f"site.webhooks.event.{event}")) for event in EVENTS])
        self.fields["events"].initial = list(EVENTS)
