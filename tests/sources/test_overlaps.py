"""What comes again (rules 1.9): known keys, covered periods, equal rows, suspected doubles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from builders import CITY, EAST, GREEN, keyed, line, posted, take, totals, write_csv
from chorok.core.errors import NeedsAnswerError
from chorok.ledger import doubles, snapshots
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger
from chorok.sources.overlaps import Covered


def amounts_of(ledger: Ledger) -> list[int]:
    return sorted(row["amount"] for row in posted(ledger))


class TestWithKeys:
    def test_known_lines_are_skipped_and_changed_ones_shown_but_not_applied(self, ledger: Ledger, tmp_path: Path):
        first = [keyed(number, amount=100 + number) for number in range(4)]
        second = [keyed(0, amount=100), keyed(1, amount=999), keyed(2, amount=102, org=EAST), keyed(9, amount=109)]
        take(ledger, write_csv(tmp_path / "1.csv", first))
        done = take(ledger, write_csv(tmp_path / "2.csv", second))
        (account,) = done.batch.accounts
        assert account.rejected == {"already_posted": Tally(1, 100), "changed": Tally(2, 1101)}
        assert account.accepted == Tally(1, 109)
        assert account.balanced
        assert amounts_of(ledger) == [100, 101, 102, 103, 109]
        (rejects,) = done.rejects
        assert "R00001" in rejects.read_text(encoding="utf-8-sig")
        assert "R00009" not in rejects.read_text(encoding="utf-8-sig")

    def test_the_same_key_of_another_source_is_another_line(self, ledger: Ledger, tmp_path: Path):
        file = write_csv(tmp_path / "1.csv", [keyed(number) for number in range(3)])
        take(ledger, file, source="a")
        take(ledger, file, source="b")
        assert totals(ledger) == (6, 6000)

    def test_a_longer_list_brings_only_what_is_new(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", [keyed(number) for number in range(3)]))
        done = take(ledger, write_csv(tmp_path / "2.csv", [keyed(number) for number in range(5)]))
        assert done.batch.total().accepted == Tally(2, 2000)
        assert done.rejects == (), "there is nothing to mend"

    def test_a_change_order_is_a_line_of_its_own(self, ledger: Ledger, tmp_path: Path):
        rows = [keyed(number, change=0, final="Y") for number in range(3)]
        take(ledger, write_csv(tmp_path / "1.csv", rows))
        rows = [keyed(number, change=1, final="Y", amount=5) for number in range(3)]
        take(ledger, write_csv(tmp_path / "2.csv", rows))
        assert totals(ledger)[0] == 6


KEYLESS = [line(day=f"2019-0{month}-10", org=CITY, name=f"의자 {month}", amount=month) for month in (3, 4, 5)]


class TestWithoutKeys:
    def again(self, amount: int, org: str = CITY) -> list[dict[str, str]]:
        return [line(day=f"2019-0{month}-20", org=org, name="책상", amount=amount) for month in (5, 6)]

    def test_a_covered_period_is_a_question_and_nothing_is_written(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", KEYLESS))
        before = snapshots.at(ledger, None).number
        with pytest.raises(NeedsAnswerError) as told:
            take(ledger, write_csv(tmp_path / "2.csv", self.again(50)))
        assert told.value.code == "period_covered"
        assert (told.value.params["lines"], told.value.params["amount"]) == ("1", "5")
        assert (told.value.params["since"], told.value.params["until"]) == ("2019-05-01", "2019-07-01")
        assert snapshots.at(ledger, None).number == before
        assert amounts_of(ledger) == [3, 4, 5]
        assert not list((ledger.path / "batches").glob("*.rejects-*"))

    def test_replacing_takes_out_the_covered_months_only(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", KEYLESS))
        done = take(ledger, write_csv(tmp_path / "2.csv", self.again(50)), overlap="replace")
        assert done.replaced == (Covered(CITY, "2019-05-01", "2019-07-01", 1, 5),)
        assert amounts_of(ledger) == [3, 4, 50, 50]

    def test_adding_keeps_both(self, ledger: Ledger, tmp_path: Path):
        take(ledger, write_csv(tmp_path / "1.csv", KEYLESS))
        done = take(ledger, write_csv(tmp_path / "2.csv", self.again(50)), overlap="add")
        assert done.replaced == ()
        assert amounts_of(ledger) == [3, 4, 5, 50, 50]

    @pytest.mark.parametrize("other", [{"source": "another"}, {}], ids=["source", "organisation"])
    def test_another_source_or_organisation_is_no_question(self, ledger: Ledger, tmp_path: Path, other: dict):
        take(ledger, write_csv(tmp_path / "1.csv", KEYLESS))
        rows = self.again(50, org=CITY if other else EAST)
        take(ledger, write_csv(tmp_path / "2.csv", rows), **other)
        assert amounts_of(ledger) == [3, 4, 5, 50, 50]

    def test_equal_rows_stay_separate_lines(self, ledger: Ledger, tmp_path: Path):
        rows = [line(day="2019-03-10", org=CITY, name="의자", amount=7)] * 3 + KEYLESS
        take(ledger, write_csv(tmp_path / "1.csv", rows))
        assert amounts_of(ledger) == [3, 4, 5, 7, 7, 7]
        assert len({row["line_id"] for row in posted(ledger)}) == 6

    def test_equal_rows_of_one_key_are_one_line(self, ledger: Ledger, tmp_path: Path):
        from builders import profile

        fixed = profile("key", "no", "day", "org", "amount")
        rows = [keyed(1)] * 3 + [keyed(2), keyed(3)]
        done = take(ledger, write_csv(tmp_path / "1.csv", rows), profile=fixed)
        assert done.batch.total().rejected == {"repeated_key": Tally(2, 2000)}
        assert totals(ledger) == (3, 3000)

    def test_of_rows_with_one_key_only_the_later_ones_are_rejected(self, ledger: Ledger, tmp_path: Path):
        from builders import profile

        fixed = profile("key", "no", "day", "org", "amount")
        rows = [keyed(1, amount=1), keyed(2, amount=2), keyed(1, amount=3), keyed(2, amount=2)]
        done = take(ledger, write_csv(tmp_path / "1.csv", rows), profile=fixed)
        assert done.batch.total().rejected == {"changed": Tally(1, 3), "repeated_key": Tally(1, 2)}
        assert amounts_of(ledger) == [1, 2]
        _, *rejected = done.rejects[0].read_text(encoding="utf-8-sig").splitlines()
        assert len(rejected) == 1
        assert "R00001" in rejected[0]

    def test_a_key_that_repeats_is_no_key(self, ledger: Ledger, tmp_path: Path):
        rows = [keyed(1, amount=1), keyed(1, amount=2), keyed(2, amount=3)]
        done = take(ledger, write_csv(tmp_path / "1.csv", rows))
        assert "note.key_not_unique" in [code for code, _ in done.batch.accounts[0].notes]
        assert amounts_of(ledger) == [1, 2, 3]


class TestDoubles:
    def pair(self, ledger: Ledger, folder: Path, apart: int, **other: object) -> doubles.Doubles:
        rows = [
            keyed(n, day=date(2019, 3, 10 + n), amount=1000 + n, supplier="㈜초록", product=GREEN) for n in range(3)
        ]
        take(ledger, write_csv(folder / "1.csv", rows), source="koneps")
        seen = {"day": date(2019, 3, 10 + apart), "org": "가람시", "supplier": "㈜초록", "name": "의자", "amount": 1000}
        far = line(day="2018-01-01", org=CITY, supplier="바다", name="못", amount=1)
        take(ledger, write_csv(folder / "2.csv", [line(**{**seen, **other}), far, far]), source="card")
        return doubles.suspected(ledger)

    @pytest.mark.parametrize(("apart", "pairs"), [(0, 1), (7, 1), (8, 0)])
    def test_within_seven_days(self, ledger: Ledger, tmp_path: Path, apart: int, pairs: int):
        found = self.pair(ledger, tmp_path, apart)
        assert (found.pairs, found.amount) == (pairs, 1000 * pairs)
        assert totals(ledger) == (6, 4005), "both are counted until a person decides"

    @pytest.mark.parametrize("other", [{"amount": 1001}, {"supplier": "바다"}, {"org": "누리시"}], ids=str)
    def test_not_the_same_purchase(self, ledger: Ledger, tmp_path: Path, other: dict):
        assert self.pair(ledger, tmp_path, 0, **other).pairs == (1 if "amount" in other else 0)

    def test_one_source_has_no_doubles(self, ledger: Ledger, tmp_path: Path):
        rows = [keyed(n, supplier="㈜초록", amount=7) for n in range(3)]
        take(ledger, write_csv(tmp_path / "1.csv", rows))
        assert doubles.suspected(ledger).pairs == 0
