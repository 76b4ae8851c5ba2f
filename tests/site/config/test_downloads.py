"""Files that pages hand out: whole, under their name, and nothing of them left on disk."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory

from chorok.site.config import downloads

ROWS = [("가람시", 1_000), ("=1+1", None)]


def _sent(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("hand_out", [downloads.sheet, downloads.long_sheet])
def test_a_sheet_is_sent_whole_and_leaves_no_file(
    hand_out: Callable[..., HttpResponseBase], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    plain = hand_out("기관", "csv", ["name", "amount"], iter(ROWS))
    assert "filename*=utf-8''%EA%B8%B0%EA%B4%80.csv" in plain.headers["Content-Disposition"]
    text = _sent(plain).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["name", "amount"], ["가람시", "1000"], ["'=1+1", ""]]
    book = openpyxl.load_workbook(io.BytesIO(_sent(hand_out("기관", "xlsx", ["name", "amount"], iter(ROWS)))))
    cells = [row[0] for row in book.active.iter_rows()]
    assert [(cell.value, cell.data_type) for cell in cells] == [("name", "s"), ("가람시", "s"), ("=1+1", "s")]
    assert list(tmp_path.iterdir()) == []


def test_a_long_sheet_is_read_only_while_it_is_sent() -> None:
    read = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(3_000):
            read.append(number)
            yield (number,)

    answer = downloads.long_sheet("lines", "csv", ["number"], rows())
    assert not read
    assert _sent(answer).count(b"\r\n") == 3_001


def test_a_form_that_nobody_makes_is_not_there() -> None:
    ask = RequestFactory().get
    assert downloads.wanted(ask("/")) is None
    assert downloads.wanted(ask("/?as=xlsx")) == "xlsx"
    for refused in (
        lambda: downloads.wanted(ask("/?as=pdf")),
        lambda: downloads.sheet("x", "../x", [], []),
        lambda: downloads.long_sheet("x", "pdf", [], []),
    ):
        with pytest.raises(Http404):
            refused()
