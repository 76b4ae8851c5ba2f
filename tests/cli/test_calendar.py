"""The calendar as a user meets it. The ledger's today is fixed at 2 November 2020."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

import builders
from builders import CITY, EAST, GREEN, WEST, keyed, take, write_csv
from chorok.ledger import kept, schema
from chorok.ledger.store import Ledger, write_whole

Run = Callable[..., Any]

LINES = [
    keyed(1, day="2018-03-02", org=WEST, product=GREEN, amount=1000),
    keyed(2, day="2019-03-02", org=WEST, product=GREEN, amount=1500),
    keyed(3, day="2018-04-02", org=EAST, product=GREEN, amount=1000),
    keyed(4, day="2019-04-02", org=EAST, product=GREEN, amount=900),
    keyed(5, day="2018-04-03", org=EAST, amount=100, name="이름뿐"),
]


@pytest.fixture(scope="module")
def office(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = builders.copy(registered, tmp_path_factory.mktemp("일정") / "원장")
    take(made, write_csv(made.path.parent / "구매.csv", LINES))
    write_whole(made.path / "ledger.toml", f'format = {schema.FORMAT}\nsynthetic = "2020-11-02"\n')
    return made.path


@pytest.fixture
def desk(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    mine = builders.copy(office, tmp_path / "원장")
    monkeypatch.setenv("CHOROK_LEDGER", str(mine.path))
    return mine


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    ran = run("calendar", *words, "--json", "--lang", "en")
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json
    return found


def state(run: Run, rule: str, organisation: str, *words: str) -> list[str]:
    return [
        row["duty_state"]
        for row in rows(run, "list", *words)
        if (row["duty_rule"], row["organisation_code"]) == (rule, organisation)
    ]


def test_list_may_be_left_out(run: Run, desk: Ledger) -> None:
    assert run("calendar").out == run("calendar", "list").out
    assert rows(run, "--late") == rows(run, "list", "--late")
    assert run("calendar", "--help").out != run("calendar", "list", "--help").out


def test_what_was_not_done_is_late_and_what_is_noted_is_done(run: Run, desk: Ledger) -> None:
    assert state(run, "plan", WEST) == ["late"]
    ran = run("calendar", "done", "plan", "가람시 서구", "--on", "2020-02-29", "--by", "김", "--lang", "en")
    assert ran.code == 0
    assert "2020-02-29" in ran.out
    assert state(run, "plan", WEST) == ["done"]
    assert state(run, "plan", EAST) == ["late"]
    assert run("calendar", "done", "plan", EAST, "--on", "2020-03-01", "--by", "김", "--lang", "en").code == 0
    assert state(run, "plan", EAST) == ["done_late"]


def test_a_note_goes_to_the_nearest_due_day_or_the_period_that_is_named(run: Run, desk: Ledger) -> None:
    run("calendar", "done", "plan", CITY, "--on", "2020-10-30", "--by", "김")
    run("calendar", "done", "plan", CITY, "--on", "2020-10-30", "--by", "김", "--period", "2019")
    text = kept.file_of(desk, "done").read_text(encoding="utf-8")
    assert 'period = "2021"' in text
    assert 'period = "2019"' in text


def test_the_lists_of_due_late_and_done_share_all_duties_out(run: Run, desk: Ledger) -> None:
    run("calendar", "done", "plan", WEST, "--on", "2020-02-03", "--by", "김")
    for year in ("2020", "2021"):
        parts = [rows(run, "list", "--year", year, option) for option in ("--due", "--late", "--done")]
        assert sum(map(len, parts)) == len(rows(run, "list", "--year", year))
        assert len(rows(run, "list", "--year", year, "--late", "--done")) == len(parts[1]) + len(parts[2])
    assert {row["duty_state"] for row in rows(run, "list", "--year", "2021")} == {"open"}


def test_only_an_organisation_and_all_below_it(run: Run, desk: Ledger) -> None:
    assert {row["organisation_code"] for row in rows(run, "list", "-o", "가람시")} == {CITY, WEST, EAST}


def test_csv_has_the_same_rows(run: Run, desk: Ledger) -> None:
    read = list(csv.DictReader(io.StringIO(run("calendar", "list", "--csv").out)))
    assert [row["due"] for row in read] == [row["due"] for row in rows(run, "list")]
    assert all(row["source"] and row["organisation_code"] for row in read)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_calendar_file_holds_what_is_listed(language: str, run: Run, desk: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "기한.ics"
    ran = run("calendar", "--late", "--ics", file, "--alarm", "3", "--lang", language)
    assert ran.code == 0
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert sorted(str(event["dtstart"].dt) for event in events) == [row["due"] for row in rows(run, "list", "--late")]
    assert all(str(event["dtstamp"].dt.date()) == "2020-11-02" for event in events)


def test_a_question_brings_an_answer_that_is_due(run: Run, desk: Ledger) -> None:
    assert run("calendar", "done", "answer", WEST, "--by", "김").code == 2
    asked = run("calendar", "question", WEST, "--on", "2020-10-25", "--by", "부처", "--lang", "en")
    assert "2020-11-09" in asked.out
    assert state(run, "answer", WEST) == ["due_soon"]
    assert run("calendar", "done", "answer", WEST, "--on", "2020-11-01", "--by", "김").code == 0
    assert state(run, "answer", WEST) == ["done"]
    run("calendar", "question", WEST, "--on", "2020-11-02", "--period", "2019", "--by", "부처")
    assert sorted(state(run, "answer", WEST)) == ["done", "due_soon"]


def test_whom_the_ministry_may_ask(run: Run, desk: Ledger) -> None:
    found = {row["organisation_code"]: row for row in rows(run, "changes")}
    assert [found[code]["question"] for code in (WEST, EAST, "T-41")] == ["likely", "unlikely", "no_data"]
    assert (found[WEST]["last_year_green"], found[WEST]["year_green"]) == (1000, 1500)
    assert (found[WEST]["green_change"], found[EAST]["green_change"]) == ("+50.00", "-10.00")
    assert (found[EAST]["green_change_low"], found[EAST]["green_change_high"]) == ("-18.18", "-10.00")
    assert found[CITY]["green_change"] == "+20.00"
    said = run("calendar", "list", "--lang", "en").err
    assert "Garam Seo-gu" in said
    assert "Dong-gu" not in said


def test_seoul_s_dates_hold_for_whoever_chose_them(run: Run, desk: Ledger) -> None:
    assert not [row for row in rows(run, "list", "--year", "2027") if row["duty_rule"].startswith("seoul")]
    assert run("calendar", "choose", "가람시", "--rules", "seoul").code == 0
    chosen = [row for row in rows(run, "list", "--year", "2027") if row["duty_rule"].startswith("seoul")]
    assert {row["organisation_code"] for row in chosen} == {CITY, WEST, EAST}
    before = run("calendar", "list", "--year", "2020", "--lang", "en")
    assert "2026-01-19" in before.err
    everybody = rows(run, "list", "--year", "2027", "--rules", "seoul")
    assert "T-30" in {row["organisation_code"] for row in everybody if row["duty_rule"].startswith("seoul")}
    run("calendar", "choose", "가람시", "--rules", "")
    assert not [row for row in rows(run, "list", "--year", "2027") if row["duty_rule"].startswith("seoul")]


def test_the_rules_are_listed_without_a_ledger(run: Run, tmp_path: Path) -> None:
    ran = run("calendar", "rules", "--json", "-l", tmp_path / "nowhere")
    assert {"plan", "results", "answer", "seoul-training"} <= {row["duty_rule"] for row in ran.json}
    assert all(row["source"] for row in ran.json)


def test_notes_that_belong_to_no_duty_are_named(run: Run, desk: Ledger) -> None:
    file = kept.file_of(desk, "done")
    text = '[[done]]\nrule = "plam"\norganisation = "T-26"\nperiod = "2020"\non = 2020-02-02\nby = "김"\n'
    file.write_text(text, encoding="utf-8")
    assert "plam" in run("calendar", "list", "--lang", "en").err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("done", "nonsense", WEST, "--by", "김"), 2, "nonsense"),
        (("done", "results", WEST, "--by", "김"), 2, "chorok periods submit"),
        (("done", "plan", "서구", "--by", "김"), 2, "T-2601"),
        (("done", "plan", "T-NET", "--by", "김"), 2, "plan"),
        (("done", "plan", WEST, "--by", "김", "--on", "2020-11-03"), 2, "2020-11-02"),
        (("done", "plan", WEST, "--by", "김", "--period", "soon"), 2, "plan"),
        (("done", "plan", WEST), 2, "--by"),
        (("choose", CITY, "--rules", "busan"), 3, "seoul"),
        (("question", "T-NET", "--by", "부처"), 2, "T-NET"),
        (("list", "--json", "--csv"), 2, "--json"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    words: tuple[str, ...], code: int, said: str, run: Run, desk: Ledger
) -> None:
    ran = run("calendar", *words, "--lang", "en")
    assert ran.code == code
    assert said in ran.err
    assert not [name for name in ("done", "questions", "calendars") if kept.file_of(desk, name).exists()]


def test_without_organisations_it_says_what_to_do(run: Run, bare: Ledger, tmp_path: Path) -> None:
    take(bare, write_csv(tmp_path / "구매.csv", LINES))
    ran = run("calendar", "-l", bare.path, "--lang", "en")
    assert ran.code == 0
    assert "chorok organisations import" in ran.out
