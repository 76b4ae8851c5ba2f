"""Scorecards, forecast and replay as pages: the figures are the ledger's, and nobody sees beyond their reach."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from builders import CHAIR, CITY, OTHER_CITY, OTHER_WEST, WEST
from chorok.core import periods, schemes
from chorok.core.money import percent, round_half_away
from chorok.ledger import forecasts, scorecards
from chorok.ledger import replay as replays
from chorok.ledger.figures import Question, tree_of
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site
from chorok.site.jobs import running
from chorok.site.jobs.models import Job
from site_world import OTHERS_MARK

SignIn = Callable[..., Client]
PAGES = ("scorecard/", "forecast/", "replay/")
OFTEN = 14


def make() -> None:
    """Make the sums of a replay, as the job does."""
    state = site.published()
    replays.build(state, state.definition("national"), tree_of(state, Question(())))


def text(response: Any) -> str:
    return response.content.decode()


def test_the_scorecard_is_the_ledgers(read_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    shown = text(officer.get(f"/goals/scorecard/?scheme=bsc&year=2019&organisation={CITY}&kind=district"))
    card = scorecards.card(site.published(), schemes.preset("bsc"), scorecards.Asked(2019, "district", CITY))
    assert card.units
    for unit in card.units:
        assert unit.scored.score is not None
        assert str(round_half_away(unit.scored.score, card.scheme.digits)) in shown
    assert "누리시" not in shown


def test_each_point_is_explained(read_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    where = f"/goals/scorecard/?scheme=bsc&year=2019&organisation={CITY}&kind=district"
    shown = text(officer.get(f"{where}&unit={WEST}"))
    assert "항목별 점수" in shown
    assert "1점을 더 얻으려면" in shown
    for other in (OTHER_WEST, "nobody"):
        assert officer.get(f"{where}&unit={other}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_what_is_out_of_reach_is_not_there(read_ledger: Ledger, signed_in: SignIn, page: str) -> None:
    officer = signed_in("officer", CITY)
    for other in (OTHER_CITY, OTHER_WEST, "T-NET", "T-99"):
        assert officer.get(f"/goals/{page}?organisation={other}").status_code == 404
    assert signed_in("coordinator", "T-NET").get(f"/goals/{page}").status_code == 403
    assert OTHERS_MARK not in text(officer.get(f"/goals/{page}?year=2019&kind=department"))


@pytest.mark.parametrize("query", ["year=x", "year=2099", "scheme=none", "kind=planet", "through=13", "policy=soft"])
@pytest.mark.parametrize("page", PAGES)
def test_bad_parameters_do_no_harm(read_ledger: Ledger, signed_in: SignIn, page: str, query: str) -> None:
    assert signed_in("officer", CITY).get(f"/goals/{page}?{query}").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tables_go_out_as_files(site_ledger: Ledger, signed_in: SignIn, kind: str) -> None:
    officer = signed_in("officer", CITY)
    make()
    for page in PAGES:
        answer = officer.get(f"/goals/{page}?year=2019&as={kind}")
        assert answer.status_code == 200
        assert answer.getvalue()[:2] == (b"PK" if kind == "xlsx" else b"\xef\xbb")
        assert officer.get(f"/goals/{page}?year=2019&as=exe").status_code == 404


def test_the_forecast_is_the_ledgers(read_ledger: Ledger, signed_in: SignIn) -> None:
    found = forecasts.outlooks(site.published(), forecasts.Asked(2020, (), CITY))
    shown = text(signed_in("officer", CITY).get(f"/goals/forecast/?year=2020&organisation={CITY}"))
    (one,) = found.found
    assert f"{percent(one.forecast.so_far.value)}%" in shown
    for past in one.forecast.past:
        assert f"{percent(past.whole.value)}%" in shown
    assert signed_in("officer", CITY).get("/goals/forecast/?item=T-NONE").status_code == 404


def test_a_replay_is_made_once_and_then_read(site_ledger: Ledger, signed_in: SignIn) -> None:
    officer = signed_in("officer", CITY)
    assert "집계가 아직 없습니다" in text(officer.get("/goals/replay/?year=2019"))
    assert officer.post("/goals/replay/make/", {"query": "year=2019"}).status_code == 302
    running.carry_out(Job.objects.get().pk, inline=True)
    shown = text(officer.get("/goals/replay/?year=2019&policy=strict"))
    question = Question((), period=periods.parse("2019"), organisation=CITY)
    (row,) = replays.run(site.published(), question, "strict").rows
    assert row.result.was.value != Fraction(0)
    for share in (row.result.was, row.result.stopped, row.result.at_most):
        assert f"{percent(share.value)}%" in shown


def test_replayed_lines_stay_within_reach(site_ledger: Ledger, signed_in: SignIn) -> None:
    officer, other = signed_in("officer", CITY), signed_in("officer", OTHER_CITY)
    where = "year=2019&policy=strict&outcome=questioned"
    shown = text(officer.get(f"/goals/replay/lines/?organisation={CITY}&{where}"))
    theirs = replays.lines(
        site.published(),
        replays.Wanted(
            "strict", organisation=OTHER_CITY, outcomes=("no_alternative", "questioned", "stopped", "returned")
        ),
        1,
    )
    ours = replays.lines(
        site.published(),
        replays.Wanted("strict", periods.parse("2019"), CITY, outcomes=("questioned", "no_alternative")),
        1,
    )
    assert OTHERS_MARK not in shown
    assert other.get(f"/goals/replay/lines/?organisation={CITY}&{where}").status_code == 404
    assert (
        officer.get(f"/goals/replay/lines/?organisation={CITY}&{where}&line=L{theirs.rows[0]['line_id']}").status_code
        == 404
    )
    one = officer.get(f"/goals/replay/lines/?organisation={CITY}&{where}&line=L{ours.rows[0]['line_id']}")
    assert "그날" in text(one)
    for bad in ("outcome=gone", "line=Lx", "line=999999999999999999999"):
        assert officer.get(f"/goals/replay/lines/?organisation={CITY}&{bad}").status_code == 404
    assert officer.get(f"/goals/replay/lines/?organisation={CITY}&item={CHAIR}&{where}").status_code == 200


def test_who_may_not_see_lines_is_refused(read_ledger: Ledger, signed_in: SignIn) -> None:
    assert signed_in("purchaser", CITY).get("/goals/replay/lines/").status_code == 403


def test_pages_ask_little(read_ledger: Ledger, signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    officer = signed_in("officer", CITY)
    for page in PAGES:
        with django_assert_max_num_queries(OFTEN):
            officer.get(f"/goals/{page}?year=2019")
