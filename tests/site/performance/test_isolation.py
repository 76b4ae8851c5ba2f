"""What passes between cities: released figures, and nothing else (rules 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from builders import CITY, OTHER_CITY, OTHER_WEST, WEST
from chorok.core import periods
from chorok.core.errors import UsageError
from chorok.core.money import percent, written
from chorok.ledger import drilldown, figures
from chorok.ledger.drilldown import Wanted
from chorok.ledger.figures import Question
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site_ledgers
from chorok.site.performance import services
from chorok.site.performance.models import Release
from site_world import OTHERS_MARK

SignIn = Callable[..., Client]
Act = Callable[..., Actor]
NET = "T-NET"


def pages(organisation: str | None) -> Iterator[str]:
    """Yield the addresses of all pages and files of this app about an organisation."""
    query = f"?organisation={organisation}&period=2018..2020" if organisation else "?period=2018..2020"
    for name in ("dashboard", "items", "potential", "compare", "quality", "figure", "lines"):
        yield reverse(f"performance:{name}") + query
    yield reverse("performance:potential") + query + "&lines=biggest"
    for level in ("district", "organisation", "department"):
        yield reverse("performance:dashboard") + f"{query}&level={level}"
    for table in ("trend", "targets", "items", "below", "potential", "quality", "missing", "rejects", "compare"):
        yield reverse("performance:download", args=[table, "csv"]) + query
    for form in ("csv", "xlsx"):
        yield reverse("performance:download_lines", args=[form]) + query


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("role", ["officer", "head", "accounting", "purchaser"])
def test_nothing_of_another_city_is_ever_shown(read_ledger: Ledger, signed_in: SignIn, role: str) -> None:
    client = signed_in(role, CITY)
    for address in pages(None):
        answer = client.get(address)
        assert answer.status_code in (200, 403, 404), address
        assert OTHERS_MARK.encode() not in body_of(answer), address


@pytest.mark.parametrize("organisation", [OTHER_CITY, OTHER_WEST, NET, "NOWHERE"])
def test_what_is_out_of_reach_looks_like_what_does_not_exist(
    read_ledger: Ledger, signed_in: SignIn, organisation: str
) -> None:
    client = signed_in("officer", CITY)
    for address in pages(organisation):
        assert client.get(address).status_code == 404, address


def test_a_district_sees_neither_its_city_nor_the_districts_beside_it(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("district_officer", WEST)
    assert client.get(reverse("performance:dashboard")).context["scope"].organisation == WEST
    for other in (CITY, "T-2602"):
        assert client.get(reverse("performance:dashboard"), {"organisation": other}).status_code == 404
    assert client.get(reverse("performance:compare"), {"organisation_2": CITY}).status_code == 404


def _others_line() -> int:
    wanted = Wanted(organisation=OTHER_CITY)
    return int(drilldown.lines(site_ledgers.published(), wanted, 1).rows[0]["line_id"])


def test_a_line_of_another_city_is_not_found_by_its_number(read_ledger: Ledger, signed_in: SignIn) -> None:
    number = _others_line()
    address = reverse("performance:line", args=[number])
    assert signed_in("officer", OTHER_CITY).get(address).status_code == 200
    for role, place in (("officer", CITY), ("district_officer", WEST), ("auditor", CITY)):
        assert signed_in(role, place).get(address).status_code == 404
    assert signed_in("officer", CITY).get(reverse("performance:line", args=[123])).status_code == 404


@pytest.mark.parametrize("role", ["officer", "head", "accounting", "district_officer"])
def test_a_role_at_a_network_opens_no_city(read_ledger: Ledger, signed_in: SignIn, role: str) -> None:
    client = signed_in(role, NET)
    for place in (None, CITY, OTHER_CITY, NET):
        for address in pages(place):
            assert client.get(address).status_code in (403, 404), address
    assert client.get(reverse("performance:line", args=[_others_line()])).status_code in (403, 404)


def _share(city: str) -> figures.Amounts:
    question = Question((), organisation=city, period=periods.parse("2019"))
    return figures.summary(site_ledgers.published(), question).figures[0].amounts


def test_the_coordinator_sees_what_was_released_and_no_more(read_ledger: Ledger, signed_in: SignIn, actor: Act) -> None:
    coordinator = signed_in("coordinator", NET)
    address = reverse("performance:network") + "?year=2019"
    ours, theirs = (_share(city).share() for city in (CITY, OTHER_CITY))
    before = coordinator.get(address).content.decode()
    assert written(ours.denominator) not in before
    assert "비공개" in before
    made = services.release(actor("leader", CITY), city=CITY, year=2019, level="city")
    after = coordinator.get(address).content.decode()
    assert written(ours.denominator) in after
    assert f"{percent(ours.value)}" in after
    assert written(theirs.denominator) not in after
    assert "의자" not in after  # the city as a whole was released, not its item groups
    assert OTHERS_MARK not in after
    services.revoke(actor("leader", CITY), release_id=made.pk)
    assert written(ours.denominator) not in coordinator.get(address).content.decode()
    assert (
        written(ours.denominator)
        not in coordinator.get(reverse("performance:download_network", args=["network", "csv"])).getvalue().decode()
    )


def test_item_groups_pass_only_when_they_were_released(read_ledger: Ledger, signed_in: SignIn, actor: Act) -> None:
    services.release(actor("leader", CITY), city=CITY, year=2019, level="item")
    shown = signed_in("coordinator", NET).get(reverse("performance:network"), {"year": "2019"}).content.decode()
    assert "의자" in shown


def test_members_see_what_others_released(read_ledger: Ledger, signed_in: SignIn, actor: Act) -> None:
    services.release(actor("leader", OTHER_CITY), city=OTHER_CITY, year=2019, level="city")
    shown = signed_in("officer", CITY).get(reverse("performance:network"), {"year": "2019"}).content.decode()
    assert written(_share(OTHER_CITY).share().denominator) in shown
    assert OTHERS_MARK not in shown


def test_a_release_stays_as_it_was_until_the_next(read_ledger: Ledger, actor: Act) -> None:
    leader = actor("leader", CITY)
    first = services.release(leader, city=CITY, year=2019, level="city")
    second = services.release(leader, city=CITY, year=2019, level="item")
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert list(Release.objects.filter(revoked_at=None)) == [second]
    actions = list(Event.objects.filter(organisation=CITY).values_list("action", flat=True))
    assert actions == ["figures.released", "figures.released"]


@pytest.mark.parametrize(("role", "place"), [("leader", OTHER_CITY), ("leader", NET), ("coordinator", NET)])
def test_nobody_releases_figures_of_another_city(read_ledger: Ledger, actor: Act, role: str, place: str) -> None:
    with pytest.raises(Http404):
        services.release(actor(role, place), city=CITY, year=2019, level="city")
    made = services.release(actor("leader", CITY), city=CITY, year=2019, level="city")
    with pytest.raises(Http404):
        services.revoke(actor(role, place), release_id=made.pk)


def test_there_must_be_something_to_release(read_ledger: Ledger, actor: Act) -> None:
    leader = actor("leader", CITY)
    with pytest.raises(UsageError, match="release_nothing"):
        services.release(leader, city=CITY, year=2001, level="city")
    with pytest.raises(UsageError, match="release_level_unknown"):
        services.release(leader, city=CITY, year=2019, level="lines")
    with pytest.raises(Http404):
        services.release(leader, city=WEST, year=2019, level="city")
    assert not Release.objects.exists()


def test_the_page_of_releases_asks_before_it_revokes(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("leader", CITY)
    sent = client.post(reverse("performance:releases"), {"city": CITY, "year": "2019", "level": "city"}, follow=True)
    assert "공개했습니다" in sent.content.decode()
    made = Release.objects.get()
    address = reverse("performance:revoke", args=[made.pk])
    assert "취소하시겠습니까" in client.get(address).content.decode()
    assert Release.objects.filter(revoked_at=None).exists()
    assert client.post(address).status_code == 302
    assert not Release.objects.filter(revoked_at=None).exists()
    assert client.post(address).status_code == 404
    assert (
        client.post(reverse("performance:releases"), {"city": OTHER_CITY, "year": "2019", "level": "city"}).status_code
        == 200
    )
    assert not Release.objects.filter(city=OTHER_CITY).exists()
