"""Purchases that followed, matched; choices of people; inspections against the registry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import Http404

import builders
from chorok.core.errors import UsageError
from chorok.ledger import batches, publishing
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.config import ledger as site_ledgers
from chorok.site.fulfilment import matching, selectors, services
from chorok.site.fulfilment.models import Inspection, Match
from chorok.site.fulfilment.services import Seen
from chorok.site.notices.models import Notice
from chorok.site.screening.models import Request

Agreed = Callable[..., Request]
Buy = Callable[..., None]
TODAY = date(2020, 11, 2)
CHAIR: dict[str, Any] = {
    "product_id": "80000021",
    "description": "초록의자",
    "quantity": 2,
    "unit": "개",
    "amount": 190_000,
}


def test_a_purchase_of_what_was_screened_is_matched_and_closes_the_request(
    agreed: Agreed, buy: Buy, leader: Actor
) -> None:
    one = agreed(CHAIR)
    assert matching.run(leader) == matching.Result()
    buy({})
    assert matching.run(leader) == matching.Result(sure=1, closed=1)
    found = Match.objects.get()
    assert (found.state, found.signs, found.differences) == ("sure", ["product", "amount_same", "department"], [])
    one.refresh_from_db()
    assert one.state == "closed"
    events = Event.objects.count()
    assert matching.run(leader) == matching.Result()
    assert Event.objects.count() == events


def test_what_was_bought_otherwise_is_said(agreed: Agreed, buy: Buy, leader: Actor) -> None:
    agreed(CHAIR)
    buy({"quantity": 3, "amount": 270_000})
    matching.run(leader)
    assert [one["code"] for one in selectors.otherwise(leader).get().differences] == [
        "price_changed",
        "quantity_changed",
    ]


def test_deliveries_in_parts_belong_to_one_line_and_the_rest_stays_open_until_it_is_closed_with_a_reason(
    agreed: Agreed, buy: Buy, leader: Actor, actor: Callable[..., Actor]
) -> None:
    one = agreed({**CHAIR, "quantity": 5, "amount": 475_000})
    buy({"quantity": 2, "amount": 190_000})
    assert matching.run(leader) == matching.Result(sure=1)
    (part,) = selectors.in_part(leader)
    assert (part.quantity, part.amount, part.left.quantity, part.left.amount) == (2, 190_000, 3, 285_000)
    buy({"quantity": 1, "amount": 95_000, "day": "2020-11-03", "department": "회계과"}, source="koneps-second")
    assert matching.run(leader) == matching.Result(sure=1)
    assert [found.differences for found in Match.objects.all()] == [[], []]
    assert selectors.skipped(leader, [builders.WEST], None)[0].rows == []
    inspector, stranger = actor("inspector", builders.WEST), actor("inspector", builders.EAST)
    with pytest.raises(Http404):
        matching.settle(stranger, pk=one.pk, number=1, reason="예산 절감")
    with pytest.raises(UsageError, match="settle_reason"):
        matching.settle(inspector, pk=one.pk, number=1, reason=" ")
    matching.settle(inspector, pk=one.pk, number=1, reason="예산 절감")
    one.refresh_from_db()
    assert one.state == "closed"
    with pytest.raises(UsageError, match="settle_state"):
        matching.unsettle(inspector, pk=one.pk, number=1)
    assert {"fulfilment.settled", "screening.finish"} <= set(Event.objects.values_list("action", flat=True))


def test_the_rest_of_one_line_is_opened_again_while_another_is_open(
    agreed: Agreed, buy: Buy, leader: Actor, actor: Callable[..., Actor]
) -> None:
    one = agreed(CHAIR, {**CHAIR, "quantity": 5, "amount": 475_000})
    inspector = actor("inspector", builders.WEST)
    matching.settle(inspector, pk=one.pk, number=2, reason="예산 절감")
    with pytest.raises(UsageError, match="settle_state"):
        matching.settle(inspector, pk=one.pk, number=2, reason="다시")
    matching.unsettle(inspector, pk=one.pk, number=2)
    buy({}, {"quantity": 5, "amount": 475_000})
    assert matching.run(leader) == matching.Result(sure=2, closed=1)


def test_purchases_elsewhere_or_before_are_not_matched(agreed: Agreed, buy: Buy, leader: Actor) -> None:
    agreed(CHAIR)
    buy({"org": builders.EAST}, {"day": "2020-11-01"}, {"org": builders.OTHER_CITY})
    assert matching.run(leader).sure == 0


def test_two_that_fit_alike_wait_for_a_person(
    agreed: Agreed, buy: Buy, leader: Actor, actor: Callable[..., Actor]
) -> None:
    one = agreed(CHAIR)
    buy({}, {})
    assert matching.run(leader) == matching.Result(open=1)
    inspector, stranger = actor("inspector", builders.WEST), actor("inspector", builders.EAST)
    ((line, candidates),) = selectors.choices(inspector)
    assert (line.request_id, len(candidates)) == (one.pk, 2)
    assert selectors.choices(stranger) == []
    with pytest.raises(Http404):
        matching.choose(stranger, pk=candidates[0].pk)
    matching.choose(inspector, pk=candidates[0].pk)
    with pytest.raises(UsageError, match="match_taken"):
        _ = [matching.join(inspector, pk=candidates[0].pk)]
    one.refresh_from_db()
    assert one.state == "closed"
    with pytest.raises(UsageError, match="match_closed"):
        matching.part(inspector, pk=candidates[0].pk)


def test_a_pair_that_was_taken_apart_stays_apart_until_it_is_joined(
    agreed: Agreed, buy: Buy, leader: Actor, actor: Callable[..., Actor]
) -> None:
    agreed(CHAIR, {**CHAIR, "quantity": 5, "amount": 475_000})
    buy({})
    matching.run(leader)
    inspector = actor("inspector", builders.WEST)
    found = Match.objects.get(state="sure")
    matching.part(inspector, pk=found.pk)
    matching.run(leader)
    again = Match.objects.get(state="sure")
    assert again.line.number == 2  # the other line takes it
    matching.part(inspector, pk=again.pk)
    assert matching.run(leader).sure == 0
    matching.join(inspector, pk=found.pk)
    matching.choose(inspector, pk=found.pk)
    assert Match.objects.get(state="chosen").line.number == 1


def test_an_import_that_is_undone_takes_its_matches_along(
    agreed: Agreed, buy: Buy, leader: Actor, market: Ledger
) -> None:
    one = agreed(CHAIR, {**CHAIR, "quantity": 5, "amount": 475_000})
    buy({})
    matching.run(leader)
    batch = next(found for found in batches.every(market) if found.source == "koneps-later")
    with market.writing():
        publishing.withdraw(market, batch)
    site_ledgers.forget()
    assert matching.run(leader).gone == 1
    assert not Match.objects.exists()
    one.refresh_from_db()
    assert one.state == "passed"


def test_lines_that_skipped_screening_are_those_since_the_adoption(agreed: Agreed, buy: Buy, leader: Actor) -> None:
    agreed(CHAIR)
    buy({}, {"department": "복지과", "amount": 95_000, "quantity": 1}, {"org": builders.EAST}, {"day": "2020-11-01"},
        {"product": None, "detail": "9999999999", "name": "알 수 없는 것"})  # fmt: skip
    matching.run(leader)
    (found,) = selectors.skipped(leader, [builders.WEST, builders.EAST], None)
    assert [(row["department"], row["amount"]) for row in found.rows] == [("복지과", 95_000)]
    assert [(row["department"], row["lines"], row["skipped_lines"], row["skipped"]) for row in found.sums] == [
        ("복지과", 1, 1, 95_000),
        ("총무과", 1, 0, 0),
    ]


def seen(**changed: Any) -> Seen:
    return Seen(**{"delivered_on": TODAY, "proof": "certificate", "certificate_no": "T-21", **changed})


@pytest.mark.parametrize(
    ("number", "finding"),
    [
        ("T-21", "valid"),
        (" 제 t-21 호", "valid"),
        ("T-22", "other_product"),
        ("T-4", "other_product"),
        ("X-1", "unknown"),
    ],
)
def test_the_registry_says_what_a_certificate_number_is_worth(
    agreed: Agreed, actor: Callable[..., Actor], number: str, finding: str
) -> None:
    one = agreed(CHAIR)
    inspector = actor("inspector", builders.WEST)
    made = services.inspect(inspector, pk=one.pk, number=1, seen=seen(certificate_no=number))
    assert (made.finding, made.passed) == (finding, finding == "valid")
    assert bool(Notice.objects.filter(code="site.fulfilment.notice.not_proved")) is (finding != "valid")
    assert bool(selectors.open_points(inspector)) is (finding != "valid")


def test_the_day_of_the_order_counts_and_an_end_before_delivery_is_a_remark(
    agreed: Agreed, actor: Callable[..., Actor]
) -> None:
    one = agreed(CHAIR)
    inspector = actor("inspector", builders.WEST)
    early = services.inspect(inspector, pk=one.pk, number=1, seen=seen(ordered_on=date(2019, 12, 31)))
    assert early.finding == "not_yet"
    ended = services.look_up("T-3", date(2020, 6, 30), product_id=builders.BOTH)
    assert (ended.finding, services.look_up("T-3", date(2020, 7, 1), product_id=builders.BOTH).finding) == (
        "valid",
        "expired",
    )
    assert services.look_up("T-4", date(2019, 3, 1), product_id=builders.REVOKED).finding == "revoked"
    assert services.look_up("T-5", date(2019, 3, 1), product_id=builders.UNDATED).finding == "not_certain"


def test_a_wrong_inspection_is_refused_in_words(agreed: Agreed, actor: Callable[..., Actor], purchaser: Actor) -> None:
    one = agreed(CHAIR)
    inspector = actor("inspector", builders.WEST)
    for code, wrong in (
        ("inspection_day", {"delivered_on": date(2020, 11, 3)}),
        ("inspection_day", {"ordered_on": date(2020, 11, 3)}),
        ("inspection_number", {"certificate_no": "  "}),
        ("inspection_note", {"proof": "note", "note": "소액", "amount": 10}),
    ):
        with pytest.raises(UsageError, match=code):
            services.inspect(inspector, pk=one.pk, number=1, seen=seen(**wrong))
    with pytest.raises(Http404):
        services.inspect(actor("inspector", builders.EAST), pk=one.pk, number=1, seen=seen())
    with pytest.raises(Http404):
        services.inspect(purchaser, pk=one.pk, number=1, seen=seen())
    assert not Inspection.objects.exists()


def test_an_inspection_is_taken_back_once(agreed: Agreed, actor: Callable[..., Actor]) -> None:
    one = agreed(CHAIR)
    inspector = actor("inspector", builders.WEST)
    made = services.inspect(inspector, pk=one.pk, number=1, seen=seen(proof="none", certificate_no=""))
    assert not made.passed
    services.undo(inspector, pk=made.pk)
    assert not selectors.open_points(inspector)
    assert [line.pk for line in selectors.to_inspect(inspector)] == [made.line_id]
    with pytest.raises(UsageError, match="inspection_undone"):
        services.undo(inspector, pk=made.pk)


def test_stretches_of_days_are_merged() -> None:
    days = [date(2020, 1, number) for number in range(1, 9)]
    spans = [(days[0], days[2]), (days[2], days[3]), (days[5], None), (days[6], days[7])]
    assert selectors.merged(spans) == [(days[0], days[3]), (days[5], None)]
