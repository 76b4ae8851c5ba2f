"""What people type or paste of a thing to be bought: how many, for how much, and the rest as its description.

Pure. Only what is clear is read; what is not stays in the description, so that nothing is guessed and nothing lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

MOST_DIGITS = 15
"""Digits of a quantity or an amount at most; what is longer is a number of another kind."""

UNITS = (
    "개", "개소", "EA", "ea", "Ea", "대", "박스", "상자", "BOX", "Box", "box", "boxes", "세트", "셋트", "SET", "Set",
    "set", "sets", "조", "식", "통", "권", "롤", "팩", "병", "켤레", "묶음", "자루", "벌", "쌍", "장", "매", "부", "포",
    "본", "pcs", "PCS", "pc", "units", "unit", "rolls", "packs",
)  # fmt: skip
"""What is counted. Measures such as m or kg are none: in a name they say a size as often as a quantity."""
WON = "원"
"""How people mark an amount that is won."""
TIMES = {WON: 1, "KRW": 1, "won": 1, "천원": 1_000, "만원": 10_000, "백만원": 1_000_000, "억원": 100_000_000}
"""Units in which people write won."""

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_WON = "|".join(sorted(TIMES, key=len, reverse=True))
_ENDS = r"(?=$|[\s,;:/()\[\]xX×*@]|에\s)"
_BEGINS = r"(?:(?<=^)|(?<=[\s,;:/()\[\]xX×*@]))"
_QUANTITY = re.compile(rf"{_BEGINS}(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT}){_ENDS}")
_MONEY = re.compile(
    rf"{_BEGINS}(?:(?P<sign>₩|￦|\\|KRW)\s?(?P<signed>{_NUMBER})|(?P<number>{_NUMBER})\s?(?P<unit>{_WON})(?:정)?){_ENDS}"
)
_BARE_TIMES = re.compile(rf"{_BEGINS}(?P<number>{_NUMBER})\s?[xX×*@]\s?$")
_EACH = re.compile(r"(?:단가|개당|대당|@|each|per unit|unit price|[xX×*])\s*[:=]?\s*$", re.IGNORECASE)
_EACH_AFTER = re.compile(r"^\s*[xX×*]\s*(?=\d)")
_TOTAL = re.compile(r"(?:합계|총액|총|금액|total|amount|=)\s*[:=]?\s*$", re.IGNORECASE)
_ABOUT = re.compile(r"(?:약|대략|최대|최소|about|approx\.?|up to|max\.?|~|∼|-)\s*$", re.IGNORECASE)
_ABOUT_AFTER = re.compile(
    r"^\s*(?:정도|내외|이하|이내|미만|이상|초과|까지|가량|안팎|~|∼|-\s*\d|or (?:less|more|so))", re.IGNORECASE
)
_IDENTITY = re.compile(r"(?<![\d,.\-])(?:(?P<detail>\d{10})-)?(?P<product>\d{8})(?![\d,.\-])")
_LABELLED = re.compile(r"(?:물품)?식별번호\s*[:=]?\s*$|(?:product|item) id\s*[:=]?\s*$", re.IGNORECASE)
_DETAIL = re.compile(r"(?<![\d,.\-])(?P<detail>\d{10})(?![\d,.\-])")
_DETAIL_LABEL = re.compile(r"(?:세부품명(?:번호)?)\s*[:=]?\s*$")
_BULLET = re.compile(r"^\s*(?:[-•·*▪○●]\s+|\d{1,3}[.)]\s+)")
_JOINTS = re.compile(r"^[xX×*]\s|\s[xX×*]$|^[xX×*]$|^에(?:\s|$)")
_EDGES = " \t,;:/|·=@"


@dataclass(frozen=True)
class Typed:
    """One line as it was typed and what is clear of it. Amounts in won; `quantity` is above zero."""

    text: str
    description: str = ""
    specification: str = ""
    product_id: str = ""
    detail_code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: int | None = None
    amount: int | None = None


def line(text: str) -> Typed:
    """Read one line of free text."""
    plain = " ".join(_BULLET.sub("", unicodedata.normalize("NFKC", text)).split())
    taken: list[tuple[int, int]] = []
    number = _identity(plain, taken)
    counted = _counted(plain, taken)
    paid = _paid(plain, taken, counted)
    read: dict[str, Any] = {**number, **counted, **paid, "description": _left(plain, taken)}
    return _whole(Typed(text.strip(), **read))


def _identity(plain: str, taken: list[tuple[int, int]]) -> dict[str, str]:
    """Find the identification number: labelled, behind its detailed item, alone, or no day that it could be."""
    found = [one for one in _IDENTITY.finditer(plain) if not _is_money(plain, one.end())]
    if len(found) == 1:
        one = found[0]
        label = _LABELLED.search(plain[: one.start()])
        if one["detail"] or label or one[0] == plain or not _day(one["product"]):
            taken.append((label.start() if label else one.start(), one.end()))
            return {"product_id": one["product"], "detail_code": one["detail"] or ""}
        return {}
    codes = [one for one in _DETAIL.finditer(plain) if not _is_money(plain, one.end())]
    if found or len(codes) != 1:
        return {}
    label = _DETAIL_LABEL.search(plain[: codes[0].start()])
    taken.append((label.start() if label else codes[0].start(), codes[0].end()))
    return {"detail_code": codes[0]["detail"]}


def _is_money(plain: str, end: int) -> bool:
    return re.match(rf"\s?(?:{_WON}|{_UNIT}){_ENDS}", plain[end:]) is not None


def _day(digits: str) -> bool:
    """Tell whether eight digits may be a day: 20201130."""
    return 1990 <= int(digits[:4]) <= 2099 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def _counted(plain: str, taken: list[tuple[int, int]]) -> dict[str, object]:
    """Find the one quantity; two of them, or one that is only about right, are none."""
    found = [one for one in _QUANTITY.finditer(plain) if _free(one.span(), taken)]
    if not found:
        return _bare(plain, taken)
    if len(found) > 1 or _vague(plain, found[0].span()):
        return {}
    value = _decimal(found[0]["number"])
    if value is None or value <= 0:
        return {}
    taken.append(found[0].span())
    return {"quantity": value, "unit": found[0]["unit"]}


def _bare(plain: str, taken: list[tuple[int, int]]) -> dict[str, object]:
    """Read '10 x 95,000원': a bare number is a quantity only where it is multiplied with money."""
    money = list(_MONEY.finditer(plain))
    before = _BARE_TIMES.search(plain[: money[0].start()]) if len(money) == 1 else None
    value = _decimal(before["number"]) if before else None
    if before is None or value is None or value <= 0:
        return {}
    taken.append(before.span())
    return {"quantity": value}


def _paid(plain: str, taken: list[tuple[int, int]], counted: Mapping[str, object]) -> dict[str, int]:
    """Find amount and unit price: by their labels, by 'x', or since one is the other times the quantity."""
    found = [one for one in _MONEY.finditer(plain) if _free(one.span(), taken)]
    if not found or len(found) > 2 or any(_vague(plain, one.span()) for one in found):
        return {}
    values = [_won(one) for one in found]
    if None in values:
        return {}
    quantity = counted.get("quantity")
    read: dict[str, int] = {}
    for one, value in zip(found, values, strict=True):
        name = _named(plain, one)
        if name and value is not None and name not in read:
            read[name] = value
    known = [value for value in values if value is not None]
    if len(known) == 2 and not read and quantity is not None and _times(quantity, known[0]) == known[1]:
        read = {"unit_price": known[0], "amount": known[1]}
    elif len(known) == 1 and not read:
        read = {"amount": known[0]}
    elif len(known) == 2 and len(read) == 1:
        read = _other(known, read)
    if len(read) != len(known) or _at_odds(quantity, read):
        return {}
    taken += [_with_label(plain, one) for one in found]
    return read


def _other(known: list[int], read: Mapping[str, int]) -> dict[str, int]:
    """Give the name that is left to the amount without a label."""
    (name, value), missing = next(iter(read.items())), {"amount": "unit_price", "unit_price": "amount"}
    return {name: value, missing[name]: known[1] if known[0] == value else known[0]}


def _at_odds(quantity: object, read: Mapping[str, int]) -> bool:
    """Tell whether price times quantity is another amount than the one written: then neither is clear."""
    if len(read) < 2 or quantity is None:
        return False
    return _times(quantity, read["unit_price"]) != read["amount"]


def _named(plain: str, one: re.Match[str]) -> str:
    before, after = plain[: one.start()], plain[one.end() :]
    if _EACH.search(before) or _EACH_AFTER.search(after):
        return "unit_price"
    return "amount" if _TOTAL.search(before) else ""


def _with_label(plain: str, one: re.Match[str]) -> tuple[int, int]:
    """Return where an amount stands, with the word that says what it is."""
    before = plain[: one.start()]
    label = _EACH.search(before) or _TOTAL.search(before)
    after = _EACH_AFTER.search(plain[one.end() :])
    return (label.start() if label else one.start(), one.end() + (after.end() if after else 0))


def _whole(typed: Typed) -> Typed:
    """Multiply where quantity and price are there and no amount, and it comes out whole."""
    if typed.amount is None and typed.quantity is not None and typed.unit_price is not None:
        return replace(typed, amount=_times(typed.quantity, typed.unit_price))
    return typed


def _times(quantity: object, price: int) -> int | None:
    value = Decimal(str(quantity)) * price
    return None if value % 1 else int(value)


def _free(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return all(span[1] <= begin or span[0] >= end for begin, end in taken)


def _vague(plain: str, span: tuple[int, int]) -> bool:
    """Tell whether a number is only about right or one end of a range: '약 10개', '100만원 내외', '10~20개'."""
    before = plain[: span[0]]
    dash = before.rstrip().endswith("-") and before.endswith(" ")  # 'A형 - 10개' is no range
    about = _ABOUT.search(before) is not None and not dash
    return about or _ABOUT_AFTER.search(plain[span[1] :]) is not None


def _won(one: re.Match[str]) -> int | None:
    value = _decimal(one["signed"] or one["number"])
    if value is None:
        return None
    won = value * TIMES.get(one["unit"] or WON, 1)
    return None if won % 1 or len(str(int(won))) > MOST_DIGITS else int(won)


def _decimal(digits: str | None) -> Decimal | None:
    """Return a number; None where it has more digits than counts and amounts have."""
    plain = (digits or "").replace(",", "")
    fraction = plain.partition(".")[2]
    if not plain or len(plain.partition(".")[0]) > MOST_DIGITS or len(fraction) > 4:
        return None
    return Decimal(plain)


def _left(plain: str, taken: Iterable[tuple[int, int]]) -> str:
    """Return what nobody took, in one piece."""
    kept, at = [], 0
    for begin, end in sorted(taken):
        kept.append(plain[at:begin] if begin > at else "")
        at = max(at, end)
    kept.append(plain[at:])
    parts = [_JOINTS.sub("", part.strip()).strip(_EDGES) for part in kept]
    return re.sub(r"\(\s*\)|\[\s*\]", "", " ".join(part for part in parts if part)).strip()


def row(cells: Sequence[str], fields: Sequence[str | None]) -> Typed:
    """Read one row of a table whose columns are known: fields of `Typed` that the columns mean, None for others.

    A cell of a column that is not known stays in the description; so does one that is not what its column says.
    """
    read: dict[str, object] = {}
    rest: list[str] = []
    for cell, name in zip(cells, [*fields, *[None] * len(cells)], strict=False):
        plain = " ".join(unicodedata.normalize("NFKC", cell).split())
        value = _cell(name, plain)
        if plain and (name is None or value is None or name in read):
            rest.append(plain)
        elif plain and name is not None:
            read[name] = value
    description = " ".join(filter(None, (str(read.pop("description", "")), *rest)))
    counted = next((cell for cell, name in zip(cells, fields, strict=False) if name == "quantity"), "")
    unit = _QUANTITY.fullmatch(counted.strip())
    if unit and "unit" not in read:
        read["unit"] = unit["unit"]
    return _whole(Typed(" ".join(" ".join(cells).split()), description=description, **read))  # type: ignore[arg-type]


def _cell(name: str | None, plain: str) -> object | None:
    """Return what a cell of a column says; None where it is not of its kind."""
    if name == "quantity":
        found = _QUANTITY.fullmatch(plain)
        value = _decimal(found["number"]) if found else _decimal(plain) if re.fullmatch(_NUMBER, plain) else None
        return value if value is not None and value > 0 else None
    if name in ("unit_price", "amount"):
        money = _MONEY.fullmatch(plain)
        if money:
            return _won(money)
        value = _decimal(plain) if re.fullmatch(_NUMBER, plain) else None
        return None if value is None or value % 1 else int(value)
    if name == "product_id":
        return plain if re.fullmatch(r"\d{8}", plain) else None
    if name == "detail_code":
        return plain if re.fullmatch(r"\d{10}", plain) else None
    return plain or None


def unlabelled(cells: Sequence[str]) -> Typed:
    """Read one row of a table without a heading: each cell is read as a text of its own, what is clear is taken."""
    return line(" ".join(cell.strip() for cell in cells if cell.strip()))
