"""`chorok reconcile` as a user meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import CHAIR, CITY
from chorok.ledger.store import Ledger

HEADER = "BUYS_ORDR,BUYS_BLNM,BUYS_BSNM,SUM_TAMT,SUM_EAMT,SUM_AMT_RATE\n"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(rows: str) -> Path:
        (tmp_path / "현황.csv").write_text(HEADER + rows, encoding="cp949")
        return tmp_path / "현황.csv"

    return write


def test_equal_figures_agree(run: Callable[..., Any], cli_ledger: Ledger, file: Callable[[str], Path]) -> None:
    told = run("reconcile", file("1,가구,의자,4000,3000,75.00\n"), "--year", 2019, "-l", cli_ledger.path, "--json")
    (row,) = told.json
    assert told.code == 0
    assert (row["item_code"], row["difference_total"], row["difference_green"], row["rate_check"]) == (
        CHAIR,
        0,
        0,
        "ok",
    )
    assert (row["ours_share"], row["official_share"], row["explanation"]) == ("75.00", "75.00", None)


def test_differences_and_what_is_not_met(
    run: Callable[..., Any], cli_ledger: Ledger, file: Callable[[str], Path]
) -> None:
    path = file("1,가구,Chairs,5000,3000,75.00\n2,기타,우산,10,5,50\n,,합계,5010,3005,60\n")
    words = ("reconcile", path, "--year", 2019, "-o", CITY, "-l", cli_ledger.path)
    first, second = run(*words, "--json").json
    assert (first["difference_total"], first["difference_green"], first["rate_check"]) == (-1000, 0, "impossible")
    assert first["explanation"] == "unknown"
    assert (second["item"], second["explanation"]) == (None, "no_item_group")
    said = run(*words, "--lang", "ko")
    for part in ("공식 총액 5,010", "원장 총액 4,000", f"--lines {CHAIR}", "우산", "시점 1"):
        assert part in said.out
    assert "나올 수 없습니다" in said.err
    assert "합계 행" in said.err


def test_the_lines_behind_a_difference(
    run: Callable[..., Any], cli_ledger: Ledger, file: Callable[[str], Path]
) -> None:
    path = file("1,가구,의자,5000,3000,60\n")
    told = run("reconcile", path, "--year", 2019, "-l", cli_ledger.path, "--lines", "의자", "--json")
    assert [row["amount"] for row in told.json] == [3000, 1000]


def test_a_year_without_figures_says_so(
    run: Callable[..., Any], cli_ledger: Ledger, file: Callable[[str], Path]
) -> None:
    told = run("reconcile", file("1,가구,우산,10,5,50\n"), "--year", 2012, "-l", cli_ledger.path, "--lang", "en")
    assert told.code == 0
    assert "no figures to compare" in told.err


@pytest.mark.parametrize(
    ("rows", "more", "code", "said"),
    [
        ("1,가구,의자,약 10,5,50\n", [], 3, "약 10"),
        ("1,가구,의자,10,5,50\n2,가구,의자,10,5,50\n", [], 3, "1, 2"),
        ("1,가구,의자,10,5,50\n", ["--lines", "없는품목"], 2, "없는품목"),
        ("1,가구,의자,10,5,50\n", ["-o", "없는시"], 2, "없는시"),
    ],
)
def test_mistakes_are_explained(
    run: Callable[..., Any], cli_ledger: Ledger, file: Callable[[str], Path], rows: str, more: list[str], code: int,
    said: str,
) -> None:  # fmt: skip
    told = run("reconcile", file(rows), "--year", 2019, "-l", cli_ledger.path, "--lang", "en", *more)
    assert (told.code, said in told.err) == (code, True)
    assert told.out == ""
