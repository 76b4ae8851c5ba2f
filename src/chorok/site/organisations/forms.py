"""What the pages of this app ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms

from chorok.core.cities import City
from chorok.core.errors import BadInputError
from chorok.core.tree_changes import KINDS, New
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import Actor
from chorok.site.config import forms as worded
from chorok.site.config.language import say
from chorok.site.organisations import reach

OLDEST, LATEST = 1990, 2100


class Worded(worded.Worded):
    """A form whose labels and helps are sentences of organisations."""

    room = "site.organisations"


def day_field() -> forms.DateField:
    """Return a field for the day from which a change holds."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of organisations."""
    return [(kind, say(f"organisation_kind.{kind}")) for kind in KINDS]


class CreateForm(Worded):
    """A new organisation under a parent."""

    code = forms.CharField(max_length=40)
    name_ko = forms.CharField(max_length=100)
    name_en = forms.CharField(max_length=100, required=False)
    kind = forms.ChoiceField()
    on = day_field()
    helped = ("code", "on")

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", kinds())

    def new(self) -> New:
        """Return the organisation."""
        return New(*(self.cleaned_data[name] for name in ("code", "name_ko", "name_en", "kind")))


class RenameForm(Worded):
    """Other names from a day on."""

    name_ko = forms.CharField(max_length=100)
    name_en = forms.CharField(max_length=100, required=False)
    on = day_field()
    helped = ("on",)

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = actor.tree.get(code, actor.today)
        if row is not None:
            self.fields["name_ko"].initial, self.fields["name_en"].initial = row.name_ko, row.name_en


class MoveForm(Worded):
    """Another parent from a day on."""

    parent = forms.ChoiceField()
    on = day_field()
    helped = ("on",)

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = actor.tree.subtree(code, actor.today)
        self.choose("parent", named(actor, actor.reach(reach.CHANGE) - below))


class EndForm(Worded):
    """The first day on which an organisation is no more."""

    on = day_field()
    helped = ("on",)

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = say("site.organisations.field.ends_on")


class MergeForm(Worded):
    """Which organisations end in this one."""

    codes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    on = day_field()
    helped = ("codes", "on")

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = {one for up in actor.tree.parents(code, actor.today) for one in actor.tree.children(actor.today)[up]}
        self.choose("codes", named(actor, (beside & actor.reach(reach.CHANGE)) - {code}))


class SplitForm(Worded):
    """Which organisations come out of this one."""

    parts = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField()
    ends = forms.BooleanField(required=False, initial=True)
    on = day_field()
    helped = ("parts", "on")

    def __init__(self, actor: Actor, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", kinds())
        row = actor.tree.get(code, actor.today)
        self.fields["kind"].initial = row.kind if row else None

    def new(self) -> list[New]:
        """Return the organisations, one a line: code, Korean name, English name. Raises BadInputError."""
        made = []
        for number, line in enumerate(filter(str.strip, self.cleaned_data["parts"].splitlines()), 1):
            cells = [cell.strip() for cell in line.split(",")]
            if len(cells) not in (2, 3):
                raise BadInputError("tree_part_bad", line=number, value=line.strip())
            made.append(New(cells[0], cells[1], cells[2] if len(cells) > 2 else "", self.cleaned_data["kind"]))
        return made


def named(actor: Actor, codes: Any) -> list[tuple[str, str]]:
    """Return codes with names that exist today, by name."""
    there = [code for code in codes if actor.tree.valid_on(code, actor.today)]
    return sorted(((code, f"{name_of(actor, code)} ({code})") for code in there), key=lambda pair: pair[1])


class CalledForm(forms.Form):
    """Which organisations names in files mean: a choice for each, as far as it is known."""

    def __init__(self, actor: Actor, written: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written, self.tree = list(dict.fromkeys(written)), actor.tree
        choices = [("", say("site.organisations.called.unknown")), *named(actor, actor.reach(reach.CHANGE))]
        for number, name in enumerate(self.written):
            label = name.rpartition("/")[2]
            self.fields[f"n{number}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Hold each choice against the organisation whose file writes the name: names mean one below it."""
        for number, name in enumerate(self.written):
            chosen, scope = self.cleaned_data.get(f"n{number}"), name.rpartition("/")[0]
            if chosen and scope and chosen not in self.tree.subtree(scope):
                self.add_error(f"n{number}", say("site.organisations.called.beyond"))
        return self.cleaned_data

    def names(self) -> dict[str, str]:
        """Return the names that were given an organisation, without what stands before them."""
        given = {name.rpartition("/")[2]: self.cleaned_data[f"n{place}"] for place, name in enumerate(self.written)}
        return {name: code for name, code in given.items() if code}


class ImportForm(Worded):
    """A list of organisations, or of district codes."""

    file = forms.FileField()
    parent = forms.ChoiceField(required=False)
    chosen = forms.CharField(required=False)
    helped = ("file", "parent", "chosen")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("parent", [("", "–"), *named(actor, actor.reach(reach.CHANGE))])


class ProfileForm(Worded):
    """What is known of a city in a year."""

    year = forms.IntegerField(min_value=OLDEST, max_value=LATEST)
    population = forms.IntegerField(min_value=1, required=False)
    households = forms.IntegerField(min_value=1, required=False)
    area_km2 = forms.DecimalField(min_value=0, decimal_places=3, max_digits=12, required=False)
    budget = forms.IntegerField(min_value=1, required=False)
    currency = forms.RegexField("^[A-Z]{3}$", initial="KRW", max_length=3)
    source = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=200, required=False)
    helped = ("budget", "currency", "source")

    def profile(self, code: str) -> City:
        """Return the profile of a city."""
        given = self.cleaned_data
        area = given["area_km2"]
        return City(
            code, given["year"], given["population"], given["households"], Fraction(area) if area else None,
            given["budget"], given["currency"], given["source"], given["note"],
        )  # fmt: skip


def day_of(text: str, otherwise: date) -> date:
    """Return the day that is written, else another."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
