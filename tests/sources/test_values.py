"""Words for kinds, flags and business numbers, as offices write them."""

from __future__ import annotations

import pytest

from chorok.ledger.engines import connect
from chorok.sources.values import sql_digits, sql_flag, sql_kind


def ask(expression: str, cell: str | None) -> object:
    return connect().execute(f"SELECT {expression} FROM (SELECT ?::VARCHAR AS c0)", [cell]).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("물품", "goods"),
        ("공사", "works"),
        ("Works", "works"),
        ("공사용자재", "goods"),
        ("일반용역", "service"),
        ("Services", "service"),
        ("기타", "goods"),
        (None, "works"),
    ],
)
def test_kinds(text: str | None, kind: str) -> None:
    assert ask(sql_kind("c0", "works"), text) == kind


@pytest.mark.parametrize("text", ["Y", "yes", "예", "1", "해당", "○", "O", "여"])
def test_words_for_yes(text: str) -> None:
    assert ask(sql_flag("c0"), text) is True


@pytest.mark.parametrize("text", ["N", "0", "아니오", "해당없음", "미해당", "부", "?"])
def test_other_words_are_no(text: str) -> None:
    assert ask(sql_flag("c0"), text) is False


def test_an_empty_cell_says_neither() -> None:
    assert ask(sql_flag("c0"), None) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("220-81-62517", "2208162517"),
        ("220 81 62517", "2208162517"),
        ("2208162517", "2208162517"),
        ("-", None),
        (None, None),
    ],
)
def test_business_numbers(text: str | None, digits: str | None) -> None:
    assert ask(sql_digits("c0"), text) == digits
