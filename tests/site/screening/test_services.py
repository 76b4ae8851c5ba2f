"""A request from need to co-sign, and what must not happen on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404

import builders
from chorok.core.errors import UsageError
from chorok.ledger import publishing
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.services import verify
from chorok.site.config import ledger as site_ledgers
from chorok.site.notices.models import Notice
from chorok.site.screening import selectors, services, signing
from chorok.site.screening.models import Request
from chorok.site.screening.writing import Header, Wanted
from site_world import CHAIR_ITEM, NEAR_CHAIR

Ask = Callable[..., Request]
Adopt = Callable[..., Actor]
LEADER = "environment_team_leader"
GREEN_CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 200_000}
OTHER_CHAIR = {"description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": 2, "unit": "개", "amount": 150_000}
PIPE = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000}
SAID = {**PIPE, "statement": "이 규격의 인증 제품이 없음"}


def test_a_green_product_passes_at_once(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    adopted()
    one = asked(GREEN_CHAIR)
    assert one.state == "draft"
    assert one.lines.get().outcome == "pass_green"
    assert services.submit(purchaser, pk=one.pk, version=1).state == "passed"
    assert [step.verb for step in one.steps.all()] == ["draft", "submit"]


def test_what_was_not_adopted_cannot_be_handed_in(asked: Ask, purchaser: Actor) -> None:
    one = asked(GREEN_CHAIR)
    with pytest.raises(UsageError, match="screening_not_adopted"):
        services.submit(purchaser, pk=one.pk, version=1)


def test_requests_of_another_city_are_not_there(adopted: Adopt, asked: Ask, actor: Callable[..., Actor]) -> None:
    adopted()
    one = asked(GREEN_CHAIR)
    stranger = actor("leader", builders.OTHER_CITY)
    with pytest.raises(Http404):
        selectors.request(stranger, one.pk)
    with pytest.raises(Http404):
        signing.send_back(stranger, pk=one.pk, version=1, reason="x", office=LEADER)


def test_where_a_green_product_is_on_offer_the_request_is_denied_and_one_click_mends_it(
    adopted: Adopt, asked: Ask, purchaser: Actor
) -> None:
    adopted()
    one = services.submit(purchaser, pk=asked(OTHER_CHAIR).pk, version=1)
    assert one.state == "rejected"
    best = one.lines.get().alternatives[0]
    assert (best["product_id"], best["alternative"], best["price"]) == (NEAR_CHAIR, "sure", 95_000)
    swapped = services.swap(purchaser, pk=one.pk, version=one.version, number=1, alternative=0)
    line = swapped.lines.get()
    assert (line.product_id, line.amount, line.outcome) == (NEAR_CHAIR, 190_000, "pass_green")
    assert line.swapped_from["description"] == "회의용의자"
    assert services.submit(purchaser, pk=one.pk, version=swapped.version).state == "passed"


def test_where_there_is_none_a_statement_and_the_leaders_cosign_are_needed(
    adopted: Adopt, asked: Ask, purchaser: Actor
) -> None:
    leader = adopted()
    one = asked(PIPE)
    assert services.submit(purchaser, pk=one.pk, version=1).state == "returned"
    line = one.lines.get()
    said = services.edit(
        purchaser, pk=one.pk, version=1, header=services.header_of(one),
        lines=[Wanted({"statement": "이 규격의 인증 제품이 없음"}, line.pk)],
    )  # fmt: skip
    waits = services.submit(purchaser, pk=one.pk, version=said.version)
    assert waits.state == "awaiting"
    assert [found.request_id for found in selectors.inbox(leader)] == [one.pk]
    assert not selectors.inbox(purchaser)
    done = signing.close(leader, pk=one.pk, version=2, how="cosigned", numbers=[1], office=LEADER)
    assert done.state == "approved"
    assert not selectors.inbox(leader)
    assert [one.code for one in Notice.objects.filter(user_id=purchaser.user_id)] == ["site.screening.notice.approved"]
    assert verify() == []


def test_who_signs_what_was_changed_meanwhile_is_told(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    leader = adopted()
    one = services.submit(purchaser, pk=asked(SAID).pk, version=1)
    assert one.state == "awaiting"
    services.edit(
        purchaser, pk=one.pk, version=1, header=services.header_of(one),
        lines=[Wanted({"quantity": 300}, one.lines.get().pk)],
    )  # fmt: skip
    with pytest.raises(UsageError, match="screening_moved_on"):
        signing.close(leader, pk=one.pk, version=1, how="cosigned", numbers=[1], office=LEADER)


def test_an_emptied_registry_is_found_out_before_anything_is_signed(
    adopted: Adopt, asked: Ask, purchaser: Actor, market: Ledger, settings: Any, tmp_path: Path
) -> None:
    leader = adopted()
    one = services.submit(purchaser, pk=asked(SAID).pk, version=1)
    empty = builders.copy(market.path, tmp_path / "빈 원장")
    with empty.writing():
        replace_source(empty.path, "certificates", builders.rows("certificates", []), "test")
        publishing.publish(empty, "registry", "test")
    settings.LEDGER = empty.path
    site_ledgers.forget()
    with pytest.raises(UsageError, match="screening_moved_on"):
        signing.close(leader, pk=one.pk, version=1, how="cosigned", numbers=[1], office=LEADER)
    one.refresh_from_db()
    assert (one.state, one.version, one.lines.get().outcome) == ("returned", 2, "cannot_tell")


def test_nobody_signs_their_own_request_not_even_for_somebody_else(adopted: Adopt, actor: Callable[..., Actor]) -> None:
    leader = adopted()
    one = services.draft(leader, organisation=builders.CITY, header=Header("배수관"), lines=[Wanted(SAID)])
    services.submit(leader, pk=one.pk, version=1)
    with pytest.raises(UsageError, match="screening_twice"):
        signing.close(leader, pk=one.pk, version=1, how="cosigned", numbers=[1], office=LEADER)
    second = actor("leader", builders.CITY)
    assert [found.pk for found in selectors.inbox(second)]
    assert signing.close(second, pk=one.pk, version=1, how="cosigned", numbers=[1], office=LEADER).state == "approved"


def test_passing_lines_are_split_off(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    adopted()
    one = services.submit(purchaser, pk=asked(OTHER_CHAIR, GREEN_CHAIR, PIPE).pk, version=1)
    passed, rest = services.split(purchaser, pk=one.pk, version=one.version)
    assert (passed.state, rest.state) == ("passed", "rejected")
    assert [line.description for line in passed.lines.all()] == ["초록의자"]
    assert [(line.number, line.description) for line in rest.lines.all()] == [(1, "회의용의자"), (2, "배수관")]
    assert (passed.amount, rest.amount) == (200_000, 180_000)


def test_an_override_is_off_unless_the_policy_has_one_and_ends_in_a_state_of_its_own(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    adopted()
    deputy = actor("deputy_head", builders.CITY)
    plain = services.submit(purchaser, pk=asked(OTHER_CHAIR).pk, version=1)
    wish: dict[str, Any] = {
        "how": "overridden",
        "numbers": [1],
        "reason": "재난 복구용으로 급함",
        "office": "deputy_head",
    }
    with pytest.raises(UsageError, match="override_off"):
        signing.close(deputy, pk=plain.pk, version=1, **wish)
    adopted(override=True)
    other = services.submit(purchaser, pk=asked(OTHER_CHAIR).pk, version=1)
    assert signing.close(deputy, pk=other.pk, version=1, **wish).state == "overridden"
