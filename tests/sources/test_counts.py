"""The count beside: what it is sure of, and when it leaves the word to the count of data rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from chorok.ledger.batches import Tally
from chorok.sources.counts import count
from chorok.sources.tables import open_tables

HEADER = "구매일자,품명,금액\n"


def counted(folder: Path, text: str, *, encoding: str = "utf-8", multiplier: int = 1) -> Tally | None:
    file = folder / "1.csv"
    file.write_text(text, encoding=encoding, newline="")
    (table,) = open_tables(file, folder / "work")
    return count(table, "금액", multiplier)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_records_and_their_sum_in_smallest_units(tmp_path: Path, encoding: str):
    rows = "2019-01-02,의자,5\r\n2019-01-03,책상,-7\r\n2019-01-04,선반,\r\n"
    text = "가람시 구매내역\r\n" + HEADER.replace("\n", "\r\n") + rows
    assert counted(tmp_path, text, encoding=encoding, multiplier=1000) == Tally(3, -2000)


def test_quotes_line_ends_within_them_and_separators(tmp_path: Path):
    rows = '2019-01-02,"의자, ""높은""\n것","1,200"\n2019-01-03,책상,3\n'
    assert counted(tmp_path, HEADER + rows) == Tally(2, 1203)


@pytest.mark.parametrize("amount", ["5.5", "₩5", "(5)", "없음", " 5", "99999999999999999999"])
def test_what_is_no_plain_number_is_left_to_the_other_count(tmp_path: Path, amount: str):
    assert counted(tmp_path, HEADER + f"2019-01-02,의자,{amount}\n") is None


def test_so_is_a_record_with_too_many_fields(tmp_path: Path):
    assert counted(tmp_path, HEADER + "2019-01-02,의자,5\n2019-01-02,의자,5,6\n") is None
