"""Supply areas as mall lists write them ('전국', '부산광역시, 경상남도'): whether one reaches a place.

An area that is blank or cannot be understood is not known: it neither reaches a place nor leaves it out (rules D7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chorok.core.organisations import Organisation

_SHORT = re.compile("서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주")
_LONG = {"충청북": "충북", "충청남": "충남", "전라북": "전북", "전라남": "전남", "경상북": "경북", "경상남": "경남"}
_ENDING = re.compile(r"(특별자치시|특별자치도|특별시|광역시|시|도)$")
_BETWEEN = re.compile(r"[,;/|、·ㆍ\n]|\s및\s")
_EVERYWHERE = {"전국", "전국일원", "전지역", "nationwide"}
_EXCEPT = re.compile("제외|불가|except", re.IGNORECASE)
_CITIES = ("city", "province")


@dataclass(frozen=True)
class Place:
    """Where a buyer is: its province or metropolitan city by short name (None: not known), its city's and own names."""

    province: str | None = None
    cities: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, line: Iterable[Organisation]) -> Place:
        """Return the place of an organisation from itself and what is above it."""
        above = [one for one in line if one.kind in (*_CITIES, "district")]
        cities = {_plain(name) for one in above if one.kind in _CITIES for name in one.names()}
        found = {short for one in above if one.kind in _CITIES for name in one.names() if (short := province(name))}
        names = {_plain(name) for one in above for name in one.names()}
        return cls(found.pop() if len(found) == 1 else None, frozenset(cities), frozenset(names))


def province(name: str) -> str | None:
    """Return the short name of a province or metropolitan city however it is written ('충청남도' -> '충남')."""
    stem = _ENDING.sub("", _plain(name))
    short = _LONG.get(stem, stem)
    return short if _SHORT.fullmatch(short) else None


def reaches(area: str | None, place: Place) -> bool | None:
    """Tell whether a supply area reaches a place; None: not known."""
    if not area or not area.strip() or _EXCEPT.search(area):
        return None
    parts = [part.strip() for part in _BETWEEN.split(area) if part.strip()]
    each = [_part_reaches(part, place) for part in parts]
    return True if True in each else None if None in each or not each else False


def _part_reaches(part: str, place: Place) -> bool | None:
    plain = _plain(part)
    if plain in _EVERYWHERE or plain in place.cities:
        return True
    words = part.split()
    named = province(words[0])
    if named is None or place.province is None:
        return None
    if named != place.province:
        return False
    return True if len(words) == 1 or _plain(words[-1]) in place.names else None


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()
