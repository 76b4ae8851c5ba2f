"""The common registry: item groups, certified products, suppliers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Schema

from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Code, Key, PageNumber, PageSize, Room, Searched, Text, linked
from chorok.site.api.schemas import Page
from chorok.site.registry import groups, products, selectors
from chorok.site.registry.selectors import Known, Search

room = Room(tags=["registry"])
SEE = "registry.see"


class GroupOut(Schema):
    """An item group; `certified` counts its products whose certificate holds today."""

    code: str
    name: str
    codes: list[str]
    mandatory: bool
    products: int
    certified: int
    since: date | None
    until: date | None
    source: str | None


class ProductOut(Schema):
    """One row of the registry and what it says today; `valid_until` is the last day."""

    product: str
    title: str
    state: str
    certificate_no: str | None
    basis: str | None
    status: str | None
    valid_from: date | None
    valid_until: date | None
    revoked_on: date | None
    read_on: date | None
    item_group: str | None
    product_id: str | None
    class_code: str | None
    detail_code: str | None
    product_name: str | None
    model: str | None
    supplier: str | None
    supplier_no: str | None
    supplier_name: str | None
    seat: str | None
    source: str | None


class ProductsOut(Page[ProductOut]):
    """Products; `alike`: nothing has every word, these are merely alike. `registry`: the version that was searched."""

    alike: bool
    registry: int


class RowsOut(Schema):
    """All rows of one product or certificate, the newest validity first."""

    registry: int
    rows: list[ProductOut]


class SupplierOut(Schema):
    """A supplier with a page of its products; `certified` counts those whose certificate holds today."""

    key: str
    supplier_no: str | None
    names: list[str]
    seat: str | None
    certified: int
    registry: int
    products: Page[ProductOut]


@room.answers("GET", "/registry/item-groups", SEE, of=Page[GroupOut], stays=True)
def item_groups(
    request: AskingRequest, response: HttpResponse, page: PageNumber = 1, size: PageSize = 50
) -> dict[str, Any]:
    """List item groups by code."""
    found = groups.listed(request.actor, selectors.known(), "code")
    return {
        **linked(request, response, len(found), page, size),
        "items": found[(page - 1) * size : page * size],
    }


@room.answers("GET", "/registry/products", SEE, of=ProductsOut, stays=True)
def registry_products(
    request: AskingRequest,
    response: HttpResponse,
    q: Text = "",
    item_group: Code | None = None,
    basis: Code | None = None,
    valid: bool = False,
    page: Searched = 1,
    size: PageSize = 50,
) -> dict[str, Any]:
    """Search products and certificates by name, maker, model or number."""
    known = selectors.known()
    asked = Search(text=q, basis=basis or "", group=item_group or "", valid=valid)
    hits = known.search(request.actor, asked, page, size)
    return {
        **linked(request, response, hits.total, page, size),
        "items": hits.rows,
        "alike": hits.alike,
        "registry": known.registry.version,
    }


@room.answers("GET", "/registry/products/{key}", SEE, of=RowsOut, stays=True)
def registry_product(request: AskingRequest, key: Code) -> dict[str, Any]:
    """Return all certificates of one product, by its identification number or the key of a search."""
    return _rows(request, "product", key)


@room.answers("GET", "/registry/certificates/{path:number}", SEE, of=RowsOut, stays=True)
def certificate(request: AskingRequest, number: Key) -> dict[str, Any]:
    """Return all products of one certificate, by its number."""
    return _rows(request, "certificate", number)


def _rows(request: AskingRequest, kind: str, key: str) -> dict[str, Any]:
    known = selectors.known()
    found = products.certified(request.actor, known, kind, key)
    if not found:
        raise Http404
    return {"registry": known.registry.version, "rows": found}


@room.answers("GET", "/registry/suppliers/{key}", SEE, of=SupplierOut, stays=True)
def supplier(
    request: AskingRequest, response: HttpResponse, key: Code, page: PageNumber = 1, size: PageSize = 50
) -> dict[str, Any]:
    """Return a supplier by business number, or the key of a search, with its products."""
    known: Known = selectors.known()
    found = products.supplier(request.actor, known, key, page, size)
    if found is None:
        raise Http404
    around = linked(request, response, found["hits"].total, page, size)
    return {
        "key": key,
        "supplier_no": found["number"],
        "names": found["names"],
        "seat": found["seat"],
        "certified": found["certified"],
        "registry": known.registry.version,
        "products": {**around, "items": found["rows"]},
    }
