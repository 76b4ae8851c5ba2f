"""What people fill in about the registry."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.config.language import say
from chorok.site.registry.selectors import Search


class SearchForm(forms.Form):
    """The conditions of a search; the typed text has a field of its own on the page."""

    group = forms.ChoiceField(required=False)
    basis = forms.ChoiceField(required=False)
    valid = forms.BooleanField(required=False)
    local = forms.BooleanField(required=False)

    def __init__(self, *given: Any, groups: list[tuple[str, str]], bases: list[tuple[str, str]], near: bool) -> None:
        super().__init__(*given)
        every = [("", say("site.registry.search.any"))]
        labels = {
            "group": "field.group",
            "basis": "field.basis",
            "valid": "search.valid_only",
            "local": "search.local_only",
        }
        for name, code in labels.items():
            self.fields[name].label = say(f"site.registry.{code}")
        self.fields["group"].choices = every + groups  # type: ignore[attr-defined]
        self.fields["basis"].choices = every + bases  # type: ignore[attr-defined]
        if not near:
            del self.fields["local"]

    def asked(self, text: str) -> Search:
        """Return what is looked for; a condition that cannot be is none."""
        self.is_valid()
        kept = self.cleaned_data
        return Search(
            text=text,
            group=kept.get("group", ""),
            basis=kept.get("basis", ""),
            valid=bool(kept.get("valid")),
            local=bool(kept.get("local")),
        )
