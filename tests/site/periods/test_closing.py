"""The closing of periods through the services: who may take which step, and that what was sent stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import builders
from builders import CITY, OTHER_CITY, WEST
from chorok.core.calendar.closing import Standing
from chorok.core.errors import ChorokError, UsageError
from chorok.ledger import closings
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import Delegation, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site
from chorok.site.notices.models import Notice
from chorok.site.periods import services
from chorok.site.periods.signing import parties

Act = Callable[..., Actor]


def of(user: User) -> Actor:
    return actor_of(user.pk, site.ledger().today, site.tree())


def lend(giver: User, to: User) -> None:
    today = site.ledger().today
    Delegation.objects.create(
        membership=giver.memberships.get(), delegate=to, valid_from=today, valid_until=today + timedelta(days=5)
    )


def submit(actor: Actor, organisation: str = WEST) -> Standing:
    return services.submit(actor, organisation=organisation, period="2019")


def take(actor: Actor, verb: str, organisation: str = WEST, **more: object) -> Standing:
    return services.take(actor, organisation=organisation, period="2019", verb=verb, **more)  # type: ignore[arg-type]


def test_a_district_submits_and_its_city_accepts_and_finalises(site_ledger: Ledger, actor: Act) -> None:
    district, leader = actor("district_officer", WEST), actor("leader", CITY)
    sent = submit(district)
    assert sent.state == "submitted"
    assert parties(sent.sent.by if sent.sent else "") == {district.user_id}
    assert take(leader, "accept", version=1).state == "accepted"
    assert take(leader, "finalise").state == "final"
    said = list(Event.objects.order_by("seq").values_list("action", "organisation"))
    assert [one for one in said if one[0].endswith(".done")] == [
        (f"periods.{verb}.done", WEST) for verb in ("submit", "accept", "finalise")
    ]


def test_the_other_side_is_told(site_ledger: Ledger, actor: Act) -> None:
    district, leader, other = actor("district_officer", WEST), actor("leader", CITY), actor("leader", OTHER_CITY)
    submit(district)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {leader.user_id}
    take(leader, "return", remarks="파일 2건 누락")
    back = Notice.objects.get(user_id=district.user_id)
    assert back.params["remarks"] == "파일 2건 누락"
    assert not Notice.objects.filter(user_id=other.user_id).exists()


@pytest.mark.parametrize("verb", ["accept", "return", "finalise"])
def test_nobody_judges_what_they_sent(site_ledger: Ledger, actor: Act, verb: str) -> None:
    officer = actor("officer", CITY)
    submit(officer)
    with pytest.raises(UsageError, match="period_own"):
        take(officer, verb, remarks="검토")
    assert closings.standings(site_ledger)[WEST, "2019"].state == "submitted"


def test_nor_by_a_stand_in_of_the_sender(site_ledger: Ledger, person: Callable[..., User]) -> None:
    officer, helper = person("officer", CITY), person("district_officer", WEST)
    submit(of(officer))
    lend(officer, helper)
    with pytest.raises(UsageError, match="period_own"):
        take(of(helper), "accept")


def test_nor_for_whom_somebody_sent_as_a_stand_in(site_ledger: Ledger, person: Callable[..., User]) -> None:
    officer, helper = person("officer", CITY), person("purchaser", WEST)
    lend(officer, helper)
    sent = submit(of(helper)).sent
    assert sent
    assert parties(sent.by) == {officer.pk, helper.pk}
    with pytest.raises(UsageError, match="period_own"):
        take(of(officer), "accept")


def test_a_district_does_not_accept_for_its_city(site_ledger: Ledger, actor: Act) -> None:
    submit(actor("district_officer", WEST))
    with pytest.raises(PermissionDenied):
        take(actor("leader", WEST), "accept")
    with pytest.raises(PermissionDenied):
        take(actor("leader", OTHER_CITY), "accept")


def test_a_step_on_an_older_version_is_refused(site_ledger: Ledger, actor: Act) -> None:
    district, leader = actor("district_officer", WEST), actor("leader", CITY)
    submit(district)
    take(district, "withdraw")
    submit(district)
    with pytest.raises(UsageError, match="period_moved_on"):
        take(leader, "accept", version=1)


def test_only_the_sender_takes_back(site_ledger: Ledger, actor: Act) -> None:
    submit(actor("district_officer", WEST))
    with pytest.raises(UsageError, match="period_not_sender"):
        take(actor("officer", CITY), "withdraw")


def test_what_is_final_does_not_change_with_later_imports(site_ledger: Ledger, actor: Act) -> None:
    leader = actor("leader", CITY)
    submit(actor("district_officer", WEST))
    take(leader, "accept")
    final = take(leader, "finalise")
    assert final.sent
    before = closings.as_sent(site_ledger, final.sent)
    more = builders.keyed(
        77_777, day="2019-05-05", org=WEST, kind="물품", product=builders.GREEN, name="의자", amount=9_000_000,
        quantity=1, unit="개", department="", supplier="", supplier_no="", detail="9000000101", spec="",
    )  # fmt: skip
    builders.take(site_ledger, builders.write_csv(site_ledger.path.parent / "late.csv", [more]), source="late")
    site.forget()
    after = closings.standings(site_ledger)[WEST, "2019"]
    assert after == final
    assert closings.as_sent(site_ledger, final.sent) == before
    found = closings.differences(site_ledger, site.published(), WEST, "2019")
    assert found.sent == before
    assert len(found.batches) == 1


PEOPLE = (("district_officer", WEST), ("officer", CITY), ("officer", CITY), ("leader", CITY), ("leader", WEST))
STEPS = st.tuples(
    st.integers(0, len(PEOPLE) - 1),
    st.sampled_from(["submit", "withdraw", "accept", "return", "finalise", "reopen"]),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_no_path_leads_to_final_without_somebody_else_accepting(
    site_ledger: Ledger, actor: Act, steps: list[tuple[int, str]]
) -> None:
    """An oracle of its own: whoever sent last, another person accepted that very version before it became final."""
    (site_ledger.path / "closings.toml").unlink(missing_ok=True)
    people = [actor(*one) for one in PEOPLE]
    numbers = {one.user_id: place for place, one in enumerate(people)}
    for who, verb in steps:
        try:
            submit(people[who]) if verb == "submit" else take(people[who], verb, remarks="사유")
        except (ChorokError, PermissionDenied):
            continue
    sender, accepter = None, None
    for step in closings.steps_of(site_ledger, WEST, "2019"):
        (one,) = parties(step.by)
        assert one in numbers
        if step.verb == "submit":
            sender, accepter = one, None
        elif step.verb in ("withdraw", "return"):
            accepter = None
        elif step.verb == "accept":
            accepter = one
            assert accepter != sender
            assert PEOPLE[numbers[one]][1] == CITY
        elif step.verb == "finalise":
            assert accepter is not None
            assert one != sender
        assert step.on == date(2020, 11, 2)
