"""What the pages of this app ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from chorok.site.config import ledger as site
from chorok.site.config.language import say
from chorok.site.reviews import selectors
from chorok.site.reviews.models import Outcome
from chorok.site.reviews.verdict import MOST_REASON, Verdict, bases

CERTIFICATE = "certificate:"
"""Before the number of a certificate that was chosen."""
PROOF = "proof"


def item_groups() -> list[tuple[str, str]]:
    """Return codes and names of all item groups, by name."""
    names = site.names()
    codes = selectors.registry().item_groups()["code"].to_pylist()
    return sorted(((code, names.show("item", code) or code) for code in codes), key=lambda pair: pair[1])


class DecideForm(forms.Form):
    """What a product is, on what evidence, and why."""

    choice = forms.CharField()
    item_group = forms.ChoiceField(required=False)
    valid_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    valid_until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.CharField(required=False, max_length=200)
    basis = forms.ChoiceField(required=False)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=MOST_REASON)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("item_group", [("", say("site.reviews.group_unknown")), *item_groups()])
        self._choose("basis", [(one, say(f"basis.{one}")) for one in ("", *bases()) if one])
        for name in ("item_group", "valid_from", "valid_until", "document", "basis", "reason"):
            self.fields[name].label = say(f"site.reviews.field.{name}")
        for name in ("item_group", "document", "reason"):
            self.fields[name].help_text = say(f"site.reviews.help.{name}")
        self.fields["choice"].error_messages["required"] = say("site.reviews.choose_first")
        self.fields["reason"].error_messages["required"] = say("error.review_reason")

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def verdict(self) -> Verdict:
        """Return what was said."""
        given = self.cleaned_data
        choice = given["choice"]
        number = choice.removeprefix(CERTIFICATE) if choice.startswith(CERTIFICATE) else ""
        proof = choice == PROOF
        return Verdict(
            Outcome.GREEN if number or proof else choice,
            given["reason"],
            given["item_group"],
            number,
            given["basis"] if proof else "",
            given["valid_from"] if proof else None,
            given["valid_until"] if proof else None,
            given["document"] if proof else "",
        )


class RemarkForm(forms.Form):
    """Why somebody does not agree."""

    remark = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=MOST_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].label = say("site.reviews.field.remark")
        self.fields["remark"].error_messages["required"] = say("error.review_remark")


class PolicyForm(forms.Form):
    """Above which amount two people decide."""

    city = forms.CharField(widget=forms.HiddenInput)
    above = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["above"].label = say("site.reviews.field.above")
        self.fields["above"].help_text = say("site.reviews.help.above")


class FileForm(forms.Form):
    """A review list that was filled in."""

    file = forms.FileField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = say("site.reviews.field.file")
        self.fields["file"].help_text = say("site.reviews.help.file")
