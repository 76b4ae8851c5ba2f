"""The items that a report singles out, by what rule, and why targets of items were changed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import date

from chorok.core.checks.report import CoreChoice, Event, Place, Printed, Rate, ShareRow
from chorok.sources.reports import days
from chorok.sources.reports.outline import Node, Sentence, value_of
from chorok.sources.reports.words import YEAR, any_of, listed, years

_CORE = r"(?:core|priority|key|focus) (?:items?|products?|item groups?)|(?:중점|핵심|주요)\s?(?:관리\s?)?품목"
_LABEL = re.compile(rf"(?:selected )?(?:{_CORE})", re.IGNORECASE)
_SELECTED = re.compile(r"\bselect|\bchosen|\bchose|\bpicked|선정", re.IGNORECASE)
_SPEND = re.compile(
    r"\b(?:high|large|great)\w*\s(?:\w+\s){0,3}?(?:expen|spend|cost|purchas|volume)"
    r"|\b(?:expen\w+|spending|costs?|purchases)\s(?:\w+\s){1,3}?(?:high|large|great)"
    r"|(?:구매\s?(?:금?액|규모|비중|량)|지출)[^.]{0,12}?(?:높|크|큰|많)|(?:높|큰|많)[은]?\s?구매\s?(?:금?액|규모)",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\blow\w*\s(?:\w+\s){0,6}?(?:rates?|shares?|execution|performance)"
    r"|(?:구매율|비율|실적|이행률)[^.]{0,10}?(?:낮|저조|미흡)|(?:낮|저조)[은한]?\s?[^.]{0,10}?구매율",
    re.IGNORECASE,
)
_INLINE = any_of(
    rf"(?P<items>[^.:]{{3,200}}?)\s(?:were|was|have been|has been)\sselected as (?:the )?(?:{_CORE})",
)
_INLINE_KO = re.compile(
    rf"(?:{_CORE})(?:으로|은|는)\s?(?P<items>[^.:]{{2,120}}?)(?:을|를)?\s?(?:\d+개\s?품목\s?)?(?:을|를)?\s?선정"
)
_REVISED = re.compile(r"\b(?:revis|lower|reset|adjust|reduc|cut)\w*|하향|조정|수정|변경", re.IGNORECASE)
_WHY = re.compile(
    r"\b(?:because|due to|since|owing to|in view of|as a result)\b|때문|따라|사유|이유|고려", re.IGNORECASE
)
_TARGET = re.compile(r"\btargets?\b|목표", re.IGNORECASE)
_SET = re.compile(
    r"\b(?:set|fix|establish|decide)\w*\b[^.;]{0,40}\btargets?\b|목표[^.;]{0,12}(?:설정|수립|확정)", re.IGNORECASE
)
_WERE_SET = any_of(_SET.pattern, r"\btargets?\b[^.;]{0,40}\b(?:set|fixed|adopted|approved|agreed|decided)\b")
_CHOSE = re.compile(
    rf"(?:\bselect|\bcho[os]|\bpick)\w*\b[^.;]{{0,40}}?(?:{_CORE})|(?:{_CORE})[^.;]{{0,12}}선정", re.IGNORECASE
)
_WERE_CHOSEN = any_of(_CHOSE.pattern, rf"(?:{_CORE})[^.;]{{0,30}}?\b(?:selected|chosen|picked)\b")


def core_choices(
    root: Node, said: Sequence[Sentence], rates: Sequence[Rate], spend: Sequence[ShareRow], events: Sequence[Event]
) -> tuple[CoreChoice, ...]:
    """Return the core items with the rule that the report gives, the day they were chosen, and their spending."""
    named = _listed(root) or _inline(said) or _of_the_table(said, rates)
    if named is None:
        return ()
    items, place = named
    rule = next(
        (one for one in said if _SELECTED.search(one.text) and (_SPEND.search(one.text) or _LOW.search(one.text))), None
    )
    year = next(iter(years(rule.text)), None) if rule else None
    return (
        CoreChoice(
            items,
            place,
            year=year,
            high_spend=bool(rule and _SPEND.search(rule.text)),
            low_rate=bool(rule and _LOW.search(rule.text)),
            chosen_on=_first_day(_CHOSE, events) or min(_days_said(_WERE_CHOSEN, said, None), default=None),
            spend=_spending(items, year, spend),
        ),
    )


def _spending(items: Sequence[str], year: int | None, rows: Sequence[ShareRow]) -> tuple[Printed, ...]:
    """Return the total of each item in the year, in their order; nothing unless all are given."""
    totals = {row.item.casefold(): row.total for row in rows if row.item and row.year == year and row.total}
    found = [totals.get(item.casefold()) for item in items]
    return tuple(total for total in found if total) if all(found) else ()


def targets_set_on(events: Sequence[Event], said: Sequence[Sentence], year: int | None) -> date | None:
    """Return the day of the first event at which the year's targets were set, else the one that a sentence gives."""
    return _first_day(_SET, events, year) or min(_days_said(_WERE_SET, said, year), default=None)


def _first_day(pattern: re.Pattern[str], events: Sequence[Event], year: int | None = None) -> date | None:
    fitting = (
        event.day
        for event in events
        if any(pattern.search(topic) and _of_year(topic, year) for topic in (event.title, *event.topics))
    )
    return min(fitting, default=None)


def _of_year(text: str, year: int | None) -> bool:
    """Tell whether a text, the days in it left out, speaks of a year or of none."""
    plain = text
    for day in reversed(days.days_in(text)):
        plain = plain[: day.start] + plain[day.end :]
    named = years(plain)
    return year is None or not named or year in named


def _days_said(pattern: re.Pattern[str], said: Sequence[Sentence], year: int | None) -> Iterator[date]:
    for one in said:
        if pattern.search(one.text) and _of_year(one.text, year) and (day := days.day_in(one.text)):
            yield day.day


def _listed(root: Node) -> tuple[tuple[str, ...], Place] | None:
    for node in root.walk():
        if node.kind in ("item", "text", "note") and _LABEL.fullmatch(node.label.strip()):
            below = tuple(child.text for child in node.children if child.kind == "item")
            items = listed(value_of(node)) or below
            if items:
                return items, node.place()
    return None


def _inline(said: Sequence[Sentence]) -> tuple[tuple[str, ...], Place] | None:
    for one in said:
        found = _INLINE.search(one.text) or _INLINE_KO.search(one.text)
        if found and not re.match(r"(?:the )?items?\b|those\b", found["items"].strip(), re.IGNORECASE):
            return listed(found["items"]), one.place
    return None


def _of_the_table(said: Sequence[Sentence], rates: Sequence[Rate]) -> tuple[tuple[str, ...], Place] | None:
    """Fall back on the items of the table of targets, where the text speaks of core items without naming them."""
    items = tuple(dict.fromkeys(rate.item for rate in rates if rate.item))
    one = next((one for one in said if re.search(_CORE, one.text, re.IGNORECASE)), None)
    return (items, one.place) if items and one else None


def with_reasons(rates: Sequence[Rate], said: Sequence[Sentence]) -> list[Rate]:
    """Put the reason that the text gives for a changed target beside the target: of the items and years it names."""
    reasons = [
        one
        for one in said
        if _TARGET.search(one.text)
        and _REVISED.search(one.text)
        and _WHY.search(one.text)
        and re.search(YEAR, one.text)
    ]
    return (
        [dataclasses.replace(rate, revision_reason=_reason(rate, reasons)) for rate in rates] if reasons else [*rates]
    )


def _reason(rate: Rate, reasons: Sequence[Sentence]) -> str:
    if rate.kind == "result":
        return ""
    of_year = [one.text for one in reasons if rate.year in years(one.text)]
    return next((text for text in of_year if rate.item and rate.item.lower() in text.lower()), "")
