"""The small files of the demo's offices: card workbook, a district's own CSV, an HTML table named .xls, contracts."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xlsxwriter

from chorok.demo.catalogue import EPOCH, Catalogue, date_text, days
from chorok.demo.lines import Lines
from chorok.demo.named import Named
from chorok.demo.planted import DAMAGED
from chorok.demo.vocabulary import UNKNOWN, offices, words

CARD_COLUMNS = {
    "payment_date": "승인일자",
    "organisation_name": "기관명",
    "department": "부서명",
    "supplier_name": "가맹점명",
    "supplier_no": "사업자등록번호",
    "description": "사용내역",
    "amount": "승인금액",
}
OWN_COLUMNS = {
    "order_date": "구매일자",
    "department": "부서명",
    "description": "품명",
    "specification": "규격",
    "supplier_name": "업체명",
    "amount": "구매금액",
}
TABLE_COLUMNS = {
    "order_date": "계약일자",
    "department": "부서명",
    "description": "품명",
    "specification": "규격",
    "supplier_name": "업체명",
    "amount": "계약금액",
}
CONTRACT_COLUMNS = {
    "source_key": "계약번호",
    "order_date": "계약일자",
    "organisation_name": "기관명",
    "kind": "업무구분",
    "description": "계약명",
    "amount": "계약금액",
    "supplier_name": "계약업체",
    "supplier_no": "사업자등록번호",
}
"""Field -> column of each kind of file, as the demo means them."""

CARD_HEADER = (
    "연번",
    "승인일자",
    "기관명",
    "부서명",
    "카드소지자",
    "가맹점명",
    "사업자등록번호",
    "사용내역",
    "승인금액",
)
OWN_HEADER = ("연번", "구매일자", "부서명", "품명", "규격", "업체명", "구매금액")
TABLE_HEADER = ("순번", "계약일자", "부서명", "품명", "규격", "업체명", "계약금액")

BAD_CARD_ROWS = (
    ("{year}-02-30", 150000),
    ("{year}-05-07", None),
    ("{year}-05-08", "별도 협의"),
    ("{year}-05-09", "1234.56"),
)
"""Dates and amounts of card rows that cannot be read: an impossible day, none, words, parts of a won."""


@dataclass(frozen=True)
class Written:
    """Which line lies in which row (1-based) of a file."""

    positions: Sequence[int]
    rows: Sequence[int]


def _ordered(lines: Lines, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    positions = np.flatnonzero(mask)
    return [int(one) for one in positions[np.argsort(lines["day"][positions], kind="stable")]]


def _department(position: int) -> str:
    return words()["departments"][position % len(words()["departments"])]


def _number(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def card_workbook(
    path: Path, title: str, lines: Lines, mask: np.ndarray[tuple[int], np.dtype[np.bool_]], products: list[Named]
) -> Written:
    """Write a card list: title, empty row, header in row 3, no identification number, bad rows last."""
    positions = _ordered(lines, mask)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"title": title, "created": dt.datetime(2020, 11, 2)})  # noqa: DTZ001 (a fixed stamp)
    sheet, date = book.add_worksheet("집행내역"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title)
    sheet.write_row(2, 0, CARD_HEADER)
    for i, position in enumerate(positions):
        line, product = lines[position], products[lines["named"][position]]
        sheet.write_number(i + 3, 0, i + 1)
        sheet.write_datetime(i + 3, 1, dt.date.fromordinal(int(line["day"]) + EPOCH), date)
        sheet.write_row(i + 3, 2, _card_texts(offices()[line["office"]].short, position, product))
        sheet.write_number(i + 3, 8, int(line["amount"]))
    for i, (day, amount) in enumerate(BAD_CARD_ROWS, len(positions) + 3):
        sheet.write_row(
            i, 1, (day.format(year=title[:4]), "본청", _department(i), "예시인", "행복문구", "", "확인 필요")
        )
        sheet.write(i, 8, amount)
    book.close()
    return Written(positions, range(4, len(positions) + 4))


def _card_texts(office: str, position: int, product: Named) -> tuple[str, ...]:
    holder = f"예시인{position % 40:02d}"
    number = _number(product.supplier_no)
    return (office, _department(position), holder, product.supplier_name, number, product.description)


def _own_row(number: int, line: Lines, position: int, product: Named, amount: str) -> tuple[str, ...]:
    day = date_text(int(line["day"])).replace("-", ".")
    described = (product.description, product.specification, product.supplier_name)
    return (str(number), day, _department(position), *described, amount)


def _won(amount: int) -> str:
    return f"({-amount:,})" if amount < 0 else f"{amount:,}"


def district_csv(
    path: Path,
    title: str,
    lines: Lines,
    mask: np.ndarray[tuple[int], np.dtype[np.bool_]],
    products: list[Named],
    *,
    amount_of: Callable[[int, int], int] = lambda position, amount: amount,
    dropped: int = 0,
) -> Written:
    """Write a district's own UTF-8 CSV: three rows before the header, separators, brackets, a totals row, bad rows.

    `amount_of(position in the file, amount)` may falsify amounts and `dropped` leaves out the last lines: that is
    how the first, wrong file of a year is made. Damaged lines get an amount or a date that cannot be read.
    """
    positions = _ordered(lines, mask)[: -dropped or None]
    head = ((title,), ("작성: 회계과 (예시 자료)",), (), OWN_HEADER)
    body: list[tuple[str, ...]] = []
    total = 0
    for i, position in enumerate(positions):
        amount = amount_of(i, int(lines["amount"][position]))
        row = _own_row(i + 1, lines[position], position, products[lines["named"][position]], _won(amount))
        body.append(_damaged(row, i) if lines["trap"][position] == DAMAGED else row)
        total += amount
    tail = (("합계", "", "", "", "", "", _won(total)), ("1", "2019.03.04", "회계과", "도서 구입"), _odd_row())
    _write_rows(path, (*head, *body, *tail))
    return Written(positions, range(5, len(positions) + 5))


def _odd_row() -> tuple[str, ...]:
    return ("2", "2019.03.05", "회계과", "도서 구입", "", "행복문구", "12,345.67")


def _damaged(row: tuple[str, ...], i: int) -> tuple[str, ...]:
    if i % 2:
        return (row[0], f"{row[1][:4]}.02.30", *row[2:])
    return (*row[:-1], row[-1].replace("0", "O", 1) if "0" in row[-1] else f"{row[-1]}원정")


def _write_rows(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def mended_csv(path: Path, lines: Lines, products: list[Named]) -> Written:
    """Write the damaged lines of the district's file again, as a person has mended them."""
    positions = _ordered(lines, lines["trap"] == DAMAGED)
    body = [
        _own_row(i + 1, lines[position], position, products[lines["named"][position]], _won(lines["amount"][position]))
        for i, position in enumerate(positions)
    ]
    _write_rows(path, (OWN_HEADER, *body))
    return Written(positions, range(2, len(positions) + 2))


def unclosed_csv(
    path: Path, title: str, lines: Lines, mask: np.ndarray[tuple[int], np.dtype[np.bool_]], products: list[Named]
) -> Written:
    """Write a short own list whose last row opens a quote and never closes it; no good row comes after it."""
    positions = _ordered(lines, mask)
    body = [
        _own_row(i + 1, lines[position], position, products[lines["named"][position]], _won(lines["amount"][position]))
        for i, position in enumerate(positions)
    ]
    _write_rows(path, ((title,), (), OWN_HEADER, *body))
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write('99,2016.12.11,총무과,"닫히지 않은 따옴표,,행복문구,70000\r\n')
    return Written(positions, range(4, len(positions) + 4))


def html_table(
    path: Path, title: str, lines: Lines, mask: np.ndarray[tuple[int], np.dtype[np.bool_]], products: list[Named]
) -> Written:
    """Write an HTML table as some systems name it .xls: amounts in thousand won, a subtotal after each month."""
    positions = _ordered(lines, mask)
    rows = [f"<tr><th colspan=7>{title}</th></tr>", "<tr><td colspan=7>(단위: 천원)</td></tr>", _cells(TABLE_HEADER)]
    places: list[int] = []
    month = total = subtotal = 0
    for i, position in enumerate(positions):
        line, product = lines[position], products[lines["named"][position]]
        day, amount = date_text(int(line["day"])), int(line["amount"]) // 1000
        if month and month != int(day[5:7]):
            rows.append(_cells((f"{month}월 소계", "", "", "", "", "", f"{subtotal:,}")))
            subtotal = 0
        month, total, subtotal = int(day[5:7]), total + amount, subtotal + amount
        described = (product.description, product.specification, product.supplier_name)
        rows.append(_cells((str(i + 1), day, _department(position), *described, f"{amount:,}")))
        places.append(len(rows))
    rows.append(_cells((f"{month}월 소계", "", "", "", "", "", f"{subtotal:,}")))
    rows.append(_cells(("합계", "", "", "", "", "", f"{total:,}")))
    head = '<html><head><meta charset="utf-8"></head><body><table border=1>'
    path.write_text(f"{head}\n" + "\n".join(rows) + "\n</table></body></html>\n", encoding="utf-8")
    return Written(positions, places)


def _cells(values: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in values) + "</tr>"


def contracts_csv(path: Path, city: int, count: int, catalogue: Catalogue, rng: np.random.Generator) -> list[int]:
    """Write contracts for works and services, whose materials are not known, as CP949; return their amounts."""
    places = [one for one in offices() if one.city == city and one not in UNKNOWN]
    rows: list[tuple[str, ...]] = []
    amounts = ((rng.lognormal(17.5, 1.0, count).astype(np.int64) // 1000 + 500) * 1000).tolist()
    for i, amount in enumerate(amounts):
        kind = ("공사", "용역")[i % 2]
        names = words()["works" if kind == "공사" else "services"]
        day = date_text(int(rng.integers(days(2015), days(2020, 10, 31))))
        office, firm = places[int(rng.integers(len(places)))], catalogue.suppliers[int(rng.integers(1500))]
        title = f"{office.short} {names[int(rng.integers(len(names)))]}"
        rows.append(
            (f"DC{city}{i:06d}", day, office.short, kind, title, f"{amount:,}", firm.name, _number(firm.number))
        )
    _write_rows(path, (tuple(CONTRACT_COLUMNS.values()), *rows), encoding="cp949")
    return [int(one) for one in amounts]
