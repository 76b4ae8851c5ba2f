"""One product: what was bought, what it may be, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chorok.core.errors import ChorokError
from chorok.ledger.figures import resolve
from chorok.site.accounts.places import name_of
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config import ledger as site
from chorok.site.config.language import say, say_error
from chorok.site.reviews import rules, selectors, services
from chorok.site.reviews.forms import CERTIFICATE, PROOF, DecideForm
from chorok.site.reviews.models import OPEN, Review, State
from chorok.site.reviews.selectors import Product
from chorok.site.reviews.views.queue import because, kept, name_of_product, wanted_of

USUAL = "eco_label"
"""What a conformity proof most often stands in for."""


@needs(rules.SEE)
@require_GET
def product(request: AskingRequest, key: int) -> HttpResponse:
    """Show a product with its candidates side by side."""
    found = selectors.product(request.actor, key, request.GET.get("look", ""))
    form = DecideForm(
        initial={"seen": found.seen, "item_group": found.told.verdict["item_group"] or "", "basis": USUAL}
    )
    return _page(request, found, form)


@needs(rules.DECIDE)
@require_POST
def decide(request: AskingRequest, key: int) -> HttpResponse:
    """Decide, and go on to the next product."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, selectors.product(request.actor, key, request.GET.get("look", "")), form, 422)
    try:
        made = services.decide(request.actor, key=key, said=form.verdict(), seen=form.cleaned_data["seen"])
    except ChorokError as error:
        form.add_error(None, say_error(error))
        return _page(request, selectors.product(request.actor, key, request.GET.get("look", "")), form, 422)
    messages.success(request, _said(made))
    return redirect(_neighbours(request, key)["next"] or reverse("reviews:index"))


def _said(made: Review) -> str:
    outcome = say(f"site.reviews.outcome.{made.outcome}")
    code = "waits_second" if made.state == State.PROPOSED else "waits_publication"
    return say(f"site.reviews.said.{code}", outcome=outcome)


def _page(request: AskingRequest, found: Product, form: DecideForm, status: int = 200) -> HttpResponse:
    told, names = found.told, site.names()
    verdict = told.verdict
    waiting = next((one for one in found.reviews if one.state in OPEN), None)
    context: dict[str, Any] = {
        "subject": found,
        "name": name_of_product({**told.product, "product_key": found.key}),
        "facts": [(say(f"field.{name}"), value) for name, value in told.product.items() if value and name != "kind"],
        "kind": told.product["kind"],
        "item": names.show("item", verdict["item_group"]) or say("site.reviews.group_unknown"),
        "group_method": verdict["group_method"],
        "because": because(told.evidence.get("reason")) if verdict["method"] != "human" else "",
        "candidates": [
            (number, CERTIFICATE + one.certificate_no, one, names.show("item", one.item_group))
            for number, one in enumerate(found.candidates, 1)
        ],
        "form": form,
        "chosen": form["choice"].value() or "",
        "proof_shown": form["choice"].value() == PROOF,
        "lines": [{**line, "where": _where(request, line["organisation"])} for line in found.lines],
        "hidden_lines": found.sums.lines - len(found.lines),
        "second": rules.needs_second(rules.policy_of(found.city), found.city_gross, overrules=found.elsewhere),
        "policy": rules.policy_of(found.city),
        "waiting": waiting,
        "held": selectors.held(found.key),
        "may_decide": waiting is None and rules.by_role(request.actor, rules.DECIDE, found.organisation) is not None,
        "look": request.GET.get("look", ""),
        "query": kept(request),
        **_neighbours(request, found.key),
    }
    return render(request, "reviews/product.html", context, status=status)


def _where(request: AskingRequest, written: str) -> str:
    code = resolve(request.actor.tree, written)
    return name_of(request.actor, code) if code else written


def _neighbours(request: AskingRequest, key: int) -> dict[str, str]:
    """Return the addresses of the products before and after this one in the queue it was opened from."""
    at = request.GET.get("at", "")
    if not (at.isascii() and at.isdigit() and len(at) < 9):
        return {"previous": "", "next": ""}
    place = int(at)
    start = max(0, place - 1)
    rows = selectors.queue(request.actor, wanted_of(request), 3, start).rows
    near = {start + offset: row["product_key"] for offset, row in enumerate(rows)}
    # A queue that was published anew meanwhile may have moved up: what stands here now comes next.
    after = place + 1 if near.get(place) == key else place
    query = kept(request)
    return {
        name: f"{reverse('reviews:product', args=[near[there]])}?{query}{'&' if query else ''}at={there}"
        if there in near and there != (place if name == "previous" else -1)
        else ""
        for name, there in (("previous", place - 1), ("next", after))
    }
