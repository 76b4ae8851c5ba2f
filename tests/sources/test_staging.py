"""Staging: each row typed once, with its reason; what a reader cannot split is kept in the account."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from builders import posted, take, totals
from chorok.ledger.batches import Account, Tally
from chorok.ledger.store import Ledger

HEADER = "구매일자,기관명,업무구분,사업자등록번호,물품식별번호,품명,수량,단위,단가,금액,관급자재여부,예외사유\n"
ROW = '2019-03-02,가람시,물품,123-45-67890,80000001,의자,"1,200.5",개,"1,000","1,200,500",Y,2\n'


def imported(ledger: Ledger, folder: Path, text: str, **wish: object) -> Account:
    path = folder / "1.csv"
    path.write_text(text, encoding="utf-8")
    return take(ledger, path, **wish).batch.accounts[0]


def test_every_column_is_typed(ledger: Ledger, tmp_path: Path) -> None:
    imported(ledger, tmp_path, HEADER + ROW)
    (row,) = posted(ledger)
    assert (row["amount"], row["unit_price"], row["quantity"], row["unit"]) == (
        1_200_500,
        1000,
        Decimal("1200.5"),
        "개",
    )
    assert (row["supplier_no"], row["product_id"], row["kind"]) == ("1234567890", "80000001", "goods")
    assert (row["furnished_material"], row["ground"], row["currency"]) == (True, "2", "KRW")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("물품", "goods"),
        ("공사(관급)", "works"),
        ("일반용역", "service"),
        ("용역", "service"),
        ("시설공사", "works"),
        ("공사용자재", "goods"),
        ("", "goods"),
    ],
)
def test_kinds(ledger: Ledger, tmp_path: Path, word: str, kind: str) -> None:
    imported(ledger, tmp_path, HEADER + ROW + ROW.replace("물품", word))
    assert sorted(row["kind"] for row in posted(ledger)) == sorted(["goods", kind])


def test_an_open_quote_swallows_rows_and_the_account_still_adds_up(ledger: Ledger, tmp_path: Path) -> None:
    lines = [f"2019-03-{day:02d},가람시,의자 {day},{day}\n" for day in range(1, 21)]
    lines[9] = '2019-03-10,가람시,"의자,10\n'
    account = imported(ledger, tmp_path, "구매일자,기관명,품명,금액\n" + "".join(lines))
    assert account.balanced
    assert account.refused.lines >= 1
    assert totals(ledger) == (account.accepted.lines, account.accepted.amount)
    assert "row_broken" in account.rejected


def test_rows_with_too_few_or_many_cells_are_rejected_one_by_one(ledger: Ledger, tmp_path: Path) -> None:
    rows = [
        "2019-03-01,가람시,의자,1",
        "2019-03-02,가람시,의자",
        "2019-03-03,가람시,의자,3,남음",
        "2019-03-04,가람시,의자,4",
    ]
    account = imported(ledger, tmp_path, "구매일자,기관명,품명,금액\n" + "\n".join(rows) + "\n")
    assert account.received == Tally(4, 5)
    assert account.rejected == {"row_broken": Tally(2, 0)}
    assert account.accepted == Tally(2, 5)


def test_differences_are_summed_on_the_first_day(ledger: Ledger, tmp_path: Path) -> None:
    from builders import ask

    text = "납품요구번호,물품순번,납품요구변경차수,납품요구일자,수요기관명,품명,증감금액\n"
    rows = ["R1,1,0,2018-12-30,가람시,의자,100", "R1,1,1,2019-01-05,가람시,의자,-30", "R2,1,0,2019-03-01,가람시,의자,5"]
    imported(ledger, tmp_path, text + "\n".join(rows) + "\n")
    assert {f.keys[0]: f.amounts.amount for f in ask(ledger, "year").figures} == {"2018": 70, "2019": 5}


def test_the_final_row_counts_on_the_first_day_and_others_are_provisional(ledger: Ledger, tmp_path: Path) -> None:
    from builders import ask

    text = "납품요구번호,물품순번,납품요구변경차수,최종납품요구여부,납품요구일자,수요기관명,품명,금액\n"
    rows = [
        "R1,1,0,N,2018-12-30,가람시,의자,100",
        "R1,1,1,Y,2019-01-05,가람시,의자,70",
        "R2,1,0,N,2019-03-01,가람시,의자,5",
        "R2,1,1,N,2019-03-05,가람시,의자,6",
        "R3,1,0,Y,2019-04-01,가람시,의자,9",
    ]
    imported(ledger, tmp_path, text + "\n".join(rows) + "\n")
    answer = ask(ledger, "year")
    assert {f.keys[0]: f.amounts.amount for f in answer.figures} == {"2018": 70, "2019": 15}
    assert answer.provisional == 1


def test_headers_that_are_printed_again_are_set_aside(ledger: Ledger, tmp_path: Path) -> None:
    account = imported(ledger, tmp_path, HEADER + ROW + HEADER + ROW)
    assert account.aside == {"header_row": 1}
    assert (account.received.lines, account.accepted.lines) == (2, 2)
