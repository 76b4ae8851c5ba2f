"""Screening through the interface: asked without a trace, kept, handed in, followed, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.api import counting
from chorok.site.api.models import IdempotentCall
from chorok.site.audit.models import Event
from chorok.site.screening import signing
from chorok.site.screening.models import Line, Request, Step
from screening_site import adopt
from site_world import CHAIR_ITEM, NEAR_CHAIR

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]

GREEN_CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 200_000}
OTHER_CHAIR = {"description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": "2", "unit": "개", "amount": 150_000}
PIPE = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000}
SAID = {**PIPE, "statement": "이 규격의 인증 제품이 없음"}


@pytest.fixture
def leader(market: Ledger, actor: Callable[..., Actor]) -> Actor:
    """The leader of the first city, which screens strictly."""
    return adopt(actor("leader", builders.CITY))


@pytest.fixture
def program(market: Ledger, caller: Call) -> Any:
    """A system that asks for a district of the first city."""
    return caller("purchaser", builders.WEST)


def question(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"organisation": builders.WEST, "lines": list(lines), **more}


def test_what_is_asked_leaves_no_trace(leader: Actor, program: Any) -> None:
    steps = Event.objects.count()
    answer = program.post("/screenings", question(GREEN_CHAIR, OTHER_CHAIR, PIPE, SAID))
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert [one["outcome"] for one in said["lines"]] == ["pass_green", "denied", "needs_statement", "needs_cosign"]
    assert [one["open"] for one in said["lines"]] == [False, True, True, True]
    assert (said["standing"], said["may_be_bought"], said["adopted"]) == ("denied", False, True)
    assert (said["id"], said["state"], said["version"]) == (None, None, None)
    assert said["policy"].startswith("strict")
    assert said["definition"].startswith("national")
    assert said["day"] == "2020-11-02"
    assert (Request.objects.count(), Line.objects.count(), Event.objects.count()) == (0, 0, steps)


def test_a_line_says_all_that_a_page_does(leader: Actor, program: Any) -> None:
    green, denied, said = program.post("/screenings", question(GREEN_CHAIR, OTHER_CHAIR, SAID)).json()["lines"]
    assert (green["certificates"], green["certified_until"]) == (["T-21"], "2021-12-31")
    best = denied["alternatives"][0]
    assert (best["product_id"], best["alternative"], best["price"], best["currency"]) == (
        NEAR_CHAIR, "sure", 95_000, "KRW",
    )  # fmt: skip
    assert denied["search"]["candidates"] >= 1
    assert denied["rule"] == "D8"
    assert said["cosigner"] == "environment_team_leader"
    assert said["cosigner_name"]
    assert all(one["message"] and "{" not in one["message"] for one in (*denied["reasons"], *said["needs"]))
    korean = program.post("/screenings", question(OTHER_CHAIR), headers={"Accept-Language": "ko"}).json()["lines"][0]
    assert korean["reasons"][0]["code"] == denied["reasons"][0]["code"]
    assert korean["reasons"][0]["message"] != denied["reasons"][0]["message"]


def test_as_many_alternatives_as_are_asked_for(leader: Actor, program: Any) -> None:
    for most in (0, 1):
        line = program.post("/screenings", question(OTHER_CHAIR, alternatives=most)).json()["lines"][0]
        assert len(line["alternatives"]) == most


def test_one_green_line_may_be_bought(leader: Actor, program: Any) -> None:
    said = program.post("/screenings", question(GREEN_CHAIR)).json()
    assert (said["standing"], said["may_be_bought"]) == ("passed", True)


def test_where_nothing_was_adopted_it_is_a_trial_and_cannot_be_handed_in(program: Any) -> None:
    assert program.post("/screenings", question(GREEN_CHAIR)).json()["adopted"] is False
    answer = program.post("/screenings", question(GREEN_CHAIR, title="의자", submit=True))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "screening_not_adopted")
    assert not Request.objects.exists()


def test_a_draft_is_kept_and_a_key_keeps_it_once(leader: Actor, program: Any) -> None:
    body = question(PIPE, title="배수관", document_no="전자-17", save=True)
    first, again = (program.post("/screenings", body, headers={"Idempotency-Key": "key-of-17"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    made = Request.objects.get()
    assert (made.state, made.document_no, made.requester_id) == ("draft", "전자-17", program.user.pk)
    assert first["Location"] == f"/api/v1/screenings/{made.pk}" == again["Location"]
    other = program.post("/screenings", {**body, "title": "다른 것"}, headers={"Idempotency-Key": "key-of-17"})
    assert other.json()["error"]["code"] == "key_reused"


def test_what_is_only_asked_needs_no_key_kept(leader: Actor, program: Any) -> None:
    program.post("/screenings", question(PIPE))
    assert not IdempotentCall.objects.exists()


def test_a_request_is_handed_in_followed_and_withdrawn(leader: Actor, program: Any) -> None:
    said = program.post("/screenings", question(SAID, title="배수관", submit=True)).json()
    assert (said["state"], said["may_be_bought"]) == ("awaiting", False)
    found = program.get(f"/screenings/{said['id']}").json()
    assert [step["verb"] for step in found["steps"]] == ["draft", "submit"]
    waits = found["heading"]["waits_for"]
    assert [(one["stage"], one["office"], one["place"]) for one in waits] == [
        ("cosign", "environment_team_leader", builders.CITY)
    ]
    signing.close(leader, pk=said["id"], version=1, how="cosigned", numbers=[1], office="environment_team_leader")
    found = program.get(f"/screenings/{said['id']}").json()["screening"]
    assert (found["state"], found["may_be_bought"], found["standing"]) == ("approved", True, "approved")
    assert (found["lines"][0]["open"], found["lines"][0]["closed"]["how"]) == (False, "cosigned")
    path = f"/screenings/{said['id']}/withdraw"
    late = program.post(path, {"version": 7})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "screening_moved_on")
    done = program.post(path, {"version": found["version"], "reason": "계획 변경"})
    assert (done.status_code, done.json()["state"]) == (200, "withdrawn")
    assert program.post(path, {"version": found["version"]}).status_code == 409


def test_names_of_people_are_not_told(leader: Actor, program: Any) -> None:
    said = program.post("/screenings", question(SAID, title="배수관", submit=True)).json()
    text = program.get(f"/screenings/{said['id']}").content.decode()
    assert program.user.name not in text
    assert program.user.email not in text


def test_requests_are_found_by_state_place_and_time(leader: Actor, program: Any) -> None:
    kept = [program.post("/screenings", question(one, title="물품", submit=True)).json()["id"]
            for one in (GREEN_CHAIR, OTHER_CHAIR)]  # fmt: skip

    def found(**query: Any) -> list[int]:
        answer = program.get("/screenings", **query)
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["items"]]

    assert found() == kept[::-1]
    assert found(state="rejected") == kept[1:]
    assert found(organisation=builders.WEST) == kept[::-1]
    now = timezone.now()
    Step.objects.filter(request_id=kept[0]).update(at=now - timedelta(days=2))
    assert found(changed_since=(now - timedelta(days=1)).isoformat()) == kept[1:]
    for wrong in ({"state": "gone"}, {"changed_since": "17"}, {"changed_since": "2020-01-01"}):
        assert program.get("/screenings", **wrong).status_code == 400
    assert program.get("/screenings", organisation=builders.OTHER_CITY).status_code == 404


def test_the_list_asks_little_however_long_it_is(
    leader: Actor, program: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        program.post("/screenings", question(GREEN_CHAIR, title="물품", save=True))
    with django_assert_max_num_queries(12):
        assert program.get("/screenings").json()["total"] == 4


def test_out_of_reach_is_as_if_it_were_not_there(leader: Actor, program: Any, caller: Call) -> None:
    kept = program.post("/screenings", question(SAID, title="배수관", submit=True)).json()["id"]
    stranger = caller("purchaser", builders.OTHER_CITY)
    for method, path, body in (
        ("GET", f"/screenings/{kept}", None),
        ("POST", f"/screenings/{kept}/withdraw", {"version": 1}),
        ("POST", "/screenings", question(GREEN_CHAIR)),
        ("POST", "/screenings", question(GREEN_CHAIR, title="의자", save=True)),
    ):
        answer = stranger(method, path, body)
        there = stranger(method, path.replace(str(kept), "987654"), body)
        assert answer.status_code == there.status_code == 404
        assert answer.json()["error"]["message"] == there.json()["error"]["message"]
    assert stranger.get("/screenings").json()["total"] == 0


def test_a_token_needs_the_scope(leader: Actor, caller: Call) -> None:
    seeing = caller("purchaser", builders.WEST, "screenings.see")
    assert seeing.get("/screenings").status_code == 200
    refused = seeing.post("/screenings", question(GREEN_CHAIR))
    assert (refused.status_code, refused.json()["error"]["params"]) == (403, {"right": "screenings.ask"})


@pytest.mark.parametrize(
    "body",
    [
        question(),
        question({}),
        question({"description": " "}),
        question({**PIPE, "colour": "green"}),
        question(PIPE, save=True),
        question({**PIPE, "quantity": -1}),
        question({**PIPE, "quantity": "0.00001"}),
        question({**PIPE, "amount": 10**16}),
        question({**PIPE, "needed_by": "2020-02-31"}),
        question({**PIPE, "description": "a\u0000b"}),
        question(PIPE, kind="gift"),
        question(PIPE, alternatives=13),
        question(*[PIPE] * 5_001),
    ],
    ids=lambda body: str(body)[-60:],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(leader: Actor, program: Any, body: dict[str, Any]) -> None:
    answer = program.post("/screenings", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "body_bad")
    assert not Request.objects.exists()


def test_lines_are_counted_apart_from_other_calls(leader: Actor, program: Any, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE, settings.API_SCREENINGS_A_MINUTE = 1, 5
    answers = [program.post("/screenings", question(*[GREEN_CHAIR] * count)) for count in (1, 3, 2)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Limit"] == "5"
    assert program.get("/screenings").status_code == 200
    assert program.get("/screenings").status_code == 429


def test_processes_tell_each_other_how_often_somebody_called(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    counts = []
    for turn in range(1_200):
        monkeypatch.setattr(counting, "_counts", (one, other)[turn % 2])
        counts.append(counting.count("somebody", 1_000))
    first = next(turn for turn, count in enumerate(counts, 1) if count > 1_000)
    assert 1_000 < first <= 1_000 + 2 * 1_000 // counting.SHARES


def test_the_cache_is_asked_once_in_a_while(
    leader: Actor, program: Any, settings: Any, django_assert_max_num_queries: Any
) -> None:
    program.post("/screenings", question(GREEN_CHAIR))
    with django_assert_max_num_queries(7):
        assert program.post("/screenings", question(GREEN_CHAIR)).status_code == 200


def test_5000_lines_are_answered_at_once(leader: Actor, program: Any) -> None:
    answer = program.post("/screenings", question(*[OTHER_CHAIR, GREEN_CHAIR] * 2_500, alternatives=1))
    assert answer.status_code == 200, answer.content[:500]
    assert [one["line"] for one in answer.json()["lines"]] == list(range(1, 5_001))
