"""The form by which a city releases figures."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from chorok.site.config.language import say
from chorok.site.performance.models import Level


class ReleaseForm(forms.Form):
    """Which year of which city, and how deep."""

    city = forms.ChoiceField()
    year = forms.ChoiceField()
    level = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, *args: object, cities: Iterable[tuple[str, str]], years: Iterable[int], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, field in self.fields.items():
            field.label = say(f"site.performance.release.{name}")
        choices = {
            "city": list(cities),
            "year": [(str(year), str(year)) for year in years],
            "level": [(level, say(f"site.performance.release.level_{level}")) for level in Level.values],
        }
        for name, known in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = known
        self.fields["level"].initial = Level.CITY
