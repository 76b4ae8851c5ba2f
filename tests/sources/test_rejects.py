"""Rejected rows come back mended: as they were, in the unit of their file, and only once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from builders import CITY, keyed, line, posted, take, totals, write_csv
from chorok.core.errors import BadInputError
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger


def read(file: Path) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    return header, rows


def mend(file: Path, to: Path, column: str, value: str, encoding: str = "utf-8-sig") -> Path:
    """Put a value into a column of every row, as a person would."""
    header, rows = read(file)
    for row in rows:
        row[header.index(column)] = value
    with to.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return to


BAD = [
    keyed(1, amount=100, name="의자"),
    keyed(2, amount=200, name="의자"),
    keyed(3, amount=300, day="미정", name='책상, "큰 것"\n검정'),
    keyed(4, amount="많음", name="의자"),
    keyed(5, amount="", name="의자"),
]


class TestFile:
    def test_each_row_is_there_as_it_was_with_line_column_value_reason_and_remedy(self, ledger: Ledger, tmp_path: Path):
        done = take(ledger, write_csv(tmp_path / "1.csv", BAD), language="ko")
        header, rows = read(done.rejects[0])
        at = {name: place for place, name in enumerate(header)}
        assert [row[at["품명"]] for row in rows] == ['책상, "큰 것"\n검정', "의자", "의자"]
        assert [row[at["chorok:column"]] for row in rows] == ["납품요구일자", "금액", "금액"]
        assert [row[at["chorok:value"]] for row in rows] == ["미정", "많음", ""]
        assert rows[0][at["chorok:reason"]] == "날짜가 아니거나 없는 날짜"
        assert all(row[at["chorok:remedy"]] for row in rows)
        assert int(rows[0][at["chorok:line"]]) == 4
        assert {row[at["chorok:origin"]] for row in rows} == {f"{done.batch.id}:0"}

    def test_a_file_without_rejects_has_no_such_file(self, ledger: Ledger, tmp_path: Path):
        assert take(ledger, write_csv(tmp_path / "1.csv", BAD[:2])).rejects == ()


class TestMended:
    def test_mended_rows_come_in_and_those_that_are_still_bad_come_back(self, ledger: Ledger, tmp_path: Path):
        first = take(ledger, write_csv(tmp_path / "1.csv", BAD))
        mended = mend(first.rejects[0], tmp_path / "고침.csv", "납품요구일자", "2019-05-05")
        second = take(ledger, mended, source=None)
        assert second.batch.source == "test"
        assert second.batch.total().accepted == Tally(1, 300)
        assert second.batch.total().rejected == {"amount_bad": Tally(1, 0), "amount_missing": Tally(1, 0)}
        third = take(ledger, mend(second.rejects[0], tmp_path / "다시.csv", "금액", "50"))
        assert third.batch.total().accepted == Tally(2, 100)
        assert third.rejects == ()
        assert totals(ledger) == (5, 700)
        assert take(ledger, mended).already
        assert totals(ledger) == (5, 700)

    def test_a_file_in_thousands_stays_in_thousands(self, ledger: Ledger, tmp_path: Path):
        path = tmp_path / "천원.csv"
        rows = ["2019-03-02,가람시,의자,12", "2019-03-03,가람시,책상,5", "미정,가람시,책장,7"]
        path.write_text("(단위: 천원),,,\n구매일자,기관명,품명,금액\n" + "\n".join(rows) + "\n", encoding="utf-8")
        first = take(ledger, path)
        assert first.batch.total().received == Tally(3, 24_000)
        second = take(ledger, mend(first.rejects[0], tmp_path / "고침.csv", "구매일자", "2019-03-04"))
        assert second.batch.total().accepted == Tally(1, 7_000)
        assert totals(ledger) == (3, 24_000)

    def test_a_keyless_file_is_added_to_without_a_question(self, ledger: Ledger, tmp_path: Path):
        rows = [line(day=day, org=CITY, name="의자", amount=3) for day in ("2019-03-02", "2019-03-03", "미정", "미정")]
        first = take(ledger, write_csv(tmp_path / "1.csv", rows))
        mend(first.rejects[0], tmp_path / "2.csv", "납품요구일자", "2019-03-04")
        take(ledger, tmp_path / "2.csv")
        assert totals(ledger) == (4, 12)
        assert len({row["line_id"] for row in posted(ledger)}) == 4

    @pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
    def test_saved_again_by_a_spreadsheet(self, ledger: Ledger, tmp_path: Path, encoding: str):
        first = take(ledger, write_csv(tmp_path / "1.csv", BAD[:3]))
        mended = mend(first.rejects[0], tmp_path / "2.csv", "납품요구일자", "2019-05-05", encoding)
        assert take(ledger, mended).batch.total().accepted == Tally(1, 300)

    def test_a_broken_row_is_mended(self, ledger: Ledger, tmp_path: Path):
        path = tmp_path / "1.csv"
        rows = ["2019-03-02,가람시,의자,1", "2019-03-02,가람시,의자,2", "2019-03-02,가람시,의자"]
        path.write_text("구매일자,기관명,품명,금액\n" + "\n".join(rows) + "\n", encoding="utf-8")
        first = take(ledger, path)
        assert first.batch.total().rejected == {"row_broken": Tally(1, 0)}
        header, cells = read(first.rejects[0])
        assert cells[0][:3] == ["2019-03-02", "가람시", "의자"]
        assert len(cells[0]) == len(header)
        take(ledger, mend(first.rejects[0], tmp_path / "2.csv", "금액", "9"))
        assert totals(ledger) == (3, 12)

    def test_a_row_with_too_many_cells_is_shown_whole(self, ledger: Ledger, tmp_path: Path):
        path = tmp_path / "1.csv"
        broken = "2019-03-02,가람시,의자,1,234,000"
        path.write_text(f"구매일자,기관명,품명,금액\n2019-03-02,가람시,의자,1\n{broken}\n", encoding="utf-8")
        header, cells = read(take(ledger, path).rejects[0])
        assert dict(zip(header, cells[0], strict=True))["chorok:value"] == broken

    def test_in_another_ledger_its_origin_is_not_known(self, ledger: Ledger, tmp_path: Path):
        first = take(ledger, write_csv(tmp_path / "1.csv", BAD))
        other = Ledger.create(tmp_path / "other")
        with pytest.raises(BadInputError) as told:
            take(other, first.rejects[0])
        assert told.value.code == "origin_unknown"

    def test_withdrawn_lines_may_be_mended_and_come_again(self, ledger: Ledger, tmp_path: Path):
        """A changed line comes in once the batch that has the old content is withdrawn."""
        from chorok.ledger import publishing

        first = take(ledger, write_csv(tmp_path / "1.csv", [keyed(n, amount=1) for n in range(3)]))
        second = take(ledger, write_csv(tmp_path / "2.csv", [keyed(n, amount=2) for n in range(3)]))
        assert second.batch.total().rejected == {"changed": Tally(3, 6)}
        with ledger.writing():
            publishing.withdraw(ledger, first.batch)
        third = take(ledger, second.rejects[0])
        assert third.batch.total().accepted == Tally(3, 6)
        assert totals(ledger) == (3, 6)
