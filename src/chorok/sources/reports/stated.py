"""Shares that running text gives as reached: 'The share was 48 % in 2022', '2022년 구매율은 48%'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chorok.core.checks.report import Stated
from chorok.sources.reports.outline import Sentence
from chorok.sources.reports.words import NUMBER, YEAR, any_of, digits, printed

_YEAR = rf"(?:FY\s?)?{YEAR}"
_RATE = rf"({NUMBER})\s?(?:%(?!\s?(?:[pP]\b|포인트|point))|percent\b(?!\spoint)|퍼센트(?!\s?포))"
_SHARE = (
    r"(?:(?:the|our|its|city's|county's|overall|total|annual|green|public|product|procurement|purchas\w+)\s){0,6}"
    r"(?:share|rate)(?:\sof\sgreen\s\w+)?"
)
_SHARE_KO = (
    r"(?:(?:우리\s)?(?:시|도|구|군)의\s)?(?:전체\s|총\s)?(?:녹색\s?(?:제품\s?)?)?"
    r"(?:구매율|구매\s?비율|이행률)(?:은|는|이|가|:)?"
)
_MOVED = r"[^.;%\d]{0,30}?\sfrom\s"
_FORMS = (
    rf"(?:in\s{_YEAR},?\s)?{_SHARE}\s(?:was|reached|stood\sat|came\sto|amounted\sto)\s{_RATE}(?:\sin\s{_YEAR})?",
    rf"{_SHARE}{_MOVED}{_RATE}\sin\s{_YEAR}\sto\s{_RATE}\sin\s{_YEAR}",
    rf"{_YEAR}년도?(?:의|에|에는)?\s{_SHARE_KO}\s?{_RATE}",
    rf"{_SHARE_KO}\s{_YEAR}년도?\s?{_RATE}(?:에서\s{_YEAR}년도?\s?{_RATE})?",
)
_STATED = any_of(*(rf"\W{{0,4}}{form}" for form in _FORMS))
_PAIR = re.compile(rf"{_YEAR}년?도?|{_RATE}", re.IGNORECASE)
_NOT_REACHED = re.compile(
    r"\b(?:targets?|goals?|aims?|plan(?:ned|s)?|will|network|average|national)\b|목표|계획|까지|평균|전국|네트워크|예정|품목",
    re.IGNORECASE,
)


def stated(said: Sequence[Sentence]) -> Iterator[Stated]:
    """Yield shares with their years from sentences that begin with the share, which is then the city's total."""
    for one in said:
        found = _STATED.match(one.text) if one.node.kind != "table" else None
        if found and not _NOT_REACHED.search(one.text):
            for year, rate in _pairs(found[0]):
                yield Stated(year, printed(digits(rate), one.place), one.place)


def _pairs(text: str) -> Iterator[tuple[int, str]]:
    """Yield (year, rate), whichever of both comes first; a year or a rate alone is none."""
    named = [(match[1], match[2]) for match in _PAIR.finditer(text)]
    for one, other in zip(named[::2], named[1::2], strict=False):
        year, rate = one[0] or other[0], one[1] or other[1]
        if year and rate:
            yield int(year), rate
