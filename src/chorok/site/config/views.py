"""The start page, the choice of language, and whether the site is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from chorok import wording
from chorok.core.errors import ChorokError
from chorok.site import example
from chorok.site.accounts.rights import public
from chorok.site.accounts.services import keep_language
from chorok.site.config import language, ledger, waiting
from chorok.site.jobs.models import Job, State


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


@public
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database and ledger answer and jobs are worked off, else 503; which of them, but not why."""
    checks = {"database": _answers(connection.ensure_connection), "ledger": _answers(ledger.ledger), "jobs": _worked()}
    return JsonResponse({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (ChorokError, DatabaseError):
        return False
    return True


def _worked() -> bool:
    """Tell whether no job has waited for longer than it should."""
    since = timezone.now() - timedelta(minutes=5)
    try:
        return not Job.objects.filter(state=State.QUEUED, created_at__lt=since).exists()
    except DatabaseError:
        return False
