"""What people see and change about themselves."""

from __future__ import annotations

from functools import partial

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.site.accounts import places, selectors, services
from chorok.site.accounts.forms import DelegationForm, ProfileForm, TokenForm
from chorok.site.accounts.models import ApiToken, Delegation
from chorok.site.accounts.rights import Actor, AskingRequest, needs, personal
from chorok.site.accounts.services.delegations import colleagues
from chorok.site.accounts.views.acting import done, fresh, me
from chorok.site.config import language
from chorok.site.config.acting import attempted, filled

COLLEAGUES = 200
"""How many colleagues a field suggests; whoever is not among them is typed in."""


@personal
@require_http_methods(["GET", "POST"])
def profile(request: AskingRequest) -> HttpResponse:
    """Show one's roles, and change name and language."""
    person = me(request)
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and filled(form, partial(services.change_profile, request.actor)):
        done(request, "profile_changed")
        answer = redirect("accounts:profile")
        if form.cleaned_data["language"]:
            language.keep(request, answer, form.cleaned_data["language"])
        return answer
    context = {
        "form": form,
        "roles": [(one, places.shown(request.actor, one)) for one in selectors.own_memberships(request.actor)],
        "second_factor": Authenticator.objects.filter(user=person).exists(),
        "tokens": selectors.own_tokens(request.actor).count(),
    }
    return render(request, "accounts/profile.html", context)


@personal
@require_GET
def rights(request: AskingRequest) -> HttpResponse:
    """Say what one may do, and why."""
    listed = selectors.rights(request.actor)
    context = {
        "held": [one for one in listed if one.reasons],
        "missing": [one for one in listed if not one.reasons],
        "today": request.actor.today,
    }
    return render(request, "accounts/rights.html", context)


@needs("delegations.give")
@require_http_methods(["GET", "POST"])
def delegations(request: AskingRequest) -> HttpResponse:
    """List who stands in for whom, and let a colleague stand in."""
    form = DelegationForm(request.actor, request.POST or None)
    made = filled(form, partial(services.give_delegation, request.actor))
    if made:
        done(request, "delegated", name=made[0].delegate.name)
        return redirect("accounts:delegations")
    given, received = selectors.own_delegations(request.actor)
    places_held = {held.organisation for held in request.actor.held if held.behalf is None and held.organisation}
    near = {one.email: one for code in places_held for one in colleagues(request.actor, code)[:COLLEAGUES]}
    context = {
        "form": form,
        "given": [(one, places.shown(request.actor, one.membership)) for one in given],
        "received": [(one, places.shown(request.actor, one.membership)) for one in received],
        "colleagues": near.values(),
        "today": request.actor.today,
    }
    return render(request, "accounts/delegations.html", context, status=422 if form.errors else 200)


@personal
@require_POST
def revoke_delegation(request: AskingRequest, pk: int) -> HttpResponse:
    """Take a delegation back, or hand a received one back."""
    one = get_object_or_404(Delegation.objects.select_related("membership"), pk=pk)
    services.revoke_delegation(request.actor, delegation=one)
    done(request, "delegation_revoked")
    return redirect("accounts:delegations" if request.actor.may("delegations.give") else "accounts:profile")


@needs("tokens.own")
@require_http_methods(["GET", "POST"])
@fresh
def tokens(request: AskingRequest) -> HttpResponse:
    """List one's tokens, and make one: its text is on the answer to this very request and nowhere else."""
    form = TokenForm(request.actor, request.POST or None)
    made = filled(form, partial(_make, request.actor))
    raw = made[0] if made else None
    if made:
        form = TokenForm(request.actor)
    rows = [(one, selectors.has_ended(one)) for one in selectors.own_tokens(request.actor)]
    answer = render(
        request,
        "accounts/tokens.html",
        {"form": form, "rows": rows, "raw": raw},
        status=422 if form.errors else 200,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _make(actor: Actor, *, token_name: str, scopes: list[str], days: int) -> str:
    return services.make_token(actor, name=token_name, scopes=scopes, days=days)[1]


@needs("tokens.own")
@require_http_methods(["GET", "POST"])
def revoke_token(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask, and end a token: programs that use it stop working at once."""
    token = get_object_or_404(ApiToken, pk=pk, user_id=request.actor.user_id)
    if request.method == "GET":
        return render(request, "accounts/revoke_token.html", {"token": token})
    if attempted(request, partial(services.revoke_token, request.actor, token=token)):
        done(request, "token_revoked", name=token.name)
    return redirect("accounts:tokens")
