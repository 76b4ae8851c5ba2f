"""The leader's inbox: what waits, one press each, and in bulk where the case is the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import builders
from chorok.core.errors import UsageError
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config.waiting import waiting
from chorok.site.screening import bulk, selectors, services
from chorok.site.screening.acts import Pressed
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Request, Waiting
from chorok.site.screening.turns import same_case, turns
from chorok.site.screening.writing import Wanted

from .test_request import of, submitted
from .test_services import LEADER, SAID, Adopt, Ask

INBOX = "/screening/inbox/"


@pytest.fixture
def three(adopted: Adopt, asked: Ask, purchaser: Actor) -> tuple[Actor, list[Request]]:
    """Three requests of one case, and their leader."""
    leader = adopted()
    return leader, [submitted(purchaser, asked(SAID, title=f"배수관 {number}")) for number in range(3)]


def same(leader: Actor, one: Request) -> str:
    found = turns(leader, one, case_of(one))[0]
    return same_case(one, [line for line in one.lines.all() if line.number in found.numbers], found.stage)


def wish(verb: Any = "cosigned", reason: str = "") -> Pressed:
    return Pressed(version=1, verb=verb, office=LEADER, stage="cosign", reason=reason)


def shown(client: Client, **query: str) -> str:
    return client.get(INBOX, query).content.decode()


def test_what_is_overdue_comes_first_with_its_evidence(three: tuple[Actor, list[Request]]) -> None:
    leader, requests = three
    Waiting.objects.filter(request=requests[2]).update(due_on=leader.today - timedelta(days=4))
    page = shown(of(leader.user_id))
    assert "기한 4일 지남" in page
    cards = page[page.index('class="inbox"') :]
    assert cards.index("배수관 2") < cards.index("배수관 0") < cards.index("배수관 1")
    assert "이 규격의 인증 제품이 없음" in page
    assert 'value="cosigned"' in page


def test_it_is_narrowed_and_sorted_and_says_when_nothing_is_there(three: tuple[Actor, list[Request]]) -> None:
    leader, _ = three
    client = of(leader.user_id)
    assert "배수관 1" in shown(client, q="관 1")
    assert "배수관 2" not in shown(client, q="관 1")
    assert "조건에 맞는 건이 없습니다" in shown(client, stage="accounting_check")
    assert "조건에 맞는 건이 없습니다" in shown(client, organisation="T-30")
    assert "배수관 1" in shown(client, organisation=builders.WEST, sort="amount")


def test_an_empty_inbox_says_so(adopted: Adopt) -> None:
    leader = adopted()
    assert "기다리는 구매심사가 없습니다" in shown(of(leader.user_id))


def test_one_press_signs_and_comes_back(three: tuple[Actor, list[Request]]) -> None:
    leader, requests = three
    sent = {"version": 1, "office": LEADER, "stage": "cosign", "numbers": [1], "verb": "cosigned", "next": INBOX}
    answer = of(leader.user_id).post(f"/screening/{requests[0].pk}/act/", sent)
    assert (answer.status_code, answer["Location"]) == (302, INBOX)
    away = {**sent, "next": "https://elsewhere.example/"}
    answer = of(leader.user_id).post(f"/screening/{requests[1].pk}/act/", away)
    assert answer["Location"] == f"/screening/{requests[1].pk}/"


def test_the_same_case_is_signed_in_bulk_each_with_its_own_step_and_event(three: tuple[Actor, list[Request]]) -> None:
    leader, requests = three
    client = of(leader.user_id)
    assert "같은 사안 3건" in shown(client)
    before = Event.objects.count()
    sent = {
        "version": 1, "office": LEADER, "stage": "cosign", "verb": "cosigned", "same": same(leader, requests[0]),
        "pick": [f"{one.pk}:1" for one in requests[:2]], "reason": "모두 확인함",
    }  # fmt: skip
    assert client.post(reverse("screening:bulk"), sent).status_code == 302
    assert [Request.objects.get(pk=one.pk).state for one in requests] == ["approved", "approved", "awaiting"]
    steps = [one.steps.last() for one in requests[:2]]
    assert [(step.verb, step.remark) for step in steps if step] == [("cosigned", "모두 확인함")] * 2
    assert Event.objects.count() == before + 2


def test_what_changed_since_is_left_out_and_named_and_stops_nothing(
    three: tuple[Actor, list[Request]], purchaser: Actor, adopted: Adopt
) -> None:
    leader, requests = three
    key = same(leader, requests[0])
    changed = requests[0]
    line = changed.lines.get()
    services.edit(
        purchaser, pk=changed.pk, version=1, header=services.header_of(changed),
        lines=[Wanted({"statement": "다른 까닭"}, line.pk)],
    )  # fmt: skip
    services.submit(purchaser, pk=changed.pk, version=2)
    result = bulk.act(leader, pairs=[(one.pk, 1) for one in requests] + [(987_654, 1)], same=key, wish=wish())
    assert [one.pk for one in result.done] == [one.pk for one in requests[1:]]
    assert [(one.pk, one.error.code) for one in result.left] == [
        (changed.pk, "screening_moved_on"), (987_654, "screening_gone"),
    ]  # fmt: skip
    sent = {
        "version": 1, "office": LEADER, "stage": "cosign", "verb": "cosigned", "same": key,
        "pick": [f"{changed.pk}:1"], "reason": "모두 확인함",
    }  # fmt: skip
    answer = of(leader.user_id).post(reverse("screening:bulk"), sent)
    assert answer.status_code == 409
    assert "요청이 바뀌었습니다" in answer.content.decode()
    assert f"/screening/{changed.pk}/?seen=1" in answer.content.decode()  # there it is told what changed


def test_another_case_is_left_out_even_when_it_is_named(
    three: tuple[Actor, list[Request]], asked: Ask, purchaser: Actor
) -> None:
    leader, requests = three
    with_paper = submitted(purchaser, asked({**SAID, "evidence": "조달청 검색 결과"}))
    assert same(leader, with_paper) != same(leader, requests[0])
    result = bulk.act(leader, pairs=[(with_paper.pk, 1)], same=same(leader, requests[0]), wish=wish())
    assert [one.error.code for one in result.left] == ["screening_other_case"]


def test_what_cannot_be_taken_back_is_not_done_in_bulk(three: tuple[Actor, list[Request]]) -> None:
    leader, requests = three
    with pytest.raises(UsageError, match="screening_bulk_verb"):
        bulk.act(leader, pairs=[(requests[0].pk, 1)], same="", wish=wish("overridden"))
    with pytest.raises(UsageError, match="screening_bulk_none"):
        bulk.act(leader, pairs=[], same="", wish=wish())
    empty = {"version": 1, "office": LEADER, "stage": "cosign", "verb": "cosigned", "same": "x"}
    assert of(leader.user_id).post(reverse("screening:bulk"), empty).status_code == 409
    assert of(leader.user_id).post(reverse("screening:bulk"), {**empty, "pick": "x:y"}).status_code == 409


def test_a_refusal_in_bulk_needs_a_reason_for_each(three: tuple[Actor, list[Request]]) -> None:
    leader, requests = three
    pairs, key = [(one.pk, 1) for one in requests], same(leader, requests[0])
    assert [one.error.code for one in bulk.act(leader, pairs=pairs, same=key, wish=wish("refused")).left] == [
        "screening_reason"
    ] * 3
    back = bulk.act(leader, pairs=pairs, same=key, wish=wish("send_back", "증빙을 붙이십시오"))
    assert {one.state for one in back.done} == {"returned"}


def test_the_start_page_says_how_much_waits(three: tuple[Actor, list[Request]], purchaser: Actor) -> None:
    leader, requests = three
    said = [one for one in waiting(leader) if one.url == INBOX]
    assert len(said) == 1
    assert "3건" in said[0].text
    assert not said[0].first
    Waiting.objects.filter(request=requests[0]).update(due_on=leader.today - timedelta(days=1))
    assert [one.first for one in waiting(leader) if one.url == INBOX] == [True]
    assert not [one for one in waiting(purchaser) if one.url == INBOX]


def test_what_one_acted_on_in_another_office_is_not_in_ones_inbox(
    adopted: Adopt, asked: Ask, purchaser: Actor, actor: Callable[..., Actor]
) -> None:
    adopted("seoul")
    from chorok.site.accounts.models import Membership
    from chorok.site.accounts.rights import actor_of
    from chorok.site.screening import signing

    both = actor("accounting", builders.CITY)
    Membership.objects.create(
        user_id=both.person, role="officer", organisation=builders.CITY, valid_from=both.today - timedelta(days=9)
    )
    both = actor_of(both.user_id, both.today, both.tree)
    other = actor("officer", builders.CITY)
    one = submitted(purchaser, asked(SAID))
    assert [found.stage for found in selectors.inbox(both)] == ["accounting_check"]
    signing.check(both, pk=one.pk, version=1, stage="accounting_check", numbers=[1])
    assert not selectors.inbox(both)
    assert [found.stage for found in selectors.inbox(other)] == ["officer_review"]


def test_a_long_list_asks_the_database_a_bounded_number_of_times(
    adopted: Adopt, asked: Ask, purchaser: Actor, django_assert_max_num_queries: Any
) -> None:
    leader = adopted()
    for number in range(22):
        submitted(purchaser, asked(SAID, title=f"배수관 {number}"))
    client = of(leader.user_id)
    with django_assert_max_num_queries(90):
        page = shown(client)
    assert "같은 사안 20건" in page
    assert "배수관 21" in shown(client, page="2")
