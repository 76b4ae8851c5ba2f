"""Official files of green purchases by category (data.go.kr 15087720): category, total, green amount, rate.

Such a file is used whole or not at all: what cannot be read is an error that names the row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from chorok.core.errors import BadInputError
from chorok.core.measures.reconciliation import Official
from chorok.ledger.engines import Connection, connect
from chorok.sources import currencies, layout
from chorok.sources.amounts import sql_amount
from chorok.sources.currencies import Money
from chorok.sources.headers import normalise
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables
from chorok.sources.understanding import Profile, RawTable, Understanding

HEADERS = {
    "total": ("SUM_TAMT", "총구매금액", "총구매액", "전체구매금액", "구매금액합계", "총금액", "total amount", "total"),
    "green": (
        "SUM_EAMT",
        "녹색제품구매금액",
        "녹색제품구매액",
        "녹색구매금액",
        "녹색구매액",
        "녹색금액",
        "green amount",
        "green",
    ),
    "rate": ("SUM_AMT_RATE", "녹색제품구매율", "녹색구매율", "구매율", "구매비율", "비율", "green share", "rate"),
    "small": ("BUYS_BSNM", "소분류명", "소분류", "품목군", "품목명", "품목", "category", "item"),
    "large": ("BUYS_BLNM", "대분류명", "대분류", "중분류명", "중분류", "분류명", "분류", "group"),
    "code": ("소분류코드", "중분류코드", "품목코드", "분류코드", "code"),
    "year": ("기준연도", "기준년도", "구매연도", "구매년도", "연도", "년도", "year"),
}
"""Field -> the headers it goes by, compared without case, blanks, units and punctuation; the public file's first."""

CATEGORY = ("small", "code", "large")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class OfficialFile:
    """What was read: rows in file order, their currency, and the unit note that was applied, if any."""

    rows: tuple[Official, ...]
    currency: str
    unit_note: str | None = None
    set_aside: int = 0  # total rows and rows of other years
    skipped: tuple[str, ...] = ()  # tables of the file that have other columns


@dataclass(frozen=True)
class _Found:
    table: RawTable
    columns: dict[str, int]  # field -> position


def read(path: Path, work: Path, year: int) -> OfficialFile:
    """Read the rows of a year; `work` is a folder for copies.

    Raises BadInputError official_columns, official_year, official_amount, official_category, official_doubled,
    official_broken, official_units, official_empty; and as `open_tables` does for files that cannot be opened.
    """
    names = {
        field: headers[0] for field, headers in HEADERS.items() if field in ("total", "green", "rate", "small", "large")
    }
    tables = open_tables(path, work, profile=Profile("official", 1, Understanding(columns=names)))
    found = [_Found(table, columns) for table in tables if (columns := _columns(table)) is not None]
    if not found:
        seen = ", ".join(column for table in tables for column in table.columns)
        raise BadInputError("official_columns", file=path.name, columns=seen)
    if len(found) > 1:
        raise BadInputError("official_two_tables", file=path.name, tables=", ".join(one.table.name for one in found))
    skipped = tuple(table.name for table in tables if table is not found[0].table)
    return _read(found[0], path.name, year, skipped)


def _columns(table: RawTable) -> dict[str, int] | None:
    """Return where the fields stand, or None when an amount or all categories are missing."""
    seen = {normalise(column): at for at, column in reversed(list(enumerate(table.columns)))}
    places = {
        field: at
        for field, headers in HEADERS.items()
        if (at := next((seen[word] for header in headers if (word := normalise(header)) in seen), None)) is not None
    }
    return places if {"total", "green"} <= places.keys() and {"small", "code", "large"} & places.keys() else None


def _read(found: _Found, file: str, year: int, skipped: tuple[str, ...]) -> OfficialFile:
    money = _money(found, file)
    with connect() as engine:
        rows = engine.execute(_select(found, money)).fetchall()
        _must_be_whole(engine, file)
    names = ("row", "is_total", "total_amount", "green_amount", *found.columns)
    records = [dict(zip(names, row, strict=True)) for row in rows]
    kept = [record for record in records if not record["is_total"]]
    asked = _of_year(found, kept, file, year)
    if not asked:
        raise BadInputError("official_empty", file=file)
    official = [_official(record, found, money, file) for record in asked]
    _must_be_once(official, file)
    return OfficialFile(tuple(official), money.currency, money.unit_note, len(records) - len(asked), skipped)


def _money(found: _Found, file: str) -> Money:
    """Currency and unit of both amounts, which must be one; an official file without a currency is in won."""
    read_as = {
        field: currencies.money_of(found.table, found.table.columns[found.columns[field]], currency=None, unit=None)
        for field in ("total", "green")
    }
    total, green = read_as["total"], read_as["green"]
    if (total.currency, total.multiplier) != (green.currency, green.multiplier):
        raise BadInputError("official_units", file=file, total=total.unit_note or "–", green=green.unit_note or "–")
    if total.currency != currencies.NONE:
        return total
    return currencies.money_of(
        found.table, found.table.columns[found.columns["total"]], currency="KRW", unit=total.unit_note
    )


def _select(found: _Found, money: Money) -> str:
    cells = [layout.sql_cell(f"c{at}") for at in range(len(found.table.columns))]
    understood = Understanding(
        columns={}, multiplier=money.multiplier, currency=money.currency, decimals=money.decimals
    )
    amounts = [sql_amount(cells[found.columns[field]], understood) for field in ("total", "green")]
    wanted = [cells[at] for at in found.columns.values()]
    return (
        f"SELECT row_no, {layout.sql_total_row(cells)}, {', '.join([*amounts, *wanted])} "
        f"FROM ({select_from(found.table, numbered=True)}) WHERE NOT {layout.sql_blank_row(cells)} ORDER BY row_no"
    )


def _must_be_whole(engine: Connection, file: str) -> None:
    if not engine.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone():
        return
    broken = engine.execute("SELECT min(line) FROM reject_errors").fetchone()
    if broken and broken[0] is not None:
        raise BadInputError("official_broken", file=file, line=broken[0])


def _of_year(found: _Found, records: list[dict[str, object]], file: str, year: int) -> list[dict[str, object]]:
    """Return the rows of a year, by their column or else by the titles above the table."""
    if "year" in found.columns:
        years = {_year_in(record["year"]) for record in records}
        asked = [record for record in records if _year_in(record["year"]) == year]
    else:
        years = {int(one) for text in found.table.preamble for one in _YEARS.findall(text)} or {year}
        asked = records
    if year not in years and records:
        raise BadInputError(
            "official_year", file=file, year=year, found=", ".join(str(one) for one in sorted(years, key=str))
        )
    return asked


def _year_in(value: object) -> int | None:
    match = _YEARS.search(str(value or ""))
    return int(match[1]) if match else None


def _official(record: dict[str, object], found: _Found, money: Money, file: str) -> Official:
    columns = {field: found.table.columns[at] for field, at in found.columns.items()}
    for field in ("total", "green"):
        if record[f"{field}_amount"] is None:
            raise BadInputError(
                "official_amount", file=file, row=record["row"], column=columns[field], value=record[field] or ""
            )
    names = tuple(str(record[field]) for field in CATEGORY if record.get(field))
    if not names:
        raise BadInputError("official_category", file=file, row=record["row"])
    total, green = (int(str(record[f"{field}_amount"])) for field in ("total", "green"))
    rate = _rate(record, columns, file)
    printed = (_printed(record["total"], total, money), _printed(record["green"], green, money), rate)
    return Official(int(str(record["row"])), names, total, green, printed)


def _rate(record: dict[str, object], columns: dict[str, str], file: str) -> str | None:
    written = str(record.get("rate") or "").replace("%", "").replace(",", "").strip()
    if written in ("", "-"):
        return None
    if not _NUMBER.fullmatch(written):
        raise BadInputError(
            "official_amount", file=file, row=record["row"], column=columns["rate"], value=record["rate"]
        )
    return written


def _printed(text: object, amount: int, money: Money) -> str:
    """The number as it is printed, which says how it was rounded; the plain amount where it is written otherwise."""
    plain = re.sub(r"[,\s]", "", str(text))
    return plain if _NUMBER.fullmatch(plain) else str(amount // money.multiplier)


def _must_be_once(rows: list[Official], file: str) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.names in seen:
            raise BadInputError(
                "official_doubled", file=file, category=" ".join(row.names), rows=f"{seen[row.names]}, {row.row}"
            )
        seen[row.names] = row.row
