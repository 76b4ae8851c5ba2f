"""The rules as data: what is missing, unknown or wrong in them stops the program by name; versions have a log."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from chorok.core.checks.report import Remark
from chorok.core.checks.rules import book, parse, rules
from chorok.core.errors import BadInputError
from reported import HERE, found, printed, report, row

TEXT = resources.files("chorok.core.checks").joinpath("checks.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "code", "named"),
    [
        ("theme = ", "thema = ", "record_key_unknown", "thema"),
        ('rule = "R1"\n', "", "record_key_missing", "rule"),
        ('theme = "figures"', 'theme = "colours"', "record_value_bad", "theme"),
        ('"error"', '"grave"', "record_value_bad", "share_impossible"),
        ("due_month = 2", 'due_month = "February"', "record_value_bad", "due_month"),
        ('checker = ""', 'checker = ""\nnews = 1', "record_key_unknown", "news"),
    ],
)
def test_a_wrong_key_is_named(before: str, after: str, code: str, named: str) -> None:
    assert before in TEXT
    with pytest.raises(BadInputError) as raised:
        parse(TEXT.replace(before, after, 1))
    assert raised.value.code == code
    assert named in str(raised.value.params["key"])


def test_every_version_is_in_the_change_log() -> None:
    for rule in rules().values():
        assert [change.version for change in rule.change_log] == list(range(2, rule.version + 1)), rule.id
    assert book().author
    assert book().next_review > max(rule.since for rule in rules().values())


def test_no_code_is_found_by_two_checks() -> None:
    codes = [code for rule in rules().values() for code in rule.findings]
    assert len(codes) == len(set(codes))


def test_hints_are_never_counted_as_findings() -> None:
    (result,) = found("cause", report(remarks=[Remark("cause", HERE)]))
    assert (result.kind, result.severity) == ("hint", "hint")


def test_an_id_is_of_the_numbers_and_not_of_the_line() -> None:
    first, moved, mended = (
        found("share_recomputed", report(shares=[one]))[0]
        for one in (
            row(2016, "32.50", "11.98", "36.89"),
            row(2016, "32.50", "11.98", "36.89", table="Table 4", unit="USD"),
            row(2016, "32.50", "11.98", "36.90"),
        )
    )
    assert first.id == moved.id
    assert (first.about, first.id != mended.id) == (mended.about, True)
    assert re.fullmatch(r"[0-9a-f]{8}", first.id)
    other_city = found(
        "share_recomputed", report(organisation="Baram City", shares=[row(2016, "32.50", "11.98", "36.89")])
    )
    assert other_city[0].about != first.about


def test_places_are_those_of_the_numbers() -> None:
    shown = row(2016, "32.50", "11.98", "36.89")
    moved = type(shown)(**{**vars(shown), "share": printed("36.89", "12")})
    (result,) = found("share_recomputed", report(shares=[moved]))
    assert [place.where for place in result.outcome.places] == ["7", "7", "12"]
