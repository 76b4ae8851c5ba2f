"""From a line back to the row it was: the right file, sheet, row and cells, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from builders import CITY, keyed, line, posted, take, write_csv
from chorok.core.errors import LedgerError
from chorok.ledger.store import Ledger
from chorok.sources import origins
from chorok.sources.origins import Origin

NAMES = ["의자", "책상", "책장", "등기구"]
ROWS = [("2019-03-02", CITY, name, 100 + number) for number, name in enumerate(NAMES)]
HEADER = ["구매일자", "기관명", "품명", "금액"]


def origin_of(ledger: Ledger, name: str) -> Origin:
    (row,) = [row for row in posted(ledger) if row["description"] == name]
    found = origins.find(ledger, row["batch"], row["line_id"])
    assert found
    return found


def csv_file(folder: Path) -> Path:
    rows = [HEADER, *[[str(cell) for cell in row] for row in ROWS]]
    text = "구매 내역\n2019년\n" + "".join(",".join(row) + "\n" for row in rows)
    (folder / "1.csv").write_text(text, encoding="cp949")
    return folder / "1.csv"


def xlsx_file(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "내역"
    for row in (["구매 내역"], [], HEADER, *ROWS):
        sheet.append(list(row))
    book.save(folder / "1.xlsx")
    return folder / "1.xlsx"


def json_file(folder: Path) -> Path:
    records = [dict(zip(HEADER, [str(cell) for cell in row], strict=True)) for row in ROWS]
    (folder / "1.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return folder / "1.json"


@pytest.mark.parametrize(("make", "first"), [(csv_file, 4), (xlsx_file, 4), (json_file, 1)])
def test_the_row_is_found_as_it_was(ledger: Ledger, tmp_path: Path, make, first: int) -> None:
    done = take(ledger, make(tmp_path))
    for number, name in enumerate(NAMES):
        found = origin_of(ledger, name)
        assert found.row == first + number
        assert dict(found.cells) == dict(zip(HEADER, [str(cell) for cell in ROWS[number]], strict=True))
        assert (found.sha256, found.file) == (done.batch.sha256, make(tmp_path).name)
        assert (found.batch, found.profile, found.equal_rows) == (done.batch.id, done.batch.profile, 1)


def test_a_row_of_a_keyed_file(ledger: Ledger, tmp_path: Path) -> None:
    rows = [keyed(number, name=name) for number, name in enumerate(NAMES)]
    take(ledger, write_csv(tmp_path / "1.csv", rows))
    assert [origin_of(ledger, name).row for name in NAMES] == [2, 3, 4, 5]


def test_equal_rows_are_told_apart_as_far_as_can_be(ledger: Ledger, tmp_path: Path) -> None:
    same = line(day="2019-03-02", org=CITY, name="의자", amount=7)
    other = line(day="2019-03-02", org=CITY, name="책상", amount=8)
    take(ledger, write_csv(tmp_path / "1.csv", [other, same, same, same]))
    ids = [row["line_id"] for row in posted(ledger) if row["description"] == "의자"]
    batch = posted(ledger)[0]["batch"]
    found = [origins.find(ledger, batch, line_id) for line_id in ids]
    assert all(one and dict(one.cells)["품명"] == "의자" for one in found)
    assert {one.row for one in found if one} <= {3, 4, 5}


def test_a_line_of_a_second_sheet(ledger: Ledger, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, name in (("가", "의자"), ("나", "책상")):
        sheet = book.create_sheet(title)
        for row in (HEADER, ["2019-03-02", CITY, name, 5], ["2019-03-03", CITY, name + " 둘", 6]):
            sheet.append(row)
    book.save(tmp_path / "1.xlsx")
    take(ledger, tmp_path / "1.xlsx")
    found = origin_of(ledger, "책상 둘")
    assert (found.table, found.row) == ("1.xlsx#나", 3)


def test_an_unknown_line_batch_or_a_file_that_is_gone(ledger: Ledger, tmp_path: Path) -> None:
    import shutil

    done = take(ledger, csv_file(tmp_path))
    assert origins.find(ledger, done.batch.id, 1) is None
    with pytest.raises(LedgerError, match="batch_unknown"):
        origins.find(ledger, "0" * 64, 1)
    shutil.rmtree(ledger.path / "files" / done.batch.sha256)
    with pytest.raises(LedgerError, match="file_gone"):
        origins.find(ledger, done.batch.id, 1)
