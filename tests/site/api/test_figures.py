"""Figures, verdicts and lists through the interface are those of the ledger, exact and within reach alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import builders
from api_places import PLACES
from builders import BOTH, CITY, EMPTY_CITY, GREEN, OTHER_CITY, PLAIN, REVOKED, WEST
from chorok.core import periods
from chorok.core.money import percent
from chorok.ledger.store import Ledger
from chorok.site.api.door import ways_of
from chorok.site.api.interface import api
from chorok.site.performance import services as release_services
from site_world import OTHERS_MARK

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def test_shares_are_exact_and_name_what_they_rest_on(read_ledger: Ledger, caller: Call) -> None:
    told = caller("officer", CITY).get("/measures/share", period="2018..2020", by="year,organisation").json()
    question = {"period": periods.parse("2018..2020"), "organisation": CITY}
    answer = builders.ask(read_ledger, "year", "organisation", **question)
    assert len(told["figures"]) == len(answer.figures) > 3
    for one, figure in zip(told["figures"], answer.figures, strict=True):
        share = figure.amounts.share()
        assert tuple(one["keys"].values()) == figure.keys
        assert (one["sums"]["eligible"], one["sums"]["green"]) == (share.denominator, share.green)
        for name in ("value", "low", "high"):
            exact, ratio = getattr(share, name), one["share"][name]
            assert Fraction(ratio["numerator"], ratio["denominator"]) == exact
            assert ratio["percent"] == str(percent(exact))
    assert told["grounds"] | {"as_of": "", "definition_hash": ""} == {
        "definition": "national", "definition_hash": "", "basis": "eligible", "organisation": CITY,
        "period": "2018..2020", "snapshot": answer.snapshot, "as_of": "", "registry": answer.registry,
    }  # fmt: skip
    assert told["grounds"]["as_of"] == answer.published_at


def test_an_earlier_state_is_answered_as_it_was(site_ledger: Ledger, caller: Call, tmp_path: Any) -> None:
    program = caller("officer", CITY)
    before = program.get("/measures/share").json()
    builders.take(site_ledger, builders.write_csv(tmp_path / "mehr.csv", [builders.keyed(77_777, product=GREEN)]))
    now = program.get("/measures/share").json()
    then = program.get("/measures/share", as_of=before["grounds"]["snapshot"]).json()
    assert now["figures"] != before["figures"] == then["figures"]


def test_no_data_is_never_zero(read_ledger: Ledger, caller: Call) -> None:
    told = caller("officer", EMPTY_CITY).get("/measures/share").json()
    assert told["figures"] == []
    change = caller("officer", EMPTY_CITY).get("/measures/drivers").json()["changes"]
    assert all(one["change"] is None and one["why_not"] for one in change)


def test_what_moved_the_share_adds_up_exactly(read_ledger: Ledger, caller: Call) -> None:
    (change,) = caller("officer", CITY).get("/measures/drivers", period="2020", since="2018").json()["changes"]

    def exact(one: dict[str, Any]) -> Fraction:
        return Fraction(one["numerator"], one["denominator"])

    whole = exact(change["after"]["value"]) - exact(change["before"]["value"])
    assert exact(change["change"]) == whole == exact(change["green"]) + exact(change["denominator"])
    assert whole == sum((exact(one["rate"]) + exact(one["mix"]) for one in change["items"]), Fraction())
    assert change["periods"] == ["2018", "2019", "2020"]


@pytest.mark.parametrize(
    ("product", "day", "state"),
    [(GREEN, "2019-03-01", "green"), (GREEN, "2020-03-01", "not_green"), (REVOKED, "2019-03-01", "not_green"),
     (REVOKED, "2019-02-28", "green")],
)  # fmt: skip
def test_verdicts_are_those_of_the_day(read_ledger: Ledger, caller: Call, product: str, day: str, state: str) -> None:
    program = caller("purchaser", CITY)
    one = program.get("/verdicts", product_id=product, day=day).json()
    many = program.post("/verdicts", {"products": [{"product_id": PLAIN}, {"product_id": product}], "day": day}).json()
    assert one["verdicts"][0]["state"] == many["verdicts"][1]["state"] == state
    assert one["grounds"] == many["grounds"]
    assert one["grounds"]["day"] == day


def test_a_thousand_verdicts_keep_their_order(read_ledger: Ledger, caller: Call) -> None:
    asked = [{"product_id": (GREEN, BOTH, PLAIN)[number % 3]} for number in range(1_000)]
    found = caller("purchaser", CITY).post("/verdicts", {"products": asked, "day": "2019-03-01"}).json()["verdicts"]
    assert len(found) == 1_000
    assert [one["certificates"] for one in found[:3]] == [["T-1"], ["T-2", "T-3"], []]
    assert found[3:6] == found[:3]


def test_targets_of_others_are_not_seen(site_ledger: Ledger, caller: Call) -> None:
    for code, name in ((CITY, ""), (OTHER_CITY, "")):
        text = f'[[targets]]\nscope = "{code}"\nyear = 2019\nvalue = "60"\nset_on = 2018-12-01\n{name}\n'
        kept = site_ledger.path / "targets.toml"
        kept.write_text((kept.read_text() if kept.exists() else "") + text)
    (target,) = caller("officer", CITY).get("/measures/targets").json()["targets"]
    assert (target["organisation"], target["aim"]["percent"], target["standing"]) == (CITY, "60.00", "open")
    assert caller("officer", CITY).get("/measures/targets", organisation=OTHER_CITY).status_code == 404
    assert caller("coordinator", "T-NET").get("/measures/targets").status_code in (403, 404)


@pytest.mark.parametrize(
    "path", ["/measures/share", "/measures/drivers", "/measures/forecast", "/measures/scorecard", "/measures/targets",
             "/reviews/queue", "/periods"],
)  # fmt: skip
@pytest.mark.parametrize("code", [OTHER_CITY, "NOBODY"])
def test_figures_of_others_are_not_there(read_ledger: Ledger, caller: Call, path: str, code: str) -> None:
    answer = caller("officer", CITY).get(path, organisation=code)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/measures/share", "/measures/drivers", "/measures/forecast", "/measures/scorecard"])
def test_a_network_sees_no_figures_that_were_not_released(read_ledger: Ledger, caller: Call, path: str) -> None:
    for role, status in (("coordinator", 403), ("officer", 404), ("auditor", 404)):
        program = caller(role, "T-NET")
        for code in ("T-NET", CITY, WEST):
            assert program.get(path, organisation=code).status_code == status


def test_a_network_sees_what_was_released_as_it_was_and_no_longer_when_it_is_revoked(
    site_ledger: Ledger, caller: Call, actor: Callable[..., Any]
) -> None:
    leader = actor("leader", OTHER_CITY)
    own = caller("leader", OTHER_CITY).get("/measures/share", period="2019").json()["figures"][0]
    coordinator, neighbour = caller("coordinator", "T-NET"), caller("officer", CITY)

    def seen(program: Any) -> dict[str, Any]:
        told = program.get("/measures/network", year=2019)
        assert told.status_code == 200, told.content
        assert OTHERS_MARK not in told.content.decode()
        return {one["organisation"]: one for one in told.json()["members"]}

    assert seen(coordinator)[OTHER_CITY] | {"part_of": None} == seen(neighbour)[OTHER_CITY] | {"part_of": None}
    assert (seen(coordinator)[OTHER_CITY]["released_on"], seen(coordinator)[OTHER_CITY]["figures"]) == (None, [])
    released = release_services.release(leader, city=OTHER_CITY, year=2019, level="city")
    for program in (coordinator, neighbour):
        (figure,) = seen(program)[OTHER_CITY]["figures"]
        assert (figure["sums"]["green"], figure["share"]) == (own["sums"]["green"], own["share"])
        assert seen(program)[CITY]["figures"] == []
    release_services.revoke(leader, release_id=released.pk)
    assert seen(coordinator)[OTHER_CITY]["figures"] == []


def test_what_is_the_other_citys_shows_nowhere(read_ledger: Ledger, caller: Call) -> None:
    officer, auditor, coordinator = (
        caller(*one) for one in (("officer", CITY), ("auditor", CITY), ("coordinator", "T-NET"))
    )
    theirs = caller("officer", OTHER_CITY)
    assert OTHERS_MARK in theirs.get("/reviews/queue").content.decode()
    batch = theirs.get("/purchases/imports").json()["items"][0]["id"]
    for program in (officer, auditor, coordinator):
        for name in ways_of(api):
            method, path = PLACES[name]
            if method == "GET":
                for query in ({}, {"by": "department,organisation"}, {"by": "department"}, {"year": 2019}):
                    assert OTHERS_MARK not in program.get(path, **query).content.decode(), (name, query)
        for path in (f"/purchases/imports/{batch}", f"/purchases/imports/{batch}/rejects"):
            assert program.get(path).status_code in (403, 404)
        assert program.post(f"/purchases/imports/{batch}/withdraw").status_code in (403, 404)
    assert OTHERS_MARK in theirs.get("/measures/share", by="department").content.decode()


@pytest.mark.parametrize(
    ("path", "key", "role"),
    [("/reviews/queue", "product_key", "officer"), ("/registry/products", "certificate_no", "officer"),
     ("/registry/item-groups", "code", "officer"), ("/periods", "organisation", "officer")],
)  # fmt: skip
def test_pages_together_are_the_whole_list(read_ledger: Ledger, caller: Call, path: str, key: str, role: str) -> None:
    program = caller(role, CITY)
    whole = program.get(path, size=200).json()
    size, found, page = 2 if whole["total"] < 20 else 7, [], 1
    while True:
        answer = program.get(path, page=page, size=size)
        found += [one[key] for one in answer.json()["items"]]
        if 'rel="next"' not in answer["Link"]:
            break
        page += 1
    assert found == [one[key] for one in whole["items"]]
    assert len(found) == whole["total"] >= 3
    assert program.get(path, page=page + 1, size=size).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "most"),
    [("/organisations", 14), ("/registry/products", 18), ("/measures/share", 16), ("/reviews/queue", 15),
     ("/periods", 16), ("/purchases/imports", 16), ("/purchases/uploads", 16), ("/jobs", 16)],
)  # fmt: skip
def test_each_read_asks_the_database_little(
    read_ledger: Ledger, caller: Call, path: str, most: int, django_assert_max_num_queries: Any
) -> None:
    program = caller("officer", CITY)
    program.get(path)
    with django_assert_max_num_queries(most):
        assert program.get(path).status_code == 200
