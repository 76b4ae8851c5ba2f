"""A leader signs from the inbox, by keyboard on a phone: one request with a reason, two in bulk."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import builders
import site_world
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.config import ledger as site_ledgers
from chorok.site.screening import services
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from screening_site import adopt


def asked(purchaser: Actor, title: str) -> Request:
    pipe = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000,
            "statement": "이 규격의 인증 제품이 없음"}  # fmt: skip
    one = services.draft(purchaser, organisation=builders.WEST, header=Header(title), lines=[Wanted(pipe)])
    return services.submit(purchaser, pk=one.pk, version=1)


def test_a_leader_signs_one_and_then_the_rest_at_once(
    site_ledger: Ledger, sign_in: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    site_world.stock(site_ledger)
    site_ledgers.forget()
    today, tree = site_ledgers.ledger().today, site_ledgers.tree()
    adopt(actor_of(site_world.person("leader", builders.CITY).pk, today, tree))
    purchaser = actor_of(site_world.person("purchaser", builders.WEST).pk, today, tree)
    first, *others = [asked(purchaser, f"배수관 {number}") for number in range(3)]
    page = sign_in("leader", builders.CITY)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/screening/inbox/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    card = page.locator("article.card", has_text=first.title)
    quick = card.locator(".quick-reasons")
    quick.locator("summary").press("Enter")
    quick.locator("button").first.press("Enter")
    expect(card.locator("textarea")).not_to_have_value("")
    approve = card.locator("button[value=cosigned]")
    assert (approve.bounding_box() or {"height": 0})["height"] >= 44
    approve.press("Enter")
    expect(page.locator("article.card")).to_have_count(2)
    group = page.locator("details", has=page.locator("form[action$='bulk/']"))
    group.locator("summary").first.press("Enter")
    group.locator("> .fold-body button[value=cosigned], form > .form-actions button[value=cosigned]").first.press(
        "Enter"
    )
    expect(page.locator("article.card")).to_have_count(0)
    assert {Request.objects.get(pk=one.pk).state for one in (first, *others)} == {"approved"}
    page.goto(f"/screening/{first.pk}/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
