"""Total rows and blank rows in SQL."""

from __future__ import annotations

import pytest

from chorok.ledger.engines import connect
from chorok.sources.layout import sql_blank_row, sql_cell, sql_total_row

CONNECTION = connect(threads=1)


def ask(expression: str, *cells: str | None) -> object:
    listed = ", ".join(f"${index + 1}::VARCHAR AS c{index}" for index in range(len(cells)))
    row = CONNECTION.execute(f"SELECT {expression} FROM (SELECT {listed})", list(cells)).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    "text",
    [
        "소계",
        "합계",
        "총계",
        "누계",
        "계",
        "총 합계",
        "합 계",
        "[합계]",
        "(소계)",
        "2019년 3월 소계",
        "3월 계",
        "합계:",
        "1분기 합계",
        "2019년 상반기 합계",
        "Total",
        "SUBTOTAL",
        "Sub-total",
        "Grand total",
        "Grand Total:",
        "합계 12건",
        "<총계>",
        "소　계",
    ],
)
def test_total_rows(text: str) -> None:
    assert ask(sql_total_row([sql_cell(name) for name in ("c0", "c1", "c2")]), None, f" {text} ", "1000") is True


@pytest.mark.parametrize(
    "text",
    [
        "합계산업",
        "계림상사",
        "총계산기",
        "Total Energies",
        "2019-03-05",
        "1",
        "소계동 주민센터",
        "Totally",
        "계측기",
        "회계",
    ],
)
def test_lines_are_no_total_rows(text: str) -> None:
    assert ask(sql_total_row(["c0", "c1"]), text, "합계") is False


def test_blank_rows() -> None:
    columns = [sql_cell(name) for name in ("c0", "c1")]
    assert ask(sql_blank_row(columns), None, " \u00a0\u3000") is True
    assert ask(sql_blank_row(columns), None, "0") is False
    assert ask(sql_total_row(columns), None, "") is False
