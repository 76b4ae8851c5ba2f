"""The people within an administrator's reach, their roles, and what is done to a person as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.site.accounts import places, selectors, services
from chorok.site.accounts.forms import EndForm, RoleForm, SearchForm
from chorok.site.accounts.models import User
from chorok.site.accounts.rights import Actor, AskingRequest, needs
from chorok.site.accounts.views.acting import done, fresh
from chorok.site.config.acting import attempted, filled

PAGE = 50


@needs("accounts.manage")
@require_GET
def people(request: AskingRequest) -> HttpResponse:
    """List and search the people within reach."""
    form = SearchForm(request.actor, request.GET or None)
    wish = form.cleaned_data if form.is_valid() else {}
    found = selectors.people(request.actor, **wish)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(user, _roles(request.actor, user)) for user in page]
    return render(request, "accounts/people.html", {"form": form, "page": page, "rows": rows})


@needs("accounts.manage")
@require_GET
def person(request: AskingRequest, pk: int) -> HttpResponse:
    """Show a person: roles with their days, and what may be done."""
    user = selectors.person(request.actor, pk)
    services.note_reading(request.actor, user=user)
    return _person(request, user, RoleForm(request.actor))


@needs("accounts.manage")
@require_POST
@fresh
def grant(request: AskingRequest, pk: int) -> HttpResponse:
    """Give a person one more role."""
    user = selectors.person(request.actor, pk)
    form = RoleForm(request.actor, request.POST)
    if filled(form, partial(services.grant, request.actor, user=user)):
        done(request, "role_given", name=user.name)
        return redirect("accounts:person", pk)
    return _person(request, user, form, status=422)


@needs("accounts.manage")
@require_http_methods(["GET", "POST"])
@fresh
def end(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask from which day on a person no longer holds a role, and end it."""
    role = selectors.membership(request.actor, pk)
    form = EndForm(request.POST or None, initial={"on": request.actor.today})
    act = partial(services.end_membership, request.actor, membership=role)
    if request.method == "POST" and filled(form, act):
        done(request, "role_ended", name=role.user.name)
        return _back(request, role.user_id)
    context = {"form": form, "role": role, "place": places.shown(request.actor, role), "person": role.user}
    return render(request, "accounts/end.html", context)


@needs("accounts.manage")
@require_POST
@fresh
def restore(request: AskingRequest, pk: int) -> HttpResponse:
    """Put an ended role back."""
    role = selectors.membership(request.actor, pk)
    if attempted(request, partial(services.restore_membership, request.actor, membership=role)):
        done(request, "role_restored", name=role.user.name)
    return redirect("accounts:person", role.user_id)


@needs("accounts.manage")
@require_POST
def reactivate(request: AskingRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    user = selectors.person(request.actor, pk)
    if attempted(request, partial(services.reactivate, request.actor, user=user)):
        done(request, "reactivated", name=user.name)
    return redirect("accounts:person", pk)


def _asked(verb: str, act: Callable[..., None]) -> Callable[..., HttpResponse]:
    """Return a view that says what a verb does to a person, asks, and then does it."""

    @needs("accounts.manage")
    @require_http_methods(["GET", "POST"])
    @fresh
    def ask(request: AskingRequest, pk: int) -> HttpResponse:
        user = selectors.person(request.actor, pk)
        if request.method == "POST":
            if attempted(request, partial(act, request.actor, user=user)):
                done(request, verb, name=user.name)
            return _back(request, pk)
        return render(request, "accounts/confirm.html", {"person": user, "verb": verb})

    return ask


deactivate = _asked("deactivated", services.deactivate)
erase = _asked("erased", services.erase)
reset_second_factor = _asked("second_factor_reset", services.reset_second_factor)


def _person(request: AskingRequest, user: User, form: RoleForm, status: int = 200) -> HttpResponse:
    elsewhere = places.holds_elsewhere(request.actor, user)
    context = {
        "person": user,
        "roles": _roles(request.actor, user),
        "elsewhere": elsewhere,
        "oneself": user.pk == request.actor.user_id,
        "today": request.actor.today,
        "form": form,
    }
    return render(request, "accounts/person.html", context, status=status)


def _roles(actor: Actor, user: User) -> list[dict[str, Any]]:
    seen = getattr(user, "seen", ())
    return [{"role": one, "place": places.shown(actor, one), "state": _state(actor, one)} for one in seen]


def _state(actor: Actor, one: Any) -> str:
    if one.valid_until and one.valid_until <= actor.today:
        return "ended"
    return "planned" if one.valid_from > actor.today else "held"


def _back(request: AskingRequest, pk: int) -> HttpResponseRedirect:
    """Return to the person, or to the list when they are no longer within reach."""
    there = selectors.people(request.actor).filter(pk=pk).exists()
    return HttpResponseRedirect(reverse("accounts:person", args=[pk]) if there else reverse("accounts:people"))
