"""What people fill in about people. Labels come from the catalogue, in the language of the request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.places import MANAGE, is_at_top, name_of, shown
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import GRANTS, Role
from chorok.site.accounts.selectors import own_memberships
from chorok.site.accounts.services.delegations import GIVE
from chorok.site.accounts.services.tokens import LONGEST, may_carry
from chorok.site.config import forms as worded
from chorok.site.config.language import say

INDENT = "\u3000"
DAY = forms.DateInput(attrs={"type": "date"})


class Worded(worded.Worded):
    """A form whose labels and helps are sentences of accounts."""

    room = "site.accounts"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


def organisations(actor: Actor, right: str = MANAGE) -> list[tuple[str, str]]:
    """Return the organisations where the actor has a right, each below what it belongs to and indented so."""
    reach, below = actor.reach(right), actor.tree.children(actor.today)
    listed: dict[str, str] = {}

    def walk(code: str, depth: int) -> None:
        if code in reach and code not in listed:
            listed[code] = INDENT * depth + name_of(actor, code)
            for child in sorted(below.get(code, ())):
                walk(child, depth + 1)

    for top in sorted(reach, key=lambda code: (bool(reach & actor.tree.parents(code, actor.today)), code)):
        walk(top, 0)
    return list(listed.items())


class RoleForm(Worded):
    """A role at an organisation, or for a supplier a business number, with its days."""

    helped = ("supplier_no", "valid_until")
    role = forms.ChoiceField()
    organisation = forms.ChoiceField(required=False)
    supplier_no = forms.CharField(required=False, max_length=20)
    valid_from = forms.DateField(widget=DAY)
    valid_until = forms.DateField(widget=DAY, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if role != Role.SUPPLIER or is_at_top(actor)]
        self.choose("role", [(role, say(f"site.role.{role}")) for role in roles])
        self.choose("organisation", [("", say("site.accounts.choose")), *organisations(actor)])
        if not is_at_top(actor):
            del self.fields["supplier_no"]
        if "valid_from" in self.fields:
            self.fields["valid_from"].initial = actor.today

    def clean(self) -> dict[str, Any]:
        """Hold that there is a place: a business number for a supplier, an organisation for everybody else."""
        given = self.cleaned_data
        place = "supplier_no" if given.get("role") == Role.SUPPLIER else "organisation"
        if place not in self.errors and not given.get(place):
            self.add_error(place, say("site.accounts.place_missing"))
        return given


class InviteForm(RoleForm):
    """Whom to invite as what."""

    email = forms.EmailField()
    valid_from = None  # type: ignore[assignment]
    field_order = ("email",)


class EndForm(Worded):
    """The first day without a role."""

    helped = ("on",)
    on = forms.DateField(widget=DAY)


class AcceptForm(Worded):
    """Who comes in."""

    helped = ("new_password",)
    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    new_password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    repeated = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, and both entries against each other."""
        given = self.cleaned_data
        if given.get("new_password"):
            person = User(email=self.email, name=given.get("name", ""))
            try:
                password_validation.validate_password(given["new_password"], person)
            except forms.ValidationError as error:
                self.add_error("new_password", error)
        if given.get("new_password") != given.get("repeated") and not self.errors:
            self.add_error("repeated", say("site.accounts.not_the_same"))
        return given


class ProfileForm(Worded):
    """Name and language."""

    helped = ("language",)
    name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [(code, say(f"site.accounts.language.{code}")) for code in ("browser", "ko", "en")]
        choices = [("" if code == "browser" else code, text) for code, text in spoken]
        self.choose("language", choices)


class DelegationForm(Worded):
    """Who stands in for which own role, from when until when."""

    helped = ("delegate", "valid_until")
    membership = forms.ModelChoiceField(queryset=Membership.objects.none(), empty_label=None)
    delegate = forms.EmailField(widget=forms.EmailInput(attrs={"list": "colleagues", "autocomplete": "off"}))
    valid_from = forms.DateField(widget=DAY)
    valid_until = forms.DateField(widget=DAY)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = own_memberships(actor).filter(role__in=GRANTS[GIVE])
        field.label_from_instance = lambda one: _role_at(actor, one)  # type: ignore[method-assign, assignment]
        self.fields["valid_from"].initial = actor.today


class TokenForm(Worded):
    """What a token is for, what it may do, and for how long."""

    helped = ("token_name", "scopes", "days")
    token_name = forms.CharField(max_length=100)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(min_value=1, max_value=LONGEST, initial=90)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(right, say(f"site.right.{right}")) for right in may_carry(actor)]
        self.choose("scopes", choices)


class SearchForm(Worded):
    """How the list of people is narrowed."""

    words = forms.CharField(required=False, max_length=100, widget=forms.SearchInput())
    role = forms.ChoiceField(required=False)
    organisation = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anyone = ("", say("site.accounts.any"))
        states = [(state, say(f"site.accounts.state.{state}")) for state in ("active", "inactive")]
        self.choose("role", [anyone, *((role, say(f"site.role.{role}")) for role in Role)])
        self.choose("organisation", [anyone, *organisations(actor)])
        self.choose("state", [anyone, *states])


def _role_at(actor: Actor, one: Membership) -> str:
    return say("site.accounts.standing.one", role=say(f"site.role.{one.role}"), place=shown(actor, one))
