"""Action plans: begun, filled with steps, closed with an outcome, each with one event; what is refused; who sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from builders import CHAIR, CITY, OTHER_CITY, WEST
from chorok.core.errors import ChorokError
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.goals import selectors, services
from chorok.site.goals.models import ActionPlan, PlanState, PlanStep
from chorok.site.notices.models import Notice

SignIn = Callable[..., Client]
Act = Callable[..., Actor]
DUE = date(2020, 12, 1)


def text(response: Any) -> str:
    return response.content.decode()


def plan(actor: Actor) -> ActionPlan:
    return services.make_plan(actor, organisation=CITY, title="의자 교체", purpose="", year=2021, item=CHAIR)


def step(actor: Actor, of: ActionPlan, **change: Any) -> PlanStep:
    given = {"text": "설명회", "owner": WEST, "begins_on": None, "due_on": DUE, **change}
    return services.write_step(actor, of, None, **given)


def test_a_plan_goes_its_way_with_one_event_each(read_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    made = plan(officer)
    first = step(officer, made)
    services.step_done(officer, made, first, done=True)
    services.close_plan(officer, made, state=PlanState.DONE, outcome="모두 마침")
    services.reopen_plan(officer, made)
    said = list(Event.objects.order_by("seq").values_list("action", flat=True))
    assert said == [f"goals.plan_{what}" for what in ("made", "step", "step_done", "closed", "reopened")]
    assert set(Event.objects.values_list("organisation", flat=True)) == {CITY}


def test_who_is_in_charge_is_told_once(read_ledger: Ledger, actor: Act) -> None:
    officer, district = actor("officer", CITY), actor("district_officer", WEST)
    made = plan(officer)
    first = step(officer, made)
    services.write_step(officer, made, first, text="설명회 두 번", owner=WEST, begins_on=None, due_on=DUE)
    assert list(Notice.objects.values_list("user_id", flat=True)) == [district.user_id]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"begins_on": date(2020, 12, 2)}, "plan_step_dates"), ({"owner": OTHER_CITY}, "plan_step_owner")],
)
def test_what_cannot_be_a_step_is_refused(read_ledger: Ledger, actor: Act, change: Any, code: str) -> None:
    officer = actor("officer", CITY)
    made = plan(officer)
    with pytest.raises(ChorokError, match=code):
        step(officer, made, **change)
    assert not made.steps.exists()


def test_the_database_holds_it_too(read_ledger: Ledger, actor: Act) -> None:
    made = plan(actor("officer", CITY))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanStep.objects.create(plan=made, text="x", owner=CITY, begins_on=date(2021, 1, 1), due_on=DUE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionPlan.objects.filter(pk=made.pk).update(state=PlanState.DONE)


def test_a_plan_with_open_steps_is_not_carried_out(read_ledger: Ledger, actor: Act) -> None:
    officer = actor("officer", CITY)
    made = plan(officer)
    step(officer, made)
    with pytest.raises(ChorokError, match="plan_steps_open"):
        services.close_plan(officer, made, state=PlanState.DONE, outcome="끝")
    with pytest.raises(ChorokError, match="plan_outcome"):
        services.close_plan(officer, made, state=PlanState.DROPPED, outcome=" ")
    services.close_plan(officer, made, state=PlanState.DROPPED, outcome="예산 없음")
    with pytest.raises(ChorokError, match="plan_closed"):
        step(officer, made)


def test_others_neither_see_nor_change_it(read_ledger: Ledger, actor: Act, signed_in: SignIn) -> None:
    made = plan(actor("officer", CITY))
    for role, place in (("officer", OTHER_CITY), ("head", CITY)):
        with pytest.raises(PermissionDenied):
            step(actor(role, place), made)
    assert not selectors.plans(actor("officer", OTHER_CITY)).exists()
    page = f"/goals/plans/{made.pk}/"
    assert signed_in("officer", OTHER_CITY).get(page).status_code == 404
    assert signed_in("head", CITY).get(page).status_code == 200
    assert signed_in("head", CITY).get(f"{page}steps/").status_code == 403
    assert signed_in("leader", WEST).get(f"{page}change/").status_code == 404


def test_a_district_sees_the_plan_in_which_it_has_a_step(read_ledger: Ledger, actor: Act) -> None:
    officer, district = actor("officer", CITY), actor("district_officer", WEST)
    made = plan(officer)
    assert not selectors.plans(district).exists()
    step(officer, made)
    assert [one.pk for one in selectors.plans(district)] == [made.pk]


def test_plans_by_pages(read_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    officer = signed_in("officer", CITY)
    given = {"organisation": CITY, "title": "의자 교체", "year": 2021, "item": CHAIR, "purpose": "낮은 구매율"}
    shown = text(officer.post("/goals/plans/new/", given, follow=True))
    assert "추진 과제를 추가하십시오" in shown
    page = f"/goals/plans/{ActionPlan.objects.get().pk}/"
    wrong = officer.post(
        f"{page}steps/", {"text": "설명회", "owner": CITY, "begins_on": "2020-12-02", "due_on": "2020-12-01"}
    )
    assert wrong.status_code == 400
    assert "앞섭니다" in text(wrong)
    for day in (1, 2, 3):
        officer.post(f"{page}steps/", {"text": f"설명회 {day}", "owner": CITY, "due_on": f"2020-12-0{day}"})
    first = PlanStep.objects.order_by("due_on")[0].pk
    assert "완료로 표시했습니다" in text(officer.post(f"{page}steps/{first}/done/", {"done": "1"}, follow=True))
    assert officer.get(f"{page}steps/{first}/drop/").status_code == 200
    officer.post(f"{page}steps/{first}/drop/")
    assert PlanStep.objects.count() == 2
    assert officer.post(f"{page}close/", {"state": "done", "outcome": "끝"}).status_code == 400
    assert "종료했습니다" in text(officer.post(f"{page}close/", {"state": "dropped", "outcome": "중단"}, follow=True))
    assert "다시 진행합니다" in text(officer.post(f"{page}reopen/", follow=True))
    for path in ("/goals/plans/", page):
        with django_assert_max_num_queries(16):
            officer.get(path)


@pytest.mark.parametrize("change", [{"title": ""}, {"year": "1066"}, {"organisation": OTHER_CITY}, {"item": "T-NONE"}])
def test_bad_input_makes_no_plan(read_ledger: Ledger, signed_in: SignIn, change: Any) -> None:
    given = {"organisation": CITY, "title": "의자 교체", "year": 2021, "item": "", "purpose": "", **change}
    assert signed_in("officer", CITY).post("/goals/plans/new/", given).status_code == 400
    assert not ActionPlan.objects.exists()
