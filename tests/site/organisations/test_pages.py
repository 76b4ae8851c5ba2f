"""The pages of organisations: who sees what, from form to preview to change, how often the database is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from builders import CITY, EAST, MOVED, OTHER_CITY, OTHER_WEST, WEST
from chorok.ledger import kept
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site
from chorok.site.organisations.models import State, TreeChange
from jobs_done import finish_jobs

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("role", ["purchaser", "coordinator", "auditor"])
def test_everybody_sees_names_and_places_of_the_network(read_ledger: Ledger, signed_in: SignIn, role: str) -> None:
    shown = text(signed_in(role, CITY if role != "coordinator" else "T-NET").get(reverse("organisations:index")))
    assert "가람시" in shown
    assert "누리시" in shown


def test_the_tree_is_that_of_the_day(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    found = [client.get(reverse("organisations:one", args=[MOVED]))]
    assert [one["parent"] for one in found[0].context["history"]] == ["가람시", "누리시"]
    for on, city in (("2019-06-30", CITY), ("2019-07-01", OTHER_CITY)):
        nodes = client.get(reverse("organisations:index"), {"on": on}).context["nodes"]
        above = {inner.code: node.code for node in nodes[0].below for inner in node.below}
        assert above[MOVED] == city
    assert client.get(reverse("organisations:index"), {"on": "gestern"}).status_code == 200


def test_search_finds_codes_and_names(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("purchaser", CITY)
    for words, count in (("서구", 2), (WEST, 1), ("nuri", 1), ("없는", 0)):
        assert client.get(reverse("organisations:index"), {"q": words}).context["count"] == count


def test_from_form_to_preview_to_change_and_back(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    url = reverse("organisations:change", args=[WEST, "rename"])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"name_ko": "새서구", "name_en": "New West", "on": "2019-07-01"}, follow=True)
    draft = TreeChange.objects.get()
    assert "새서구" in text(answer)
    assert client.post(reverse("organisations:confirm", args=[draft.pk]))["Location"].startswith("/jobs/")
    finish_jobs()
    assert "새서구" in text(client.get(reverse("organisations:one", args=[WEST])))
    listed = client.get(reverse("organisations:changes"))
    assert reverse("organisations:undo", args=[draft.pk]) in text(listed)
    back = client.post(reverse("organisations:undo", args=[draft.pk]))
    client.post(back["Location"] + "confirm/")
    finish_jobs()
    assert site.tree().get(WEST).name_ko == "서구"  # type: ignore[union-attr]
    assert reverse("organisations:undo", args=[draft.pk]) not in text(client.get(reverse("organisations:changes")))


@pytest.mark.parametrize(
    ("code", "verb", "given"),
    [
        (CITY, "create", {"code": "T-2690", "name_ko": "새과", "kind": "department", "on": "2020-01-01"}),
        (EAST, "move", {"parent": WEST, "on": "2020-01-01"}),
        (WEST, "merge", {"codes": [EAST], "on": "2020-01-01"}),
        (WEST, "split", {"parts": "T-2691, 하나\nT-2692, 둘, Two", "kind": "district", "ends": "on",
                         "on": "2020-01-01"}),
        (WEST, "end", {"on": "2021-01-01"}),
    ],
)  # fmt: skip
def test_every_verb_has_a_form_and_a_preview(
    site_ledger: Ledger, signed_in: SignIn, code: str, verb: str, given: dict[str, Any]
) -> None:
    client = signed_in("officer", CITY)
    url = reverse("organisations:change", args=[code, verb])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 422
    answer = client.post(url, given, follow=True)
    assert answer.status_code == 200
    assert TreeChange.objects.get().verb == verb
    assert client.post(reverse("organisations:discard", args=[TreeChange.objects.get().pk])).status_code == 302
    assert TreeChange.objects.get().state == State.DISCARDED


def test_what_cannot_be_done_is_said_on_the_form(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    answer = client.post(reverse("organisations:change", args=[CITY, "create"]),
                         {"code": WEST, "name_ko": "또", "kind": "district", "on": "2020-01-01"})  # fmt: skip
    assert answer.status_code == 422
    assert WEST in text(answer)
    lines = {"parts": "코드만", "kind": "district", "on": "2020-01-01"}
    assert client.post(reverse("organisations:change", args=[WEST, "split"]), lines).status_code == 422


def test_other_cities_cannot_be_changed(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    for verb in ("rename", "create", "end", "nonsense"):
        assert client.get(reverse("organisations:change", args=[OTHER_WEST, verb])).status_code == 404
    assert client.get(reverse("organisations:change", args=["none", "rename"])).status_code == 404
    assert client.get(reverse("organisations:one", args=["none"])).status_code == 404
    assert client.get(reverse("organisations:begin")).status_code == 404
    assert signed_in("purchaser", CITY).get(reverse("organisations:import")).status_code == 403
    mine = client.post(reverse("organisations:change", args=[WEST, "rename"]),
                       {"name_ko": "새서구", "on": "2019-07-01"})["Location"]  # fmt: skip
    assert signed_in("officer", CITY).get(mine).status_code == 404


def test_changes_of_another_city_are_not_listed(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", OTHER_CITY)
    draft = client.post(reverse("organisations:change", args=[OTHER_WEST, "rename"]),
                        {"name_ko": "남모를구", "on": "2019-07-01"})["Location"]  # fmt: skip
    client.post(draft + "confirm/")
    finish_jobs()
    assert signed_in("officer", CITY).get(reverse("organisations:changes")).context["rows"] == []
    assert len(client.get(reverse("organisations:changes")).context["rows"]) == 1


def test_a_list_is_shown_before_it_is_taken(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    listed = f"code,name_ko,kind,parent\nT-2691,남구,district,{CITY}\n".encode()
    answer = client.post(reverse("organisations:import"), {"file": SimpleUploadedFile("기관.csv", listed)}, follow=True)
    assert "T-2691" in text(answer)
    assert "T-2691" not in site.tree().rows
    bad = client.post(reverse("organisations:import"), {"file": SimpleUploadedFile("다른.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422


def test_a_profile_is_entered_and_not_shown_elsewhere(site_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    url = reverse("organisations:profile", args=[CITY])
    assert client.get(url).url == reverse("organisations:one", args=[CITY])  # as after a change of language
    given = {"year": "2019", "population": "3500000", "area_km2": "769.89", "currency": "KRW", "source": "통계연보"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, {**given, "population": "-1"}).status_code == 422
    shown = text(client.get(reverse("organisations:one", args=[CITY])))
    assert "3,500,000" in shown
    assert "769.89" in shown
    for other in (signed_in("officer", OTHER_CITY), signed_in("coordinator", "T-NET")):
        assert "3,500,000" not in text(other.get(reverse("organisations:one", args=[CITY])))
        assert other.post(url, given).status_code in (403, 404)
    assert "population = 3500000" in kept.file_of(site_ledger, "cities").read_text(encoding="utf-8")


def test_pages_ask_the_database_little(
    read_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("officer", CITY)
    for url in (reverse("organisations:index"), reverse("organisations:one", args=[CITY]),
                reverse("organisations:changes"), reverse("organisations:import")):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_names_of_a_file_are_given_to_organisations_below_whose_file_it_is(
    read_ledger: Ledger, signed_in: SignIn
) -> None:
    officer, page = signed_in("officer", CITY), reverse("organisations:called")
    assert "지정할 이름이 없습니다" in text(officer.get(page))
    asked = f"{page}?name={CITY}/서쪽구청&name={WEST}/민원과"
    assert "서쪽구청" in text(officer.get(asked))
    assert officer.post(asked, {"n0": WEST, "n1": EAST}).status_code == 422
    answer = officer.post(asked, {"n0": WEST, "n1": ""})
    assert "서쪽구청" in text(officer.get(answer["Location"]))
    assert officer.post(asked, {"n0": OTHER_CITY}).status_code == 422
    assert signed_in("leader", CITY).get(page).status_code == 403
