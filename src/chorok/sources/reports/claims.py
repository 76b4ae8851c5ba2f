"""What running text claims of figures: aims, rises, trends, spans of years, superlatives, causes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chorok.core.checks.report import Goal, Increase, Printed, Remark, Span, Trend
from chorok.sources.reports.outline import Node, Sentence, value_of
from chorok.sources.reports.words import COUNT, NUMBER, PERCENT, YEAR, any_of, count, digits, is_points, years

_PERCENT_SIGNS = ("%", "percent", "퍼센트", "pp")
_GOAL_LABEL = re.compile(r"\b(?:key )?(?:targets?|goals?|aims?)\b|목표", re.IGNORECASE)
_GOAL = re.compile(
    r"\b(?:target|goal|aim)|\bto (?:achieve|reach|attain)|\bwill\b|\bplans? to|목표|까지|달성하(?:고자|기)",
    re.IGNORECASE,
)
_REACHED = re.compile(r"\b(?:achieved|reached|attained|recorded|was|were)\b|달성(?:했|하였|함)|기록", re.IGNORECASE)
_RATE_IN_YEAR = re.compile(
    rf"({NUMBER})\s?(?:%(?!\s?(?:p\b|포인트|point))|percent\b)\s(?:[\w'()-]+\s){{0,6}}?(?:in|by|for|of)\s{YEAR}",
    re.IGNORECASE,
)
_YEAR_RATE = re.compile(
    rf"{YEAR}년?도?(?:까지|에는|에|의)?[^\d.;%]{{0,40}}?({NUMBER})\s?(?:%(?!\s?[pP]|포인트)|퍼센트(?!\s?포))"
)
_NAMED_GOAL = any_of(
    rf"\b(?:targets?|goals?|aims?)\b[^.;%\d]{{0,25}}?(?:FY\s?)?{YEAR}[^.;%\d]{{0,25}}?({NUMBER})\s?%(?!\s?p|-)",
    rf"{YEAR}년도?의?\s?(?:녹색제품\s?)?(?:구매율\s?)?목표(?:치|율)?\s?(?:는|은|인|:)?\s?(?:구매율\s?)?({NUMBER})\s?%(?!\s?p|포)",
    rf"{YEAR}년도?까지[^.;%\d]{{0,30}}?({NUMBER})\s?%(?:로|까지|\s?달성)",
)
_NAMED_RATE = re.compile(
    rf"\b(?:targets?|goals?|aims?)\sof\s({NUMBER})\s?%\s(?:in|for|by)\s(?:FY\s?)?{YEAR}", re.IGNORECASE
)
_RAISED_TO = re.compile(rf"\bto\s({NUMBER})\s?%\s(?:in|by)\s(?:FY\s?)?{YEAR}", re.IGNORECASE)
_LISTED_GOAL = re.compile(rf"\W*(?:FY\s?)?{YEAR}년?도?\s?[:,-]?\s?({NUMBER})\s?%(?!\s?p|포|-)", re.IGNORECASE)
_GOAL_HEADING = any_of(
    r"\W*(?:(?:our|green|purchas\w+|annual|연도별|향후|구매율?)\s){0,3}(?:targets?|goals?|목표)\W*",
)
_RISE = any_of(
    r"\b(?:increas|rais|ris(?:e|ing)|rose|improv|gr[eo]w|gain|climb|jump|boost|enhanc|higher|expand|up\b)",
    r"향상|증가|상승|제고|확대|높[아이였]|늘",
)
_FALL = re.compile(
    r"\b(?:decreas|declin|fell|fall(?:en|s|ing)?\b|drop|lower(?:ed)? by|down\b)|감소|하락|줄[어었]", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:by|(?:increased|rose|risen|grew|grown|gained|climbed|jumped|improved|up)"
    r"|(?:fell|fallen|declined|decreased|dropped|down)"
    r"|(?:increase|rise|growth|gain|improvement|decrease|decline|fall|drop) of)\s"
    r"(?:(?:over|more than|at least|about|around|some|nearly)\s)?$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:shares?\b|rates?\b|procurement|purchas|performance)|구매|비율|실적|%p|포인트", re.IGNORECASE
)
_OF_SHARE = any_of(r"\b(?:shares?|rates?|ratio|proportion)\b|percentage point|구매율|비율|%\s?p\b|포인트")
"""Amounts rise, too; only a share can be compared with the table of shares."""
_AT_LEAST_BEFORE = re.compile(r"\b(?:over|more than|at least|above|exceeding)\s(?:an?\s)?$", re.IGNORECASE)
_AT_LEAST_BEHIND = any_of(
    r"\s?(?:or (?:more|higher|above)|and (?:more|above)|이상|초과|넘[게는])",
)
_AIMED = any_of(
    r"\b(?:target|goal|aim|plan|will|to (?:increase|raise|improve|boost|expand))",
    r"^\W*(?:\d\W+)?(?:increase|raise|improve)\b",
    r"목표|계획|까지|하고자|예정|추진",
)
_NETWORK = any_of(
    r"\bparticipating (?:local|cit|member|gov|muni)|\bmember (?:cit|local|gov)|\bnetwork(?:'s)?\b",
    r"참여\s?(?:지자체|지방|도시|기관)|회원\s?도시|네트워크",
)
_BASE = re.compile(
    rf"\b(?:compared (?:to|with)|over|from|against|than|relative to)\b[^.;%]{{0,80}}?{YEAR}", re.IGNORECASE
)
_BASE_KO = re.compile(
    rf"{YEAR}년?도?(?:\s?\d{{1,2}}월)?(?:\s?\([^()]{{1,20}}\))?"
    r"(?:(?!전년|작년|지난해)[^.,;%\d]){0,20}?(?:대비|보다|에 비해|에 비하여)"
)
_YEAR_BEFORE = re.compile(
    r"\byear[- ]on[- ]year|\b(?:previous|preceding|prior|last) year|\byear before|전년|작년|지난해", re.IGNORECASE
)
_RISING = any_of(
    r"\bon the rise|\brising|\bincreas(?:ed|ing)|\brisen|\brose|\bgr(?:own|owing|ew)|\bupward",
    r"\bimprov(?:ed|ing)",
    r"상승|증가|향상|늘",
)
_FALLING = re.compile(r"\b(?:falling|fallen|fell|declin|decreas|downward)|하락|감소|줄", re.IGNORECASE)
_FOR_YEARS = any_of(
    rf"\b(?:past|last|over|for|during|previous)\s(?:the\s)?(?:past\s|last\s)?({COUNT})\s(?:consecutive\s|straight\s)?years",
    rf"\b({COUNT})\s(?:consecutive|straight)\syears|\b({COUNT})\syears\sin\sa\srow",
    rf"({COUNT})\s?(?:개\s?)?년\s?(?:간|동안|연속)",
)
_SPAN = any_of(
    rf"\b({COUNT})-years?\b[^.]{{0,60}}?\b(?:performance|results?|records?|status|figures|data|share|purchases)\b",
    rf"({COUNT})\s?(?:개\s?)?년\s?(?:간|동안|치)?의?\s[^.]{{0,40}}?(?:실적|현황|추이|성과|구매율)",
)
_PRESENTS = re.compile(r"\b(?:following|below|table|presents?|shows?)\b|다음|아래|표|같다|같음|같습니다", re.IGNORECASE)
_OTHERS = r"(?:local governments|cities|municipalities|regions|provinces)"
_LANDS = r"korea|germany|france|europe|eu|united states|u\.?s\.?a?|japan|china|asia|america"
_WHERE = (
    r"\b(?:in|among|of|across)\s(?:the\s|all\s|south\s|korean\s){0,3}"
    rf"(?:country|nation|state|world|{_LANDS}|{_OTHERS}|region)\b"
)
_BEST = any_of(
    r"\b(?:best|highest|first|top|largest|leading|number one|no\. ?1)\b(?!\s(?:\w+\s)?(?:practice|case))"
    rf"[^.,;]{{0,40}}?{_WHERE}",
    r"\bnationwide (?:best|first|top)",
    rf"\b(?:compared (?:to|with)|than|among|unlike)\s(?:(?:all|any|the)\s){{0,2}}other\s(?:\w+\s){{0,2}}{_OTHERS}",
    r"(?:전국|국내|전\s?국가|시도|지자체|지방자치단체)\s?(?:중|가운데|에서)?\s?(?:최고|최상위|최우수|1위|으뜸|가장)",
    r"(?:타|다른)\s?(?:시도|시·도|지자체|지방자치단체|도시|기관)[^.,]{0,10}?(?:대비|비해|비하여|보다)",
)
_COMPARATOR = any_of(
    rf"(?:average|mean|median|second|next|runner-up|평균|2위|차순위|타\s?시도)[^.;%]{{0,60}}?(?:{NUMBER})\s?%",
    rf"(?:{NUMBER})\s?%[^.;%]{{0,30}}?(?:average|mean|평균)",
    r"\brank(?:ed|s|ing)?\b[^.;]{0,30}?\b\d+(?:st|nd|rd|th)?\b[^.;]{0,10}?\bof\s\d+",
    r"\d+\s?개[^.;]{0,20}?(?:중|가운데)\s?\d+위",
)
_CAUSE = any_of(
    r"\b(?:led to|leading to|resulted in|brought about|thanks to|as a result of|owing to|attributed to)\b"
    r"[^.;]{0,60}?\b(?:performance|results?|increase|rise|growth|improvement|share|rate)",
    r"(?:덕분에|에 힘입어|(?:로|으로) 인(?:해|하여)|결과로|의 결과)[^.;]{0,60}?(?:성과|실적|구매율|향상|증가|상승)",
    r"(?:성과|실적|구매율|향상|증가|상승)[^.;]{0,15}?(?:(?:으로|로) 이어[졌지]|이끌|견인|가져[왔오])",
)


@dataclass(frozen=True)
class Claims:
    """The claims of a report, by kind, in the order of the text."""

    goals: tuple[Goal, ...]
    increases: tuple[Increase, ...]
    trends: tuple[Trend, ...]
    spans: tuple[Span, ...]
    remarks: tuple[Remark, ...]


def claims(said: Sequence[Sentence], tables: Sequence[tuple[int, str]]) -> Claims:
    """Return what sentences claim. `tables` are (position of the node among all, name) of tables of shares."""
    shares = [one for one in said if any(sign in one.text for sign in _PERCENT_SIGNS)]
    counted = [one for one in said if "year" in one.text or "년" in one.text]
    return Claims(
        tuple(goal for one in shares for goal in goals(one)),
        tuple(increase for one in shares for increase in increases(one)),
        tuple(trend for one in counted for trend in trends(one)),
        tuple(span for one in counted for span in spans(one, tables)),
        tuple(remark for one in said for remark in remarks(one)),
    )


def goals(said: Sentence) -> Iterator[Goal]:
    """Yield the rates that a sentence names as aims of years."""
    for year, rate in dict.fromkeys((*_named_goals(said), *_aims(said))):
        yield Goal(year, Printed(digits(rate), said.place), said.place)


def _aims(said: Sentence) -> Sequence[tuple[int, str]]:
    """Return (year, rate) of a sentence that speaks of aims as a whole."""
    labelled = names_aims(said.node)
    if not labelled and (not _GOAL.search(said.text) or _REACHED.search(said.text) or _NETWORK.search(said.text)):
        return ()
    if not labelled and any(True for _ in increases(said)):
        return ()
    text = value_of(said.node) if labelled and said.text == said.node.text else said.text
    found = [(int(m[2]), m[1]) for m in _RATE_IN_YEAR.finditer(text)]
    found = found or [(int(m[1]), m[2]) for m in _YEAR_RATE.finditer(text)]
    if not found and labelled and not years(text) and (year := _year_above(said.node, _AIMED)):
        found = [(year, m[1]) for m in re.finditer(PERCENT, text) if not is_points(m[2])]
    return found


def _year_above(node: Node, wanted: re.Pattern[str] | None = None) -> int | None:
    """The year of the nearest heading that has one alone, if it speaks of what is wanted."""
    above = next((one for one in node.trail() if years(one.text) and len(one.text) < 80), None)
    if above is None or len(set(years(above.text))) > 1 or (wanted and not wanted.search(above.text)):
        return None
    return years(above.text)[0]


def _named_goals(said: Sentence) -> Iterator[tuple[int, str]]:
    """Yield (year, rate) that words beside them call a goal, whether it was reached or not."""
    text = said.text
    if _NETWORK.search(text) or said.node.kind == "table":
        return
    if said.node.parent and _GOAL_HEADING.fullmatch(said.node.parent.text) and (found := _LISTED_GOAL.match(text)):
        yield int(found[1]), found[2]
    for found in _NAMED_GOAL.finditer(text):
        year, rate = [part for part in found.groups() if part]
        yield int(year), rate
    aimed = _AIMED.search(text) and not _REACHED.search(text)
    for found in (*_NAMED_RATE.finditer(text), *(_RAISED_TO.finditer(text) if aimed else ())):
        yield int(found[2]), found[1]


def names_aims(node: Node) -> bool:
    """Tell whether a line is labelled as a target."""
    return bool(_GOAL_LABEL.search(node.label or node.category)) and node.kind != "table"


def increases(said: Sentence) -> Iterator[Increase]:
    """Yield by how much a sentence says that a share rises (below zero: falls)."""
    text = said.text
    if not _OF_SHARE.search(text):
        return
    for found in re.finditer(PERCENT, text):
        before, behind = text[max(0, found.start() - 160) : found.start()], text[found.end() : found.end() + 40]
        sign = _direction(before, behind)
        if sign:
            yield _increase(said, found, before, behind, sign)


def _direction(before: str, behind: str) -> Literal["", "+", "-"]:
    """Tell whether a percentage is by how much something rises or falls: 'rose by 10 %', '10 %p 이상 향상'."""
    behind = re.sub(
        r"^\s?(?:or (?:more|higher)|이상|초과|넘게|가량|정도|의|를|을|나|\s)*", "", behind, flags=re.IGNORECASE
    )
    near = behind[:14]
    for pattern, sign in ((_RISE, "+"), (_FALL, "-")):
        if pattern.match(near) or (_BY.search(before) and pattern.search(before)):
            return "+" if sign == "+" else "-"
    return ""


def _increase(said: Sentence, found: re.Match[str], before: str, behind: str, sign: str) -> Increase:
    text = said.text
    kind: Literal["target", "reported"] = "target" if _AIMED.search(text) or names_aims(said.node) else "reported"
    base_at = _BASE_KO.search(text) or _BASE.search(text)
    base = int(base_at[1]) if base_at else None
    others = [year for year in years(text) if year != base]
    year = others[0] if others else None
    if year is None and base is None and _YEAR_BEFORE.search(text):
        year = _year_above(said.node)
    if base is None and year and _YEAR_BEFORE.search(text):
        base = year - 1
    return Increase(
        kind=kind,
        scope="network" if _NETWORK.search(text) else "own",
        amount=Printed(("-" if sign == "-" else "") + digits(found[1]), said.place),
        unit="%p" if is_points(found[2]) else "%",
        year=year,
        base_year=base,
        at_least=bool(_AT_LEAST_BEFORE.search(before) or _AT_LEAST_BEHIND.match(behind)),
        place=said.place,
    )


def trends(said: Sentence) -> Iterator[Trend]:
    """Yield for how many years a sentence says that a figure has been rising or falling."""
    found = _FOR_YEARS.search(said.text)
    if not found or not _SUBJECT.search(said.text):
        return
    number = count(next(part for part in found.groups() if part))
    if _RISING.search(said.text):
        yield Trend("rising", number, said.place)
    elif _FALLING.search(said.text):
        yield Trend("falling", number, said.place)


def spans(said: Sentence, tables: Sequence[tuple[int, str]]) -> Iterator[Span]:
    """Yield of how many years a sentence says the table is that it presents: the next one, else the last."""
    found = _SPAN.search(said.text)
    if not found or not tables or not _PRESENTS.search(said.text):
        return
    at = said.node.order
    following = [name for position, name in tables if position > at]
    number = count(next(part for part in found.groups() if part))
    yield Span(number, following[0] if following else tables[-1][1], said.place)


def remarks(said: Sentence) -> Iterator[Remark]:
    """Yield superlatives about oneself, with the figure of others beside it, and claims of cause."""
    year = next(iter(years(said.text)), None)
    if _BEST.search(said.text) and _SUBJECT.search(said.text):
        comparator = _COMPARATOR.search(said.text)
        yield Remark("superlative", said.place, year, comparator[0] if comparator else "")
    if _CAUSE.search(said.text):
        yield Remark("cause", said.place, year)
