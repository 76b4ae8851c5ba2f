"""Forms that speak the language of the request."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from chorok.site.config.language import say

Choices = list[tuple[str, str]]


class Worded(forms.Form):
    """A form whose labels are the sentences `<room>.field.<name>`, with `<room>.help.<name>` for those `helped`."""

    room: ClassVar[str]
    helped: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, choices: dict[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = say(f"{self.room}.field.{name}")
            field.help_text = say(f"{self.room}.help.{name}") if name in self.helped else ""
        for name, offered in (choices or {}).items():
            self.choose(name, offered)

    def choose(self, name: str, choices: Choices) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
