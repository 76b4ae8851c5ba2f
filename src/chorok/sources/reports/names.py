"""Names of cities, provinces and districts in running text, and lists of them."""

from __future__ import annotations

import re

KIND = r"(?:Metropolitan City|Special City|Province|City|County|Metropolitan Government)"
_ENGLISH = rf"(?:[A-Z][\w'-]{{1,30}}\s){{1,3}}?{KIND}(?!\s(?:Network|Hall|Council|Office|League))"
_KOREAN = r"[가-힣]{1,6}(?:특별자치시|특별자치도|광역시|특별시|도|시|군|구)(?![가-힣]*(?:청|역|청사|회의|민))"
NAME = rf"(?:{_ENGLISH}|{_KOREAN})"
_PARTS = rf"\s?\(({NAME}(?:\s?(?:,|·|\band\b|및)\s?{NAME}){{0,20}})\)"
_MEMBER = re.compile(rf"({NAME})(?:{_PARTS})?")
_GLUE = re.compile(r"\s?(?:,\s?and|,|·|및|\band\b|와|과)\s?")
DISTRICT = re.compile(
    r"[A-Z][\w']+-(?:gu|gun|si)\b|[A-Z][\w']+ (?:District|County)\b"
    r"|[가-힣]{1,5}(?:구|군)(?=(?:가|이|는|은|와|과|의|에서|를|을)?(?![가-힣]))"
)
_KINDS = (
    (
        "metropolitan city",
        re.compile(r"Metropolitan City$|Special City$|Metropolitan Government$|광역시$|특별시$|특별자치시$"),
    ),
    ("province", re.compile(r"Province$|도$")),
    ("county", re.compile(r"County$|군$|-gun$")),
    ("district", re.compile(r"-gu$|District$|구$")),
    ("city", re.compile(r"City$|시$|-si$")),
)


def kind_of(name: str) -> str:
    """Return what a name says its bearer is: 'metropolitan city', 'province', 'city', 'county', 'district' or ''."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "")


def lists(text: str) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Return the lists of names in a text: each name with the names in brackets behind it."""
    found: list[list[tuple[str, tuple[str, ...]]]] = []
    end = -1
    for match in _MEMBER.finditer(text):
        one = (match[1], tuple(re.findall(NAME, match[2])) if match[2] else ())
        if found and _GLUE.fullmatch(text[end : match.start()]):
            found[-1].append(one)
        else:
            found.append([one])
        end = match.end()
    return [names for names in found if len(names) > 1]
