"""One product, one certificate, one supplier."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.addresses import page_number
from chorok.site.registry import products, selectors
from chorok.site.registry.views.search import page_of


@needs("registry.see")
@require_GET
def product(request: AskingRequest, key: str) -> HttpResponse:
    """Show a product: its certificates over time, its offers, where all of that comes from."""
    return _page(request, "product", key)


@needs("registry.see")
@require_GET
def certificate(request: AskingRequest, key: str) -> HttpResponse:
    """Show a certificate: its products, its validity over time, what earlier registries said of it."""
    return _page(request, "certificate", key)


def _page(request: AskingRequest, kind: str, key: str) -> HttpResponse:
    known = selectors.known()
    rows = products.certified(request.actor, known, kind, key)
    if not rows:
        raise Http404(key)
    first = rows[0]
    by_number = kind == "certificate" or not first["product_id"]
    context = {
        "kind": kind,
        "row": first,
        "rows": rows,
        "chart": products.chart(rows, request.actor.today),
        "day": request.actor.today,
        "certified": [row for row in rows if row["basis"]],
        "offers": products.offers(known, request.actor, first["product_id"]) if kind == "product" else [],
        "history": products.history(
            "certificate_no" if by_number else "product_id", first["certificate_no" if by_number else "product_id"]
        ),
        "registry_version": known.registry.version,
    }
    return render(request, "registry/product.html", context)


@needs("registry.see")
@require_GET
def supplier(request: AskingRequest, key: str) -> HttpResponse:
    """Show a supplier and what it has certified."""
    number = page_number(request)
    known = selectors.known()
    found = products.supplier(request.actor, known, key, number)
    if found is None:
        raise Http404(key)
    context = {"supplier": found, "page": page_of(found["hits"], number), "registry_version": known.registry.version}
    return render(request, "registry/supplier.html", context)
