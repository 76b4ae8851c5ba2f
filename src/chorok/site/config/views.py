"""The start page, the choice of language, and whether the site is well."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chorok import wording
from chorok.site.accounts.rights import public
from chorok.site.config import language


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show where to begin: sign in, or what waits for who is signed in."""
    return render(request, "config/home.html")


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language for a year and go back to the page."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    if chosen in wording.LANGUAGES:
        response.set_cookie(
            language.COOKIE, chosen, max_age=language.COOKIE_AGE, samesite="Lax", secure=request.is_secure()
        )
    return response


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all."""
    return JsonResponse({"ok": True})
