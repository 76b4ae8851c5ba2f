"""Policies are compared, previewed, adopted, tuned and ended; the roll-out says who screens and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

import builders
from chorok.core.errors import UsageError
from chorok.core.screening import policy as policies
from chorok.core.screening.situations import FIELDS, changed, outcomes
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.screening import adopting, adoptions, rollout, services
from chorok.site.screening.models import Adoption
from chorok.site.screening.writing import Header, Wanted

SignedIn = Callable[..., Client]
FORM = {"organisation": builders.WEST, "base": "strict", "since": "2020-11-02", "definition": "national",
        "due_days": "3", "understood": "on"}  # fmt: skip
PIPE = {
    "description": "배수관",
    "class_code": "90000002",
    "quantity": 3,
    "unit": "개",
    "amount": 30_000,
    "statement": "없음",
}
CHAIR = {"description": "회의용의자", "detail_code": "9000000101", "quantity": 2, "unit": "개", "amount": 150_000}


@pytest.fixture
def leader(market: Ledger, signed_in: SignedIn) -> Client:
    """The leader of the first city, signed in."""
    return signed_in("leader", builders.CITY)


def test_the_policies_stand_side_by_side_and_strict_says_what_it_refuses(leader: Client, signed_in: SignedIn) -> None:
    page = leader.get("/screening/policies/").content.decode()
    assert "엄격" in page
    assert "예외사유 ②③④⑤를 받아들이지 않습니다" in page
    assert signed_in("officer", builders.CITY).get("/screening/policies/").status_code == 403


def test_strict_is_adopted_only_by_who_ticked_what_it_refuses_and_saw_the_preview(leader: Client) -> None:
    unread = {name: value for name, value in FORM.items() if name != "understood"}
    refused = leader.post("/screening/policies/adopt/", {**unread, "step": "adopt"})
    assert refused.status_code == 400
    assert not Adoption.objects.exists()
    preview = leader.post("/screening/policies/adopt/", {**FORM, "step": "preview"})
    assert preview.status_code == 200
    assert not Adoption.objects.exists()
    assert "2019년 구매를 이 방침으로 심사했다면" in preview.content.decode()
    leader.post("/screening/policies/adopt/", {**FORM, "step": "adopt"})
    one = Adoption.objects.get()
    assert adoptions.of(one).policy == policies.preset("strict")
    assert (one.organisation, one.since) == (builders.WEST, date(2020, 11, 2))


def test_what_was_tuned_is_a_version_of_its_own_and_the_history_says_what_changed(leader: Client) -> None:
    leader.post("/screening/policies/adopt/", {**FORM, "step": "adopt"})
    tuned = {
        **FORM, "since": "2020-12-01", "override": "deputy_head", "least_reason": "20", "small_all": "500000",
        "tier_role__1": "environment_team_leader", "tier_up_to__1": "10000000",
        "tier_role__2": "environment_division_head",
        "share_item__1": builders.PIPE, "share_least__1": "40", "quantity_more": "5", "approval_days": "60",
        "small_item__1": builders.CHAIR, "small_below__1": "100000",
    }  # fmt: skip
    assert leader.post("/screening/policies/adopt/", {**tuned, "step": "adopt"}).status_code == 302
    before, one = Adoption.objects.order_by("pk")
    policy = adoptions.of(one).policy
    assert before.until == one.since
    assert policy.version != before.version
    assert policy.override == policies.Override("deputy_head", 20)
    assert policy.cosigner(20_000_000, "KRW") == "environment_division_head"
    assert (policy.threshold(builders.CHAIR), policy.threshold(builders.PIPE)) == (100_000, 500_000)
    assert (policy.proportion(builders.PIPE), policy.approval_days, policy.quantity_more) == (40, 60, 5)
    said = set(changed(adoptions.of(before).policy, policy))
    assert said == {"tiers", "small_amounts", "approval_days", "quantity_more", "proportions", "override"}
    page = leader.get(f"/screening/policies/{one.pk}/").content.decode()
    assert "부단체장" in page
    assert "예외 승인" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"since": "2020-11-01"}, "이후의 날짜"),
        ({"due_days": "0"}, ""),
        ({"organisation": builders.OTHER_CITY}, ""),
        ({"base": "none"}, ""),
        ({"definition": "none"}, ""),
        ({"tier_role__1": "deputy_head", "tier_up_to__1": "5"}, "up_to"),
        ({"small_all": "-1"}, ""),
        ({"share_item__1": builders.PIPE, "share_least__1": "101"}, ""),
    ],
)
def test_what_cannot_be_adopted_is_refused_and_nothing_is_lost(
    leader: Client, wrong: dict[str, str], says: str
) -> None:
    found = leader.post("/screening/policies/adopt/", {**FORM, "reason": "시행 계획", **wrong, "step": "adopt"})
    assert found.status_code == 400
    assert says in found.content.decode()
    assert "시행 계획" in found.content.decode()
    assert not Adoption.objects.exists()


def test_an_adoption_ends_with_a_reason(leader: Client, signed_in: SignedIn) -> None:
    leader.post("/screening/policies/adopt/", {**FORM, "step": "adopt"})
    one = Adoption.objects.get()
    path = f"/screening/policies/{one.pk}/end/"
    assert signed_in("leader", builders.OTHER_CITY).get(path).status_code == 404
    assert leader.get(path).status_code == 200
    assert leader.post(path, {"until": "2020-11-02", "reason": "x"}).status_code == 400
    assert leader.post(path, {"until": "2020-12-01", "reason": ""}).status_code == 400
    assert leader.post(path, {"until": "2020-12-01", "reason": "시범 종료"}).status_code == 302
    one.refresh_from_db()
    assert one.until == date(2020, 12, 1)


def test_a_planned_adoption_is_not_overlapped_and_taken_back_leaves_what_held(leader: Client) -> None:
    leader.post("/screening/policies/adopt/", {**FORM, "step": "adopt"})
    leader.post("/screening/policies/adopt/", {**FORM, "since": "2021-01-01", "step": "adopt"})
    now, planned = Adoption.objects.order_by("since")
    for step in ("preview", "adopt"):
        answer = leader.post("/screening/policies/adopt/", {**FORM, "since": "2020-12-01", "step": step})
        assert answer.status_code == 400
        assert "2021-01-01부터 시행할 방침이 이미 정해져 있습니다" in answer.content.decode()
    path = f"/screening/policies/{planned.pk}/end/"
    assert "도입 취소" in leader.get(path).content.decode()
    assert leader.post(path, {"reason": ""}).status_code == 400
    assert leader.post(path, {"reason": "일정 변경"}).status_code == 302
    assert [(one.pk, one.until) for one in Adoption.objects.all()] == [(now.pk, None)]
    assert Event.objects.filter(action="screening.adoption_taken_back").count() == 1


def test_what_was_ended_by_hand_stays_ended_and_what_holds_is_not_taken_back(
    leader: Client, actor: Callable[..., Actor]
) -> None:
    leader.post("/screening/policies/adopt/", {**FORM, "step": "adopt"})
    one, who = Adoption.objects.get(), actor("leader", builders.CITY)
    with pytest.raises(UsageError, match="adoption_begun"):
        adopting.take_back(who, pk=one.pk, reason="x")
    adopting.end(who, pk=one.pk, until=date(2021, 1, 1), reason="시범 종료")
    leader.post("/screening/policies/adopt/", {**FORM, "since": "2021-01-01", "step": "adopt"})
    adopting.take_back(who, pk=Adoption.objects.get(since=date(2021, 1, 1)).pk, reason="일정 변경")
    one.refresh_from_db()
    assert one.until == date(2021, 1, 1)


def test_every_field_that_decides_is_compared() -> None:
    about = {"title_ko", "title_en", "source_ko", "source_en", "author", "checker", "next_review", "change_log",
             "in_force_from", "in_force_until"}  # fmt: skip
    assert set(FIELDS) == set(policies.Policy.__dataclass_fields__) - about
    strict, legal = (outcomes(policies.preset(name), date(2020, 11, 2)) for name in ("strict", "legal"))
    assert {name for name in strict if strict[name] != legal[name]} == {
        f"sure_ground_{number}" for number in (2, 3, 4, 5)
    }


def _earlier(organisation: str, since: date, actor: Actor) -> Adoption:
    one = adopting.adopt(actor, organisation=organisation, policy=policies.preset("strict"), since=actor.today)
    Adoption.objects.filter(pk=one.pk).update(since=since)
    return one


def test_the_roll_out_says_who_screens_and_leaves_others_empty(
    market: Ledger, actor: Callable[..., Actor], signed_in: SignedIn
) -> None:
    leader = actor("leader", builders.CITY)
    _earlier(builders.WEST, date(2019, 1, 1), leader)
    rows = {row.code: row for row in rollout.rows(leader)}
    west, east = rows[builders.WEST], rows[builders.EAST]
    assert (west.policy, west.since, west.above) == ("엄격", date(2019, 1, 1), None)
    assert (east.policy, east.since, east.sums) == (None, None, ())
    (sums,) = west.sums
    assert sums["lines"] == sums["skipped_lines"] > 0
    assert (sums["matched"], sums["rate"]) == (0, 0)
    assert rollout.districts(leader, list(rows.values())) == [(builders.CITY, 1, 2)]
    page = signed_in("leader", builders.CITY).get("/screening/roll-out/")
    assert page.status_code == 200
    assert "2곳 중 1곳" in page.content.decode()
    assert "심사가 원인이라는 뜻이 아닙니다" in page.content.decode()
    sent = signed_in("auditor", builders.CITY).get("/screening/roll-out/?as=csv")
    table = b"".join(sent).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert table[2].endswith(",,,,,,,,,,,")
    assert signed_in("leader", builders.OTHER_CITY).get("/screening/roll-out/").status_code == 200
    assert signed_in("purchaser", builders.WEST).get("/screening/roll-out/").status_code == 403


def test_what_the_city_adopted_holds_below_it(market: Ledger, actor: Callable[..., Actor]) -> None:
    leader = actor("leader", builders.CITY)
    _earlier(builders.CITY, date(2020, 1, 1), leader)
    rows = {row.code: row for row in rollout.rows(leader)}
    assert rows[builders.EAST].above == builders.CITY
    assert rows[builders.CITY].above is None


def test_shares_before_and_after_are_a_sequence_with_drivers_or_not_comparable(
    market: Ledger, actor: Callable[..., Actor]
) -> None:
    leader = actor("leader", builders.CITY)
    _earlier(builders.WEST, date(2019, 1, 1), leader)
    _earlier(builders.EAST, date(2018, 5, 1), leader)
    found = {one.code: one for one in rollout.effects(leader)}
    west, east = found[builders.WEST], found[builders.EAST]
    assert [year for year, _, _ in west.years] == [2018, 2019, 2020]
    assert all(share is not None for _, share, _ in west.years)
    assert "(2018)" in west.sentences[0]
    assert "(2019)" in west.sentences[0]
    assert "2018년은 도입 전과 후가 섞여" in east.sentences[0]
    assert "비교할 수 없습니다" in east.sentences[1]  # nothing is known of 2017


def test_requests_are_counted_by_state_stage_and_department(adopted: Callable[..., Actor], purchaser: Actor) -> None:
    leader = adopted()
    for lines in ([PIPE], [CHAIR, {**CHAIR, "ground": "②"}]):
        header = Header("비품", department="총무과")
        one = services.draft(
            purchaser, organisation=builders.WEST, header=header, lines=[Wanted(line) for line in lines]
        )
        services.submit(purchaser, pk=one.pk, version=1)
    assert rollout.states(leader) == [("rejected", 1), ("awaiting", 1)]
    (row,) = rollout.departments(leader)
    assert (row["department"], row["lines"], row["denied"], row["grounds"]) == ("총무과", 3, 2, [0, 1, 0, 0, 0])
    assert row["far"] == []
    assert rollout.overdue(leader) == 0
