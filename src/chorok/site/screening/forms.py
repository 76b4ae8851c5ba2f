"""What a purchaser fills in: the box, the heading of a request, and its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404

from chorok.core.errors import ChorokError
from chorok.core.screening.grounds import ground, number_of
from chorok.core.screening.policy import Policy
from chorok.site.accounts.rights import Actor
from chorok.site.config import forms as worded
from chorok.site.config.language import say, say_error
from chorok.site.purchases.forms import places
from chorok.site.screening import papers
from chorok.site.screening.answers import SAYING
from chorok.site.screening.fields import AmountField, QuantityField
from chorok.site.screening.lastyear import years
from chorok.site.screening.models import Framework, Line, Request
from chorok.site.screening.writing import ASK, Header

KINDS = ("goods", "works", "service")
DAY = forms.DateInput(attrs={"type": "date"})


class Worded(worded.Worded):
    """A form whose labels and helps are sentences of asking."""

    room = "site.screening.ask"


class PlaceForm(Worded):
    """For whom, what kind, and by when: what the box needs beside its text."""

    organisation = forms.ChoiceField()
    kind = forms.ChoiceField()
    needed_by = forms.DateField(widget=DAY, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = places(actor, ASK)
        self.choose("organisation", choices)
        self.fields["organisation"].initial = next((code for code, _ in choices), None)
        self.choose("kind", kinds())
        self.single = len(choices) == 1


class FileForm(PlaceForm):
    """A file of lines to be bought."""

    helped = ("file",)
    title = forms.CharField(max_length=200, required=False)
    file = forms.FileField()


class PickForm(Worded):
    """Which purchases to pick from."""

    organisation = forms.ChoiceField(required=False)
    year = forms.ChoiceField(required=False)
    words = forms.CharField(required=False, max_length=100)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = {"organisation": next((code for code, _ in places(actor, ASK)), ""), "year": str(years(actor)[0])}
        self.choose("organisation", places(actor, ASK))
        self.choose("year", [(str(one), str(one)) for one in years(actor)])
        self.data = {**self.usual, **{name: value for name, value in self.data.items() if value}}

    def clean(self) -> dict[str, Any]:
        """Fill in what was not chosen."""
        data = super().clean() or {}
        return {**data, **{name: data.get(name) or value for name, value in self.usual.items()}}


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of a request as choices."""
    return [(one, say(f"site.screening.ask.kind_of.{one}")) for one in KINDS]


class HeaderForm(Worded):
    """What a request says about itself; `organisation` only while it is made."""

    helped = ("needed_by", "place", "document_no")
    organisation = forms.ChoiceField()
    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField()
    department = forms.CharField(max_length=100, required=False)
    needed_by = forms.DateField(widget=DAY, required=False)
    place = forms.CharField(max_length=200, required=False)
    document_no = forms.CharField(max_length=100, required=False)
    budget_item = forms.CharField(max_length=100, required=False)

    def __init__(self, actor: Actor, one: Request | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("kind", kinds())
        self.one = one
        if one is not None:
            del self.fields["organisation"]
            self.initial = {**{name: getattr(one, name) for name in self.fields}, **self.initial}
            return
        choices = places(actor, ASK)
        self.choose("organisation", choices)
        self.fields["organisation"].initial = next((code for code, _ in choices), None)

    def header(self) -> Header:
        """Return what was filled in; what a request comes from stays."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
        return Header(**said, project=self.one.project if self.one else None)


class LineForm(Worded):
    """What is wanted on one line."""

    was = forms.IntegerField(required=False, widget=forms.HiddenInput)
    description = forms.CharField(max_length=500, required=False)
    specification = forms.CharField(max_length=500, required=False)
    product_id = forms.CharField(max_length=40, required=False)
    detail_code = forms.CharField(max_length=40, required=False)
    quantity = QuantityField(required=False)
    unit = forms.CharField(max_length=40, required=False)
    unit_price = AmountField(required=False)
    amount = AmountField(required=False)

    currency = "KRW"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit_price", "amount"):
            self.fields[name].currency = self.currency  # type: ignore[attr-defined]

    @property
    def says_nothing(self) -> bool:
        """Tell whether a new line is empty."""
        if getattr(self, "line", None) is not None or not hasattr(self, "cleaned_data"):
            return False
        return not any(self.cleaned_data.get(name) for name in self.fields if name not in ("was", "DELETE"))

    def clean(self) -> dict[str, Any]:
        """Let the amount follow quantity and price, unless a person wrote another one; a line names something."""
        data = super().clean() or {}
        given = [name for name in self.fields if name not in ("was", "DELETE") and data.get(name)]
        if given and not self.errors and not any(data.get(name) for name in NAMING):
            self.add_error("description", say("site.screening.ask.wrong.nothing"))
        followed = {"quantity", "unit_price"} & set(self.changed_data)
        price, quantity = data.get("unit_price"), data.get("quantity")
        if (
            price is not None
            and quantity
            and (data.get("amount") is None or (followed and "amount" not in self.changed_data))
        ):
            whole = quantity * price
            data["amount"] = None if whole % 1 else int(whole)
        return data

    def values(self) -> dict[str, Any]:
        """Return what is wanted, as fields of a line."""
        return {name: self.cleaned_data[name] for name in self.fields if name in PLAIN}


NAMING = ("description", "specification", "product_id", "detail_code")
PLAIN = (*NAMING, "quantity", "unit", "unit_price", "amount")


class EditForm(LineForm):
    """One line of a kept request: what is wanted, what it must say for itself, and special cases."""

    differs = False
    helped = ("parts", "proof", "framework", "emergency", "furnished", "paper", "difference_needed")
    ground = forms.ChoiceField(required=False)
    statement = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4000)
    evidence = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000)
    paper = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in papers.TYPES)})
    )
    difference_what = forms.CharField(required=False, max_length=200)
    difference_needed = forms.CharField(required=False, max_length=200)
    difference_offered = forms.CharField(required=False, max_length=200)
    no_goods = forms.BooleanField(required=False)
    furnished = forms.BooleanField(required=False)
    emergency = forms.BooleanField(required=False)
    parts = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=8000)
    proof = forms.CharField(required=False, max_length=200)
    framework = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, line: Line | None, policy: Policy, frameworks: Mapping[str, Framework], **kwargs: Any
    ) -> None:
        self.line, self.frameworks = line, frameworks
        self.currency = line.currency if line else "KRW"
        if line is not None:
            kwargs["initial"] = {**_initial(line), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.choose("framework", [("", "–"), *((key, str(one)) for key, one in frameworks.items())])
        self.choose("ground", ground_choices(policy, line))
        for name in self._left_out(line):
            del self.fields[name]

    def _left_out(self, line: Line | None) -> list[str]:
        """Return the fields that this line need not fill in: only lines that need it ask for words."""
        codes = {one["code"] for one in line.needs} if line else set()
        given = line is not None and any((line.ground, line.statement, line.evidence))
        words = given or bool(codes & SAYING - {"difference"})
        out = [] if words else ["ground", "statement", "evidence", "paper"]
        if (not words and not (line and line.ground)) or len(self.fields["ground"].choices) < 2:  # type: ignore[attr-defined]
            out.append("ground")
        if not (line and (line.difference or "difference" in codes)):
            out += ["difference_what", "difference_needed", "difference_offered"]
        if not self.frameworks:
            out.append("framework")
        return list(dict.fromkeys(out))

    def clean_paper(self) -> Any:
        """Refuse a file that is no paper."""
        file = self.cleaned_data.get("paper")
        try:
            if file:
                papers.check(file)
        except ChorokError as error:
            raise ValidationError(say_error(error)) from None
        return file

    def clean(self) -> dict[str, Any]:
        """Want all three parts of a difference; one that came in another form stays until somebody writes in it."""
        data = super().clean()
        parts = [data.get(f"difference_{one}") for one in DIFFERENCE]
        self.differs = any(f"difference_{one}" in self.changed_data for one in DIFFERENCE)
        if self.differs and any(parts) and not all(parts):
            missing = next(one for one in DIFFERENCE if not data.get(f"difference_{one}"))
            if f"difference_{missing}" in self.fields:
                self.add_error(f"difference_{missing}", say("site.screening.ask.wrong.difference"))
        return data

    def values(self) -> dict[str, Any]:
        """Return what is wanted, as fields of a line."""
        data = self.cleaned_data
        given = {name: data[name] for name in _ALIKE if name in self.fields}
        if "difference_what" in self.fields and self.differs:
            said = [data[f"difference_{one}"].strip() for one in DIFFERENCE]
            given["difference"] = SEPARATOR.join(said) if all(said) else ""
        if "framework" in self.fields:
            given["framework"] = self.frameworks.get(data["framework"])
        given["parts"] = [row.strip() for row in data["parts"].splitlines() if row.strip()]
        return {**super().values(), **given}


DIFFERENCE = ("what", "needed", "offered")
SEPARATOR = " | "
"""Between attribute, needed and offered value, as they are kept."""
_ALIKE = ("ground", "statement", "evidence", "no_goods", "furnished", "emergency", "proof")


def _initial(line: Line) -> dict[str, Any]:
    said = dict(zip(DIFFERENCE, [*line.difference.split(SEPARATOR, 2), "", ""], strict=False))
    return {
        **{name: getattr(line, name) for name in (*PLAIN, *_ALIKE)},
        "was": line.pk,
        "ground": _chosen(line.ground),
        "framework": str(line.framework_id or ""),
        "parts": "\n".join(line.parts),
        **{f"difference_{name}": text for name, text in said.items()},
    }


def _chosen(text: str) -> str:
    """Return a kept ground as the choice that it is: its number, with the case where it names one."""
    number = number_of(text)
    if number is None:
        return text
    case = next((one.code for one in ground(number).sub_codes if one.code in text), "")
    return f"{number} {case}".strip()


def ground_choices(policy: Policy, line: Line | None) -> list[tuple[str, str]]:
    """Return the grounds that the policy accepts for a line, by case where there are some; the one that stands too."""
    numbers = list(policy.accepts)
    if line is not None and line.rule == "D9":
        numbers = [1, *numbers]
    if line is not None and line.emergency and 5 not in numbers:
        numbers = [*numbers, 5]
    codes = [code for number in numbers for code in _cases(policy, number)]
    standing = _chosen(line.ground) if line and line.ground else ""
    if standing and standing not in codes:
        codes.append(standing)
    return [("", say("site.screening.ask.no_ground")), *((code, ground_text(code)) for code in codes)]


def _cases(policy: Policy, number: int) -> list[str]:
    known = policy.sub_codes.get(str(number)) or tuple(one.code for one in ground(number).sub_codes)
    return [f"{number} {code}" for code in known] or [str(number)]


def ground_text(code: str) -> str:
    """Return a choice of a ground in words."""
    number = number_of(code)
    if number is None:
        return code
    case = code.partition(" ")[2]
    said = f"{say(f'ground_mark.{number}')} {say(f'ground.{number}')}"
    return f"{said} — {say(f'sub_code.{case}')}" if case else said


def ground_help(policy: Policy) -> list[dict[str, str]]:
    """Return each ground that the policy accepts, with its help and an example."""
    return [
        {
            "title": ground_text(str(number)),
            "help": say(f"ground_help.{number}"),
            "example": say(f"ground_example.{number}"),
        }
        for number in policy.accepts
    ]


class Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    """The lines of a form. `rows`: the kept lines that it shows, in order."""

    def __init__(
        self, *args: Any, rows: Sequence[Line] = (), known: Mapping[int, Line] | None = None, **kwargs: Any
    ) -> None:
        self.rows = list(rows)
        self.known = dict(known) if known is not None else {line.pk: line for line in rows}
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each form its line: by what was posted, else by its place."""
        given = super().get_form_kwargs(index)
        return given if "policy" not in given else {**given, "line": self._line(index)}

    def _line(self, index: int | None) -> Line | None:
        if index is None:
            return None
        if not self.is_bound:
            return self.rows[index] if index < len(self.rows) else None
        posted = self.data.get(f"{self.prefix}-{index}-was", "")
        if not posted:
            return None
        line = self.known.get(int(posted)) if str(posted).isdecimal() else None
        if line is None:
            raise Http404
        return line

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Word the box that takes a line away."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = say("site.screening.ask.field.remove")

    @property
    def wanted(self) -> list[LineForm]:
        """The forms of lines that stay, without those that are empty."""
        return [form for form in self.forms if not form.cleaned_data.get("DELETE") and not form.says_nothing]


def asked_lines(**kwargs: Any) -> Any:
    """Return the class of forms of lines that are not kept yet."""
    return forms.formset_factory(LineForm, formset=Lines, can_delete=True, max_num=1000, absolute_max=1000, **kwargs)


def edited_lines(**kwargs: Any) -> Any:
    """Return the class of forms of the lines of a kept request."""
    return forms.formset_factory(EditForm, formset=Lines, can_delete=True, max_num=1000, absolute_max=1000, **kwargs)
