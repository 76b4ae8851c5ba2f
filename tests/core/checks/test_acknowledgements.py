"""An acknowledged finding is set apart, opens again when its numbers change, and is missed when it is gone."""

from __future__ import annotations

from datetime import date

from chorok.core.checks.acknowledgements import Acknowledgement, settle, stale
from chorok.core.checks.results import Result
from reported import found, report, row

DAY = date(2020, 3, 2)


def share(text: str) -> list[Result]:
    return found("share_recomputed", report(shares=[row(2016, "32.50", "11.98", text)]))


def known(result: Result, reason: str = "as sent") -> Acknowledgement:
    return Acknowledgement(result.id, result.about, result.check, reason, "Kim", DAY)


def test_what_nobody_acknowledged_is_open() -> None:
    (one,) = settle(share("36.89"), [])
    assert (one.is_open, one.now, one.before) == (True, None, None)


def test_an_acknowledged_finding_is_set_apart() -> None:
    results = share("36.89")
    (one,) = settle(results, [known(results[0])])
    assert not one.is_open
    assert one.now is not None
    assert one.now.reason == "as sent"


def test_other_numbers_open_it_again() -> None:
    old = known(share("36.89")[0])
    (one,) = settle(share("36.90"), [old])
    assert (one.is_open, one.before) == (True, old)
    assert stale(share("36.90"), [old]) == []


def test_the_last_word_on_the_same_numbers_counts() -> None:
    results = share("36.89")
    (one,) = settle(results, [known(results[0]), known(results[0], "looked again")])
    assert one.now is not None
    assert one.now.reason == "looked again"


def test_one_that_fits_nothing_is_told() -> None:
    old = known(share("36.89")[0])
    assert stale(share("36.86"), [old]) == [old]


def test_what_holds_cannot_be_acknowledged() -> None:
    results = share("36.86")
    (one,) = settle(results, [known(results[0])])
    assert (one.now, one.is_open) == (None, False)
