"""What people fill in about the registry."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings

from chorok.site.config.language import say
from chorok.site.registry.models import Guide
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


class UploadForm(forms.Form):
    """A list to be read."""

    file = forms.FileField()
    source = forms.CharField(required=False, max_length=200)
    read_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *given: Any, today: date) -> None:
        super().__init__(*given)
        for name, field in self.fields.items():
            field.label = say(f"site.registry.upload.{name}")
            field.help_text = say(f"site.registry.upload.{name}_help")
        self.fields["read_on"].initial = today

    def clean_file(self) -> Any:
        """Refuse a file that is too big to be a list."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(say("site.registry.upload.too_big", most=settings.UPLOAD_LIMIT // 1024**2))
        return file


class GuideForm(forms.ModelForm[Guide]):
    """What people should know of an item group."""

    class Meta:
        """Which fields, and how."""

        model = Guide
        fields = ("text_ko", "text_en", "mandatory")
        widgets: ClassVar[dict[str, Any]] = {name: forms.Textarea(attrs={"rows": 5}) for name in ("text_ko", "text_en")}

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, field in self.fields.items():
            field.label = say(f"site.registry.guide.{name}")
        said = [("", "as_registry"), ("true", "yes"), ("false", "no")]
        self.fields["mandatory"].widget = forms.Select(
            choices=[(value, say(f"site.registry.guide.{code}")) for value, code in said]
        )
