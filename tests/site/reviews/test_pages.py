"""The pages of the review: what is shown, what a form does, files out and in, how often the database is asked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from builders import CHAIR, CITY, OTHER_CITY, WEST
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.reviews.models import Review, State
from jobs_done import finish_jobs
from reviewing import BIG, BOUGHT, ONE_PLACE, SHARED, SMALL
from site_world import OTHERS_MARK

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
Key = Callable[[str], int]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def seen(client: Client, key: int) -> str:
    found = re.search(r'name="seen" value="(\w+)"', text(client.get(reverse("reviews:product", args=[key]))))
    assert found
    return found.group(1)


def decide(client: Client, key: int, at: str = "", **wish: str) -> Any:
    given = {"choice": "not_green", "item_group": CHAIR, "reason": "도면 확인", "seen": seen(client, key), **wish}
    return client.post(reverse("reviews:decide", args=[key]) + at, given)


def test_the_queue_shows_the_biggest_first_and_nothing_of_others(reviewed: Ledger, signed_in: SignIn) -> None:
    answer = signed_in("officer", CITY).get(reverse("reviews:index"))
    amounts = [abs(row["amount"]) for row in answer.context["rows"]]
    assert amounts == sorted(amounts, reverse=True)
    assert OTHERS_MARK not in text(answer)
    assert "90,000,000" not in text(answer)
    assert OTHERS_MARK in text(signed_in("officer", OTHER_CITY).get(reverse("reviews:index")))


def test_filters_and_order_are_kept_from_product_to_product(reviewed: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    answer = client.get(reverse("reviews:index"), {"q": "의자", "organisation": WEST})
    names = [row["description"] for row in answer.context["rows"]]
    assert BIG in names
    assert ONE_PLACE not in names
    amounts = [row["amount"] for row in answer.context["rows"]]
    assert [abs(one) for one in amounts] == sorted((abs(one) for one in amounts), reverse=True)
    link = re.search(r'href="(/reviews/products/\d+/\?[^"]*at=0)"', text(answer))
    assert link
    page = client.get(link.group(1).replace("&amp;", "&"))
    assert page.context["previous"] == ""
    following = client.get(page.context["next"])
    assert following.context["subject"].key == answer.context["rows"][1]["product_key"]
    assert "organisation=T-2601" in following.context["previous"]


@pytest.mark.parametrize("asked", [{"organisation": "T-30"}, {"organisation": "none"}])
def test_an_organisation_out_of_reach_answers_like_none(
    reviewed: Ledger, signed_in: SignIn, asked: dict[str, str]
) -> None:
    assert signed_in("officer", CITY).get(reverse("reviews:index"), asked).status_code == 404


def test_deciding_goes_on_to_the_next_product(reviewed: Ledger, signed_in: SignIn, key: Key) -> None:
    client = signed_in("officer", CITY)
    answer = decide(client, key(SMALL), "?q=의자&at=0")
    assert answer.status_code == 302
    assert "at=" in answer["Location"]
    assert Review.objects.get().state == State.CONFIRMED


def test_without_a_choice_or_reason_nothing_is_lost(reviewed: Ledger, signed_in: SignIn, key: Key) -> None:
    client = signed_in("officer", CITY)
    answer = decide(client, key(SMALL), choice="", reason="이미 쓴 사유")
    assert answer.status_code == 422
    assert "이미 쓴 사유" in text(answer)
    assert decide(client, key(SMALL), reason="").status_code == 422
    assert not Review.objects.exists()


def test_the_second_is_told_on_the_page(reviewed: Ledger, signed_in: SignIn, key: Key) -> None:
    first, second = signed_in("officer", CITY, name="먼저한사람"), signed_in("officer", CITY)
    mark = seen(second, key(SMALL))
    decide(first, key(SMALL))
    answer = decide(second, key(SMALL), seen=mark)
    assert answer.status_code == 422
    assert "먼저한사람" in text(answer)


def test_two_people_and_a_publication(reviewed: Ledger, signed_in: SignIn, key: Key) -> None:
    officer, leader = signed_in("officer", CITY), signed_in("leader", CITY)
    decide(officer, key(BIG))
    one = Review.objects.get()
    assert reverse("reviews:confirm", args=[one.pk]) not in text(officer.get(reverse("reviews:waiting")))
    assert reverse("reviews:confirm", args=[one.pk]) in text(leader.get(reverse("reviews:waiting")))
    leader.post(reverse("reviews:confirm", args=[one.pk]))
    assert officer.get(reverse("reviews:ready")).context["page"].paginator.count == 1
    answer = officer.post(reverse("reviews:publish"))
    assert answer["Location"].startswith("/jobs/")
    finish_jobs()
    history = text(officer.get(reverse("reviews:history")))
    assert reverse("reviews:undo", args=[one.pk]) in history
    assert officer.get(reverse("reviews:undo", args=[one.pk])).status_code == 200
    officer.post(reverse("reviews:undo", args=[one.pk]))
    assert Review.objects.last().undoes == one  # type: ignore[union-attr]


def test_returning_asks_why(reviewed: Ledger, signed_in: SignIn, key: Key) -> None:
    officer, leader = signed_in("officer", CITY), signed_in("leader", CITY)
    decide(officer, key(BIG))
    one = Review.objects.get()
    url = reverse("reviews:send_back", args=[one.pk])
    assert leader.get(url).status_code == 200
    leader.post(url, {"remark": ""})
    leader.post(url, {"remark": "도면이 다름"})
    one.refresh_from_db()
    assert (one.state, one.remark) == (State.RETURNED, "도면이 다름")
    assert "도면이 다름" in text(officer.get(reverse("reviews:product", args=[one.product_key])))


def test_what_is_of_another_city_is_not_there(
    reviewed: Ledger, signed_in: SignIn, key: Key, actor: Callable[..., Actor]
) -> None:
    decide(signed_in("officer", CITY), key(BIG))
    one = Review.objects.get()
    other = signed_in("leader", OTHER_CITY)
    assert other.get(reverse("reviews:product", args=[one.product_key])).status_code == 404
    for name in ("confirm", "send_back"):
        assert other.post(reverse(f"reviews:{name}", args=[one.pk])).status_code == 404
    officer = signed_in("officer", OTHER_CITY)
    for name in ("withdraw", "undo"):
        assert officer.post(reverse(f"reviews:{name}", args=[one.pk])).status_code == 404
    for name in ("waiting", "ready", "history"):
        assert other.get(reverse(f"reviews:{name}")).context["page"].paginator.count == 0


@pytest.mark.parametrize("role", ["purchaser", "coordinator", "administrator", "accounting"])
def test_who_does_not_review_has_no_room_here(site_ledger: Ledger, signed_in: SignIn, role: str) -> None:
    place = "T-NET" if role == "coordinator" else CITY
    assert signed_in(role, place).get(reverse("reviews:index")).status_code == 403


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_list_is_filled_in_and_taken_back(reviewed: Ledger, signed_in: SignIn, tmp_path: Path) -> None:
    client = signed_in("officer", CITY)
    listed = rows(client.get(reverse("reviews:csv"), {"q": "의자"}))
    mine = {row["description"]: row for row in listed}
    assert mine[SHARED]["amount"] == "7000000"
    mine[SMALL].update(outcome="not_green", item_group=CHAIR, reason="도면")
    mine[BIG].update(outcome="green", item_group=CHAIR, valid_from="2019-01-01", reason="시험성적서 3")
    mine[ONE_PLACE].update(outcome="blue", reason="모름")
    stranger = {**mine[SMALL], "product_key": "P12"}
    out = io.StringIO()
    writer = csv.DictWriter(out, listed[0].keys())
    writer.writeheader()
    writer.writerows([*listed, stranger])
    file = SimpleUploadedFile("채움.csv", out.getvalue().encode("utf-8"))
    result = client.post(reverse("reviews:upload"), {"file": file}).context["result"]
    assert {(one.outcome, one.state) for one in result.decided} == {("not_green", "confirmed"), ("green", "proposed")}
    assert {(one.value, one.column) for one in result.turned} == {("blue", "outcome"), ("12", "product_key")}
    assert result.undecided == len(listed) - 3
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"reviews.exported", "reviews.imported", "reviews.decided"} <= actions
    again = SimpleUploadedFile("채움.csv", out.getvalue().encode("utf-8"))
    assert client.post(reverse("reviews:upload"), {"file": again}).context["result"].decided == []


def test_a_file_that_is_no_list_says_so(reviewed: Ledger, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("사진.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    answer = signed_in("officer", CITY).post(reverse("reviews:upload"), {"file": file})
    assert (answer.status_code, answer.context["result"]) == (422, None)


def test_the_leader_sets_the_amount_of_the_city(reviewed: Ledger, signed_in: SignIn) -> None:
    leader = signed_in("leader", CITY)
    answer = leader.post(reverse("reviews:policy"), {"city": CITY, "above": "500"})
    assert answer.status_code == 302
    assert "500 원" in text(leader.get(reverse("reviews:policy")))
    assert leader.post(reverse("reviews:policy"), {"city": OTHER_CITY, "above": "1"}).status_code == 404
    assert signed_in("officer", CITY).get(reverse("reviews:policy")).status_code == 403


def test_pages_ask_the_database_little_however_much_there_is(
    reviewed: Ledger,
    signed_in: SignIn,
    actor: Callable[..., Actor],
    decide: Any,
    django_assert_max_num_queries: Any,
) -> None:
    officer = actor("officer", CITY)
    for product in dict.fromkeys(product for _, org, product, _ in BOUGHT if org != OTHER_CITY):
        decide(officer, product)
    client = signed_in("leader", CITY)
    for name in ("index", "waiting", "ready", "history"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(f"reviews:{name}")).status_code == 200, name
    with django_assert_max_num_queries(18):
        key = Review.objects.all()[0].product_key
        client.get(reverse("reviews:product", args=[key]))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_speaks_both_languages(reviewed: Ledger, signed_in: SignIn, key: Key, language: str) -> None:
    client = signed_in("officer", CITY)
    client.cookies["language"] = language
    for url in (*(reverse(f"reviews:{name}") for name in ("index", "waiting", "ready", "history", "upload")),
                reverse("reviews:product", args=[key(SHARED)])):  # fmt: skip
        answer = client.get(url)
        assert (answer.status_code, f'lang="{language}"' in text(answer)) == (200, True)


def test_names_from_files_are_escaped(reviewed: Ledger, signed_in: SignIn, tmp_path: Path) -> None:
    import builders

    line = builders.keyed(
        90_001, org=CITY, kind="물품", supplier="<b>상사</b>", name="<script>의자</script>", amount=99
    )
    builders.take(reviewed, builders.write_csv(tmp_path / "꼬리.csv", [line]), source="tags")
    shown = text(signed_in("officer", CITY).get(reverse("reviews:index"), {"q": "script"}))
    assert "<script>의자" not in shown
    assert "&lt;script&gt;의자" in shown
