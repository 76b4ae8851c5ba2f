"""What a file of lines to be bought leaves open: which of its columns is meant, as questions with examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import get_args

from chorok.core.errors import ChorokError
from chorok.sources import headers
from chorok.sources.understanding import DateOrder, RawTable, Understanding


@dataclass(frozen=True)
class Question:
    """What a table leaves open: the column, or the value, that a field is read from, each with examples.

    `error`: what is said where nobody can be asked; None where the first choice is read unless somebody says otherwise.
    """

    table: str
    field: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    error: ChorokError | None = None


def asked(table: RawTable, error: ChorokError) -> Question:
    """Return what a table leaves open as a question with its choices."""
    match error.code:
        case "two_amount_columns":
            listed = str(error.params["columns"]).split(", ")
            return _which(table, "amount", [one for one in table.columns if one in listed], error)
        case "unit_notes_disagree":
            notes = (str(error.params["note"]), str(error.params["note2"]))
            return Question(table.name, "amount_unit", tuple((note, ()) for note in notes), error)
        case "two_currencies":
            codes = str(error.params["currencies"]).split(", ")
            return Question(table.name, "currency", tuple((code, ()) for code in codes), error)
        case "date_order_conflict":
            return Question(table.name, "date_order", tuple((order, ()) for order in get_args(DateOrder)), error)
    return _which(table, "description", table.columns, error)


def _which(table: RawTable, name: str, columns: Sequence[str], error: ChorokError | None = None) -> Question:
    """Ask which of some columns a field is, with the first values of each."""
    shown: list[tuple[str, tuple[str, ...]]] = []
    for column in columns:
        place = table.columns.index(column)
        filled = (cell.strip() for row in table.sample if (cell := row[place]) and cell.strip())
        shown.append((column, tuple(islice(filled, 3))))
    return Question(table.name, name, tuple(shown), error)


ONE_EACH = ("product_id", "detail_code", "quantity", "unit_price")
"""Fields that one column can be, so that two columns called alike are a question."""
_NAMES = frozenset({"품명", "물품명", "제품명", "상품명", "item", "itemname", "product", "productname"})


def rivals(table: RawTable, understanding: Understanding, answers: Mapping[str, str]) -> Iterator[Question]:
    """Yield the fields that two columns are called alike by; the first is read unless somebody says otherwise."""
    found: dict[str, list[str]] = {}
    for code, params in understanding.notes:
        name = params.get("field", "")
        pair = [params.get("used", ""), params.get("other", "")]
        alike = name in ONE_EACH or (name == "description" and {headers.normalise(one) for one in pair} <= _NAMES)
        if code == "note.other_candidate" and alike and name not in answers:
            found[name] = list(dict.fromkeys([*found.get(name, ()), *pair]))
    for name, columns in found.items():
        yield _which(table, name, columns)
