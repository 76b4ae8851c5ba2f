"""Only blanks that may stand around a cell are looked for; the cells come out the same as if all were."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from chorok.ledger.engines import connect
from chorok.sources import transcoding
from chorok.sources.blanks import BLANKS, around_cells
from chorok.sources.layout import sql_cell

CELLS = st.text(alphabet=[*BLANKS, "a", "가", "·", ","], max_size=4).filter(
    lambda cell: "\r" not in cell or "\n" in cell
)


@given(st.lists(CELLS, min_size=1, max_size=12), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_each_blank_at_an_edge_is_told(cells: list[str], quoting: int) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=quoting).writerows([cell, "x"] for cell in cells)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "1.csv"
        path.write_bytes(text.getvalue().encode())
        around = around_cells(path)
    ends = {edge for cell in cells if cell for edge in (cell[0], cell[-1])}
    assert ends & set(BLANKS) <= set(around)


@given(st.lists(CELLS, min_size=1, max_size=12))
def test_trimming_only_these_gives_the_same_cells(cells: list[str]) -> None:
    around = "".join(mark for mark in BLANKS if any(cell and mark in (cell[0], cell[-1]) for cell in cells))
    select = f"SELECT {sql_cell('c', around)}, {sql_cell('c')} FROM (SELECT unnest(?::VARCHAR[]) AS c)"
    wanted = [cell.strip(BLANKS) or None for cell in cells]
    assert connect().execute(select, [cells]).fetchall() == list(zip(wanted, wanted, strict=True))


def test_blanks_within_cells_are_no_reason_to_trim(tmp_path: Path) -> None:
    path = tmp_path / "1.csv"
    path.write_bytes("품명,업체명\r\n제품군 1 제품,주식회사 예시·상사\r\n".encode())
    assert around_cells(path) == ""


def test_neighbours_are_seen_over_the_border_of_two_blocks(tmp_path: Path) -> None:
    for before in range((1 << 20) - 3, (1 << 20) + 2):
        path = tmp_path / "1.csv"
        path.write_bytes(b"x" * before + b" ,y\n")
        assert around_cells(path) == " ", before


def test_each_part_of_a_large_file_is_looked_at(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(transcoding, "SPLIT_FROM", 1)
    path = tmp_path / "1.csv"
    path.write_bytes(b"a,b\n" * 50 + b"a ,b\n" + b"a,b\n" * 50 + "a,\u3000b\n".encode())
    assert around_cells(path) == " \u3000"
