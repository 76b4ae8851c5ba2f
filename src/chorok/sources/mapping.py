"""Which column is which field: from headers, then from values. Never a silent choice between equals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from stdnum.kr import brn

from chorok.core.errors import BadInputError, NeedsAnswerError
from chorok.sources import amounts, dates, headers, values
from chorok.sources.understanding import FIELDS, RawTable

Note = tuple[str, dict[str, str]]
DATES = ("order_date", "receipt_date", "delivery_date", "payment_date")
_MOST, _SOME = 0.9, 0.5


@dataclass
class Mapped:
    """The columns found so far, and what is to be said about it."""

    columns: dict[str, str]
    ignored: frozenset[str] = frozenset()
    notes: list[Note] = field(default_factory=list)

    def free(self, table: RawTable) -> list[str]:
        """Return the columns that mean nothing yet."""
        return [column for column in self.unread(table) if column not in self.ignored]

    def unread(self, table: RawTable) -> list[str]:
        """Return the columns that no field is read from."""
        taken = set(self.columns.values())
        return [column for column in table.columns if column not in taken]


def map_columns(table: RawTable, fixed: Mapping[str, str], ignored: Collection[str] = ()) -> Mapped:
    """Map columns to fields; `fixed` (field -> column) stands as it is, `ignored` columns are never guessed at.

    Raises NeedsAnswerError two_amount_columns; BadInputError no_amount_column, no_date_column.
    """
    mapped = Mapped(dict(fixed), frozenset(ignored))
    sample = {column: _column(table, position) for position, column in enumerate(table.columns)}
    _amount(table, mapped, sample)
    _by_header(table, mapped, sample)
    _generic_date(table, mapped, sample)
    _by_values(table, mapped, sample)
    if "description" not in mapped.columns and "item_hint" in mapped.columns:
        mapped.columns["description"] = mapped.columns.pop("item_hint")
    _complain(table, mapped)
    _say(table, mapped)
    return mapped


def share(cells: list[str], test: Callable[[str], bool]) -> float:
    """Return the share of cells that pass a test; 0 when there are none."""
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def is_business_number(text: str) -> bool:
    """Tell a Korean business number by its ten digits and its check digit."""
    return len(text) in {10, 12} and bool(brn.is_valid(text))


def _is_ten_digits(text: str) -> bool:
    """Tell what looks like a business number; a header that says so is believed even where numbers are invented."""
    return len(digits := text.replace("-", "")) == 10 and digits.isdecimal()


def _column(table: RawTable, position: int) -> list[str]:
    return [cell.strip() for row in table.sample if (cell := row[position]) and cell.strip()]


def _amount(table: RawTable, mapped: Mapped, sample: dict[str, list[str]]) -> None:
    """Find the one amount column: the best tier of headers whose values are amounts."""
    if "amount" in mapped.columns:
        return
    tiers: dict[int, list[str]] = {}
    for column in mapped.free(table):
        if headers.normalise(column) in headers.words("not_amount"):
            continue
        best = next((guess for guess in headers.guesses(column) if guess.field == "amount"), None)
        if best and (not sample[column] or share(sample[column], _is_amount) >= _SOME):
            tiers.setdefault(best.tier, []).append(column)
    for tier in sorted(tiers):
        if len(tiers[tier]) > 1:
            raise NeedsAnswerError(
                "two_amount_columns", file=table.name, columns=_listed(tiers[tier]), first=tiers[tier][0]
            )
        mapped.columns["amount"] = tiers[tier][0]
        return


def _by_header(table: RawTable, mapped: Mapped, sample: dict[str, list[str]]) -> None:
    """Give each column its best field and each field its best column; the second best is said."""
    found = [
        (guess.tier, guess.rank, FIELDS.index(guess.field), position, guess.field, column)
        for position, column in enumerate(table.columns)
        for guess in headers.guesses(column)
        if guess.field != "amount" and _plausible(guess.field, sample[column])
    ]
    for tier, _, _, _, name, column in sorted(found):
        if column in mapped.columns.values() or column in mapped.ignored:
            continue
        if name not in mapped.columns:
            mapped.columns[name] = column
        elif tier == headers.STRONG:
            mapped.notes.append(
                ("note.other_candidate", {"field": name, "used": mapped.columns[name], "other": column})
            )


def _plausible(name: str, cells: list[str]) -> bool:
    """Let the values veto a header. An empty column is believed."""
    tests: dict[str, Callable[[str], bool]] = dict.fromkeys(DATES, _is_date)
    tests |= {"kind": values.is_kind, "unit_price": _is_amount, "amount_delta": _is_amount, "quantity": _is_amount}
    tests |= {"supplier_no": _is_ten_digits, "currency": lambda text: len(text) < 6 and not text.isdigit()}
    return name not in tests or not cells or share(cells, tests[name]) >= _SOME


def _generic_date(table: RawTable, mapped: Mapped, sample: dict[str, list[str]]) -> None:
    """Take a column merely called 'Date': of payment in a list of payments, else of order."""
    if any(name in mapped.columns for name in DATES):
        return
    spending = any(headers.normalise(column) in headers.words("spending") for column in table.columns)
    for column in mapped.free(table):
        if headers.normalise(column) in headers.words("date") and _plausible("order_date", sample[column]):
            name = "payment_date" if spending else "order_date"
            mapped.columns[name] = column
            mapped.notes.append(("note.date_kind_assumed", {"column": column, "kind": name}))
            return


def _by_values(table: RawTable, mapped: Mapped, sample: dict[str, list[str]]) -> None:
    """Find what headers did not tell, where only one column can be meant."""
    if not any(name in mapped.columns for name in DATES):
        _only(mapped, "order_date", [c for c in mapped.free(table) if share(sample[c], _is_date) >= _MOST])
    if "supplier_no" not in mapped.columns:
        numbers = [c for c in mapped.free(table) if share(sample[c], is_business_number) >= _MOST]
        _only(mapped, "supplier_no", numbers)
    if "amount" not in mapped.columns and all(column.startswith("column ") for column in table.columns):
        money = [c for c in mapped.free(table) if share(sample[c], _is_amount) >= _MOST and not _are_codes(sample[c])]
        if len(money) > 1:
            raise NeedsAnswerError("two_amount_columns", file=table.name, columns=_listed(money), first=money[0])
        _only(mapped, "amount", money)


def _only(mapped: Mapped, name: str, columns: list[str]) -> None:
    if len(columns) == 1:
        mapped.columns[name] = columns[0]
        mapped.notes.append(("note.column_by_values", {"field": name, "column": columns[0]}))


def _are_codes(cells: list[str]) -> bool:
    """Tell numbers of one length, or running ones, from money."""
    return cells[0].isdigit() and (len({len(cell) for cell in cells}) == 1 or "".join(cells[:3]) == "123")


def _is_amount(text: str) -> bool:
    return amounts.looks_like(text) or amounts.looks_like(text, decimal_comma=True)


def _is_date(text: str) -> bool:
    return dates.looks_like(text) or (len(text) == 5 and text.isdigit() and "2" <= text[0] <= "7")


def _complain(table: RawTable, mapped: Mapped) -> None:
    seen = _listed([column for column in table.columns if not column.startswith("column ")] or list(table.columns))
    if "amount" not in mapped.columns and "amount_delta" not in mapped.columns:
        raise BadInputError("no_amount_column", file=table.name, columns=seen)
    if not any(name in mapped.columns for name in DATES):
        raise BadInputError("no_date_column", file=table.name, columns=seen)


def _say(table: RawTable, mapped: Mapped) -> None:
    private = [column for column in mapped.unread(table) if headers.is_private(column)]
    if private:
        mapped.notes.append(("note.private_dropped", {"columns": _listed(private)}))
    several = [mapped.columns[name] for name in DATES if name in mapped.columns]
    if len(several) > 1:
        mapped.notes.append(("note.several_dates", {"used": several[0], "others": _listed(several[1:])}))


def _listed(columns: list[str]) -> str:
    return ", ".join(columns)
