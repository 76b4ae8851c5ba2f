"""Charts as SVG: data in, a text out, the same on a page and on paper.

Series, parts and directions differ in shape or hatching, so that nothing needs colour to be read. What an element
looks like is written at it as presentation attributes: no style sheet is needed, and no content policy is in the way.
Values are exact; only the places of ink are rounded, to a tenth of a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from math import ceil
from typing import Literal

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 880, 62, 24, 30, 46
INK, QUIET, PALE, BLUE, GREEN, RED = "#1e2124", "#464c53", "#cdd1d5", "#0b50d0", "#2a8a55", "#b8432f"
FONT = "'Pretendard GOV', Pretendard, 'Noto Sans KR', sans-serif"
Number = Fraction | int


@dataclass(frozen=True)
class Point:
    """A value at a place on the line of time, with its bounds. None: there is none, and the line is broken there.

    `open`: still running; drawn hollow. `text` is what is written at it.
    """

    label: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    target: Number | None = None
    text: str = ""
    open: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happened at `place` between the first point (0) and the last (number of points - 1)."""

    place: Fraction
    text: str


@dataclass(frozen=True)
class Step:
    """A part of a waterfall: 'total' stands on the ground, 'change' on the one before. `text` is written at it."""

    label: str
    value: Number
    kind: Literal["total", "change"]
    text: str


@dataclass(frozen=True)
class Bar:
    """One of several bars with its bounds; None: there is no value, and `text` says why."""

    label: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    text: str = ""


def ticks(low: Number, high: Number, most: int = 6) -> list[Fraction]:
    """Return round numbers from at most `low` to at least `high`: steps of 1, 2 or 5 times a power of ten."""
    span = max(Fraction(high) - Fraction(low), Fraction(1, 1000))
    power = Fraction(1)
    while power * 10 * most < span * 10:
        power *= 10
    while power * most > span * 10:
        power /= 10
    step = next(power * unit for unit in (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), 1, 2, 5, 10)
                if power * unit * most >= span)  # fmt: skip
    first = Fraction(low) // step * step
    return [first + step * place for place in range(ceil((Fraction(low) + span - first) / step) + 1)]


def trend(name: str, title: str, what: str, points: Sequence[Point], marks: Sequence[Mark] = ()) -> str:
    """Return a line over time with its bounds as a band, targets as bars across, and events as dashed lines.

    `name` makes ids on a page unique; `title` and `what` say in words what is seen.
    """
    levels = 1 + max((number for number, _ in _stacked(marks)), default=-1)
    height, top = 330 + 18 * levels, TOP + 18 * levels
    values = [one for point in points for one in (point.value, point.low, point.high, point.target) if one is not None]
    scale = _Scale(values or [0, 100], top, height - BOTTOM)
    place = _Across(len(points))
    body = [_rules(scale), *_marks(marks, place, top, height - BOTTOM), *_band(points, place, scale)]
    body += [_path(run, place, scale) for run in _runs(points)]
    for number, point in enumerate(points):
        body.append(_text(place(number), height - BOTTOM + 22, point.label, "middle"))
        body += _point(point, place(number), scale)
    return _svg(name, title, what, height, body)


def waterfall(name: str, title: str, what: str, steps: Sequence[Step], ground: Number = 0) -> str:
    """Return what adds up to a change: totals as full bars, rises plain, falls hatched, each from where the last ended.

    The axis begins at a round number at or below `ground` and everything drawn.
    """
    ends = list(_ends(steps))
    height, rows = 360, 2
    scale = _Scale([ground, *(one for end in ends for one in end)], TOP, height - BOTTOM - 14 * rows)
    slot = Fraction(WIDTH - LEFT - RIGHT, max(len(steps), 1))
    body = [_rules(scale)]
    for number, (step, (begin, end)) in enumerate(zip(steps, ends, strict=True)):
        left = LEFT + slot * number + slot / 8
        high, low = max(begin, end), min(begin, end)
        if step.kind == "total":
            low = scale.low
        fill = INK if step.kind == "total" else GREEN if step.value >= 0 else f"url(#{name}-down)"
        body.append(_bar(left, scale.at(high), slot * 3 / 4, scale.at(low) - scale.at(high), fill))
        middle = left + slot * 3 / 8
        body.append(_text(middle, scale.at(high) - 6, step.text, "middle", weight=700))
        for row, part in enumerate(_broken(step.label, int(slot / 13), rows)):
            body.append(_text(middle, height - BOTTOM - 14 * rows + 20 + 16 * row, part, "middle"))
        if number + 1 < len(steps):
            body.append(_line(left + slot * 3 / 4, scale.at(end), left + slot, scale.at(end), QUIET))
    return _svg(name, title, what, height, body)


def bars(name: str, title: str, what: str, rows: Sequence[Bar]) -> str:
    """Return bars below each other from 0 to 100 or what is greater, with whiskers from the low to the high bound."""
    gap, left, right = 34, 200, 150
    height = 20 + gap * len(rows) + 30
    greatest = max([Fraction(100), *(Fraction(one.high or one.value or 0) for one in rows)])

    def at(value: Number) -> Fraction:
        return left + max(Fraction(value), Fraction(0)) / greatest * (WIDTH - left - right)

    body = []
    for tick in ticks(0, greatest, 5):
        if tick <= greatest:
            body.append(_line(at(tick), 10, at(tick), height - 28, PALE))
            body.append(_text(at(tick), height - 10, _plain(tick), "middle"))
    for number, row in enumerate(rows):
        y = 14 + gap * number
        body.append(_text(left - 10, y + 17, _short(row.label, 15), "end"))
        if row.value is not None:
            body.append(_bar(Fraction(left), Fraction(y), at(row.value) - left, Fraction(22), GREEN))
        if row.low is not None and row.high is not None and row.low != row.high:
            body += _whisker(at(row.low), at(row.high), y + 11)
        body.append(_text(WIDTH - right + 12, y + 17, row.text, weight=700 if row.value is not None else 400))
    return _svg(name, title, what, height, body)


class _Scale:
    """Values to heights: round ticks below and above all of them."""

    def __init__(self, values: Iterable[Number], top: int, bottom: int) -> None:
        found = [Fraction(value) for value in values]
        self.ticks = ticks(min(found), max(found))
        self.low, self.high = self.ticks[0], self.ticks[-1]
        self.top, self.bottom = top, bottom

    def at(self, value: Number) -> Fraction:
        return self.bottom - (Fraction(value) - self.low) / (self.high - self.low) * (self.bottom - self.top)


class _Across:
    """Numbers of points to places from left to right; a single one stands in the middle."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __call__(self, number: Number) -> Fraction:
        room, half = Fraction(WIDTH - LEFT - RIGHT), Fraction(1, 2)
        return LEFT + room * (Fraction(number) + half) / max(self.count, 1)


def _rules(scale: _Scale) -> str:
    found = []
    for tick in scale.ticks:
        y = scale.at(tick)
        found.append(_line(LEFT, y, WIDTH - RIGHT, y, PALE))
        found.append(_text(LEFT - 8, y + 4, _plain(tick), "end"))
    return "".join(found)


def _runs(points: Sequence[Point]) -> Iterator[list[tuple[int, Number]]]:
    """Yield stretches of points that have a value, so that a line never crosses where there is none."""
    run: list[tuple[int, Number]] = []
    for number, point in enumerate(points):
        if point.value is not None:
            run.append((number, point.value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: list[tuple[int, Number]], place: _Across, scale: _Scale) -> str:
    places = " L".join(f"{_at(place(number))} {_at(scale.at(value))}" for number, value in run)
    return f'<path d="M{places}" fill="none" stroke="{BLUE}" stroke-width="2.5" stroke-linejoin="round"/>'


def _band(points: Sequence[Point], place: _Across, scale: _Scale) -> Iterator[str]:
    """Draw the bounds as an area, and at each point as a whisker: a single point has no area."""
    bounded = [
        Point(
            point.label, point.low if point.low is not None and point.high is not None else None, point.low, point.high
        )
        for point in points
    ]
    for run in _runs(bounded):
        above = [f"{_at(place(n))} {_at(scale.at(bounded[n].high or 0))}" for n, _ in run]
        below = [f"{_at(place(n))} {_at(scale.at(bounded[n].low or 0))}" for n, _ in reversed(run)]
        yield f'<path d="M{" L".join([*above, *below])} Z" fill="{BLUE}" fill-opacity="0.13" stroke="none"/>'
    for number, one in enumerate(bounded):
        if one.low is not None and one.high is not None and one.low != one.high:
            x, low, high = place(number), scale.at(one.low), scale.at(one.high)
            yield _line(x, low, x, high, QUIET)
            yield from (_line(x - 5, y, x + 5, y, QUIET) for y in (low, high))


def _point(point: Point, x: Fraction, scale: _Scale) -> Iterator[str]:
    if point.target is not None:
        y = scale.at(point.target)
        yield _line(x - 22, y, x + 22, y, INK, 'stroke-width="3" stroke-dasharray="7 4"')
    if point.value is not None:
        y = scale.at(point.value)
        fill = "#fff" if point.open else BLUE
        yield f'<circle cx="{_at(x)}" cy="{_at(y)}" r="5" fill="{fill}" stroke="{BLUE}" stroke-width="2"/>'
        yield _text(x, y - 14, point.text, "middle", weight=700, halo=True)


def _stacked(marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    """Return events with the level at which each is written, so that texts near each other do not overlap."""
    ends: list[Fraction] = []
    found = []
    for mark in sorted(marks, key=lambda one: one.place):
        begin = mark.place
        level = next((number for number, end in enumerate(ends) if end <= begin), len(ends))
        ends[level : level + 1] = [begin + Fraction(len(mark.text), 12) + Fraction(1, 4)]
        found.append((level, mark))
    return found


def _marks(marks: Sequence[Mark], place: _Across, top: int, bottom: int) -> Iterator[str]:
    for level, mark in _stacked(marks):
        x, y = place(mark.place), top - 14 - 18 * level
        right = x > WIDTH * 2 // 3
        yield _line(x, y - 10, x, bottom, QUIET, 'stroke-dasharray="2 4" stroke-width="1.5"')
        yield f'<path d="M{_at(x)} {_at(Fraction(y - 12))} l5 6 l-5 6 l-5 -6 z" fill="{QUIET}"/>'
        yield _text(x - 9 if right else x + 9, y - 2, mark.text, "end" if right else "start", halo=True)


def _ends(steps: Sequence[Step]) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield where each step begins and ends."""
    at = Fraction(0)
    for step in steps:
        begin = Fraction(0) if step.kind == "total" else at
        at = Fraction(step.value) + begin
        yield (at if step.kind == "total" else begin), at


def _whisker(low: Fraction, high: Fraction, y: int) -> Iterator[str]:
    yield _line(low, y, high, y, INK, 'stroke-width="1.5"')
    yield from (_line(x, y - 6, x, y + 6, INK, 'stroke-width="1.5"') for x in (low, high))


def _bar(x: Fraction, y: Fraction, width: Fraction, height: Fraction, fill: str) -> str:
    size = f'x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(max(height, Fraction(1)))}"'
    return f'<rect {size} fill="{fill}" stroke="{INK}" stroke-width="1"/>'


def _line(x: Number, y: Number, to_x: Number, to_y: Number, stroke: str, more: str = "") -> str:
    return f'<line x1="{_at(x)}" y1="{_at(y)}" x2="{_at(to_x)}" y2="{_at(to_y)}" stroke="{stroke}" {more}/>'


def _text(x: Number, y: Number, text: str, anchor: str = "start", *, weight: int = 400, halo: bool = False) -> str:
    around = ' stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{_at(x)}" y="{_at(y)}" text-anchor="{anchor}" font-size="13" font-weight="{weight}" '
        f'fill="{INK}"{around}>{escape(text)}</text>'
    )


def _svg(name: str, title: str, what: str, height: int, body: Iterable[str]) -> str:
    hatch = (
        f'<pattern id="{name}-down" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        f'<rect width="6" height="6" fill="#fff"/><line x1="0" y1="0" x2="0" y2="6" stroke="{RED}" stroke-width="3"/>'
        "</pattern>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(FONT)}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(what)}</desc>'
        f"<defs>{hatch}</defs>{''.join(body)}</svg>"
    )


def _at(value: Number) -> str:
    """Return a place to a tenth of a unit; ink needs no more."""
    return f"{round(Fraction(value) * 10) / 10:g}"


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _broken(text: str, width: int, rows: int) -> list[str]:
    """Break a label into rows at its blanks; what does not fit is cut, and said whole in the table behind the chart."""
    found = [""]
    for word in text.split():
        if found[-1] and len(found[-1]) + 1 + len(word) > width and len(found) < rows:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {word}".strip()
    return [_short(row, max(width, 4)) for row in found]
