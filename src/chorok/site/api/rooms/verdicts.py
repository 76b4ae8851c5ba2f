"""What products are on a day: identified as an import identifies them, nothing is written."""

from __future__ import annotations

import functools
from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, model_validator

from chorok.core import definitions
from chorok.core.errors import UsageError
from chorok.ledger.asked import Asked
from chorok.ledger.identity import Identity, identify
from chorok.ledger.screening import Desk
from chorok.site.accounts.rights import AskingRequest
from chorok.site.api.room import Code, Day, Room
from chorok.site.config import ledger

room = Room(tags=["verdicts"])
SEE = "registry.see"
MOST = 1_000

Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class ProductIn(Schema):
    """A product as somebody writes it; at least one of its parts."""

    product_id: Words | None = None
    name: Words | None = None
    specification: Words | None = None
    maker: Words | None = None
    maker_no: Words | None = None
    class_code: Words | None = None
    detail_code: Words | None = None

    @model_validator(mode="after")
    def _names_something(self) -> ProductIn:
        if not any((part or "").strip() for part in self.model_dump().values()):
            raise ValueError("nothing")
        return self


class ProductsIn(Schema):
    """Up to a thousand products, judged on one day under one definition."""

    products: Annotated[list[ProductIn], Field(min_length=1, max_length=MOST)]
    day: Day | None = None
    definition: Code = "national"


class VerdictOut(Schema):
    """What is known of a product on the day; `certified_until` is the last day of what makes it green."""

    state: str
    method: str | None
    item_group: str | None
    item_group_name: str | None
    detail_code: str | None
    certificates: list[str]
    certified_until: date | None


class VerdictGroundsOut(Schema):
    """What verdicts rest on; without purchases in the ledger there is no snapshot."""

    day: date
    definition: str
    definition_hash: str
    registry: int
    snapshot: int | None
    as_of: str | None


class VerdictsOut(Schema):
    """Verdicts in the order of the products."""

    grounds: VerdictGroundsOut
    verdicts: list[VerdictOut]


@room.answers("GET", "/verdicts", SEE, of=VerdictsOut, stays=True)
def verdict(
    request: AskingRequest,
    product_id: Words | None = None,
    name: Words | None = None,
    specification: Words | None = None,
    maker: Words | None = None,
    maker_no: Words | None = None,
    class_code: Words | None = None,
    detail_code: Words | None = None,
    day: Day | None = None,
    definition: Code = "national",
) -> dict[str, Any]:
    """Say what one product is on a day."""
    parts = (product_id, name, specification, maker, maker_no, class_code, detail_code)
    if not any((part or "").strip() for part in parts):
        raise UsageError("api_product_missing")
    one = ProductIn(**dict(zip(ProductIn.model_fields, parts, strict=True)))
    return _judged([one], day, definition)


@room.answers("POST", "/verdicts", SEE, of=VerdictsOut, sends="application/json")
def verdicts(request: AskingRequest, body: ProductsIn) -> dict[str, Any]:
    """Say what up to a thousand products are on a day."""
    return _judged(body.products, body.day, body.definition)


def _judged(products: list[ProductIn], written: str | None, definition: str) -> dict[str, Any]:
    if definition not in definitions.names():
        raise UsageError("definition_unknown", name=definition, known=", ".join(definitions.names()))
    day = date.fromisoformat(written) if written else ledger.ledger().today
    desk = _desk(definition)
    asked = [_asked(number, one) for number, one in enumerate(products, 1)]
    found = identify(desk.source, asked, day)
    source = desk.source
    return {
        "grounds": {
            "day": day,
            "definition": source.definition.id,
            "definition_hash": source.definition.hash(),
            "registry": source.registry.version,
            "snapshot": desk.snapshot,
            "as_of": source.snapshot.published_at if source.snapshot else None,
        },
        "verdicts": [_shown(one) for one in found],
    }


def _desk(definition: str) -> Desk:
    if not ledger.is_published():
        return Desk.open(ledger.ledger(), definitions.load(definition))
    return _opened(str(ledger.ledger().path), ledger.published().snapshot.number, definition)


@functools.lru_cache(maxsize=4)
def _opened(_path: str, _snapshot: int, definition: str) -> Desk:
    return Desk.open(ledger.ledger(), definitions.load(definition))


def _asked(number: int, one: ProductIn) -> Asked:
    said = {name: (part or "").strip() or None for name, part in one.model_dump().items()}
    return Asked(
        number,
        description=said["name"],
        specification=said["specification"],
        product_id=said["product_id"],
        class_code=said["class_code"],
        detail_code=said["detail_code"],
        supplier_no=said["maker_no"],
        supplier_name=said["maker"],
    )


def _shown(one: Identity) -> dict[str, Any]:
    named = ledger.names() if ledger.is_published() else None
    return {
        "state": one.state,
        "method": one.method,
        "item_group": one.item_group,
        "item_group_name": named.show("item", one.item_group) if named else one.item_group,
        "detail_code": one.detail_code,
        "certificates": list(one.certificates),
        "certified_until": one.until,
    }
