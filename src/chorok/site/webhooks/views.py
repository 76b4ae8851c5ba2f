"""Addresses that hear of requests: list, add, new secret, pause, delete, test; and what became of each message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.accounts.views.acting import fresh
from chorok.site.config.acting import attempted, filled
from chorok.site.config.language import say
from chorok.site.webhooks import selectors, services
from chorok.site.webhooks.forms import HookForm
from chorok.site.webhooks.models import DeliveryState, Hook, HookState
from chorok.site.webhooks.sending import WAITS

A_PAGE = 30
TONES = {
    HookState.ACTIVE: "good", HookState.PAUSED: "plain", HookState.DISABLED: "bad",
    DeliveryState.WAITING: "info", DeliveryState.SENT: "good", DeliveryState.GIVEN_UP: "bad",
}  # fmt: skip


@needs("webhooks.manage")
@require_GET
def index(request: AskingRequest) -> HttpResponse:
    """List the addresses."""
    rows = [(one, name_of(request.actor, one.organisation), TONES[HookState(one.state)])
            for one in selectors.hooks(request.actor)]  # fmt: skip
    return render(request, "webhooks/list.html", {"rows": rows})


@needs("webhooks.manage")
@require_http_methods(["GET", "POST"])
@fresh
def add(request: AskingRequest) -> HttpResponse:
    """Add an address; its secret is on the answer to this very request and nowhere else."""
    form = HookForm(request.actor, request.POST or None)
    made = filled(form, partial(services.add, request.actor))
    if made:
        return _secret(request, *made[0])
    context = {"form": form, "private": settings.WEBHOOK_PRIVATE}
    return render(request, "webhooks/add.html", context, status=422 if form.errors else 200)


def _secret(request: AskingRequest, hook: Hook, raw: str) -> HttpResponse:
    answer = render(request, "webhooks/secret.html", {"one": hook, "raw": raw})
    answer["Cache-Control"] = "no-store"
    return answer


@needs("webhooks.manage")
@require_GET
def one(request: AskingRequest, pk: int) -> HttpResponse:
    """Show an address and its messages."""
    found = selectors.hook(request.actor, pk)
    page = Paginator(selectors.deliveries(found), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "one": found,
        "organisation": name_of(request.actor, found.organisation),
        "tone": TONES[HookState(found.state)],
        "page": page,
        "rows": [(delivery, TONES[DeliveryState(delivery.state)]) for delivery in page],
        "most": len(WAITS) + 1,
    }
    return render(request, "webhooks/one.html", context)


@needs("webhooks.manage")
@require_http_methods(["GET", "POST"])
@fresh
def rotate(request: AskingRequest, pk: int) -> HttpResponse:
    """Make a new secret, after asking."""
    found = selectors.hook(request.actor, pk)
    if request.method == "POST":
        return _secret(request, *services.rotate(request.actor, pk=pk))
    return render(request, "webhooks/rotate.html", {"one": found})


@needs("webhooks.manage")
@require_http_methods(["GET", "POST"])
def delete(request: AskingRequest, pk: int) -> HttpResponse:
    """Forget an address, after asking."""
    found = selectors.hook(request.actor, pk)
    if request.method == "POST":
        services.delete(request.actor, pk=pk)
        messages.success(request, say("site.webhooks.done.deleted", name=found.name))
        return redirect("webhooks:list")
    return render(request, "webhooks/delete.html", {"one": found})


@needs("webhooks.manage")
@require_POST
def pause(request: AskingRequest, pk: int) -> HttpResponse:
    """Send nothing any more."""
    return _done(request, pk, "paused", partial(services.pause, request.actor, pk=pk))


@needs("webhooks.manage")
@require_POST
def resume(request: AskingRequest, pk: int) -> HttpResponse:
    """Send again."""
    return _done(request, pk, "resumed", partial(services.resume, request.actor, pk=pk))


@needs("webhooks.manage")
@require_POST
def trial(request: AskingRequest, pk: int) -> HttpResponse:
    """Send a test."""
    return _done(request, pk, "tested", partial(services.send_trial, request.actor, pk=pk))


@needs("webhooks.manage")
@require_POST
def again(request: AskingRequest, key: UUID) -> HttpResponse:
    """Send a message once more."""
    found = selectors.delivery(request.actor, key)
    return _done(request, found.hook_id, "sent_again", partial(services.send_again, request.actor, delivery=found))


def _done(request: AskingRequest, pk: int, code: str, act: Callable[[], object]) -> HttpResponse:
    selectors.hook(request.actor, pk)
    if attempted(request, act):
        messages.success(request, say(f"site.webhooks.done.{code}"))
    return redirect("webhooks:one", pk)
