"""Deciding about products: whose money is seen, when two people decide, what is published and what others learn."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from builders import CHAIR, CITY, OTHER_CITY, WEST
from chorok.core.errors import BadInputError, UsageError
from chorok.ledger import decisions
from chorok.ledger.figures import Question, summary
from chorok.ledger.review import Wanted
from chorok.ledger.store import Ledger
from chorok.site.accounts.models import Delegation, Membership, User
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site
from chorok.site.notices.models import Notice
from chorok.site.reviews import publication, selectors, services
from chorok.site.reviews.models import Review, ReviewPolicy, State
from reviewing import BIG, ONE_PLACE, SHARED, SMALL, publish, verdict

Act = Callable[..., Actor]
Decide = Callable[..., Review]
Key = Callable[[str], int]
PROOF = {"outcome": "green", "document": "시험성적서 12-3", "valid_from": dt.date(2019, 1, 1)}


def amounts(actor: Actor) -> dict[str, int]:
    return {row["description"]: row["amount"] for row in selectors.queue(actor, Wanted(words="의자"), None).rows}


def not_green(city: str) -> int:
    return summary(site.published(), Question((), organisation=city)).figures[0].amounts.share().not_green


def test_the_queue_adds_up_what_organisations_in_reach_bought_and_nothing_else(reviewed: Ledger, actor: Act) -> None:
    city, district, other = (amounts(actor("officer", place)) for place in (CITY, WEST, OTHER_CITY))
    assert (city[SHARED], district[SHARED], other[SHARED]) == (7_000_000, 3_000_000, 90_000_000)
    assert (city[BIG], district[BIG], BIG in other) == (5_000_000, -25_000_000, False)
    assert ONE_PLACE in city
    assert ONE_PLACE not in district


def test_a_product_out_of_reach_is_not_there(key: Key, actor: Act) -> None:
    assert selectors.product(actor("officer", WEST), key(SHARED)).sums.amount == {"KRW": 3_000_000}
    for number in (key(ONE_PLACE), 12):
        with pytest.raises(Http404):
            selectors.product(actor("officer", OTHER_CITY), number)
        with pytest.raises(Http404):
            services.decide(actor("officer", OTHER_CITY), key=number, said=verdict())
    with pytest.raises(Http404):
        services.decide(actor("auditor", CITY), key=key(SHARED), said=verdict())


def test_a_small_product_is_decided_by_one_and_counts_when_published(
    reviewed: Ledger, actor: Act, decide: Decide
) -> None:
    officer, before = actor("officer", CITY), not_green(CITY)
    one = decide(officer, SMALL)
    assert (one.state, one.second_needed, one.lines, one.amount) == (State.CONFIRMED, False, 1, 700_000)
    assert not_green(CITY) == before
    publish(officer)
    one.refresh_from_db()
    assert (one.state, one.snapshot) == (State.PUBLISHED, site.published().snapshot.number)
    assert not_green(CITY) == before + 700_000
    assert SMALL not in amounts(officer)


def test_several_decisions_are_one_publication(reviewed: Ledger, actor: Act, decide: Decide) -> None:
    officer, before = actor("officer", CITY), site.published().snapshot.number
    for name, outcome in ((SMALL, "not_green"), (ONE_PLACE, "out_of_scope")):
        decide(officer, name, outcome)
    publish(officer)
    assert site.published().snapshot.number == before + 1
    with pytest.raises(UsageError, match="review_nothing_to_publish"):
        publication.publish(officer)


def test_above_the_amount_of_the_city_two_people_decide(actor: Act, decide: Decide) -> None:
    one = decide(actor("officer", CITY), BIG)
    # 30 and -25 million: what moves is 55 million, whatever the sum.
    assert (one.state, one.amount) == (State.PROPOSED, 55_000_000)
    leader = actor("leader", CITY)
    services.set_policy(leader, city=CITY, above=60_000_000)
    services.withdraw(actor("officer", CITY), pk=one.pk)
    assert decide(actor("officer", CITY), BIG).state == State.CONFIRMED
    assert decide(actor("officer", OTHER_CITY), SHARED).state == State.PROPOSED


def test_a_district_is_under_the_policy_of_its_city(actor: Act, decide: Decide) -> None:
    services.set_policy(actor("leader", CITY), city=CITY, above=6_999_999)
    one = decide(actor("district_officer", WEST), SHARED)
    assert (one.state, one.city, one.organisation, one.amount) == (State.PROPOSED, CITY, WEST, 7_000_000)
    assert selectors.waiting(actor("leader", CITY)).get() == one
    assert not selectors.waiting(actor("leader", OTHER_CITY)).exists()
    with pytest.raises(Http404):
        services.set_policy(actor("leader", WEST), city=WEST, above=1)


def test_nobody_agrees_with_themselves(actor: Act, decide: Decide) -> None:
    officer = actor("officer", CITY)
    one = decide(officer, BIG)
    with pytest.raises(UsageError, match="review_second_same"):
        services.confirm(officer, pk=one.pk)
    services.confirm(actor("officer", CITY), pk=one.pk)
    one.refresh_from_db()
    assert (one.state, one.second_by_id == officer.user_id) == (State.CONFIRMED, False)


def standing_in(person: User, role: Membership) -> Actor:
    Delegation.objects.create(
        membership=role, delegate=person, valid_from=dt.date(2020, 1, 1), valid_until=dt.date(2021, 1, 1)
    )
    return actor_of(person.pk, site.ledger().today, site.tree())


def test_neither_does_who_stands_in_for_them(reviewed: Ledger, person: Any, decide: Decide) -> None:
    absent, helper, third = (person(role, place) for role, place in (
        ("officer", CITY), ("purchaser", CITY), ("purchaser", CITY)))  # fmt: skip
    mine = Membership.objects.get(user=absent)
    one = decide(actor_of(absent.pk, site.ledger().today, site.tree()), BIG)
    with pytest.raises(UsageError, match="review_second_same"):
        services.confirm(standing_in(helper, mine), pk=one.pk)
    services.withdraw(actor_of(absent.pk, site.ledger().today, site.tree()), pk=one.pk)
    # The other way round: a stand-in proposes; neither the absent one nor another stand-in agrees.
    again = decide(actor_of(helper.pk, site.ledger().today, site.tree()), BIG)
    assert (again.proposed_by, again.proposed_for) == (helper, absent)
    for second in (actor_of(absent.pk, site.ledger().today, site.tree()), standing_in(third, mine)):
        with pytest.raises(UsageError, match="review_second_same"):
            services.confirm(second, pk=again.pk)


def test_the_second_of_two_is_told_who_decided_what(actor: Act, decide: Decide, key: Key) -> None:
    first, second = actor("officer", CITY, name="먼저"), actor("officer", CITY)
    number = key(SMALL)
    seen = selectors.product(second, number).seen
    decide(first, SMALL)
    with pytest.raises(UsageError, match="review_decided_already") as told:
        services.decide(second, key=number, said=verdict("out_of_scope"), seen=seen)
    assert told.value.params["who"] == "먼저"
    assert Review.objects.count() == 1
    publish(first)
    with pytest.raises(UsageError, match="review_decided_already"):
        services.decide(second, key=number, said=verdict("out_of_scope"), seen=seen)


def test_the_database_holds_one_open_decision_a_city(actor: Act, decide: Decide) -> None:
    one = decide(actor("officer", CITY), BIG)
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_a_decision_counts_in_all_cities_and_names_nobody_there(
    reviewed: Ledger, actor: Act, decide: Decide, key: Key
) -> None:
    number = key(SHARED)
    officer, other = actor("officer", CITY, name="가람담당"), actor("officer", OTHER_CITY)
    before = not_green(OTHER_CITY)
    decide(officer, SHARED, reason="가람시 내부 사정")
    publish(officer)
    assert not_green(OTHER_CITY) == before + 90_000_000
    found = selectors.product(other, number)
    assert (found.elsewhere, found.reviews) == (True, [])
    row = decisions.read(site.ledger()).to_pylist()[-1]
    for told in (str(found.told), str(row)):
        assert "가람" not in told
        assert CITY not in told
    assert not selectors.seen_reviews(other).exists()
    # To decide otherwise takes two, however small it is.
    services.set_policy(actor("leader", OTHER_CITY), city=OTHER_CITY, above=10**12)
    assert services.decide(other, key=number, said=verdict("out_of_scope")).state == State.PROPOSED


def test_two_cities_do_not_confirm_at_once(actor: Act, decide: Decide) -> None:
    decide(actor("officer", CITY), SHARED)
    theirs = decide(actor("officer", OTHER_CITY), SHARED, "out_of_scope")
    with pytest.raises(UsageError, match="review_decided_elsewhere"):
        services.confirm(actor("leader", OTHER_CITY), pk=theirs.pk)


def test_a_published_decision_is_undone_to_what_held_before(
    reviewed: Ledger, actor: Act, decide: Decide, key: Key
) -> None:
    officer, number, before = actor("officer", CITY), key(SMALL), not_green(CITY)
    one = decide(officer, SMALL)
    publish(officer)
    services.decide(officer, key=number, said=verdict(**PROOF))
    publish(officer)
    assert not_green(CITY) == before
    with pytest.raises(UsageError):
        services.undo(officer, pk=one.pk)
    back = services.undo(officer, pk=Review.objects.last().pk)  # type: ignore[union-attr]
    assert (back.outcome, back.state) == ("not_green", State.CONFIRMED)
    publish(officer)
    assert not_green(CITY) == before + 700_000
    # The decision that now holds says what the first one said; undoing the undoing brings the proof back.
    again = services.undo(officer, pk=back.pk)
    assert (again.outcome, again.document, again.valid_from) == ("green", PROOF["document"], PROOF["valid_from"])
    services.withdraw(officer, pk=again.pk)
    services.decide(officer, key=number, said=verdict("put_back"))
    publish(officer)
    assert SMALL in amounts(officer)
    assert decisions.read(site.ledger()).num_rows == 0


def test_a_certificate_makes_a_product_green_on_its_days(
    reviewed: Ledger, actor: Act, decide: Decide, key: Key
) -> None:
    officer = actor("officer", CITY)
    one = decide(officer, SMALL, "green", certificate_no="T-1", item_group="")
    assert one.item_group == CHAIR
    number = key(SMALL)
    publish(officer)
    states = [line["state"] for line in selectors.product(officer, number).lines]
    assert states == ["green"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "blue"}, "review_outcome"),
    ({"reason": " "}, "review_reason"),
    ({"item_group": ""}, "review_item_group"),
    ({"item_group": "NONE"}, "review_item_group"),
    ({"outcome": "green", "certificate_no": "없는 번호"}, "review_certificate"),
    ({**PROOF, "document": ""}, "review_proof"),
    ({**PROOF, "valid_from": None}, "review_proof"),
    ({**PROOF, "valid_until": dt.date(2018, 1, 1)}, "review_proof_days"),
    ({**PROOF, "basis": "made_up"}, "review_basis"),
]


def test_what_cannot_be_a_decision_is_refused(actor: Act, key: Callable[[str], int]) -> None:
    officer, number = actor("officer", CITY), key(SMALL)
    for said, code in REFUSED:
        with pytest.raises(BadInputError, match=code):
            services.decide(officer, key=number, said=verdict(**said))
        assert not Review.objects.exists(), said


def test_every_step_is_one_event_and_names_nobody(actor: Act, decide: Decide) -> None:
    officer, leader = actor("officer", CITY, name="김이름"), actor("leader", CITY, name="박이름")
    one = decide(officer, BIG)
    services.send_back(leader, pk=one.pk, remark="도면이 없음")
    assert Notice.objects.filter(user_id=officer.user_id).count() == 1
    one = decide(officer, BIG)
    services.confirm(leader, pk=one.pk)
    services.withdraw(officer, pk=one.pk)
    events = Event.objects.filter(action__startswith="reviews.").order_by("seq")
    assert [event.action.removeprefix("reviews.") for event in events] == [
        "decided", "returned", "decided", "confirmed", "withdrawn",
    ]  # fmt: skip
    assert all("이름" not in event.facts and "도면" not in event.facts for event in events)


def test_publishing_again_after_a_crash_changes_nothing(
    reviewed: Ledger, actor: Act, decide: Decide, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = actor("officer", CITY)
    one = decide(officer, SMALL)
    job = publication.publish(officer)
    with monkeypatch.context() as broken:
        written = publication._written
        broken.setattr(publication, "_written", lambda *given: (written(*given), 1 / 0))
        with pytest.raises(ZeroDivisionError):
            publication.carry_out(officer, job, lambda *_: None)
    number = site.published().snapshot.number
    one.refresh_from_db()
    assert one.state == State.CONFIRMED
    result = publication.carry_out(officer, job, lambda *_: None)
    one.refresh_from_db()
    assert (one.state, one.before, result["snapshot"]) == (State.PUBLISHED, None, number)


def test_what_is_being_published_is_not_taken_back(actor: Act, decide: Decide) -> None:
    officer = actor("officer", CITY)
    one = decide(officer, SMALL)
    publication.publish(officer)
    with pytest.raises(UsageError, match="review_state"):
        services.withdraw(officer, pk=one.pk)
    assert ReviewPolicy.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_decides_and_the_others_are_told(reviewed: Ledger, actor: Act, key: Key) -> None:
    number = key(SMALL)
    actors = [actor("officer", CITY) for _ in range(6)]
    seen = selectors.product(actors[0], number).seen
    start = threading.Barrier(len(actors))

    def act(one: Actor) -> str:
        try:
            start.wait()
            services.decide(one, key=number, said=verdict(), seen=seen)
        except UsageError as error:
            return error.code
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(len(actors)) as pool:
        ends = sorted(pool.map(act, actors))
    assert ends == ["made"] + ["review_decided_already"] * (len(actors) - 1)
    assert Review.objects.count() == Event.objects.filter(action="reviews.decided").count() == 1
