"""A small published ledger of two cities for the tests of the site, and people who work on it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import builders
from builders import BOTH, CARBON, EAST, GREEN, OTHER_WEST, PLAIN, WEST
from chorok.ledger import publishing
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.roles import Role

PASSWORD = "right horse battery"
TODAY = date(2020, 11, 2)
OTHERS_MARK = "누리만의표지"
"""Stands in names, departments and descriptions of the second city only: never to be seen by the first."""


def make(folder: Path) -> Ledger:
    """Build the ledger: three years, two cities, green, not green and undetermined lines; the same every time."""
    ledger = Ledger.create(folder / "ledger", TODAY.isoformat())
    builders.register(ledger)
    chance = random.Random(2020)
    for city, mark in ((builders.CITY, ""), (builders.OTHER_CITY, OTHERS_MARK)):
        lines = [_line(number, city, mark, chance) for number in range(240)]
        file = builders.write_csv(folder / f"{city}.csv", lines)
        builders.take(ledger, file, source=f"koneps-{city}")
    return ledger


def _line(number: int, city: str, mark: str, chance: random.Random) -> dict[str, str]:
    places = (city, WEST, EAST) if city == builders.CITY else (city, OTHER_WEST)
    product = chance.choice((GREEN, BOTH, CARBON, PLAIN, None))
    return builders.keyed(
        number if city == builders.CITY else number + 10_000,
        day=f"{2018 + number % 3}-{1 + number % 9:02}-{1 + number % 27:02}",
        org=chance.choice(places),
        department=f"{mark}총무과{number % 3}",
        kind="물품",
        supplier=f"{mark}가온상사{number % 7}",
        supplier_no="",
        product=product,
        detail="9000000101" if product != PLAIN else None,
        name=f"{mark}회의용의자" if product else f"{mark}민원실 의자 {number % 5}",
        spec=f"CH-{number % 5}" if product is None else "",
        quantity=1 + number % 4,
        unit="개",
        amount=10_000 + 1_000 * (number % 90),
    )


def person(role: str, organisation: str, *, email: str | None = None, name: str | None = None) -> User:
    """Make somebody who holds one role; for a supplier the organisation is the business number."""
    known = User.objects.count()
    user = User.objects.create_user(
        email or f"{role}{known}@example.org", PASSWORD, name=name or f"{role} {organisation}"
    )
    supplier = role == Role.SUPPLIER
    Membership.objects.create(
        user=user,
        role=role,
        organisation="" if supplier else organisation,
        supplier_no=organisation if supplier else "",
        valid_from=date(2015, 1, 1),
    )
    return user


CHAIR_ITEM, NEAR_CHAIR, FAR_CHAIR = "9000000101", "80000021", "80000022"
"""The detailed item of chairs; a certified chair supplied to all places; a certified one that nobody offers."""


def stock(ledger: Ledger) -> None:
    """Put a market beside the registry and publish: two chairs that are certified today, one of them on offer."""
    certificates = [
        {"certificate_no": "T-21", "product_id": NEAR_CHAIR, "product_name": "초록의자", "model": "NC-21",
         "supplier_name": "가까운가구", "detail_code": CHAIR_ITEM, "valid_from": date(2020, 1, 1),
         "valid_until": date(2021, 12, 31)},
        {"certificate_no": "T-22", "product_id": FAR_CHAIR, "product_name": "멀리의자", "model": "FC-22",
         "supplier_name": "먼가구", "detail_code": CHAIR_ITEM, "valid_from": date(2020, 1, 1),
         "valid_until": date(2021, 6, 30)},
    ]  # fmt: skip
    offers = [
        {"product_id": NEAR_CHAIR, "product_name": "초록의자 NC-21", "detail_code": CHAIR_ITEM, "maker": "가까운가구",
         "unit": "개", "price": 95_000, "currency": "KRW", "supply_area": "전국", "minimum_order": None,
         "contract_from": date(2020, 1, 1), "contract_until": date(2021, 12, 31)},
    ]  # fmt: skip
    with ledger.writing():
        known = [*builders.CERTIFICATES, *certificates]
        replace_source(
            ledger.path, "certificates", builders.rows("certificates", [builders.certificate(**one) for one in known]),
            "test",
        )  # fmt: skip
        replace_source(ledger.path, "offers", builders.rows("offers", offers), "test")
        publishing.publish(ledger, "registry", "test")
