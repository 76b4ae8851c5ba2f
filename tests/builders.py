"""Small things that tests are made of: a registry of a few item groups, purchase files, figures as plain numbers."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from chorok.ledger import batches, figures
from chorok.ledger.engines import open_engine
from chorok.ledger.figures import Answer, Question
from chorok.ledger.lookup import Lookup
from chorok.ledger.published import Published
from chorok.ledger.registry import Registry, replace_source
from chorok.ledger.schema import REGISTRY
from chorok.ledger.store import Ledger
from chorok.sources import intake
from chorok.sources.intake import Intake, Wish
from chorok.sources.understanding import Profile, Understanding

HEADERS = {
    "key": "납품요구번호",
    "no": "물품순번",
    "change": "납품요구변경차수",
    "final": "최종납품요구여부",
    "day": "납품요구일자",
    "org": "수요기관명",
    "department": "부서명",
    "kind": "업무구분",
    "supplier": "업체명",
    "supplier_no": "사업자등록번호",
    "product": "물품식별번호",
    "detail": "세부품명번호",
    "class_": "물품분류번호",
    "name": "품명",
    "spec": "규격",
    "quantity": "수량",
    "unit": "단위",
    "amount": "금액",
    "delta": "증감금액",
    "currency": "통화",
    "ground": "예외사유",
}
"""Short name -> header as KONEPS files have it."""

FIELDS = {
    "key": "source_key",
    "no": "source_line",
    "change": "change_order",
    "day": "order_date",
    "org": "organisation_name",
    "class_": "class_code",
    "detail": "detail_code",
    "product": "product_id",
    "supplier": "supplier_name",
    "name": "description",
    "spec": "specification",
    "delta": "amount_delta",
}
"""Short name -> field, where they are not the same."""

CHAIR, PIPE, LAMP = "T-CHAIR", "T-PIPE", "T-LAMP"
LAMP_FROM, PIPE_UNTIL = date(2019, 7, 1), date(2021, 1, 1)
GROUPS = [
    {"code": CHAIR, "name_ko": "의자", "name_en": "Chairs", "codes": ["90000001", "9000000101", "10101"]},
    {"code": PIPE, "name_ko": "배수관", "name_en": "Drainpipes", "codes": ["90000002"], "standard_until": PIPE_UNTIL},
    {"code": LAMP, "name_ko": "조명기구", "name_en": "Lamps", "codes": ["90000003"], "standard_from": LAMP_FROM},
]

GREEN, BOTH, REVOKED, UNDATED, GIVEN_UP, CARBON, LABELLED = (str(number) for number in range(80000001, 80000008))
"""Identification numbers: certified; with eco-label and GR; revoked on a day; revoked or given up without one ..."""
PLAIN = "80000099"
"""An identification number that no list has."""

CERTIFICATES = [
    {"certificate_no": "T-1", "product_id": GREEN, "valid_from": date(2017, 1, 1), "valid_until": date(2019, 12, 31)},
    {"certificate_no": "T-2", "product_id": BOTH, "valid_from": date(2017, 1, 1), "valid_until": date(2019, 6, 30)},
    {"certificate_no": "T-3", "product_id": BOTH, "valid_from": date(2018, 1, 1), "valid_until": date(2020, 6, 30),
     "basis": "gr"},
    {"certificate_no": "T-4", "product_id": REVOKED, "valid_from": date(2017, 1, 1), "valid_until": date(2020, 12, 31),
     "status": "revoked", "revoked_on": date(2019, 3, 1)},
    {"certificate_no": "T-5", "product_id": UNDATED, "valid_from": date(2017, 1, 1), "valid_until": date(2020, 12, 31),
     "status": "revoked"},
    {"certificate_no": "T-6", "product_id": GIVEN_UP, "valid_from": date(2017, 1, 1),
     "valid_until": date(2020, 12, 31), "status": "given_up"},
    {"certificate_no": "T-7", "product_id": CARBON, "valid_from": date(2019, 1, 1), "valid_until": date(2021, 12, 31),
     "basis": "low_carbon"},
    {"certificate_no": None, "product_id": LABELLED, "status": "unknown", "read_on": date(2019, 5, 5)},
]  # fmt: skip

CITY, WEST, EAST, MOVED, OTHER_CITY, OTHER_WEST, EMPTY_CITY = (
    "T-26", "T-2601", "T-2602", "T-2603", "T-30", "T-3001", "T-41",
)  # fmt: skip
MOVED_ON = date(2019, 7, 1)
ORGANISATIONS = [
    {"code": "T-NET", "name_ko": "시험망", "name_en": "Test network", "kind": "network"},
    {"code": CITY, "name_ko": "가람시", "name_en": "Garam", "kind": "city", "parent": "T-NET"},
    {"code": OTHER_CITY, "name_ko": "누리시", "name_en": "Nuri", "kind": "city", "parent": "T-NET"},
    {"code": EMPTY_CITY, "name_ko": "다솜시", "name_en": "Dasom", "kind": "city", "parent": "T-NET"},
    {"code": WEST, "name_ko": "서구", "name_en": "Seo-gu", "kind": "district", "parent": CITY},
    {"code": EAST, "name_ko": "동구", "name_en": "Dong-gu", "kind": "district", "parent": CITY},
    {"code": OTHER_WEST, "name_ko": "서구", "name_en": "Seo-gu", "kind": "district", "parent": OTHER_CITY},
    {"code": MOVED, "name_ko": "공원공단", "name_en": "Parks", "kind": "institution", "parent": CITY,
     "valid_until": MOVED_ON},
    {"code": MOVED, "name_ko": "공원공단", "name_en": "Parks", "kind": "institution", "parent": OTHER_CITY,
     "valid_from": MOVED_ON},
]  # fmt: skip


def rows(table: str, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return records as a registry table; what is missing is NULL."""
    return pa.Table.from_pylist([dict(record) for record in records], schema=REGISTRY[table])


def certificate(**values: Any) -> dict[str, Any]:
    return {"basis": "eco_label", "status": "certified", "item_group": CHAIR, **values}


def register(
    ledger: Ledger,
    groups: Sequence[Mapping[str, Any]] = GROUPS,
    certificates: Sequence[Mapping[str, Any]] = CERTIFICATES,
    organisations: Sequence[Mapping[str, Any]] = ORGANISATIONS,
) -> None:
    """Put a registry into a ledger."""
    given = {
        "item_groups": [{"derived": False, **group} for group in groups],
        "certificates": [certificate(**one) for one in certificates],
        "organisations": organisations,
    }
    for table, records in given.items():
        replace_source(ledger.path, table, rows(table, records), "test")


def model(place: Path) -> None:
    """Make a ledger with a registry that is indexed already, to be copied: an import into a copy need not do it."""
    made = Ledger.create(place)
    register(made)
    Lookup.open(made, Registry.open(made.path))


def one_chair(place: Path) -> Path:
    """Make a ledger whose registry has one certified chair, supplied everywhere; nothing was bought yet."""
    day, made = date(2019, 6, 1), Ledger.create(place, "2019-06-01")
    certified = [
        {"certificate_no": "A-1", "product_id": GREEN, "detail_code": "9000000101", "product_name": "가나 의자",
         "supplier_name": "가나의자", "valid_from": date(2018, 1, 1), "valid_until": date(2020, 12, 31)},
    ]  # fmt: skip
    register(made, certificates=certified)
    days = {"contract_from": date(2019, 1, 1), "contract_until": date(2019, 12, 31), "read_on": day}
    offer = {"offer_no": "M-1", "product_id": GREEN, "supply_area": "전국", "price": 500, "currency": "KRW"}
    replace_source(made.path, "offers", rows("offers", [{**offer, **days, "unit": "개"}]), "mall")
    return made.path


def copy(folder: Path, place: Path) -> Ledger:
    """Return a copy of a ledger at another place."""
    shutil.copytree(folder, place)
    return Ledger.open(place)


def line(**values: Any) -> dict[str, str]:
    """Return a purchase line by the short names of HEADERS."""
    return {name: "" if value is None else str(value) for name, value in values.items()}


def keyed(number: int, **values: Any) -> dict[str, str]:
    """Return a line of a request of its own."""
    return line(**{"key": f"R{number:05d}", "no": 1, "day": "2019-03-02", "org": CITY, "amount": 1000, **values})


def write_csv(
    path: Path, lines: Sequence[Mapping[str, str]], columns: Sequence[str] | None = None, encoding: str = "utf-8"
) -> Path:
    """Write lines as a purchase file; the columns are those that some line has, in the order of HEADERS."""
    names = columns or [name for name in HEADERS if any(name in one for one in lines)]
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([HEADERS[name] for name in names])
        writer.writerows([one.get(name, "") for name in names] for one in lines)
    return path


def profile(*names: str, **settings: Any) -> Profile:
    """Return a profile that fixes what columns mean, by their short names."""
    columns = {FIELDS.get(name, name): HEADERS[name] for name in names}
    return Profile("test", 1, Understanding(columns=columns, date_order_evidence="profile", **settings))


def take(ledger: Ledger, path: Path, **wish: Any) -> Intake:
    """Import a file."""
    return intake.take_in(ledger, path, Wish(**{"source": "test", **wish}))


def ask(ledger: Ledger, *by: str, at: str | None = None, **question: Any) -> Answer:
    """Ask for figures."""
    return figures.answer(Published.at(ledger, at), open_engine(), Question(tuple(by), **question))


def amounts(answer: Answer) -> dict[tuple[Any, ...], Any]:
    """Return key (with the currency behind, unless it is won) -> Amounts."""
    return {
        (*figure.keys, *(() if figure.currency == "KRW" else (figure.currency,))): figure.amounts
        for figure in answer.figures
    }


def posted(ledger: Ledger) -> list[dict[str, Any]]:
    """Return all purchase lines of the newest snapshot, as they lie in the ledger."""
    published = Published.at(ledger)
    return sorted((row for file in published.files() for row in _parquet(file)), key=lambda row: row["line_id"])


def _parquet(file: str) -> list[dict[str, Any]]:
    from pyarrow import parquet

    found: list[dict[str, Any]] = parquet.ParquetFile(file).read().to_pylist()
    return found


def totals(ledger: Ledger) -> tuple[int, int]:
    """Return the number of lines and their sum, from the files of the newest snapshot."""
    lines = posted(ledger)
    return len(lines), sum(one["amount"] for one in lines)


def states(ledger: Ledger) -> dict[str, int]:
    """Return how many batches are in each state."""
    found: dict[str, int] = {}
    for batch in batches.every(ledger):
        found[batch.state] = found.get(batch.state, 0) + 1
    return found
