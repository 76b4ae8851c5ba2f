"""Currency and unit of the amounts: from answers, notes, marks, and the script of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from chorok.core.errors import BadInputError, NeedsAnswerError
from chorok.core.money import decimals_of
from chorok.sources import amounts, units
from chorok.sources.understanding import RawTable

Note = tuple[str, dict[str, str]]
NONE = "XXX"
"""ISO 4217: no currency."""

_HANGUL = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True)
class Money:
    """How the amount column is to be read; `multiplier` in smallest units."""

    currency: str
    decimals: int
    multiplier: int
    unit_note: str | None
    notes: tuple[Note, ...]


def money_of(table: RawTable, column: str, *, currency: str | None, unit: str | None) -> Money:
    """Find currency and unit of the amounts in `column`; `currency` and `unit` are answers and win.

    Raises NeedsAnswerError unit_notes_disagree, two_currencies; BadInputError unknown_unit, unknown_currency.
    """
    if currency is not None and not re.fullmatch("[A-Z]{3}", currency):
        raise BadInputError("unknown_currency", currency=currency)
    noted, note = _answered(unit) if unit else _noted(table, column)
    notes: list[Note] = []
    code = currency or (noted.currency if noted else None) or _marked(table, column) or _scripted(table)
    if code == NONE and currency is None:
        notes.append(("note.currency_unknown", {"column": column}))
    factor = noted.factor if noted else 1
    if note and factor != 1:
        notes.append(("note.unit_applied", {"note": note, "factor": f"{factor:,}", "currency": code}))
    decimals = decimals_of(code)
    return Money(code, decimals, factor * 10**decimals, note, tuple(notes))


def is_korean(table: RawTable) -> bool:
    """Tell whether a table has Hangul in its headers, titles or first rows."""
    texts = [*table.columns, *table.preamble, *(cell or "" for row in table.sample[:200] for cell in row)]
    return any(_HANGUL.search(text) for text in texts)


def _answered(unit: str) -> tuple[units.Unit, str]:
    parsed = units.parse(unit)
    if parsed is None:
        raise BadInputError("unknown_unit", unit=unit)
    return parsed, unit


def _noted(table: RawTable, column: str) -> tuple[units.Unit | None, str | None]:
    """Read the notes of preamble, text and the amount's own header; they must agree."""
    written = [*table.unit_notes, *((column, note) for note in units.notes_in(column))]
    read = [(where, note, unit) for where, note in written if (unit := units.parse(note))]
    for (where, note, unit), (where2, note2, unit2) in pairwise(read):
        currencies = {unit.currency, unit2.currency} - {None}
        if unit.factor != unit2.factor or len(currencies) > 1:
            raise NeedsAnswerError(
                "unit_notes_disagree", file=table.name, where=where, note=note, where2=where2, note2=note2
            )
    if not read:
        return None, None
    currency = next((unit.currency for _, _, unit in read if unit.currency), None)
    return units.Unit(currency, read[0][2].factor), read[0][1]


def _marked(table: RawTable, column: str) -> str | None:
    """Find the currency that the header or the values name; two in one column are a question."""
    position = table.columns.index(column)
    texts = [column, *(row[position] or "" for row in table.sample)]
    found = [code for code, marks in amounts.MARKS.items() if any(_has(text, marks) for text in texts)]
    if len(found) > 1:
        raise NeedsAnswerError("two_currencies", file=table.name, column=column, currencies=", ".join(found))
    return found[0] if found else None


def _has(text: str, marks: tuple[str, ...]) -> bool:
    """Look for a mark beside digits or, for letters, as a word."""
    return any(re.search(_as_word(mark), text, re.IGNORECASE) for mark in marks)


def _as_word(mark: str) -> str:
    letters = mark.isascii() and mark.isalpha()
    return rf"(?<![A-Za-z0-9]){mark}(?![A-Za-z0-9])" if letters else re.escape(mark)


def _scripted(table: RawTable) -> str:
    return "KRW" if is_korean(table) else NONE
