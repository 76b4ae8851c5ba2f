"""What becomes of decisions: the second person, publication, taking back, and what was decided before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.acting import attempted
from chorok.site.config.language import say, say_error
from chorok.site.reviews import publication, rules, selectors, services
from chorok.site.reviews.forms import PolicyForm, RemarkForm
from chorok.site.reviews.models import Review, State
from chorok.site.reviews.views.queue import tabs

A_PAGE = 25
TONES = {
    State.PROPOSED: "info",
    State.CONFIRMED: "info",
    State.PUBLISHED: "good",
    State.RETURNED: "warn",
    State.WITHDRAWN: "plain",
}


def _list(request: AskingRequest, name: str, found: QuerySet[Review], **more: Any) -> HttpResponse:
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    names = selectors.descriptions([one.product_key for one in page])
    rows = [_row(request, one, names) for one in page]
    context = {"name": name, "page": page, "rows": rows, "tabs": tabs(request, name), **more}
    return render(request, f"reviews/{name}.html", context)


def _row(request: AskingRequest, one: Review, names: dict[int, str]) -> dict[str, Any]:
    return {
        "one": one,
        "product": names.get(one.product_key, f"P{one.product_key}"),
        "where": name_of(request.actor, one.organisation),
        "item": site.names().show("item", one.item_group) if one.item_group else "",
        "tone": TONES[State(one.state)],
        "may_second": _may_second(request, one),
        "may_decide": request.actor.may(rules.DECIDE, one.organisation),
    }


def _may_second(request: AskingRequest, one: Review) -> bool:
    return rules.by_role(request.actor, rules.SECOND, one.organisation, but=rules.parties(one)) is not None


@needs(rules.SEE)
@require_GET
def waiting(request: AskingRequest) -> HttpResponse:
    """List what waits for a second person."""
    return _list(request, "waiting", selectors.waiting(request.actor))


@needs(rules.SEE)
@require_GET
def ready(request: AskingRequest) -> HttpResponse:
    """List what waits for publication, and offer to publish it."""
    return _list(request, "ready", selectors.ready(request.actor), may_publish=request.actor.may(rules.DECIDE))


@needs(rules.SEE)
@require_GET
def history(request: AskingRequest) -> HttpResponse:
    """List all decisions in reach, the newest first."""
    return _list(request, "history", selectors.seen_reviews(request.actor).order_by("-pk"))


def _done(request: AskingRequest, act: Callable[[], Review], said: str, back: str) -> HttpResponse:
    for one in attempted(request, act) or ():
        messages.success(request, say(said, outcome=say(f"site.reviews.outcome.{one.outcome}")))
    return redirect(back)


@needs(rules.SECOND)
@require_POST
def confirm(request: AskingRequest, pk: int) -> HttpResponse:
    """Agree as the second person."""
    return _done(
        request, lambda: services.confirm(request.actor, pk=pk), "site.reviews.said.confirmed", "reviews:waiting"
    )


@needs(rules.SECOND)
@require_http_methods(["GET", "POST"])
def send_back(request: AskingRequest, pk: int) -> HttpResponse:
    """Disagree as the second person: first a form that asks why."""
    one = selectors.waiting(request.actor).filter(pk=pk).first()
    if one is None:
        raise Http404
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        remark = form.cleaned_data["remark"]
        act = lambda: services.send_back(request.actor, pk=pk, remark=remark)  # noqa: E731
        return _done(request, act, "site.reviews.said.returned", "reviews:waiting")
    row = _row(request, one, selectors.descriptions([one.product_key]))
    return render(request, "reviews/send_back.html", {"form": form, "row": row})


@needs(rules.DECIDE)
@require_POST
def withdraw(request: AskingRequest, pk: int) -> HttpResponse:
    """Take back what is not published."""
    return _done(
        request, lambda: services.withdraw(request.actor, pk=pk), "site.reviews.said.withdrawn", "reviews:history"
    )


@needs(rules.DECIDE)
@require_http_methods(["GET", "POST"])
def undo(request: AskingRequest, pk: int) -> HttpResponse:
    """Undo a published decision: first a page that says what that does."""
    one = selectors.seen_reviews(request.actor).filter(pk=pk).first()
    if one is None:
        raise Http404
    if request.method == "POST":
        return _done(
            request, lambda: services.undo(request.actor, pk=pk), "site.reviews.said.undone", "reviews:history"
        )
    row = _row(request, one, selectors.descriptions([one.product_key]))
    return render(request, "reviews/undo.html", {"row": row})


@needs(rules.DECIDE)
@require_POST
def publish(request: AskingRequest) -> HttpResponse:
    """Publish all that was decided, and show how far that is."""
    try:
        job = publication.publish(request.actor)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("reviews:ready")
    return redirect("jobs:show", job.pk)


@needs(rules.POLICY)
@require_http_methods(["GET", "POST"])
def policy(request: AskingRequest) -> HttpResponse:
    """Show and set above which amount two people decide."""
    form = PolicyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.set_policy(request.actor, city=form.cleaned_data["city"], above=form.cleaned_data["above"])
        messages.success(request, say("site.reviews.said.policy"))
        return redirect("reviews:policy")
    cities = [code for code in sorted(request.actor.reach(rules.POLICY)) if _is_city(request, code)]
    known = [(code, name_of(request.actor, code), rules.policy_of(code)) for code in cities]
    rows = [
        (name, one, form if form.is_bound and request.POST.get("city") == code else _policy_form(code, one.above))
        for code, name, one in known
    ]
    return render(request, "reviews/policy.html", {"rows": rows, "tabs": tabs(request, "policy")})


def _policy_form(code: str, above: int) -> PolicyForm:
    return PolicyForm(initial={"city": code, "above": above}, auto_id=f"id_{code}_%s")


def _is_city(request: AskingRequest, code: str) -> bool:
    return request.actor.tree.city_of(code, request.actor.today) == code
