"""The main navigation: which rooms there are, and which of them who asks may enter."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from chorok.site.config.language import say

ROOMS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    # room (`site.nav.room.<room>`), its pages: (name in the catalogue `site.nav.<name>`, route, right)
    ("home", (("home", "home", "home.see"),)),
    ("performance", (("dashboard", "performance:dashboard", "performance.see"),)),
    (
        "purchases",
        (
            ("imports", "purchases:list", "purchases.see"),
            ("mappings", "purchases:mappings", "purchases.see"),
            ("reviews", "reviews:index", "reviews.see"),
        ),
    ),
    (
        "screening",
        (
            ("screening_ask", "screening:ask", "screenings.ask"),
            ("screening_mine", "screening:mine", "screenings.ask"),
            ("inbox", "screening:inbox", "screenings.sign"),
            ("frameworks", "screening:frameworks", "screenings.see"),
            ("assessments", "assessments:list", "assessments.see"),
            ("open_points", "assessments:points", "assessments.see"),
            ("fulfilment", "fulfilment:index", "screenings.see"),
            ("rollout", "screening:rollout", "screenings.report"),
            ("policies", "screening:policies", "screenings.policy"),
        ),
    ),
    (
        "goals",
        (
            ("targets", "goals:targets", "goals.see"),
            ("core_items", "goals:core_items", "goals.see"),
            ("plans", "goals:plans", "goals.see"),
            ("scorecard", "goals:scorecard", "performance.see"),
            ("forecast", "goals:forecast", "performance.see"),
            ("replay", "goals:replay", "performance.see"),
            ("closing", "periods:index", "periods.see"),
            ("calendar", "periods:calendar", "periods.see"),
        ),
    ),
    (
        "registry",
        (
            ("products", "registry:search", "registry.see"),
            ("groups", "registry:groups", "registry.see"),
            ("definitions", "registry:definitions", "registry.see"),
            ("labels", "registry:labels", "registry.see"),
            ("lists", "registry:lists", "registry.change"),
            ("versions", "registry:versions", "registry.see"),
        ),
    ),
    (
        "network",
        (
            ("compared", "performance:network", "network.see"),
            ("releases", "performance:releases", "figures.release"),
            ("organisations", "organisations:index", "organisations.see"),
        ),
    ),
    (
        "manage",
        (
            ("people", "accounts:people", "accounts.manage"),
            ("invitations", "accounts:invitations", "accounts.manage"),
            ("webhooks", "webhooks:list", "webhooks.manage"),
            ("audit", "audit:index", "audit.see"),
            ("jobs", "jobs:list", "jobs.see"),
        ),
    ),
    (
        "me",
        (
            ("profile", "accounts:profile", "home.see"),
            ("rights", "accounts:rights", "home.see"),
            ("delegations", "accounts:delegations", "delegations.give"),
            ("tokens", "accounts:tokens", "tokens.own"),
            ("api", "api:reference", "tokens.own"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the rooms with the pages that who asks may see, in the request's language."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return []
    rooms = []
    for code, pages in ROOMS:
        items = [_page(request, *page) for page in pages if actor.may(page[2])]
        shown = [item for item in items if item]
        if shown:
            label = say(f"site.nav.room.{code}")
            rooms.append({"code": code, "label": label, "url": shown[0]["url"], "current": False, "items": shown})
    if fitting := [(len(item["url"]), room) for room in rooms for item in room["items"] if _leads_to(item, request)]:
        max(fitting, key=lambda pair: pair[0])[1]["current"] = True
    return rooms


def _leads_to(item: dict[str, Any], request: HttpRequest) -> bool:
    """Tell whether the page that is shown is this one or stands below it; nothing stands below the start page."""
    return bool(item["current"]) or (item["url"] != "/" and request.path.startswith(item["url"]))


def _page(request: HttpRequest, name: str, route: str, _right: str) -> dict[str, Any] | None:
    try:
        url = reverse(route)
    except NoReverseMatch:
        return None
    return {"code": name, "label": say(f"site.nav.{name}"), "url": url, "current": request.path == url}
