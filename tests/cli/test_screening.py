"""`chorok screen` as a purchaser meets it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

import builders
from builders import CITY
from chorok.cli.screening_words import sentence
from chorok.cli.speech import choose_language
from chorok.core.screening import policy as policies
from chorok.core.screening.decide import decide
from chorok.core.screening.facts import Facts, Framework
from chorok.core.screening.policy import Override, Proportion, SmallAmount
from chorok.core.screening.request import Bought, lapses
from chorok.ledger.store import Ledger
from chorok.publications.screening_words import sub_code_words
from chorok.wording import Language, catalogue

DETAIL = "9000000101"
DAY = date(2019, 6, 1)
HEAD = ("품명", "물품식별번호", "세부품명번호", "수량", "단위", "금액", "예외사유", "사유서", "증빙")
ROWS = (
    ("사무용 의자", "80000001", DETAIL, 3, "개", "30,000", "", "", ""),
    ("=사무용 의자", "80000099", DETAIL, 3, "개", "40,000", "", "", ""),
    ("사무용 의자", "80000098", DETAIL, 3, "개", "50,000", "②", "재고 없음", "회신"),
    ("책상 외 2종", "", "", 1, "식", "700,000", "", "", ""),
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one certified chair that Garam can buy; nothing was bought yet."""
    return builders.one_chair(tmp_path_factory.mktemp("심사") / "장부")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "구매 요구.csv"
    with place.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEAD, *ROWS])
    return place


def outcomes(ran: Any) -> list[tuple[int, str, str]]:
    return [(row["row"], row["rule"], row["outcome"]) for row in ran.json]


def test_a_request_is_screened_line_by_line(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    words = ("screen", file, "-l", ledger, "-o", "가람시", "--json", "--lang", "en")
    legal, strict = run(*words), run(*words, "--policy", "strict")
    rest = [(5, "D13", "returned_to_split")]
    first = [(2, "D4", "pass_green"), (3, "D8", "denied")]
    assert outcomes(legal) == [*first, (4, "D8", "needs_cosign"), *rest]
    assert outcomes(strict) == [*first, (4, "D8", "denied"), *rest]
    assert (legal.code, strict.code) == (1, 1)
    denied = legal.json[1]
    assert (denied["against"][0]["certificate_no"], denied["against"][0]["price"], denied["alternatives"]) == (
        "A-1",
        500,
        1,
    )
    assert denied["search"]["organisation"] == CITY
    assert denied["request"] == "denied"
    assert re.fullmatch(r"legal@\w{12}", denied["policy"])
    assert re.fullmatch(r"national@\w{12}", denied["definition"])
    assert denied["registry"] > 0


def test_a_green_line_alone_ends_with_zero(run: Callable[..., Any], ledger: Path, tmp_path: Path) -> None:
    place = tmp_path / "하나.csv"
    place.write_text("품명,물품식별번호,수량\n의자,80000001,3\n", encoding="utf-8")
    ran = run("screen", place, "-l", ledger, "-o", CITY, "--needed-by", "2021-01-01", "--lang", "en")
    assert ran.code == 0
    assert "Nothing is open" in ran.out
    assert "before 2021-01-01" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ko", ("반려", "가나의자", "예외사유", "①", "⑤", "등록부", "국가 기준", "따로 떼어", "협조")),
        (
            "en",
            ("denied", "가나의자", "Choose one", "①", "⑤", "registry version", "National", "split off", "Nothing was"),
        ),
    ],
)
def test_the_page_says_what_to_do_and_what_it_rests_on(
    run: Callable[..., Any], ledger: Path, file: Path, language: str, parts: tuple[str, ...]
) -> None:
    ran = run("screen", file, "-l", ledger, "-o", CITY, "--lang", language)
    for part in parts:
        assert part in ran.out, part


def test_strict_says_before_it_is_used_what_it_refuses(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    strict = run("screen", file, "-l", ledger, "-o", CITY, "--policy", "strict", "--lang", "en")
    assert "refuses the grounds ②, ③, ④, ⑤" in " ".join(strict.err.split())
    assert "refuses" not in run("screen", file, "-l", ledger, "-o", CITY, "--lang", "en").err
    assert "refuses the grounds 2 to 5" in " ".join(run("screen", "--help", "--lang", "en").out.split())


def test_a_policy_that_is_not_in_force_is_a_trial(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    ran = run("screen", file, "-l", ledger, "-o", CITY, "--policy", "seoul", "--lang", "en")
    assert "This is a trial" in ran.err
    late = run("screen", file, "-l", ledger, "-o", CITY, "--policy", "seoul", "--on", "2026-02-01", "--lang", "en")
    assert "This is a trial" not in late.err


def test_without_an_organisation_it_is_said(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    assert "No organisation was named" in " ".join(run("screen", file, "-l", ledger, "--lang", "en").err.split())


def test_an_organisation_that_is_not_in_the_tree_is_said(run: Callable[..., Any], ledger: Path, tmp_path: Path) -> None:
    place = tmp_path / "하나.csv"
    place.write_text("품명,물품식별번호,수량,기관\n의자,80000001,3,먼 나라\n", encoding="utf-8")
    ran = run("screen", place, "-l", ledger, "--lang", "en")
    assert "먼 나라" in ran.err
    assert ran.code == 0


def test_csv_and_the_written_file_hold_the_same(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    out = file.with_name("결과.xlsx")
    ran = run("screen", file, "-l", ledger, "-o", CITY, "--csv", "--out", out, "--lang", "en")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    sheet = [list(row) for row in openpyxl.load_workbook(out).active.values]
    assert len(rows) == 4
    assert [row[0] for row in sheet[1:]] == [2, 3, 4, 5]
    assert [row["outcome"] for row in rows] == [row[sheet[0].index("outcome")] for row in sheet[1:]]
    assert rows[1]["to_buy"].startswith("'="), "no spreadsheet takes it for a formula"
    assert not list(file.parent.glob("*.draft"))


def test_the_policies_are_listed_with_what_they_refuse(run: Callable[..., Any]) -> None:
    rows = {row["policy"]: row for row in run("screen", "--list", "--json", "--lang", "en").json}
    assert {name: row["grounds_refused"] for name, row in rows.items()} == {
        "strict": "②, ③, ④, ⑤", "legal": "–", "seoul": "–",
    }  # fmt: skip


def test_a_city_policy_is_read_from_its_file(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    ours = file.with_name("ours.toml")
    text = (
        'extends = "legal"\nid = "ours"\ntitle_ko = "우리 방침"\ntitle_en = "Our policy"\nsource_ko = "결재"\n'
        'source_en = "order"\nauthor = "A"\nchecker = "B"\nnext_review = 2020-01-01\nchange_log = []\n'
    )
    ours.write_text(text + "[[small_amounts]]\nbelow = 120001\n", encoding="utf-8")
    ran = run("screen", file, "-l", ledger, "-o", CITY, "--policy", ours, "--json", "--lang", "en")
    assert outcomes(ran)[1:3] == [(3, "D10", "pass_with_note"), (4, "D10", "pass_with_note")]
    ours.write_text(text + "small_amount = 3\n", encoding="utf-8")
    wrong = run("screen", file, "-l", ledger, "--policy", ours, "--lang", "en")
    assert wrong.code == 3
    assert "small_amounts" in wrong.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--text", "의자", "FILE"], 2),
        (["--text", "  "], 3),
        (["--text", "의자", "--policy", "lax"], 2),
        (["--text", "의자", "-o", "없는 곳"], 2),
        (["nowhere.csv"], 3),
        (["--text", "의자", "--on", "yesterday"], 2),
    ],
)
def test_mistakes_are_told(run: Callable[..., Any], ledger: Path, file: Path, words: list[str], code: int) -> None:
    ran = run("screen", *[str(file) if word == "FILE" else word for word in words], "-l", ledger, "--lang", "en")
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.strip()


def test_an_empty_ledger_says_what_to_do(run: Callable[..., Any], tmp_path: Path) -> None:
    Ledger.create(tmp_path / "새 장부")
    ran = run("screen", "--text", "의자", "-l", tmp_path / "새 장부", "--json", "--lang", "en")
    assert (ran.code, ran.json[0]["rule"]) == (1, "D2")
    assert "chorok certificates import FILE" in ran.json[0]["next_step"]


def test_the_cases_of_grounds_may_be_written_in_either_language() -> None:
    words = sub_code_words()
    assert (words["긴급 구호"], words["emergency relief"]) == ("emergency_relief", "emergency_relief")


def test_json_is_json_for_every_line(run: Callable[..., Any], ledger: Path, file: Path) -> None:
    rows = json.loads(run("screen", file, "-l", ledger, "-o", CITY, "--json", "--lang", "ko").out)
    for row in rows:
        assert row["reasons"]
        assert row["screened_why"]
        assert (row["outcome"] in ("pass_green",)) or row["needs"]


KNOWN: dict[str, tuple[Any, ...]] = {
    "registry_age": (0, 999, None),
    "definition_known": (True, False),
    "standard": ("yes", "no", "unknown"),
    "certified": ("yes", "proof", "no", "unknown"),
    "alternative": ("sure", "possible", "none", "unknown"),
    "unit": ("one", "lump", "set"),
    "kind": ("goods", "works"),
    "proportion": ("none", "met", "short", "unknown"),
    "amount": (None, 5, 500),
    "recent": (1, 500),
    "framework": (None, *(Framework("F-1", DAY, 999, granted) for granted in ("statement", "green"))),
    "emergency": (False, True),
    "ground": (None, 1, 4, 5),
}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_reason_and_need_has_words(language: str) -> None:
    """Each fact by itself and with each other one, under policies with all there is."""
    choose_language(["--lang", language])
    tuned = {"small_amounts": (SmallAmount(10),), "proportions": (Proportion("G", Fraction(45, 2)),)}
    rules = [replace(policies.preset(name), override=Override("deputy_head"), **tuned) for name in policies.names()]
    start = {"day": DAY, "item_group": "G", "recent": 1, "parts": "unknown", "registry_age": 0, "standard": "yes",
             "certified": "no", "alternative": "sure", "certified_until": DAY, "needed_by": date.max}  # fmt: skip
    said: set[str] = set()
    for one, other in itertools.product(KNOWN, KNOWN):
        for value, another in itertools.product(KNOWN[one], KNOWN[other]):
            facts = Facts(**{**start, one: value, other: another, "proof_entered": True})
            for rule, quiet in itertools.product(rules, (False, True)):
                found = decide(rule, replace(facts, no_goods=quiet))
                for family, codes in (("screen_reason", found.reasons), ("screen_need", found.needs)):
                    for code in codes:
                        assert "{" not in sentence(family, code)
                        said.add(f"{family}.{code.code}")
    later = {"approval_old", "product_changed", "price_changed", "quantity_changed", "ground_unread"}
    worded = {
        code for code in catalogue(cast("Language", language)) if code.startswith(("screen_reason", "screen_need"))
    }
    assert worded - said == {f"screen_reason.{code}" for code in later}


def test_why_an_approval_lapsed_has_words() -> None:
    choose_language(["--lang", "en"])
    was, now = Bought("P", 1, Decimal(1)), Bought("Q", 2, None)
    why = lapses(policies.preset("legal"), was, DAY, now, date(2020, 6, 1))
    assert [sentence("screen_reason", one) for one in why][1:] == [
        "The product changed from P to Q.",
        "The unit price changed from 1 to 2.",
        "The quantity rose from 1 to not known.",
    ]
