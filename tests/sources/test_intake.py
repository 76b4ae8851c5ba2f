"""The import verb: what it keeps, what it says, what it refuses; and states as they were."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from builders import CITY, EAST, GREEN, HEADERS, PLAIN, ask, keyed, line, posted, states, take, totals, write_csv
from chorok.core.errors import BadInputError, LedgerError
from chorok.ledger import batches, publishing, snapshots
from chorok.ledger.batches import Tally
from chorok.ledger.published import Published
from chorok.ledger.store import Ledger
from chorok.sources import intake, staging, validate


def book(path: Path, sheets: dict[str, list[dict[str, str]]]) -> Path:
    """Write a workbook with a sheet of lines each; an empty list gives a sheet that holds no purchases."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        names = [name for name in HEADERS if any(name in one for one in lines)]
        if not lines:
            for row in (["담당", "전화"], ["가", "나"], ["다", "라"]):
                sheet.append(row)
            continue
        sheet.append([HEADERS[name] for name in names])
        for one in lines:
            sheet.append([int(cell) if name == "amount" else cell for name, cell in one.items()])
    made.save(path)
    return path


def month(number: int, count: int = 3, **values: object) -> list[dict[str, str]]:
    return [
        line(day=f"2019-{number:02d}-1{n}", org=CITY, name=f"의자 {n}", amount=100 + n, **values) for n in range(count)
    ]


class TestKeeping:
    def test_the_received_file_is_kept_as_it_was_and_cannot_be_written(self, ledger: Ledger, tmp_path: Path):
        file = write_csv(tmp_path / "구매 내역.csv", month(3), encoding="cp949")
        done = take(ledger, file)
        kept = intake.received(ledger, done.batch)
        assert kept.read_bytes() == file.read_bytes()
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == done.batch.sha256
        assert not kept.stat().st_mode & 0o222
        assert done.batch.accounts[0].encoding == "cp949"

    def test_each_line_names_its_batch_and_the_batch_its_file_and_reading(self, ledger: Ledger, tmp_path: Path):
        done = take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        assert {row["batch"] for row in posted(ledger)} == {done.batch.id}
        record = json.loads((ledger.path / "batches" / f"{done.batch.id}.json").read_text(encoding="utf-8"))
        assert record["file"] == "1.csv"
        assert record["understandings"][0]["columns"]["amount"] == "금액"
        assert record["snapshot"] == 1

    def test_names_of_persons_are_dropped(self, ledger: Ledger, tmp_path: Path):
        path = tmp_path / "card.csv"
        path.write_text(
            "구매일자,기관명,품명,카드소지자,금액\n" + "2019-03-02,가람시,의자,홍길동,5\n" * 3, encoding="utf-8"
        )
        take(ledger, path)
        assert "홍길동" not in str(posted(ledger))


class TestAgain:
    def test_under_another_name_it_is_the_same_file(self, ledger: Ledger, tmp_path: Path):
        first = take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        again = take(ledger, write_csv(tmp_path / "다른 이름.csv", month(3)))
        assert (again.already, again.batch.id) == (True, first.batch.id)
        assert len(snapshots.every(ledger)) == 1

    def test_a_source_without_a_name_is_known_by_its_columns(self, ledger: Ledger, tmp_path: Path):
        first = take(ledger, write_csv(tmp_path / "1.csv", month(3)), source=None)
        second = take(ledger, write_csv(tmp_path / "2.csv", month(4)), source=None)
        assert first.batch.source == second.batch.source
        assert first.batch.source.startswith("columns-")

    def test_read_in_another_way_it_is_another_batch(self, ledger: Ledger, tmp_path: Path):
        file = write_csv(tmp_path / "1.csv", month(3))
        take(ledger, file)
        done = take(ledger, file, answers={"amount_unit": "천원"}, overlap="replace")
        assert not done.already
        assert totals(ledger) == (3, 303_000)


class TestWithdrawn:
    def test_it_is_gone_and_can_come_again(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        second = take(ledger, write_csv(tmp_path / "2.csv", month(4)))
        before = posted(ledger)
        batch = second.batch
        for attempt in (2, 3):
            with ledger.writing():
                assert publishing.withdraw(ledger, batch).state == "withdrawn"
            assert totals(ledger) == (3, 303)
            again = take(ledger, tmp_path / "2.csv")
            batch = again.batch
            assert (again.already, batch.attempt) == (False, attempt)
            assert posted(ledger) == before
        assert states(ledger) == {"posted": 2}

    def test_what_was_published_stays_as_it_was(self, ledger: Ledger, tmp_path: Path):
        first = take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        take(ledger, write_csv(tmp_path / "2.csv", month(4)))
        with ledger.writing():
            publishing.withdraw(ledger, first.batch)
        seen = {number: ask(ledger, at=number).figures[0].amounts.amount for number in ("1", "2", "3")}
        assert seen == {"1": 303, "2": 606, "3": 303}
        assert {key.keys for key in ask(ledger, "month", at="3").figures} == {("2019-04",)}
        assert [snapshot.action for snapshot in snapshots.every(ledger)] == ["import", "import", "withdraw"]


class TestAsOf:
    def test_a_day_means_its_last_snapshot(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
        for number, when in enumerate(("2026-01-05T10:00:00Z", "2026-01-05T23:59:59Z", "2026-02-01T00:00:00Z"), 1):
            monkeypatch.setattr(snapshots, "now", lambda when=when: when)
            take(ledger, write_csv(tmp_path / f"{number}.csv", month(number)))
        wishes = {"2026-01-05": 2, "2026-01-31": 2, "2026-02-01": 3, "2099-01-01": 3, "1": 1, None: 3}
        assert {wish: Published.at(ledger, wish).snapshot.number for wish in wishes} == wishes

    def test_the_registry_is_the_one_of_the_snapshot(self, bare: Ledger, tmp_path: Path):
        from builders import register

        rows = [keyed(n, product=GREEN if n else PLAIN, class_="90000001") for n in range(4)]
        take(bare, write_csv(tmp_path / "1.csv", rows))
        register(bare)
        with bare.writing():
            publishing.publish(bare, "certificates", "")
        assert ask(bare, at="1").figures[0].amounts.green == 0
        assert ask(bare).figures[0].amounts.green == 3000


class TestSheets:
    def test_every_sheet_with_purchases_is_read_and_the_others_are_named(self, ledger: Ledger, tmp_path: Path):
        file = book(tmp_path / "1.xlsx", {"3월": month(3), "안내": [], "4월": month(4)})
        done = take(ledger, file)
        assert [account.table for account in done.batch.accounts] == ["1.xlsx#3월", "1.xlsx#4월"]
        assert [name for name, _ in done.unread] == ["1.xlsx#안내"]
        assert totals(ledger) == (6, 606)
        assert done.batch.total().received == Tally(6, 606)

    def test_the_same_rows_on_two_sheets_are_lines_of_their_own(self, ledger: Ledger, tmp_path: Path):
        take(ledger, book(tmp_path / "1.xlsx", {"가": month(3), "나": month(3)}))
        assert totals(ledger) == (6, 606)
        assert len({row["line_id"] for row in posted(ledger)}) == 6

    def test_the_same_keys_on_two_sheets_are_one_line(self, ledger: Ledger, tmp_path: Path):
        rows = [keyed(number) for number in range(3)]
        done = take(ledger, book(tmp_path / "1.xlsx", {"가": rows, "나": rows}))
        assert totals(ledger) == (3, 3000)
        assert done.batch.total().rejected == {"repeated_key": Tally(3, 3000)}
        assert done.batch.total().received == Tally(6, 6000)

    def test_changed_lines_of_every_sheet_are_in_its_rejects(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", [keyed(number) for number in range(6)]))
        sheets = {"가": [keyed(n, amount=7) for n in range(3)], "나": [keyed(n, amount=8) for n in range(2, 6)]}
        done = take(ledger, book(tmp_path / "2.xlsx", sheets))
        assert [account.rejected for account in done.batch.accounts] == [
            {"changed": Tally(3, 21)},
            {"changed": Tally(4, 32)},
        ]
        rejected = [len(file.read_text(encoding="utf-8-sig").splitlines()) - 1 for file in done.rejects]
        assert rejected == [3, 4]


class TestRefused:
    def nothing_written(self, ledger: Ledger) -> bool:
        return not batches.every(ledger) and not snapshots.every(ledger) and not (ledger.path / "files").exists()

    @pytest.mark.parametrize(
        ("name", "text", "code"),
        [
            ("a.csv", "품명,금액\n의자,5\n", "no_date_column"),
            ("a.csv", "구매일자,품명\n2019-01-01,의자\n", "no_amount_column"),
        ],
    )
    def test_a_file_that_cannot_be_understood(self, ledger: Ledger, tmp_path: Path, name: str, text: str, code: str):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(BadInputError) as told:
            take(ledger, tmp_path / name)
        assert told.value.code == code
        assert self.nothing_written(ledger)
        assert not (ledger.path / "staging").exists()

    def test_no_file_and_a_folder(self, ledger: Ledger, tmp_path: Path):
        for path, code in ((tmp_path / "nothing.csv", "missing_file"), (tmp_path, "is_directory")):
            with pytest.raises(BadInputError) as told:
                take(ledger, path)
            assert told.value.code == code

    def test_an_account_that_does_not_add_up_stops_the_import(self, ledger: Ledger, tmp_path: Path, monkeypatch):
        monkeypatch.setattr(staging, "count", lambda *_: Tally(2, 5))
        counted = validate.plain_count
        monkeypatch.setattr(validate, "plain_count", lambda reading: counted(reading) + " AND false")
        with pytest.raises(LedgerError) as told:
            take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        assert told.value.code == "account_unbalanced"
        assert self.nothing_written(ledger)

    def test_a_row_lost_while_lines_were_written_stops_the_import(self, ledger: Ledger, tmp_path: Path, monkeypatch):
        typed = validate.typed
        monkeypatch.setattr(validate, "typed", lambda reading: f"SELECT * FROM ({typed(reading)}) WHERE amount <> 101")
        with pytest.raises(LedgerError) as told:
            take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        assert told.value.code == "account_unbalanced"

    def test_rows_that_may_be_no_lines_are_counted_by_all_their_cells(self, ledger: Ledger, tmp_path: Path):
        lines = [keyed(1, name="의자"), line(name="합계", amount=1000), dict(HEADERS), keyed(2, name="의자")]
        account = take(ledger, write_csv(tmp_path / "1.csv", lines, ["name", *keyed(1)])).batch.accounts[0]
        assert account.aside == {"total_row": 1, "header_row": 1}
        assert account.received == account.accepted == Tally(2, 2000)


class TestPublishingLater:
    def test_lines_are_unseen_until_they_are_published(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        wish = intake.Wish("test")
        intake.take_in(ledger, write_csv(tmp_path / "2.csv", month(4)), wish, publish=False)
        assert totals(ledger) == (3, 303)
        intake.take_in(ledger, write_csv(tmp_path / "3.csv", month(5)), wish, publish=False)
        with ledger.writing():
            snapshot = publishing.publish(ledger, "import", "")
        assert totals(ledger) == (9, 909)
        assert {batch.snapshot for batch in batches.every(ledger)} == {1, snapshot.number}

    def test_the_next_published_import_shows_them_too_with_their_products(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", month(3)))
        later = write_csv(tmp_path / "2.csv", month(4, product=GREEN))
        intake.take_in(ledger, later, intake.Wish("test"), publish=False)
        take(ledger, write_csv(tmp_path / "3.csv", month(5, product=PLAIN)))
        assert ask(ledger).figures[0].amounts.lines == 9
        assert ask(ledger).figures[0].amounts.green == 303


def test_which_date_counts_is_said_with_the_line(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "1.csv"
    rows = ["2018-12-31,2019-02-01,가,1", ",2019-02-02,나,2", "2019-03-01,,다,3", "미정,2019-02-02,라,4"]
    path.write_text("납품요구일자,검수일자,품명,금액\n" + "\n".join(rows) + "\n", encoding="utf-8")
    done = take(ledger, path)
    found = {row["description"]: (row["bought_on"], row["date_kind"]) for row in posted(ledger)}
    assert found == {
        "가": (date(2018, 12, 31), "order"),
        "나": (date(2019, 2, 2), "receipt"),
        "다": (date(2019, 3, 1), "order"),
    }
    assert done.batch.total().rejected == {"date_bad": Tally(1, 4)}, "a date that cannot be read is never passed over"


def test_east_and_city_are_told_apart_by_name(ledger: Ledger, tmp_path: Path):
    rows = [keyed(1, org="동구청"), keyed(2, org="가람시청"), keyed(3, org="가람시 동구")]
    take(ledger, write_csv(tmp_path / "1.csv", rows))
    assert {figure.keys[0]: figure.amounts.lines for figure in ask(ledger, "organisation").figures} == {
        EAST: 2,
        CITY: 1,
    }
