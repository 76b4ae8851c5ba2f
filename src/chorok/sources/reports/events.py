"""Meetings, trainings, workshops and consultations: from labelled lists and from tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chorok.core.checks.report import Event, Place
from chorok.sources.reports import days, names
from chorok.sources.reports.grid import Row
from chorok.sources.reports.outline import Node, value_of
from chorok.sources.reports.words import any_of, listed, sentences

Kind = Literal["meeting", "training", "academy", "workshop", "consultation", "other"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("academy", re.compile(r"\bacadem|아카데미|환경교실", re.IGNORECASE)),
    ("workshop", re.compile(r"\bworkshop|\bforum|\bconference|워크\s?[숍샵]|포럼|토론회|콘퍼런스", re.IGNORECASE)),
    ("training", re.compile(r"\btraining|\beducation|\bcourse|교육|연수|강습", re.IGNORECASE)),
    ("consultation", re.compile(r"\bconsult|컨설팅|자문", re.IGNORECASE)),
    ("meeting", re.compile(r"\bmeeting|\bbriefing|회의|간담회|협의회|설명회|보고회", re.IGNORECASE)),
)
_LABELS = (
    ("date", re.compile(r"dates?|when|time|일시|일자|날짜|기간|일정", re.IGNORECASE)),
    ("venue", re.compile(r"venue|place|where|location|장소|개최장소", re.IGNORECASE)),
    ("districts", any_of(
    r"participating (?:districts|counties|gu).*|districts",
    r"참(?:여|가|석)(?:자치)?(?:구군?|구·군|구/군|기관|시군)",
)),
    ("participants", any_of(
    r"participants?|attend\w*|open to|target group",
    r"참석(?:자|대상)?|참여자|참가자|대상|인원",
)),
    ("topics", any_of(
    r"(?:training |main )?contents?|topics?|agendas?|programme",
    r"주요내용|내용|교육내용|안건|회의내용",
)),
    ("title", re.compile(r"events?|title|name|행사명?|교육명|회의명|명칭", re.IGNORECASE)),
)  # fmt: skip
_HELD = any_of(r"\b(?:held|took place|takes place|organi[sz]ed|hosted)\b|개최|실시|진행|열었|열렸")
_CAME = any_of(r"\battend|\btaking part|\btook part|\bparticipat|\bjoined", r"참석|참여|참가")
_UNTIL = re.compile(r"\s?(?:[-~]|to|until|부터|에서)\s?(?:[a-z]{3,9},?\s)?", re.IGNORECASE)
_NTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)\b|제?\s?(\d{1,2})\s?차|\b(first|second|third|fourth|fifth)\b", re.IGNORECASE
)
_NTHS = ("first", "second", "third", "fourth", "fifth")


@dataclass
class Found:
    """The events of a report and the lines labelled as a date that name none."""

    events: list[Event]
    unread: list[Place]


def find_events(root: Node) -> Found:
    """Return the events that a report tells of, in the order of the text."""
    found = Found([], [])
    for node in [root, *root.walk()]:
        if node.kind == "table":
            found.events += _of_table(node)
        elif any(label_of(child) == "date" for child in node.children):
            _of_list(node, found)
        elif node.kind in ("item", "text") and not label_of(node):
            found.events += _of_text(node)
    return found


def _of_text(node: Node) -> Iterator[Event]:
    """Yield the events that sentences tell of; a sentence without a day belongs to the one before it."""
    groups: list[list[str]] = []
    for _, text in sentences(node.text) if any(sign.isdigit() for sign in node.text) else ():
        if days.day_in(text):
            groups.append([text])
        elif groups:
            groups[-1].append(text)
    for texts in groups:
        named = days.days_in(texts[0])
        ends = [*(day.start for day in named[1:]), len(texts[0])]
        begins = [0, *(day.end for day in named)]
        for day, begin, end in zip(named, begins, ends, strict=False):
            yield from _told(texts, node, day, (begin, end))


def _told(texts: Sequence[str], node: Node, day: days.Day, around: tuple[int, int]) -> Iterator[Event]:
    """Yield the event of one day of a sentence: held at some time of it, or a day with its weekday."""
    text, (begin, until) = texts[0], around
    start, end = days.times_in(text[day.end : until])
    if start is None:
        start, end = days.times_in(text[begin : day.start])
    near = text[begin:until] if begin else text[:until]
    kind = next((kind for part in (near, text) for kind, pattern in _KINDS if pattern.search(part)), None)
    held = node.label or _HELD.search(text)
    if day.weekday is None and not (kind and held and start):
        return
    last = begin > 0 and _UNTIL.fullmatch(text[begin : day.start])
    title = node.label or text
    came = " ".join(one for one in texts if _CAME.search(one))
    yield Event(
        "other" if last or kind is None or not (held or start or _nth(near)) else kind, title, day.day,
        Place(node.line, text), weekday=day.weekday, start=start, end=end, number=_nth(text[begin : day.start]),
        districts=districts_in(came), members=members_in(came), topics=tuple(texts),
    )  # fmt: skip


def label_of(node: Node) -> str:
    """Return what a label stands for: date, venue, districts, participants, topics, title, or ''."""
    plain = (
        re.sub(r"\([^()]*\)|[\s:]", "", node.label or node.category) if node.kind in ("item", "text", "note") else ""
    )
    spaced = re.sub(r"\s?\([^()]*\)|:", "", node.label or node.category).strip()
    return next((name for name, form in _LABELS if plain and (form.fullmatch(plain) or form.fullmatch(spaced))), "")


def _of_list(node: Node, found: Found) -> None:
    """Read the labelled lines below a heading; each further date begins another event."""
    groups: list[dict[str, Node]] = []
    early: dict[str, Node] = {}
    for child in node.children:
        label = label_of(child)
        if child.kind == "text" and not label and len(child.text) < 100:
            early = {"title": child}
        if label == "date":
            groups.append({**early, "date": child})
            early = {}
        elif label and (not groups or label == "title"):
            early[label] = child
        elif label:
            groups[-1].setdefault(label, child)
    for group in groups:
        event = _event(node, group)
        if event:
            found.events.append(event)
        else:
            found.unread.append(group["date"].place())


def _event(node: Node, group: dict[str, Node]) -> Event | None:
    when = value_of(group["date"])
    day = days.day_in(when)
    if day is None:
        return None
    start, end = days.times_in(when[day.end :])
    title = value_of(group["title"]) if "title" in group else node.text
    participants = value_of(group["participants"]) if "participants" in group else ""
    districts = listed(value_of(group["districts"])) if "districts" in group else ()
    return Event(
        kind_of(title, node),
        title,
        day.day,
        Place(group["date"].line, f"{title}: {when}"),
        weekday=day.weekday,
        start=start,
        end=end,
        number=_nth(title),
        venue=value_of(group["venue"]) if "venue" in group else "",
        districts=districts or districts_in(participants),
        members=members_in(participants),
        participants=participants,
        topics=_topics(group.get("topics")),
    )


def kind_of(title: str, node: Node) -> Kind:
    """Return the kind of an event by its title, else by the headings above it."""
    for words in (title, node.text, *(above.text for above in node.trail())):
        for kind, pattern in _KINDS:
            if pattern.search(words):
                return kind
    return "other"


def members_in(participants: str) -> tuple[str, ...]:
    """Return the cities and provinces that a list in brackets names as taking part."""
    for bracket in re.findall(r"\(([^()]*)\)", participants):
        for found in names.lists(bracket):
            if not any(names.kind_of(name) in ("district", "county") for name, _ in found):
                return tuple(name for name, _ in found)
    return ()


def districts_in(participants: str) -> tuple[str, ...]:
    """Return the districts that a list of participants names, when there are two or more."""
    found = tuple(dict.fromkeys(names.DISTRICT.findall(participants)))
    return found if len(found) > 1 else ()


def _topics(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    lines = (child.text for child in node.walk() if child.kind in ("item", "note", "text"))
    below = tuple(re.sub(r"^\(?\d{1,2}[).]\s?", "", line) for line in lines)
    said = value_of(node)
    return (said, *below) if said else below


def _of_table(node: Node) -> Iterator[Event]:
    """Read a table with a row of days (an event a column), or with a column of days (an event a row)."""
    rows = node.rows
    across = next((at for at, row in enumerate(rows) if sum(_has_day(cell) for cell in row.cells) > 1), None)
    if across is not None:
        yield from _columns(node, rows, across)
        return
    column = next((at for at in range(len(rows[0].cells)) if _is_day_column(rows, at)), None)
    if column is not None and len(rows) > 1:
        yield from (event for row in rows[1:] if (event := _row(node, rows[0], row, column)))


def _has_day(cell: str) -> bool:
    return 5 < len(cell) < 60 and days.day_in(cell) is not None


def _is_day_column(rows: Sequence[Row], at: int) -> bool:
    cells = [row.cells[at] for row in rows[1:] if at < len(row.cells)]
    return bool(cells) and sum(_has_day(cell) for cell in cells) * 2 > len(cells)


def _columns(node: Node, rows: Sequence[Row], across: int) -> Iterator[Event]:
    for at, cell in enumerate(rows[across].cells):
        day = days.day_in(cell)
        if day is None:
            continue
        above = [row.cells[at] for row in rows[:across] if at < len(row.cells) and row.cells[at]]
        below = [row.cells[at] for row in rows[across + 1 :] if at < len(row.cells) and row.cells[at]]
        yield _made(node, rows[across], " ".join(above), cell, day, tuple(below))


def _row(node: Node, head: Row, row: Row, column: int) -> Event | None:
    cell = row.cells[column] if column < len(row.cells) else ""
    day = days.day_in(cell)
    if day is None:
        return None
    by_label: dict[str, str] = {}
    for words, text in zip(head.cells, row.cells, strict=False):
        label = next((name for name, form in _LABELS if form.fullmatch(re.sub(r"\s", "", words))), "title")
        by_label.setdefault(label, text)
    title = by_label.get("title", "")
    topics = (by_label["topics"],) if by_label.get("topics") else ()
    made = _made(node, row, title, cell, day, topics)
    people = by_label.get("participants", "")
    districts = listed(by_label.get("districts", "")) or districts_in(people)
    return Event(**{**made.__dict__, "venue": by_label.get("venue", ""), "participants": people, "districts": districts,
                    "members": members_in(people)})  # fmt: skip


def _made(node: Node, row: Row, title: str, cell: str, day: days.Day, topics: tuple[str, ...]) -> Event:
    start, end = days.times_in(cell[day.end :])
    place = Place(row.where, ": ".join(filter(None, (title, cell))))
    return Event(kind_of(title, node), title, day.day, place, weekday=day.weekday, start=start, end=end,
                 number=_nth(title), topics=topics)  # fmt: skip


def _nth(title: str) -> int | None:
    found = _NTH.search(title)
    if not found:
        return None
    return _NTHS.index(found[3].lower()) + 1 if found[3] else int(found[1] or found[2])
