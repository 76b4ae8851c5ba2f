"""Lines that are to be bought, from any file that an import reads: same columns, but no day of purchase is needed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from chorok.core.errors import BadInputError, NeedsAnswerError
from chorok.core.screening.facts import Unit
from chorok.ledger.asked import Asked
from chorok.ledger.engines import Connection, connect, quoted
from chorok.sources import choices, headers, validate
from chorok.sources.blanks import BLANKS
from chorok.sources.choices import Question
from chorok.sources.columns import understand
from chorok.sources.dates import sql_date
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables
from chorok.sources.understanding import RawTable, Understanding
from chorok.sources.validate import Reading
from chorok.sources.values import YES

MOST_LINES = 20_000
"""Lines of one request; a file with more is a year's purchases, which belong into the ledger."""

EXTRA = {
    "needed_by": ("필요일", "필요일자", "필요시기", "납기", "납기일", "납품기한", "needed by", "due date"),
    "no_goods": ("물품없음", "자재없음", "no goods"),
    "emergency": ("긴급구매", "긴급여부", "긴급", "emergency"),
    "statement": ("사유서", "사유내용", "미구매사유서", "statement", "statement of reasons"),
    "evidence": ("증빙", "증빙자료", "증빙서류", "evidence"),
    "difference": ("규격차이", "대체불가사유", "difference"),
}
"""What a request may say beside the columns of a purchase file: field -> headers."""

_DAY, _AMOUNT = "chorok:1", "chorok:2"
"""Columns put beside those of the file, named so that no header word fits: an import wants a day and an amount."""

_LUMP = re.compile(r"(1|일)?\s*(식|式)|ls|l/s|lump\s*sum|lots?", re.IGNORECASE)
_SET = re.compile(r"세트|셋트|조|sets?", re.IGNORECASE)
_AND_MORE = re.compile(r"외\s*\d+\s*(종|건|점|개|품목|품)|(?<!\d)1\s*식\s*$|\band \d+ (other|more)s?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be read: its row in the file, the place of its line among those read, and what it says."""

    table: str
    row: int
    line: int
    field: str
    column: str
    value: str


@dataclass(frozen=True)
class Read:
    """A file of lines to be bought: its lines, how its columns were understood, what was left aside or not read.

    `left`: rows that are no lines, each with why. A line with a fault is there, without that value.
    """

    lines: tuple[Asked, ...]
    columns: Mapping[str, str]
    left: tuple[tuple[int, str], ...]
    unread: tuple[tuple[str, BadInputError], ...]
    notes: tuple[tuple[str, Mapping[str, str]], ...]
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def aside(self) -> int:
        """How many rows were left aside."""
        return len(self.left)


def read(file: Path, work: Path, answers: Mapping[str, str] | None = None) -> Read:
    """Read the lines of a request where nobody can be asked; copies go to the folder `work`.

    Raises as `look`, BadInputError request_values_bad, and NeedsAnswerError as an import does.
    """
    found = look(file, work, answers)
    for question in found.questions:
        if question.error:
            raise question.error
    if found.faults:
        rows = "; ".join(f"{one.row} ({one.value})" for one in found.faults[:10])
        raise BadInputError("request_values_bad", file=found.faults[0].table, rows=rows, count=len(found.faults))
    return found


def look(
    file: Path,
    work: Path,
    answers: Mapping[str, str] | None = None,
    of_tables: Mapping[str, Mapping[str, str]] | None = None,
) -> Read:
    """Read the lines of a request as far as they can be, and say what is open; copies go to the folder `work`.

    `of_tables`: answers that hold for one table alone, by its name, before what holds for all that it fits.
    Raises BadInputError for a file that cannot be read, too many lines, or an answer that is none.
    """
    tables = open_tables(file, work)
    named = {column for table in tables for column in table.columns}
    parts: list[Read] = []
    unread: list[tuple[RawTable, BadInputError]] = []
    asked: list[Question] = []
    with connect() as connection:
        for place, table in enumerate(tables):
            own = {name: one for name, one in (answers or {}).items() if one in table.columns or one not in named}
            own |= (of_tables or {}).get(table.name, {})
            before = sum(len(one.lines) for one in parts)
            try:
                parts.append(_table(connection, table, work / f"request-{place}.parquet", own, before))
            except NeedsAnswerError as error:
                asked.append(choices.asked(table, error))
            except BadInputError as error:
                if error.code in ("request_too_long", "unknown_field", "unknown_column", "unknown_answer"):
                    raise
                unread.append((table, error))
    if not any(one.lines for one in parts) and not asked:
        asked = [choices.asked(table, error) for table, error in unread if error.code == "request_no_product_column"][
            :1
        ]
        if not asked:
            raise unread[0][1] if unread else BadInputError("no_rows", file=file.name)
    return Read(
        tuple(line for one in parts for line in one.lines),
        {name: column for one in parts for name, column in one.columns.items()},
        tuple(row for one in parts for row in one.left),
        tuple((table.name, error) for table, error in unread),
        tuple(note for one in parts for note in one.notes),
        tuple(fault for one in parts for fault in one.faults),
        (*asked, *(question for one in parts for question in one.questions)),
    )


def _table(connection: Connection, table: RawTable, copy: Path, answers: Mapping[str, str], before: int) -> Read:
    widened = _widened(connection, table, copy)
    understanding = _understood(widened, answers)
    extras = _extras(table, understanding)
    reading = Reading(widened, understanding, "request", "")
    rows = connection.execute(_typed(reading, extras)).to_arrow_table().to_pylist()
    shown = {name: column for name, column in understanding.columns.items() if column not in (_DAY, _AMOUNT)} | extras
    left = [(row["row_no"], why) for row in rows if (why := _aside(row, widened, shown))]
    aside = {number for number, _ in left}
    lines = [row for row in rows if row["row_no"] not in aside]
    if before + len(lines) > MOST_LINES:
        raise BadInputError("request_too_long", file=table.name, lines=f"{len(lines):,}", most=f"{MOST_LINES:,}")
    for row in lines:
        _count(row, widened, shown)
    return Read(
        tuple(_asked(row, understanding) for row in lines),
        shown,
        tuple(left),
        (),
        tuple((code, params) for code, params in understanding.notes if _DAY not in params.values()),
        tuple(_faults(widened, shown, lines, before)),
        tuple(choices.rivals(table, understanding, answers)),
    )


def _aside(row: Mapping[str, Any], table: RawTable, columns: Mapping[str, str]) -> str:
    """Return why a row is no line, '' for a line: one that is only numbered says nothing."""
    if row["reason"] in validate.ASIDE:
        return str(row["reason"])
    filled = (row[f"c{table.columns.index(column)}"] for name, column in columns.items() if name not in _NUMBERING)
    return "" if any((cell or "").strip(BLANKS) for cell in filled) else "blank_row"


_NUMBERING = ("source_key", "source_line")
_READ_AS = {"quantity": "quantity", "unit_price": "unit_price", "amount": "amount", "needed_by": "needed_day"}
"""Fields that are no texts -> what holds their value."""
_DASHES = "-–—―"
_COUNTED = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([^\W\d_]{1,10})")


def _count(row: dict[str, Any], table: RawTable, columns: Mapping[str, str]) -> None:
    """Read a quantity that is written with its unit: '10개'."""
    column = columns.get("quantity")
    if column is None or row["quantity"] is not None:
        return
    text = unicodedata.normalize("NFKC", row[f"c{table.columns.index(column)}"] or "").strip()
    found = _COUNTED.fullmatch(text) or re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)()", text)
    if found:
        row["quantity"], row["unit"] = Decimal(found[1].replace(",", "")), row["unit"] or found[2] or None


def _faults(
    table: RawTable, columns: Mapping[str, str], lines: Sequence[Mapping[str, Any]], before: int
) -> Iterator[Fault]:
    """Yield the cells of lines that say something that is no value of their field; a dash says nothing."""
    places = [(name, column, table.columns.index(column)) for name, column in columns.items() if name in _READ_AS]
    for number, row in enumerate(lines, before):
        for name, column, place in places:
            text = (row[f"c{place}"] or "").strip(BLANKS)
            if text.strip(_DASHES) and row[_READ_AS[name]] is None:
                yield Fault(table.name, row["row_no"], number, name, column, text)


def _widened(connection: Connection, table: RawTable, copy: Path) -> RawTable:
    """Return the table with a day and an empty amount beside its columns, so that it reads as a purchase file does."""
    names = ", ".join(f"c{place} AS {_identifier(column)}" for place, column in enumerate(table.columns))
    above = table.skip if table.format == "csv" else 0  # so that a row is called as the file numbers it
    added = f"'2000-01-01' AS {_identifier(_DAY)}, NULL::VARCHAR AS {_identifier(_AMOUNT)}"
    rows = f"SELECT row_no + {above} AS row_no, {names}, {added} FROM ({select_from(table, numbered=True)})"
    connection.execute(f"COPY ({rows} ORDER BY row_no) TO {quoted(copy)} (FORMAT parquet)")
    return replace(
        table,
        path=copy,
        format="parquet",
        columns=(*table.columns, _DAY, _AMOUNT),
        sample=tuple((*row, "2000-01-01", None) for row in table.sample),
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _understood(table: RawTable, answers: Mapping[str, str]) -> Understanding:
    """Find out what the columns mean; a request may do without an amount, but not without a product."""
    found = _priced(table, {**answers, "order_date": _DAY})
    called = {name: _called(table, name) for name in ("quantity", "unit_price") if name not in found.columns}
    missed = {name: column for name, column in called.items() if column and column not in found.columns.values()}
    if missed:
        found = _priced(table, {**missed, **answers, "order_date": _DAY})
    if not _NAMING & set(found.columns):
        columns = [column for column in table.columns if column not in (_DAY, _AMOUNT)]
        raise BadInputError("request_no_product_column", file=table.name, columns=", ".join(columns))
    return found


_NAMING = {"description", "specification", "product_id", "class_code", "detail_code"}


def _priced(table: RawTable, fixed: Mapping[str, str]) -> Understanding:
    """Understand a table that may have no amount."""
    try:
        return understand(table, answers=fixed)
    except BadInputError as error:
        if error.code != "no_amount_column":
            raise
        return understand(table, answers={**fixed, "amount": _called(table, "amount") or _AMOUNT})


def _called(table: RawTable, name: str) -> str | None:
    """The column that is called as a field, although no value of it may be one: its values are then said to be bad."""
    called = (column for column in table.columns if any(guess.field == name for guess in headers.guesses(column)))
    return next((column for column in called if headers.normalise(column) not in headers.words("not_amount")), None)


def _extras(table: RawTable, understanding: Understanding) -> dict[str, str]:
    """Find the columns that only a request has; one that already means something is not taken from it."""
    taken = set(understanding.columns.values()) - {understanding.columns.get("delivery_date", "")}
    words = {headers.normalise(word): name for name, known in EXTRA.items() for word in known}
    found: dict[str, str] = {}
    for column in table.columns:
        name = words.get(headers.normalise(column))
        if name and column not in taken:
            found.setdefault(name, column)
    return found


def _typed(reading: Reading, extras: Mapping[str, str]) -> str:
    """SQL for the typed lines, their row, their cells as written, and the request's own columns."""
    places = {name: reading.table.columns.index(column) for name, column in extras.items()}
    own = [f", nullif(trim(c{place}), '') AS x_{name}" for name, place in places.items()]
    if "needed_by" in places:
        cell = f"nullif(trim(c{places['needed_by']}), '')"
        own.append(f", {sql_date(cell, reading.understanding.date_order)} AS needed_day")
    return f"SELECT *{''.join(own)} FROM ({validate.typed(reading, with_rows=True)}) ORDER BY row_no"


def _asked(row: Mapping[str, Any], understanding: Understanding) -> Asked:
    texts: dict[str, Any] = {name: _text(row[name]) for name in _TEXTS}
    quantity, price = row["quantity"], row["unit_price"]
    return Asked(
        number=row["row_no"],
        **texts,
        kind=row["kind"],
        furnished=bool(row["furnished_material"]),
        quantity=quantity,
        measured=measured(texts["unit"], texts["description"]),
        amount=row["amount"] if row["amount"] is not None else times(quantity, price),
        currency=understanding.currency,
        needed_by=row.get("needed_day"),
        no_goods=_flag(row.get("x_no_goods")),
        emergency=_flag(row.get("x_emergency")),
        statement=row.get("x_statement"),
        evidence=row.get("x_evidence"),
        difference=row.get("x_difference"),
        unit_price=price,
    )


_TEXTS = (
    "description",
    "specification",
    "product_id",
    "class_code",
    "detail_code",
    "item_hint",
    "supplier_no",
    "supplier_name",
    "unit",
    "organisation",
    "department",
    "ground",
)


def _text(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


def _flag(value: str | None) -> bool:
    return (value or "").strip().lower() in YES


def times(quantity: Decimal | None, price: int | None) -> int | None:
    """The amount where only quantity and unit price are written; None where it is not whole."""
    if quantity is None or price is None or (quantity * price) % 1:
        return None
    return int(quantity * price)


def measured(unit: str | None, description: str | None) -> Unit:
    """Tell a lump sum ('1식', '의자 외 2종') and a set ('세트') from one product."""
    plain = unicodedata.normalize("NFKC", unit or "").strip()
    if _LUMP.fullmatch(plain) or _AND_MORE.search(description or ""):
        return "lump"
    return "set" if _SET.fullmatch(plain) else "one"


def typed_in(texts: Sequence[str], needed_by: date | None = None) -> tuple[Asked, ...]:
    """Return lines that were typed as one text each."""
    return tuple(
        Asked(number, description=text.strip(), measured=measured(None, text), needed_by=needed_by)
        for number, text in enumerate(texts, 1)
        if text.strip()
    )
