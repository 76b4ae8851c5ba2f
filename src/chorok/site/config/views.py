"""The start page, the choice of language, and whether the site is well."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chorok import wording
from chorok.site import example
from chorok.site.accounts.rights import public
from chorok.site.accounts.services import keep_language
from chorok.site.config import language, ledger, waiting


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show where to begin: sign in, or what waits for who is signed in."""
    signed_in = request.user.is_authenticated
    return render(request, "config/home.html", _desk(request) if signed_in else _example())


def _desk(request: HttpRequest) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "waiting": waiting.waiting(actor),
        "published": ledger.is_published(),
        "may_import": actor.may("purchases.import"),
    }


def _example() -> dict[str, Any]:
    """Return the sign-ins of an example network; none elsewhere."""
    people = example.people()
    named = ledger.names() if people else None
    listed = [
        {
            "role": person.role,
            "said": language.say(f"site.role.{person.role}"),
            "where": named.show("organisation", person.organisation) if named and person.organisation else "",
            "email": person.email,
        }
        for person in people
    ]
    return {"people": listed, "password": example.PASSWORD if people else ""}


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language for a year and go back to the page."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    language.keep(request, response, chosen)
    if request.user.is_authenticated and chosen in wording.LANGUAGES:
        keep_language(request.user.pk, chosen)
    return response


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"ok": True})
