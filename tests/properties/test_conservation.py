"""Nothing is lost and nothing is doubled: lines in = accepted + rejected, in count and in sum, for any file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import HEADERS, ask, copy, posted, profile, states, take, totals
from chorok.ledger import batches, publishing, snapshots
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger

KEYLESS = ("day", "org", "supplier", "name", "amount")
KEYED = ("key", "no", *KEYLESS)
PROFILES = {KEYED: profile(*KEYED), KEYLESS: profile(*KEYLESS)}


@dataclass(frozen=True)
class Row:
    """A row as generated, and what must become of it, known without reading it."""

    cells: dict[str, str]
    fate: str  # ok, a reason, or a kind that is set aside
    amount: int = 0  # what its amount text is worth
    shape: str = "whole"  # whole | short | long | empty


AMOUNTS = st.one_of(
    st.integers(0, 10**12).map(lambda n: (str(n), n)),
    st.integers(1000, 10**9).map(lambda n: (f"{n:,}", n)),
    st.integers(1, 10**7).map(lambda n: (f"{n:,}원", n)),
    st.integers(1, 10**7).map(lambda n: (f"₩ {n}", n)),
    st.integers(1, 10**7).map(lambda n: (f"△{n:,}", -n)),
    st.integers(1, 10**7).map(lambda n: (f"({n})", -n)),
    st.integers(1, 10**7).map(lambda n: (f"-{n}.00", -n)),
)
DAYS = st.tuples(st.integers(2016, 2021), st.integers(1, 12), st.integers(1, 28)).flatmap(
    lambda day: st.sampled_from(["{0}-{1:02d}-{2:02d}", "{0}.{1:02d}.{2:02d}", "{0}{1:02d}{2:02d}"]).map(
        lambda form: form.format(*day)
    )
)
NAMES = st.text(alphabet='의자책상 ab,"\n12', max_size=12).map(lambda text: f"물건 {text}")
ADDED = Row({"key": "R9999", "no": "1", "day": "2018-01-01", "org": "가람시", "name": "끝", "amount": "7"}, "ok", 7)
"""A good row that no file begins with: a file needs one to be understood."""
FATES = st.sampled_from(
    ["ok"] * 8
    + ["date_bad", "date_missing", "amount_bad", "amount_missing", "blank_row", "total_row", "row_broken", "empty"]
)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Rows of every fate, each told apart by its name; the first three are good, so that the file can be understood."""
    fates = ["ok"] * 3 + draw(st.lists(FATES, max_size=25))
    return [draw(_row(number, fate)) for number, fate in enumerate(fates)]


@st.composite
def _row(draw: st.DrawFn, number: int, fate: str) -> Row:
    text, amount = draw(AMOUNTS)
    cells = {
        "key": f"R{number:04d}",
        "no": "1",
        "day": draw(DAYS),
        "org": draw(st.sampled_from(["가람시", "누리시"])),
        "supplier": draw(st.sampled_from(["", "㈜초록", "바다, 조명"])),
        "name": f"{draw(NAMES)} #{number}",
        "amount": text,
    }
    if fate == "ok":
        return Row(cells, fate, amount)
    if fate == "date_bad":
        bad = draw(st.sampled_from(["2019-13-01", "2019-02-30", "미정", "201", "0000-00-00"]))
        return Row({**cells, "day": bad}, fate, amount)
    if fate == "date_missing":
        return Row({**cells, "day": draw(st.sampled_from(["", " ", "\u3000"]))}, fate, amount)
    if fate == "amount_bad":
        bad = draw(st.sampled_from(["많음", "1e3", "0x1F", "1.5", "12,34", "$5", "99999999999999999999"]))
        return Row({**cells, "amount": bad}, fate)
    if fate == "amount_missing":
        return Row({**cells, "amount": draw(st.sampled_from(["", " "]))}, fate)
    if fate == "total_row":
        return Row({"org": draw(st.sampled_from(["소계", "합 계", "[총계]", "Total"])), "amount": text}, fate)
    if fate == "row_broken":
        return Row(cells, fate, 0, draw(st.sampled_from(["short", "long"])))
    return Row({}, "blank_row", 0, "empty" if fate == "empty" else "whole")


def text_of(file_rows: list[Row], columns: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([HEADERS[name] for name in columns])
    for row in file_rows:
        cells = [row.cells.get(name, "") for name in columns]
        if row.shape == "empty":
            buffer.write("\n")
        else:
            writer.writerow(cells[:-2] if row.shape == "short" else [*cells, "남음"] if row.shape == "long" else cells)
    return buffer.getvalue()


@dataclass
class Expected:
    """The account that a file must have, counted in plain Python."""

    received: Tally = field(default_factory=Tally)
    accepted: Tally = field(default_factory=Tally)
    rejected: dict[str, Tally] = field(default_factory=dict)
    lines: Counter[tuple[str, int]] = field(default_factory=Counter)

    @classmethod
    def of(cls, file_rows: list[Row]) -> Expected:
        expected = cls()
        for row in file_rows:
            if row.fate in ("blank_row", "total_row"):
                continue
            one = Tally(1, row.amount)
            expected.received += one
            if row.fate == "ok":
                expected.accepted += one
                expected.lines[row.cells["name"].strip(), row.amount] += 1
            else:
                expected.rejected[row.fate] = expected.rejected.get(row.fate, Tally()) + one
        return expected


def imported(ledger: Ledger, file_rows: list[Row], columns: tuple[str, ...], name: str = "구매 내역.csv", **wish):
    path = ledger.path.parent / name
    path.write_text(text_of(file_rows, columns), encoding="utf-8")
    return take(ledger, path, profile=PROFILES[columns], **wish)


def in_ledger(ledger: Ledger) -> Counter[tuple[str, int]]:
    return Counter((line["description"], line["amount"]) for line in posted(ledger))


def figures_of(ledger: Ledger) -> dict:
    return {(figure.keys, figure.currency): figure.amounts for figure in ask(ledger, "year", "city").figures}


@pytest.fixture
def fresh(registered: Path):
    """Return a function that gives a new ledger in a new folder each time."""
    with tempfile.TemporaryDirectory() as folder:
        yield lambda: copy(registered, Path(tempfile.mkdtemp(dir=folder)) / "장부")


@pytest.mark.parametrize("columns", [KEYED, KEYLESS], ids=["keyed", "keyless"])
@settings(max_examples=6)
@given(file_rows=rows())
def test_every_line_is_accepted_or_rejected_and_is_in_the_ledger_once(fresh, columns, file_rows) -> None:
    ledger, expected = fresh(), Expected.of(file_rows)
    done = imported(ledger, file_rows, columns)
    (account,) = done.batch.accounts
    assert account.received == expected.received
    assert account.accepted == expected.accepted
    assert account.rejected == expected.rejected
    assert account.balanced
    assert account.aside.get("total_row", 0) == sum(row.fate == "total_row" for row in file_rows)
    assert in_ledger(ledger) == expected.lines
    assert len({line["line_id"] for line in posted(ledger)}) == expected.accepted.lines
    kept = batches.load(ledger, done.batch.id)
    assert kept
    assert (kept.accounts, kept.state) == (done.batch.accounts, "posted")


@pytest.mark.parametrize("columns", [KEYED, KEYLESS], ids=["keyed", "keyless"])
@settings(max_examples=3)
@given(file_rows=rows())
def test_the_same_file_again_changes_nothing(fresh, columns, file_rows) -> None:
    ledger = fresh()
    imported(ledger, file_rows, columns)
    before, number = posted(ledger), snapshots.at(ledger, None).number
    again = imported(ledger, file_rows, columns)
    other_name = imported(ledger, file_rows, columns, "다른 이름.csv")
    assert again.already
    assert other_name.already
    assert (posted(ledger), snapshots.at(ledger, None).number) == (before, number)


@settings(max_examples=3)
@given(file_rows=rows(), data=st.data())
@pytest.mark.parametrize("columns", [KEYED, KEYLESS], ids=["keyed", "keyless"])
def test_the_order_of_rows_and_cutting_a_file_in_two_do_not_matter(fresh, columns, file_rows, data) -> None:
    whole, shuffled, halves = fresh(), fresh(), fresh()
    imported(whole, file_rows, columns)
    good, rest = file_rows[:3], data.draw(st.permutations(file_rows[3:]))
    imported(shuffled, [*good, *rest], columns)
    at = data.draw(st.integers(3, len(file_rows)))
    for number, part in enumerate([file_rows[:at], [*file_rows[at:], ADDED]]):
        imported(halves, part, columns, f"{number}.csv", overlap="add")
    imported(whole, [ADDED], columns, "added.csv", overlap="add")
    imported(shuffled, [ADDED], columns, "added.csv", overlap="add")
    assert in_ledger(shuffled) == in_ledger(halves) == in_ledger(whole)
    assert figures_of(shuffled) == figures_of(halves) == figures_of(whole)
    received = sum((batch.total().received for batch in batches.every(halves)), Tally())
    assert received == Expected.of([*file_rows, ADDED]).received


@settings(max_examples=4)
@given(file_rows=rows(), data=st.data())
def test_rows_that_come_again(fresh, file_rows, data) -> None:
    """With a key equal rows are one line and changed ones are shown; without one they are lines of their own."""
    good = [row for row in file_rows if row.fate == "ok"]
    again = data.draw(st.lists(st.sampled_from(good), max_size=4))
    changed = [
        Row({**row.cells, "amount": str(row.amount + 1)}, "changed", row.amount + 1)
        for row in data.draw(st.lists(st.sampled_from(good), max_size=2))
    ]
    expected = Expected.of(file_rows)
    with_key, without = fresh(), fresh()
    account = imported(with_key, [*file_rows, *again, *changed], KEYED).batch.total()
    assert account.balanced
    assert account.accepted == expected.accepted
    assert account.rejected.get("repeated_key", Tally()) == Tally(len(again), sum(row.amount for row in again))
    assert account.rejected.get("changed", Tally()) == Tally(len(changed), sum(row.amount for row in changed))
    assert in_ledger(with_key) == expected.lines
    account = imported(without, [*file_rows, *again], KEYLESS).batch.total()
    assert account.balanced
    assert account.accepted == expected.accepted + Tally(len(again), sum(row.amount for row in again))
    assert len({line["line_id"] for line in posted(without)}) == account.accepted.lines


@settings(max_examples=3)
@given(first=rows(), second=rows())
def test_withdrawing_takes_out_what_a_batch_brought_and_nothing_else(fresh, first, second) -> None:
    ledger = fresh()
    imported(ledger, first, KEYLESS, "1.csv")
    before = in_ledger(ledger)
    renamed = [Row({**row.cells, "org": "다솜시"}, row.fate, row.amount, row.shape) for row in second]
    done = imported(ledger, renamed, KEYLESS, "2.csv", overlap="add")
    if done.already:
        return
    with ledger.writing():
        publishing.withdraw(ledger, done.batch)
    assert in_ledger(ledger) == before
    again = imported(ledger, renamed, KEYLESS, "2.csv", overlap="add")
    assert not again.already
    assert totals(ledger)[0] == sum(before.values()) + again.batch.total().accepted.lines
    assert states(ledger) == {"posted": 2}
