"""`chorok replay` as a user meets it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import CHAIR, CITY, EAST, keyed, take, write_csv
from chorok.ledger.registry import replace_source
from chorok.ledger.store import Ledger

DETAIL = "9000000101"
DAY = date(2019, 3, 2)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chairs bought in two places with and without a ground, one of them named only, one green."""
    made = Ledger.create(tmp_path_factory.mktemp("재심사") / "장부")
    certified = [
        {"certificate_no": "A-1", "product_id": "80000001", "detail_code": DETAIL, "product_name": "가나 의자",
         "supplier_name": "가나의자", "valid_from": date(2018, 1, 1), "valid_until": date(2020, 12, 31)},
    ]  # fmt: skip
    builders.register(made, certificates=certified)
    offer = {"offer_no": "M-1", "product_id": "80000001", "supply_area": "전국", "contract_from": DAY, "price": 500,
             "contract_until": date(2019, 12, 31), "currency": "KRW", "unit": "개", "read_on": DAY}  # fmt: skip
    replace_source(made.path, "offers", builders.rows("offers", [offer]), "mall")
    chair = {"class_": "90000001", "detail": DETAIL, "name": "의자", "product": "89999999"}
    lines = [
        keyed(1, **chair, amount=1000),
        keyed(2, **chair, amount=200, ground="2", org=EAST),
        keyed(3, **{**chair, "product": "80000001"}, amount=3000),
        keyed(4, **{**chair, "detail": ""}, amount=40),
    ]
    take(made, write_csv(made.path.parent / "구매.csv", lines))
    return made.path


def test_figures_of_both_policies(run: Callable[..., Any], ledger: Path) -> None:
    words = ("replay", "-l", ledger, "--period", "2019", "--by", "item", "--json", "--lang", "en")
    (strict,), (legal,) = run(*words).json, run(*words, "--policy", "legal").json
    assert (strict["item_code"], strict["eligible"], strict["green"]) == (CHAIR, 4240, 3000)
    assert (strict["stopped"], strict["stopped_lines"], strict["questioned"], strict["grounded"]) == (1200, 2, 40, 0)
    assert (legal["stopped"], legal["grounded"], legal["questioned"]) == (1000, 200, 40)
    assert [strict[f"share_{name}"] for name in ("was", "stopped", "at_most")] == ["70.75", "99.06", "100.00"]
    assert [legal[f"share_{name}"] for name in ("was", "stopped", "at_most")] == ["70.75", "94.34", "100.00"]


def test_the_page_says_what_it_rests_on(run: Callable[..., Any], ledger: Path) -> None:
    told = run("replay", "-l", ledger, "--period", "2019", "-o", "가람시", "--lang", "ko")
    assert told.code == 0
    for part in ("엄격(strict)", "기간: 2019", "반려", "70.75", "99.06", "가나의자", "A-1", "전국", CITY, "시점 1"):
        assert part in told.out
    assert "자료 없음" in run("replay", "-l", ledger, "--period", "2019", "--by", "city", "--lang", "ko").out


def test_lines_and_one_line(run: Callable[..., Any], ledger: Path) -> None:
    words = ("replay", "-l", ledger, "--period", "2019", "--lang", "en")
    rows = list(csv.DictReader(io.StringIO(run(*words, "--lines", "--csv", "--limit", "1").out)))
    assert [(row["amount"], row["outcome"], row["alternative"]) for row in rows] == [
        ("1000", "stopped", "sure"), ("200", "stopped", "sure"),
    ]  # fmt: skip
    (product,) = run(*words, "--line", rows[0]["line"], "--json").json
    assert (product["maker"], product["price"], product["alternative"]) == ("가나의자", 500, "sure")
    both = run(*words, "--lines", "--outcome", "questioned,no_alternative", "--item", "Chairs", "--json").json
    assert [row["amount"] for row in both] == [40]
    assert "There are no such lines" in run(*words, "--lines", "--outcome", "returned").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "mild"], "strict, legal"),
        (["--outcome", "gone"], "stopped, questioned"),
        (["--item", "없는품목"], "없는품목"),
        (["--line", "Lx"], "--lines"),
        (["--line", "L5"], "--lines"),
        (["--organisation", "없는시"], "없는시"),
        (["--by", "colour"], "colour"),
    ],
)
def test_mistakes_are_explained(run: Callable[..., Any], ledger: Path, words: list[str], said: str) -> None:
    told = run("replay", "-l", ledger, "--lang", "en", *words)
    assert (told.code, said in told.err) == (2, True)


def test_nothing_there_says_what_to_do(run: Callable[..., Any], ledger: Path) -> None:
    assert "chorok import" in run("replay", "-l", ledger, "--period", "2012", "--lang", "en").out


def test_without_a_mall_list_it_says_why_all_is_only_possible(
    run: Callable[..., Any], cli_ledger: Ledger, tmp_path: Path
) -> None:
    mine = builders.copy(cli_ledger.path, tmp_path / "장부")
    told = run("replay", "-l", mine.path, "--period", "2019", "--json", "--lang", "en")
    assert "no supply area is known" in told.err
    assert sum(row["stopped"] for row in told.json) == 0
