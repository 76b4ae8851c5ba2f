"""What is looked at is what is taken in: the same lines, sums and reasons, and whose lines may come in."""

from __future__ import annotations

from pathlib import Path

import pytest

import builders
from builders import CITY, OTHER_CITY, keyed, take, write_csv
from chorok.core.errors import BadInputError
from chorok.ledger.batches import Tally
from chorok.ledger.store import Ledger
from chorok.sources import preview, profiles
from chorok.sources.intake import Said, Wish

ROWS = [
    *(keyed(number, amount=100 + number, name="의자") for number in range(4)),
    keyed(7, day="미정", amount=50),
    keyed(8, amount="많음"),
    keyed(9, org=OTHER_CITY, amount=9),
]


def look(ledger: Ledger, path: Path, work: Path, **wish: object) -> preview.Seen:
    (seen,) = preview.look(ledger, path, work, Wish(**wish), lambda _table: None)  # type: ignore[arg-type]
    return seen


def test_a_look_counts_what_an_import_then_accepts_and_rejects(ledger: Ledger, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", ROWS)
    with path.open("a", encoding="utf-8") as handle:
        handle.write('"kaputt\n')
    seen = look(ledger, path, tmp_path / "work")
    assert builders.states(ledger) == {}
    account = take(ledger, path).batch.total()
    lines, amount = sum(one.lines for one in seen.accepted), sum(one.amount for one in seen.accepted)
    assert Tally(lines, amount) == account.accepted
    assert seen.rejected == account.rejected
    assert {one.organisation: one.lines for one in seen.accepted} == {CITY: 4, OTHER_CITY: 1}


def test_lines_that_may_not_come_in_stop_the_whole_import(ledger: Ledger, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", ROWS)
    with pytest.raises(BadInputError) as told:
        take(ledger, path, allowed=lambda written: written == CITY)
    assert (told.value.code, told.value.params["organisations"]) == ("organisations_not_allowed", OTHER_CITY)
    assert builders.states(ledger) == {}
    assert take(ledger, path, allowed=lambda _written: True).batch.state == "posted"


def test_what_is_said_of_one_table_holds_for_it_alone(ledger: Ledger, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", ROWS[:2])
    seen = look(ledger, path, tmp_path / "work", tables={"1.csv": Said(left_out=True)})
    assert seen.left_out
    seen = look(ledger, path, tmp_path / "work", tables={"other.csv": Said(left_out=True)})
    assert len(seen.accepted) == 1


def test_ignored_columns_are_not_guessed_at(ledger: Ledger, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "1.csv", ROWS[:2])
    understood = look(ledger, path, tmp_path / "work").understanding
    assert understood
    assert understood.columns["description"] == "품명"
    columns = {field: name for field, name in understood.columns.items() if field != "description"}
    text = profiles.text_of(builders.profile("day", "org", "amount"))
    assert profiles.read(text, "x").ignored == ()
    kept = profiles.read(text.replace("version = 1\n", 'version = 1\nignored = ["품명"]\n'), "x")
    again = look(ledger, path, tmp_path / "work", profile=kept).understanding
    assert again
    assert "description" not in again.columns
    assert "품명" in again.unmapped
    assert set(again.columns) <= set(columns)
