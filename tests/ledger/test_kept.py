"""What an office keeps beside its lines: files that people edit and the program adds to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chorok.core.errors import BadInputError
from chorok.ledger import kept
from chorok.ledger.store import Ledger


@dataclass(frozen=True)
class Note:
    text: str


def test_nothing_is_kept_at_first(bare: Ledger) -> None:
    assert kept.every(bare, "notes", Note) == ()


def test_what_is_added_stands_behind_what_people_wrote(bare: Ledger) -> None:
    kept.file_of(bare, "notes").write_text('\ufeff# 우리 메모\n[[notes]]\ntext = "하나"', encoding="utf-8")
    kept.add(bare, "notes", Note("둘"))
    assert kept.every(bare, "notes", Note) == (Note("하나"), Note("둘"))
    assert "# 우리 메모" in kept.file_of(bare, "notes").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[notes]\n", "kept_bad"),
        ("[[note]]\ntext = 'a'\n", "record_key_unknown"),
        ("notes = 3\n", "record_value_bad"),
        ("[[notes]]\ntxt = 'a'\n", "record_key_unknown"),
    ],
)
def test_a_file_that_does_not_fit_is_an_error(text: str, code: str, bare: Ledger) -> None:
    kept.file_of(bare, "notes").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        kept.every(bare, "notes", Note)
    assert caught.value.code == code
