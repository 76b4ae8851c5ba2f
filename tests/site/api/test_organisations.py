"""Organisations within reach, as they stood on a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import builders
from chorok.ledger.store import Ledger

pytestmark = pytest.mark.django_db


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json()["items"]]


def test_only_organisations_within_reach_are_listed(read_ledger: Ledger, caller: Callable[..., Any]) -> None:
    answer = caller("officer", builders.CITY).get("/organisations")
    assert answer.status_code == 200, answer.content
    assert codes(answer) == [builders.CITY, builders.WEST, builders.EAST]
    assert answer["Content-Language"] == "en"
    assert answer.json()["items"][0]["name"] == "Garam"


def test_the_tree_is_that_of_the_day(read_ledger: Ledger, caller: Callable[..., Any]) -> None:
    other = caller("officer", builders.OTHER_CITY)
    before = other.get(f"/organisations/{builders.OTHER_CITY}/tree", on="2019-06-30").json()
    after = other.get(f"/organisations/{builders.OTHER_CITY}/tree", on="2019-07-01").json()
    assert [one["code"] for one in before["children"]] == [builders.OTHER_WEST]
    assert [one["code"] for one in after["children"]] == [builders.MOVED, builders.OTHER_WEST]


@pytest.mark.parametrize("path", ["", "/tree"])
@pytest.mark.parametrize("code", [builders.OTHER_CITY, "NOBODY"])
def test_what_is_out_of_reach_is_like_what_is_not_there(
    read_ledger: Ledger, caller: Callable[..., Any], code: str, path: str
) -> None:
    answer = caller("officer", builders.CITY).get(f"/organisations/{code}{path}")
    assert answer.status_code == 404
    assert answer.json()["error"] | {"reference": ""} == {
        "code": "not_found", "message": "There is nothing here, or it is out of your reach.", "params": {},
        "reference": "",
    }  # fmt: skip


def test_all_pages_together_have_each_once(read_ledger: Ledger, caller: Callable[..., Any]) -> None:
    coordinator = caller("coordinator", "T-NET")
    whole = codes(coordinator.get("/organisations", size=200))
    answer = coordinator.get("/organisations", size=2)
    found = codes(answer)
    while 'rel="next"' in answer["Link"]:
        following = next(one for one in answer["Link"].split(", ") if 'rel="next"' in one)
        address = following[1 : following.index(">")].removeprefix("/api/v1")
        answer = coordinator.get(address)
        found += codes(answer)
    assert found == whole
    assert len(set(whole)) == len(whole) == 8
