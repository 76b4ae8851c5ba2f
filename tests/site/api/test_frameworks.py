"""Framework contracts and papers through the interface, with the rights of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.screening.models import Framework, Paper, Request
from screening_site import adopt

from .test_screenings import GREEN_CHAIR, SAID, question

pytestmark = pytest.mark.django_db
GRANT = {"number": 1, "reference": "조달-7", "amount": 300_000, "until": "2020-12-31"}


@pytest.fixture
def program(market: Ledger, caller: Callable[..., Any], actor: Callable[..., Actor]) -> Any:
    """A system that asks for a district of a city that screens."""
    adopt(actor("leader", builders.CITY))
    return caller("purchaser", builders.WEST)


def test_an_agreed_line_becomes_a_contract_that_is_called_off_until_nothing_is_left(
    program: Any, caller: Callable[..., Any]
) -> None:
    passed = program.post("/screenings", question(GREEN_CHAIR, title="의자", submit=True)).json()["id"]
    made = program.post(f"/screenings/{passed}/frameworks", GRANT)
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/frameworks/{made.json()['id']}")
    assert program.post(f"/screenings/{passed}/frameworks", GRANT).json()["error"]["code"] == "framework_known"
    wrong = program.post(f"/screenings/{passed}/frameworks", {**GRANT, "reference": "x", "until": "2020-01-01"})
    assert wrong.json()["error"]["code"] == "screening_framework"
    assert program.get("/frameworks", organisation=builders.WEST).json()["items"] == [made.json()]
    assert program.get("/frameworks", on="2021-01-01").json()["items"] == []
    chosen = {**GREEN_CHAIR, "framework": made.json()["id"]}
    called = program.post("/screenings", question(chosen, title="호출", submit=True)).json()
    assert called["state"] == "passed"
    assert program.get(f"/frameworks/{made.json()['id']}").json()["left"] == 100_000
    unknown = program.post("/screenings", question({**GREEN_CHAIR, "framework": 987_654}))
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (400, "framework_unknown")
    stranger = caller("purchaser", builders.EAST)
    assert stranger.get("/frameworks").json()["total"] == 0
    assert stranger.get(f"/frameworks/{made.json()['id']}").status_code == 404
    assert stranger.get("/frameworks", organisation=builders.WEST).status_code == 404
    assert stranger.post(f"/screenings/{passed}/frameworks", {**GRANT, "reference": "y"}).status_code == 404
    assert Framework.objects.count() == 1


def test_a_paper_is_attached_to_a_line_which_is_then_handed_in_anew(program: Any, caller: Callable[..., Any]) -> None:
    waits = program.post("/screenings", question(SAID, title="배수관", submit=True)).json()
    path = f"/screenings/{waits['id']}/lines/1/papers"
    sent = {"name": "견적서.pdf", "version": str(waits["version"])}
    for _ in range(2):  # a call that is repeated attaches it once
        made = program.post(path, b"%PDF-1.7", headers={"Idempotency-Key": "paper-of-line-1"}, **sent)
        assert made.status_code == 201, made.json()
    assert program.get(f"/screenings/{waits['id']}/papers").json()["items"] == [made.json()]
    assert (made.json()["name"], made.json()["line"]) == ("견적서.pdf", 1)
    one = Request.objects.get(pk=waits["id"])
    assert (one.state, one.lines.get().evidence) == ("draft", "견적서.pdf")
    assert program.post(path, b"%PDF-1.7", **sent).json()["error"]["code"] == "screening_moved_on"
    assert program.post(path, b"MZ", name="a.exe", version="2").json()["error"]["code"] == "paper_type"
    stranger = caller("purchaser", builders.EAST)
    assert stranger.post(path, b"%PDF-1.7", **sent).status_code == 404
    assert stranger.get(f"/screenings/{waits['id']}/papers").status_code == 404
    assert Paper.objects.count() == 1
