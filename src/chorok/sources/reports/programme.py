"""What a city set out to do: tasks, guidelines, promises, policies, what it filed; and its network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from chorok.core.checks.report import Filing, Guideline, Measure, Member, MemberCount, Promise, Task
from chorok.sources.reports import days, names
from chorok.sources.reports.outline import Node, Sentence, value_of
from chorok.sources.reports.words import COUNT, any_of, count, years

_TASKS = re.compile(
    r"\b(?:core |key |main |selected |priority )*tasks?\b|(?:추진|중점|핵심|주요|향후)\s?과제", re.IGNORECASE
)
_DUE = re.compile(r"\(\s?([^()]{0,20}?(?:20\d\d|'\d\d)[^()]{0,14})\)\s?\.?\s?$")
_DUE_WORDS = re.compile(r"\b(?:in|by|until)\s(?:[A-Z][a-z]{2,8}\.?\s)?(20\d\d)\b|(20\d\d)년?(?:까지|\s?내|\s?중)")
_DONE = re.compile(r"\b(?:completed|done|finished)\b|완료", re.IGNORECASE)
_GUIDELINES = re.compile(r"guideline|guidebook|지침|가이드(?:라인|북)?|안내서", re.IGNORECASE)
_PRODUCED = re.compile(
    r"\bproduc(?:e[sd]?|ing|tion)\b|\bdistribut|\bcreat|\bpublish|\bprepar|\bmade\b|제작|배포|작성|발간|보급",
    re.IGNORECASE,
)
_MAKERS = any_of(
    r"(?:manufacturers?|makers?|suppliers?|producers?|companies)\b[^()\d]{0,80}\(\s?(\d{1,4})",
    r"\b(\d{1,4})\s(?:local\s|regional\s)?(?:manufacturers|makers|suppliers|producers|companies)\b",
    r"(?:제조|생산|공급|관내)\s?(?:업체|기업|사)[^()\d]{0,30}\(?\s?(\d{1,4})\s?(?:개|곳|\))",
    r"(\d{1,4})\s?개\s?(?:업체|사|기업)",
)
_WHAT: tuple[tuple[Literal["training", "academy", "meeting"], str], ...] = (
    ("academy", r"academ|아카데미"),
    ("training", r"training|education|교육|연수"),
    ("meeting", r"meeting|회의|간담회|협의회"),
)
_OFTEN = any_of(
    rf"\b({COUNT})\s(?:times\s)?(?:a|per|each|every)\s(?:year|annum)",
    rf"\b({COUNT})\stimes\s(?:annually|yearly)",
    rf"연\s?({COUNT})\s?[회번]|(\bannual(?:ly)?\b|\bevery year\b|\byearly\b|매년)",
    r"(\bquarterly\b|분기별|분기마다|매\s?분기)",
    r"(\b(?:semi-?annual|twice-yearly|biannual)(?:ly)?\b|반기별|반기마다|상·하반기)|(\bmonthly\b|매월|월\s?1\s?회)",
)
_REGULAR = any_of(r"year|annu|month|quarter", r"연|매|월|분기|반기")
"""A word that every form of how often has; most sentences have none."""
_PER_YEAR = (0, 0, 0, 1, 4, 2, 12)
_TOGETHER = re.compile(
    r"\bproject\b|\bnetwork\b|\bleague\b|\bparticipat|\bmembers?\b|\btak(?:e|es|ing) part\b|네트워크|참여|회원|사업",
    re.IGNORECASE,
)
_COUNTED = any_of(
    rf"\b({COUNT})\s(?:participating\s|member\s)?(metropolitan cit(?:y|ies)|cities|provinces|local governments)\b",
    rf"({COUNT}|\d{{1,2}})\s?개?\s?(광역시|특별시|도시|광역\s?지자체|광역자치단체|지자체)",
)
_POLICY = re.compile(r"\bpolic|정책|제도", re.IGNORECASE)
_Y = r"((?:19|20)\d\d)"
_NAMED = any_of(
    r"((?:[\w'\"/-]+\s){1,8}?\"?(?:plan|ordinance|system|programme|program|policy)\"?"
    r"(?:\s(?:for|on|of)(?:\s[\w'-]+){1,6}?)?)(?=\s?\(|,|\.|;|$|\sin\s\d|\sand\s)"
    rf"\s?(?:\({_Y}(?:\s?-\s?{_Y})?\)|in\s{_Y})?"
)
_POLICY_KO = r"([가-힣]{2,12}(?:\s[가-힣]{2,12}){0,4}?\s?(?:계획|조례|제도|심사제|심사|지침))\"?'?"
_NAMED_KO = re.compile(rf"{_POLICY_KO}\s?\({_Y}년?(?:\s?[-~]\s?{_Y}년?)?\s?(?:\)|[가-힣])")
_BEGUN_KO = re.compile(rf"{_Y}년(?:도|부터|에)?\s\"?'?{_POLICY_KO}(?:을|를)\s?(?:도입|제정|수립|시행)")
_LEAD = re.compile(
    r"^.*\b(?:through|via|with|by|under|including|introduced|introduces|adopted|enacted)\b\s", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:(?:the|an?|and|its|our|cit(?:y|ies)'s?)\s)+", re.IGNORECASE)
_INTRODUCED = re.compile(r"\bintroduc|\badopt|\benact|도입|제정|시행", re.IGNORECASE)
_FILED = re.compile(r"\b(?:submitted|sent|filed|reported to)\b|제출", re.IGNORECASE)
_FILING = re.compile(r"(?P<plan>\bplan\b|계획)|(?P<result>\bresults?\b|\brecord\b|실적|결과)", re.IGNORECASE)


def tasks(root: Node, report_year: int | None, guidelines: Sequence[Guideline]) -> Iterator[Task]:
    """Yield the tasks that stand under a heading of tasks, with when each is due."""
    for node in root.walk():
        if node.kind == "item" and node.parent is not None and _is_list_of_tasks(node.parent):
            due = _DUE.search(node.text)
            words = due[1] if due else ""
            running = None if due else _DUE_WORDS.search(node.text)
            short = re.search(r"'(\d\d)", words)
            year = next(iter(years(words)), None) or (2000 + int(short[1]) if short else None)
            yield Task(
                node.text,
                node.place(),
                category=node.category or node.label,
                due_year=year or (int(running[1] or running[2]) if running else None),
                due_month=days.month_in(words),
                list_year=_list_year(node, report_year),
                done=bool(_DONE.search(node.text)) or (bool(guidelines) and _makes_guidelines(node.text)),
            )


def _is_list_of_tasks(node: Node) -> bool:
    return node.parent is not None and len(node.text) < 80 and bool(_TASKS.search(node.label or node.text))


def _makes_guidelines(text: str) -> bool:
    made = _PRODUCED.search(text)
    return bool(made and _GUIDELINES.search(text, made.start(), made.end() + 40)) or bool(
        re.search(r"(?:지침|가이드\S*|안내서)\s?(?:을|를)?\s?(?:제작|배포|작성|발간|보급)", text)
    )


def _list_year(node: Node, report_year: int | None) -> int | None:
    return next((years(above.text)[0] for above in node.trail() if years(above.text) and above.rank < 99), report_year)


def guidelines(root: Node) -> Iterator[Guideline]:
    """Yield the guidelines that stand under a heading saying they were made: an item each."""
    for head in root.walk():
        if head.kind == "table" or not _GUIDELINES.search(head.text) or not _PRODUCED.search(head.text):
            continue
        if len(head.text) > 80 or _TASKS.search(head.parent.text if head.parent else ""):
            continue
        for node in (child for child in head.children if child.kind == "item"):
            below = tuple(child.text for child in node.walk())
            item = (node.label if node.label and value_of(node) else node.text).strip()
            contents = below or ((value_of(node),) if node.label and value_of(node) else ())
            yield Guideline(item, node.place(), contents, _makers(contents))


def _makers(contents: Sequence[str]) -> int | None:
    found = next((match for text in contents if (match := _MAKERS.search(text))), None)
    return int(next(part for part in found.groups() if part)) if found else None


def promises(said: Sequence[Sentence]) -> Iterator[Promise]:
    """Yield how often sentences say that trainings, academies and meetings are held."""
    for one in said:
        for found in _OFTEN.finditer(one.text) if _REGULAR.search(one.text) else ():
            group = next(at for at, part in enumerate(found.groups()) if part)
            what = _held(one.text, found, adjective=group > 2)
            if what:
                yield Promise(what, count(found.groups()[group]) if group < 3 else _PER_YEAR[group], one.place)


def _held(text: str, found: re.Match[str], *, adjective: bool) -> Literal["training", "academy", "meeting"] | None:
    """Return what is held so often: the noun right behind ('annual training', '연 2회 교육'), else the one before."""
    behind = re.split(r"[,.;)]|\band\b", text[found.end() : found.end() + 40])[0]
    before = text[max(0, found.start() - 110) : found.start()]
    close = [(match.start(), what) for what, form in _WHAT if (match := re.search(form, behind, re.IGNORECASE))]
    if close and (adjective or not re.match(r"\s?\)", text[found.end() :])):
        return min(close)[1]
    if adjective and not re.search(r"[\s(]$", before[-1:]):
        return None
    if (
        adjective
        and found[0].lower().startswith(("annual", "yearly", "monthly", "quarterly"))
        and "(" not in before[-2:]
    ):
        return None
    far = [(match.start(), what) for what, form in _WHAT for match in re.finditer(form, before, re.IGNORECASE)]
    return max(far)[1] if far else None


def members(said: Sequence[Sentence]) -> tuple[Member, ...]:
    """Return the members of the network: the first list of cities and provinces in a sentence on the project."""
    for one in said:
        if one.node.kind == "table" or one.node.label or not _TOGETHER.search(one.node.text):
            continue
        for found in names.lists(one.text):
            if not any(names.kind_of(name) in ("district", "county") for name, _ in found):
                return tuple(Member(name, one.place, names.kind_of(name), parts) for name, parts in found)
    return ()


def member_counts(said: Sequence[Sentence]) -> Iterator[MemberCount]:
    """Yield the sentences that count the members of the network."""
    for one in said:
        found = (
            _COUNTED.search(one.text) if re.search(r"network|league|네트워크|협의체", one.text, re.IGNORECASE) else None
        )
        if found:
            number, kind = (found[1], found[2]) if found[1] else (found[3], found[4])
            yield MemberCount(count(number), _singular(kind), one.place)


def _singular(kind: str) -> str:
    plain = kind.lower()
    if plain in ("광역시", "특별시") or plain.startswith("metropolitan"):
        return "metropolitan city"
    return {"cities": "city", "provinces": "province", "도시": "city"}.get(plain, "")


def measures(said: Sequence[Sentence]) -> Iterator[Measure]:
    """Yield the plans, ordinances and systems that a report names as the city's, with their years."""
    for one in said:
        under_policy = any(_POLICY.search(above.text) for above in one.node.trail())
        if not under_policy and not _INTRODUCED.search(one.text):
            continue
        seen: set[str] = set()
        named = set(years(one.text))
        only = named.pop() if len(named) == 1 and _INTRODUCED.search(one.text) else None
        for name, since, until in [*_english(one.text), *_korean(one.text)]:
            if name not in seen and (since or under_policy):
                seen.add(name)
                yield Measure(name, one.place, since or only, until_year=until)


def _english(text: str) -> Iterator[tuple[str, int | None, int | None]]:
    for found in _NAMED.finditer(text):
        name = _ARTICLE.sub("", _LEAD.sub("", found[1])).strip(" \"'")
        year = found[2] or found[4]
        if len(name.split()) > 1:
            yield name, int(year) if year else None, int(found[3]) if found[3] else None


def _korean(text: str) -> Iterator[tuple[str, int | None, int | None]]:
    for found in _NAMED_KO.finditer(text):
        yield found[1].strip(), int(found[2]), int(found[3]) if found[3] else None
    for found in _BEGUN_KO.finditer(text):
        yield found[2].strip(), int(found[1]), None


def filings(said: Sequence[Sentence]) -> Iterator[Filing]:
    """Yield when the plan or the results of a year were sent, where a sentence gives the day: the words before it."""
    for one in said:
        start = 0
        for day in days.days_in(one.text) if _FILED.search(one.text) else ():
            words = [*_FILING.finditer(one.text[start : day.start])]
            if words:
                named = years(one.text[start : day.start])
                plan = words[-1].lastgroup == "plan"
                year = named[-1] if named else day.day.year - (not plan)
                yield Filing("plan" if plan else "result", year, day.day, one.place)
            start = day.end
