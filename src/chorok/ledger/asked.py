"""What a purchaser asks to buy, before anything is known of it: one typed line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from chorok.core.matching.models import spelled_models, without_sizes
from chorok.core.matching.text import certificate_nos
from chorok.core.screening.facts import Framework, Unit
from chorok.ledger import schema


@dataclass(frozen=True)
class Asked:
    """One line that is to be bought, as typed. Amounts in smallest units of `currency`; `number` is its row.

    `framework`: the contract that the line is called off from. `proof`: a conformity proof was handed in and waits for
    the officer. `parts`: what a set is made of, each identified by itself.
    """

    number: int
    description: str | None = None
    specification: str | None = None
    product_id: str | None = None
    class_code: str | None = None
    detail_code: str | None = None
    item_hint: str | None = None
    supplier_no: str | None = None
    supplier_name: str | None = None
    kind: Literal["goods", "works", "service"] = "goods"
    furnished: bool = False
    quantity: Decimal | None = None
    unit: str | None = None
    measured: Unit = "one"  # what the unit and the name say: one product, a lump sum, a set
    amount: int | None = None
    currency: str = "KRW"
    organisation: str | None = None
    department: str | None = None
    needed_by: date | None = None
    no_goods: bool = False
    emergency: bool = False
    ground: str | None = None
    statement: str | None = None
    evidence: str | None = None
    difference: str | None = None
    framework: Framework | None = None
    proof: bool = False
    parts: tuple[Asked, ...] = ()
    unit_price: int | None = None


def product_key(asked: Asked) -> int:
    """Return the key that an import gives this product, so that what people decided about it holds here too."""
    return schema.product_key(str(getattr(asked, name) or "") for name in schema.PRODUCT_COLUMNS)


def names_a_product(asked: Asked) -> bool:
    """Tell whether a line names one product, and not only a kind of thing of some size."""
    name, specification = (without_sizes(part or "") for part in (asked.description, asked.specification))
    text = f"{name} {specification}"
    return bool(asked.product_id or specification or certificate_nos(text) or spelled_models(text))
