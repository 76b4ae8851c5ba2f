"""Administrative district codes as the public files have them: ten digits, two for a province or metropolitan city,
three for a city, county or district below it, five for what lies below that.

Read are files with one column of whole names and whether the code still holds (법정동코드, 법정동명, 폐지여부), and
files with a column for each level and the days of beginning and end (시도명, 시군구명, 생성일자, 말소일자 or 삭제일자).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chorok.core.errors import BadInputError
from chorok.ledger.engines import connect
from chorok.sources.headers import normalise
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables

HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("법정동코드", "행정동코드", "행정기관코드", "행정구역코드", "code"),
    "name": ("법정동명", "행정구역명", "name"),
    "province": ("시도명", "시도"),
    "district": ("시군구명", "시군구"),
    "state": ("폐지여부",),
    "begun": ("생성일자", "생성일"),
    "ended": ("말소일자", "삭제일자", "폐지일자"),
}
"""Field -> headers as files have them."""

GONE = "폐지"
"""What the state of a code says that does not hold any more."""
_CODE = re.compile(r"\d{10}")
_CITY = re.compile(r"(특별시|광역시|특별자치시)$")


@dataclass(frozen=True)
class District:
    """A province, city or district; `parent` is the code of the one above, None for the topmost."""

    code: str
    name: str
    kind: str  # province | city | district
    parent: str | None
    begun: date | None
    ended: date | None  # first day on which it is no more


@dataclass(frozen=True)
class DistrictFile:
    """What a file holds: districts by code, and how many rows were left aside and why."""

    districts: tuple[District, ...]
    smaller: int  # towns and villages
    gone: int  # codes that do not hold any more, without a day
    bad: tuple[tuple[int, str], ...]  # row and code: no code, or one that was there before

    def under(self, names: Iterable[str]) -> tuple[District, ...]:
        """Return the topmost of some names or codes with all below them. Raises BadInputError for one unknown."""
        tops = {key: one.code for one in self.districts if one.parent is None for key in (one.name, one.code)}
        wanted = [name.strip() for name in names if name.strip()]
        unknown = [name for name in wanted if name not in tops]
        if unknown or not wanted:
            known = ", ".join(one.name for one in self.districts if one.parent is None)
            raise BadInputError("districts_choose", unknown=", ".join(unknown) or "–", known=known)
        kept = {tops[name][:2] for name in wanted}
        return tuple(one for one in self.districts if one.code[:2] in kept)


def read(path: Path) -> DistrictFile | None:
    """Read a file of district codes; None for a file without a column of such codes. Raises BadInputError."""
    with tempfile.TemporaryDirectory() as work:
        for table in open_tables(path, Path(work)):
            places = _places(table.columns)
            if "code" in places and ({"name"} & places.keys() or {"province"} & places.keys()):
                rows = connect().execute(select_from(table)).fetchall()
                return _read([{name: _text(row[at]) for name, at in places.items()} for row in rows])
    return None


def _places(columns: Iterable[str]) -> dict[str, int]:
    seen = {normalise(column): at for at, column in reversed(list(enumerate(columns)))}
    return {
        name: seen[normalise(header)] for name, headers in HEADERS.items() for header in headers
        if normalise(header) in seen
    }  # fmt: skip


def _text(value: Any) -> str:
    return str(value or "").strip()


def _read(rows: list[dict[str, str]]) -> DistrictFile:
    found: dict[str, District] = {}
    smaller = gone = 0
    bad: list[tuple[int, str]] = []
    names = {row["code"]: _name(row) for row in rows if _CODE.fullmatch(row["code"])}
    for number, row in enumerate(rows, 2):
        code = row["code"]
        if not _CODE.fullmatch(code):
            bad.append((number, code))
        elif code[5:] != "00000":
            smaller += 1
        elif row.get("state", "").startswith(GONE) and not row.get("ended"):
            gone += 1
        elif code in found:
            bad.append((number, code))
        else:
            found[code] = _district(row, names)
    return DistrictFile(tuple(found[code] for code in sorted(found)), smaller, gone, tuple(bad))


def _name(row: dict[str, str]) -> str:
    return row.get("name") or " ".join(part for part in (row.get("province", ""), row.get("district", "")) if part)


def _district(row: dict[str, str], names: dict[str, str]) -> District:
    code, whole = row["code"], _name(row)
    parent = next((above for above in _above(code) if above in names and above != code), None)
    own = whole.removeprefix(names.get(parent or "", "")).strip() or whole
    top = parent is None
    city = _CITY.search(whole) if top else names.get(code[:2] + "0" * 8, "") and _is_city(own, names, code)
    kind = "city" if city else "province" if top else "district"
    return District(code, own, kind, parent, _day(row.get("begun", "")), _day(row.get("ended", "")))


def _above(code: str) -> Iterator[str]:
    """Yield the codes that may lie above one, nearest first: 41111 lies in 41110, that in 41."""
    yield code[:4] + "0" * 6
    yield code[:2] + "0" * 8


def _is_city(own: str, names: dict[str, str], code: str) -> bool:
    """In a province a city or county is a city of its own; in a metropolitan city all is district."""
    return not _CITY.search(names[code[:2] + "0" * 8]) and own.endswith(("시", "군"))


def _day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None
