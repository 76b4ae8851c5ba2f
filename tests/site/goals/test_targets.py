"""Targets and core items on the site: set, revised, suggested, adopted; what is refused; who sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from builders import CHAIR, CITY, EAST, OTHER_CITY, WEST
from chorok.core.errors import ChorokError
from chorok.core.measures.targets import Target
from chorok.ledger import core_lists, targets
from chorok.ledger.shares import Shares, in_percent
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site
from chorok.site.goals import selectors, services

SignIn = Callable[..., Client]
Act = Callable[..., Actor]
TODAY = date(2020, 11, 2)
GIVEN = {
    "organisation": CITY, "item": "", "year": "2021", "mode": "absolute", "value": "60", "base_year": "2019",
    "base_value": "", "basis": "eligible", "definition": "national", "set_on": "2020-11-02", "reason": "이행계획",
}  # fmt: skip
TARGET = Target(CITY, 2021, Fraction(60), base_year=2019, set_on=TODAY, reason="이행계획")
OFTEN = 14


def text(response: Any) -> str:
    return response.content.decode()


def test_a_target_is_set_and_revised_with_its_reasons(site_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    services.set_target(officer, TARGET)
    found = services.set_target(officer, replace(TARGET, value=Fraction(55), reason="예산 감액"))
    assert [one.value for one in found.history] == [60, 55]
    kept = targets.read(site_ledger)
    assert [(one.reason, one.set_by) for one in kept] == [
        ("이행계획", f"site:{officer.user_id}"),
        ("예산 감액", f"site:{officer.user_id}"),
    ]
    row = selectors.target(officer, CITY, 2021, None, "eligible", "national")
    assert row
    assert (row.aim, len(row.history)) == (55, 2)
    done = Event.objects.filter(action="goals.target.done", organisation=CITY)
    assert done.count() == 2


def test_the_base_is_the_ledgers_share(read_ledger: Ledger, db: None) -> None:
    found = services.propose(replace(TARGET, mode="points", value=Fraction(5)))
    base = in_percent(Shares(site.published()).of(CITY, 2019))
    assert base is not None
    assert (found.base, found.aim) == (base, base + 5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": Fraction(140)}, "target_share_range"),
        ({"mode": "points", "value": Fraction(99)}, "target_aim_range"),
        ({"base_year": 2010}, "target_base_no_data"),
        ({"base_year": 2022}, "target_base_late"),
        ({"mode": "points", "base_year": None}, "target_base_missing"),
        ({"reason": "  "}, "target_reason"),
        ({"set_on": date(2020, 11, 3)}, "target_set_later"),
        ({"year": 1066, "base_year": None}, "target_year_range"),
    ],
)
def test_what_cannot_be_a_target_is_refused(site_ledger: Ledger, actor: Act, change: Any, code: str) -> None:
    before = targets.read(site_ledger)
    with pytest.raises(ChorokError) as caught:
        services.set_target(actor("officer", CITY), replace(TARGET, **change))
    assert caught.value.code == code
    assert targets.read(site_ledger) == before


def test_the_same_target_is_not_written_twice(site_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    services.set_target(officer, TARGET)
    with pytest.raises(ChorokError, match="target_there"):
        services.set_target(officer, TARGET)
    assert len(targets.read(site_ledger)) == 1


@pytest.mark.parametrize(("role", "place"), [("officer", OTHER_CITY), ("head", CITY), ("district_officer", WEST)])
def test_only_who_may_sets_targets(site_ledger: Ledger, actor: Act, role: str, place: str) -> None:
    with pytest.raises(PermissionDenied):
        services.set_target(actor(role, place), TARGET)
    with pytest.raises(PermissionDenied):
        services.adopt(actor(role, place), scope=CITY, year=2021, items=(CHAIR,), rule="rule", reason="사유")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "140"}, "0에서 100 사이"),
        ({"value": "viel"}, "수가 아닙니다"),
        ({"value": "10%p"}, "목표 방식에 맞지 않습니다"),
        ({"base_year": "2010"}, "2010년의 구매율이 원장에 없습니다"),
        ({"reason": ""}, "필"),
        ({"organisation": OTHER_CITY}, OTHER_CITY),
        ({"mode": "sideways"}, "sideways"),
    ],
)
def test_the_form_says_what_is_wrong(site_ledger: Ledger, signed_in: SignIn, change: Any, said: str) -> None:
    answer = signed_in("officer", CITY).post("/goals/targets/set/", {**GIVEN, **change})
    assert answer.status_code == 400
    assert said in text(answer)
    assert targets.read(site_ledger) == ()


def test_a_target_goes_its_way_by_pages(site_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    assert "목표가 없습니다" in text(officer.get("/goals/targets/"))
    shown = text(officer.post("/goals/targets/set/", GIVEN, follow=True))
    assert "목표를 설정했습니다" in shown
    assert "60.00" in shown
    one = f"/goals/targets/one/?organisation={CITY}&year=2021&item=&basis=eligible&definition=national"
    assert "이행계획" in text(officer.get(one))
    assert signed_in("officer", OTHER_CITY).get(one).status_code == 404
    assert "60.00" not in text(signed_in("officer", OTHER_CITY).get("/goals/targets/"))


def test_suggestions_name_nobody_out_of_reach(site_ledger: Ledger, actor: Act, signed_in: SignIn) -> None:
    officer = actor("officer", CITY)
    advice, _ = selectors.advice(officer, CITY, 2021, None, "eligible", "national")
    every = targets.suggest(Shares(site.published()), CITY, 2021, None, TODAY)
    peers = {one.method: one.params.get("peer") for one in advice.suggestions}
    assert "peers" in every.suggestions[1].params
    assert every.suggestions[1].params["peers"] == 1
    assert advice.suggestions[1].params["peers"] == 0
    assert peers["best_peer"] is None
    shown = text(signed_in("officer", CITY).get(f"/goals/targets/suggest/?organisation={CITY}&year=2021"))
    assert "누리시" not in shown
    assert "추세" in shown


def test_peers_within_reach_are_named(read_ledger: Ledger, actor: Act) -> None:
    advice, _ = selectors.advice(actor("officer", CITY), WEST, 2021, None, "eligible", "national")
    assert {one.params.get("peer") for one in advice.suggestions if one.value} <= {EAST, None}
    assert advice.suggestions[1].params["peers"] == 1


def test_core_items_are_adopted_as_dated_lists(site_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    services.adopt(officer, scope=CITY, year=2021, items=(CHAIR,), rule="rule", reason="구매율이 낮음")
    found = core_lists.in_force(site_ledger, CITY, 2021)
    assert found == core_lists.CoreList(CITY, 2021, (CHAIR,), TODAY, f"site:{officer.user_id}", "rule", "구매율이 낮음")
    services.adopt(officer, scope=CITY, year=2021, items=(), rule="rule", reason="다시 정함")
    assert core_lists.in_force(site_ledger, CITY, 2021) is None
    assert len(core_lists.every(site_ledger)) == 2


@pytest.mark.parametrize(
    ("items", "reason", "code"),
    [((CHAIR,), " ", "core_reason"), (("T-NONE",), "사유", "core_item_unknown"), ((), "사유", "core_nothing_new")],
)
def test_what_cannot_be_adopted_is_refused(
    site_ledger: Ledger, actor: Act, items: tuple[str, ...], reason: str, code: str
) -> None:
    with pytest.raises(ChorokError, match=code):
        services.adopt(actor("officer", CITY), scope=CITY, year=2021, items=items, rule="rule", reason=reason)
    assert core_lists.every(site_ledger) == ()


def test_core_items_by_pages(site_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    for by in ("rule", "potential"):
        shown = text(officer.get(f"/goals/core-items/?organisation={CITY}&year=2019&by={by}"))
        assert "의자" in shown
    where = {"organisation": CITY, "year": "2020", "rule": "rule"}
    assert officer.get("/goals/core-items/adopt/", {**where, "items": CHAIR}).status_code == 200
    answer = officer.post("/goals/core-items/adopt/", {**where, "items": [CHAIR], "reason": "낮은 구매율"}, follow=True)
    assert "지정했습니다" in text(answer)
    for bad in ({"organisation": OTHER_CITY}, {"year": "0"}, {"rule": "dice"}):
        assert officer.get("/goals/core-items/adopt/", {**where, **bad}).status_code == 404
    assert officer.get("/goals/core-items/?percentile=150").status_code == 400


def test_pages_ask_little(site_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    officer = signed_in("officer", CITY)
    officer.post("/goals/targets/set/", GIVEN)
    for page in ("targets/", "targets/set/", f"targets/suggest/?organisation={CITY}&year=2021", "core-items/"):
        with django_assert_max_num_queries(OFTEN):
            assert officer.get(f"/goals/{page}").status_code == 200


def test_an_empty_ledger_says_what_to_do(tmp_path: Any, settings: Any, signed_in: SignIn) -> None:
    settings.LEDGER = Ledger.create(tmp_path / "neu", "2020-11-02").path
    site.forget()
    officer = signed_in("officer", CITY)
    for page in ("targets/", "core-items/", "plans/", "scorecard/", "forecast/", "replay/", "targets/set/"):
        assert officer.get(f"/goals/{page}").status_code == 200
    assert officer.get("/periods/").status_code == 200
