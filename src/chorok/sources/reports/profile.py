"""What a report says of itself and its city: name, year, people, districts, budget, and parts of a whole."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from chorok.core.checks.report import Budget, Parts, Place, Printed, ShareRow
from chorok.sources.reports import days, names
from chorok.sources.reports.outline import Node, Sentence
from chorok.sources.reports.words import COUNT, NUMBER, PERCENT, YEAR, any_of, count, digits, listed, years

_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "mn": 6, "bn": 9, "천": 3, "만": 4,
           "백만": 6, "천만": 7, "억": 8, "천억": 11, "조": 12, "십억": 9, "백억": 10}  # fmt: skip
_SCALE = r"thousand|million|billion|trillion|bn|mn"
_CURRENCIES = {
    "won": "KRW", "krw": "KRW", "₩": "KRW", "원": "KRW",
    "us dollar": "USD", "u.s. dollar": "USD", "dollar": "USD", "usd": "USD", "us$": "USD", "$": "USD", "달러": "USD",
    "불": "USD", "euro": "EUR", "eur": "EUR", "€": "EUR", "유로": "EUR", "yen": "JPY", "jpy": "JPY", "엔": "JPY",
}  # fmt: skip
_WORD = r"(?:US dollars?|U\.S\. dollars?|dollars?|won|KRW|USD|euros?|EUR|yen|JPY)"
_MONEY = re.compile(
    rf"(?P<mark>US\$|\$|₩|€|KRW|USD|EUR)\s?(?P<n1>{NUMBER})\s?(?P<s1>{_SCALE})?\b"
    rf"|(?P<n2>{NUMBER})\s?(?P<s2>{_SCALE})?\s(?P<word>{_WORD})\b"
    r"|(?P<korean>(?:[\d,.]{1,20}\s?(?:조|천?억|[천백십]?만|천)\s?){1,4})(?P<unit>원|달러|불|유로|엔)",
    re.IGNORECASE,
)
_KOREAN_PART = re.compile(r"([\d,.]{1,20})\s?(조|천억|억|천만|백만|만|천)")
_BETWEEN = re.compile(r"\s?[(=,/]\s?(?:or\s|approx\.?\s|approximately\s|about\s|약\s?|미화\s?|=\s?)?|\s(?:or|equals)\s")
_ONE_DOLLAR = (
    r"(?:(?:\b1\s?)?(?:달러|유로)당|(?:1\s?(?:USD|US dollar|dollar|달러|EUR|euro|유로)|\$1|€1)\s?(?:=|is|당))\s?"
)
_RATE = any_of(
    rf"(?:exchange rate|환율)[^.;\d]{{0,40}}(?:{_ONE_DOLLAR})?({NUMBER})\s?(?:won|KRW|원)",
    rf"{_ONE_DOLLAR}({NUMBER})\s?(?:won|KRW|원)?",
    rf"({NUMBER})\s?(?:won|KRW|원)\s?(?:per|/|to\sthe|a)\s?(?:US\s)?(?:dollar|USD|\$|euro|EUR|달러)",
)
_PEOPLE = re.compile(
    rf"population of (?:about |approximately |around |approx\. )?({NUMBER})\s?({_SCALE})?"
    rf"|({NUMBER})\s?({_SCALE})?\s(?:population|people|inhabitants|residents|citizens)\b",
    re.IGNORECASE,
)
_PEOPLE_KO = re.compile(r"인구(?:는|수|\s)*[:\s]*약?\s?((?:[\d,.]{1,12}\s?(?:만|천)?\s?){1,3})명?")
_CONSISTS = re.compile(
    r"\bconsists?\b|\bcompris|\bmade up|\bdivided|\bhas\b|\bwith\b|구성|관할|이루어|행정구역|자치구", re.IGNORECASE
)
_DISTRICTS = any_of(
    rf"\b({COUNT})\s(?:autonomous\s|urban\s)?(districts?|gu|boroughs?|counties|county|gun)\b(?![/·-])",
)
_DISTRICTS_KO = re.compile(r"(\d{1,3})\s?개?\s?(?:의\s)?(자치구|구|군)(?=[와과로이을를의으,·(\s]|$)")
_WHOLE = any_of(
    rf"\b({COUNT})\s(?:districts?\s?/\s?count(?:y|ies)|districts and counties|gu\s?/\s?gun)",
    r"(\d{1,3})\s?개?\s?(?:자치)?구\s?[·/]\s?군",
)
_GENDER = re.compile(r"gender|female|women|성비|여성|남녀", re.IGNORECASE)
_TITLE = re.compile(r"report|보고서|결과|현황|실적", re.IGNORECASE)
_JOINT = any_of(r"\bnetwork\b|\bleague\b|네트워크|협의체|협의회")
"""In a title without a city: the report of a network, which is no member's own."""
_CITY = re.compile(
    r"(?:City|Province|County) of [A-Z][\w'-]{1,30}|(?:CITY|COUNTY) OF [A-Z]{2,30}(?: [A-Z]{2,30})?"
    r"|(?:[A-Z][\w'-]{1,30}\s){1,3}?(?:Metropolitan City|Special City|City|Province|County)\b(?! Network)"
    r"|[A-Z][\w']{1,30}-(?:gu|gun|si|do)\b"
    r"|[가-힣]{1,6}(?:광역시|특별시|특별자치시|특별자치도|도|시|군|구)(?![가-힣])(?: [가-힣]{1,5}[시군구](?![가-힣]))?"
)
_PRELIMINARY = any_of(r"\bpreliminary (?:figures|results|data)|잠정\s?(?:치|집계|실적)")
_FINAL = any_of(r"\bfinal (?:figures|results|data)|확정\s?(?:치|실적)")
_AS_OF = re.compile(r"\bas of\b|기준", re.IGNORECASE)
_OF_ELSE = any_of(r"\bexchange|\bpopulation|\binhabitants|\bresidents", r"환율|인구|면적|주민등록")
"""Figures whose day is not the day of the report."""


@dataclass(frozen=True)
class Profile:
    """The city and the report as the report presents them."""

    population: int | None
    district_count: int | None
    district_names: tuple[str, ...]
    budgets: tuple[Budget, ...]
    parts: tuple[Parts, ...]
    as_of: date | None
    status: Literal["", "preliminary", "submitted", "final"]


def profile(said: Sequence[Sentence]) -> Profile:
    """Return what the sentences say of the city."""
    said = [one for one in said if any(sign.isdigit() for sign in one.text) or _DISTRICTS.search(one.text)]
    whole = next(_whole_districts(said), None)
    parts, listed_names = _districts(said)
    total = sum(int(part.text) for part in parts)
    found = [Parts("districts", tuple(parts), whole, parts[0].place)] if len(parts) > 1 and whole else []
    return Profile(
        population=next((people for one in said if (people := _population(one.text))), None),
        district_count=total or (int(whole.text) if whole else None),
        district_names=listed_names,
        budgets=tuple(budget for one in said for budget in _budgets(one)),
        parts=(*found, *(gender for one in said for gender in _genders(one))),
        as_of=next((day for one in said if (day := _as_of(one))), None),
        status=_status(said),
    )


def _status(said: Sequence[Sentence]) -> Literal["", "preliminary", "final"]:
    if any(_PRELIMINARY.search(one.text) for one in said):
        return "preliminary"
    return "final" if any(_FINAL.search(one.text) for one in said) else ""


def name_and_year(root: Node, shares: Sequence[ShareRow]) -> tuple[str, int | None]:
    """Return the organisation and the year of a report: by its title, else by its table of shares."""
    heads = [node.text for node in root.walk() if node.kind in ("heading", "text", "item")][:12]
    joined = [" ".join(heads[at : at + 3]) for at in range(len(heads))]
    titles = [text for text in heads if _TITLE.search(text) and years(text)] or [
        text for text in joined if _TITLE.search(text) and years(text)
    ]
    year = next((years(text)[0] for text in titles), None)
    joint = bool(titles) and bool(_JOINT.search(titles[0])) and not _named(titles[0])
    organisation = "" if joint else next((_named(text) for text in [*titles, *heads] if _named(text)), "")
    named = {row.organisation for row in shares}
    return organisation or (named.pop() if len(named) == 1 else ""), year or max(
        (row.year for row in shares), default=None
    )


def _named(text: str) -> str:
    parts = re.split(rf"{YEAR}년?도?|\b(?:Report|The|Our|On|In)\b|보고서", text, flags=re.IGNORECASE)
    return next((found[0].strip() for part in parts if part and (found := _CITY.search(part))), "")


def _scaled(number: str, scale: str | None) -> tuple[Fraction, int]:
    """Return a number and what its last printed digit stands for."""
    power = _SCALES[scale.lower()] if scale else 0
    decimals = len(number.partition(".")[2])
    return Fraction(digits(number)) * 10**power, 10 ** max(power - decimals, 0)


def _korean_number(text: str) -> tuple[Fraction, int] | None:
    """Return the value of '12조 5,000억' or '347만 5천', and the worth of its last printed digit."""
    parts = _KOREAN_PART.findall(text)
    rest = re.sub(_KOREAN_PART, "", text).strip(" ,.")
    try:
        scaled = [_scaled(number, scale) for number, scale in parts]
        loose = Fraction(digits(rest)) if rest else Fraction(0)
    except ValueError:
        return None
    if not scaled:
        return (loose, 1) if rest else None
    return sum((value for value, _ in scaled), loose), 1 if rest else scaled[-1][1]


def _money(match: re.Match[str]) -> tuple[Fraction, int, str] | None:
    if match["korean"]:
        value = _korean_number(match["korean"])
        return (*value, _CURRENCIES[match["unit"]]) if value else None
    number, scale = (match["n1"], match["s1"]) if match["n1"] else (match["n2"], match["s2"])
    word = (match["mark"] or match["word"]).lower()
    return *_scaled(number, scale), _CURRENCIES.get(word) or _CURRENCIES[word.removesuffix("s")]


def _plain(value: Fraction, place: Place) -> Printed:
    if value.denominator == 1:
        return Printed(str(value.numerator), place)
    decimals = next(power for power in range(1, 40) if (value * 10**power).denominator == 1)
    whole, rest = divmod(int(value * 10**decimals), 10**decimals)
    return Printed(f"{whole}.{rest:0{decimals}d}", place)


def _budgets(said: Sentence) -> Iterator[Budget]:
    found = [(match, money) for match in _MONEY.finditer(said.text) if (money := _money(match))]
    for (one, local), (other, foreign) in itertools.pairwise(found):
        if local[2] != foreign[2] and _BETWEEN.fullmatch(said.text[one.end() : other.start()]):
            rate = _RATE.search(said.text)
            day = days.day_in(said.text[rate.start() :]) if rate else None
            yield Budget(
                _plain(local[0], said.place), local[2], _plain(foreign[0], said.place), foreign[2], said.place,
                local_step=local[1], foreign_step=foreign[1],
                rate=Printed(digits(rate[1] or rate[2] or rate[3]), said.place) if rate else None,
                rate_day=day.day.isoformat() if day else "",
            )  # fmt: skip


def _population(text: str) -> int | None:
    if found := _PEOPLE.search(text):
        number, scale = (found[1], found[2]) if found[1] else (found[3], found[4])
        value, _ = _scaled(number, scale)
        return int(value)
    found = _PEOPLE_KO.search(text)
    korean = _korean_number(found[1]) if found else None
    return int(korean[0]) if korean else None


def _districts(said: Sequence[Sentence]) -> tuple[list[Printed], tuple[str, ...]]:
    """Return the numbers of districts and of counties, and their names where they are listed."""
    for one in said:
        text = _WHOLE.sub(lambda whole: " " * len(whole[0]), one.text)
        found = _CONSISTS.search(text) and [*_DISTRICTS.finditer(text), *_DISTRICTS_KO.finditer(text)]
        if found:
            behind = re.match(r"\s?\(([^()]+)\)", one.text[found[-1].end() :])
            named = listed(behind[1]) if behind and names.DISTRICT.search(behind[1]) else ()
            return [Printed(str(count(match[1])), one.place) for match in found], named
    return [], ()


def _whole_districts(said: Sequence[Sentence]) -> Iterator[Printed]:
    for one in said:
        if found := _WHOLE.search(one.text):
            yield Printed(str(count(found[1] or found[2])), one.place)


def _genders(said: Sentence) -> Iterator[Parts]:
    if "%" in said.text and (word := _GENDER.search(said.text)):
        start = max(0, said.text.rfind("(", 0, word.start()))
        end = said.text.find(")", word.start())
        section = said.text[start : end if end > 0 else len(said.text)]
        shares = [Printed(digits(found[1]), said.place) for found in re.finditer(PERCENT, section)]
        if len(shares) > 1:
            yield Parts("gender", tuple(shares), Printed("100", said.place), said.place)


def _as_of(said: Sentence) -> date | None:
    found = _AS_OF.search(said.text)
    if found and _OF_ELSE.search(said.text):
        return None
    day = days.day_in(said.text[max(0, found.start() - 20) : found.end() + 30]) if found else None
    return day.day if day else None
