"""Tables on terminals of any width: every number whole, every column there, nothing wider than it must be."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from chorok.cli.tables import Sheet, show

NAMES = st.text("가나다라 abc", min_size=1, max_size=30).map(lambda text: " ".join(text.split()) or "가")
NUMBERS = st.integers(-(10**12), 10**12).map(lambda number: f"{number:,}")


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    right = draw(st.lists(st.booleans(), min_size=1, max_size=10))
    rows = st.tuples(*(NUMBERS if one else NAMES for one in right))
    return Sheet(draw(st.tuples(*(NAMES for _ in right))), right, draw(st.lists(rows, max_size=4)))


def printed(sheet: Sheet, width: int, *, terminal: bool) -> str:
    text = io.StringIO()
    show(sheet, Console(file=text, width=width, force_terminal=terminal, highlight=False, color_system=None))
    return re.sub(r"\x1b\[[0-9;]*m", "", text.getvalue())


@given(sheets(), st.integers(20, 200), st.booleans())
def test_every_number_is_whole_and_no_text_is_lost(sheet: Sheet, width: int, terminal: bool) -> None:
    said = printed(sheet, width, terminal=terminal)
    bare = re.sub(r"[^가-힣a-z]", "", said)
    for row in sheet.rows:
        for cell, right in zip(row, sheet.right, strict=True):
            if right:
                assert cell in said or cell_len(cell) > width
            else:
                assert all(bare.count(letter) >= cell.count(letter) for letter in cell if letter.isalpha())


@given(sheets(), st.integers(20, 200))
def test_a_table_is_no_wider_than_the_terminal(sheet: Sheet, width: int) -> None:
    lines = printed(sheet, width, terminal=True).splitlines()
    if any("━" in line for line in lines):
        assert max(map(cell_len, lines)) <= width


WIDE = Sheet(("기관", "녹색 금액", "대상 금액"), (False, True, True), [("가람시", "1,234", "5,678")])


@pytest.mark.parametrize(
    ("width", "terminal", "form"),
    [(32, True, "whole"), (31, True, "broken"), (24, True, "broken"), (23, True, "list"), (23, False, "whole")],
)
def test_headings_break_before_a_table_becomes_lists(width: int, terminal: bool, form: str) -> None:
    said = printed(WIDE, width, terminal=terminal)
    assert ("┏" in said) == (form != "list")
    assert ("녹색 금액" in said) == (form != "broken")
    assert "1,234" in said
    if form == "list":
        assert said.splitlines()[:3] == ["기관       가람시", "녹색 금액  1,234", "대상 금액  5,678"]
