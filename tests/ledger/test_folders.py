"""Folders of an index appear whole or not at all, are made once, and the older ones go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chorok.ledger import folders
from chorok.ledger.store import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "장부", "2019-06-01")


def write(folder: Path) -> None:
    (folder / "one").write_text("1", encoding="utf-8")


def test_a_crash_leaves_nothing_and_the_next_one_makes_it(ledger: Ledger) -> None:
    folder = folders.place(ledger, "things", {"a": 1})

    def halfway(draft: Path) -> None:
        write(draft)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        folders.make(folder, halfway, 2)
    assert not folder.exists()
    killed = folder.with_name(f".{folder.name}.killed.tmp")
    killed.mkdir()
    folders.make(folder, write, 2)
    assert (folder / "one").exists()
    assert not list(folder.parent.glob(".*.tmp"))


def test_two_at_once_make_it_once(ledger: Ledger) -> None:
    folder, made = folders.place(ledger, "things", {}), []

    def slowly(draft: Path) -> None:
        made.append(draft)
        write(draft)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: folders.make(folder, slowly, 2), range(8)))
    assert len(made) == 1


def test_the_newest_stay_and_other_families_too(ledger: Ledger) -> None:
    other = folders.place(ledger, "others", {})
    folders.make(other, write, 1)
    every = [folders.place(ledger, "things", {"version": version}) for version in range(3)]
    for place in every:
        folders.make(place, write, 2)
    assert [place.exists() for place in every] == [False, True, True]
    assert other.exists()
