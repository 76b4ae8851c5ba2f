"""Small schemes, facts of a unit, and strategies that draw them, for tests of scorecards."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from chorok.core import schemes
from chorok.core.measures.scorecard import Aim, Effort, Facts
from chorok.core.measures.share import Amounts
from chorok.core.schemes import Indicator, Scheme

F = Fraction
DAY = date(2020, 1, 1)


def scheme(*indicators: Indicator, **more: Any) -> Scheme:
    plain = dict.fromkeys(("title_ko", "title_en", "source_ko", "source_en", "note_ko", "note_en", "author"), "")
    return Scheme(
        "t", **plain, checker="", in_force_from=DAY, next_review=DAY, indicators=indicators, change_log=(), **more
    )


def indicator(key: str, weight: Any, *band: tuple[Any, Any], **more: Any) -> Indicator:
    named = {"measure": key} if key in schemes.MEASURES else {"effort": key}
    pairs = tuple((F(value), F(points)) for value, points in band)
    return Indicator("", "", F(weight), **named, band=pairs, **more)


def effort(name: str, value: Any) -> dict[str, Effort]:
    return {name: Effort("X", 2019, name, F(value), "list")}


AMOUNTS = Amounts(lines=9, amount=1000, green=300, not_green=500, undetermined=100, unknown=50, exempt=200)
BEFORE = Amounts(lines=9, amount=1000, green=200, not_green=600)
FACTS = Facts(AMOUNTS, BEFORE, aim=Aim(F(40), "X"), expected=400)


POINTS = st.fractions(0, 100, max_denominator=50)
VALUES = st.fractions(-50, 250, max_denominator=50)
AMOUNT = st.integers(0, 10**12)


@st.composite
def bands(draw: st.DrawFn, rising: bool) -> tuple[tuple[Fraction, Fraction], ...]:
    places = sorted(draw(st.sets(VALUES, min_size=2, max_size=5)))
    points = draw(st.lists(POINTS, min_size=len(places), max_size=len(places)))
    return tuple(zip(places, sorted(points) if rising else points, strict=True))


@st.composite
def rules(draw: st.DrawFn) -> Scheme:
    """A scheme of any measures and efforts, with weights that add up to 100."""
    names = draw(st.lists(st.sampled_from(["share", "growth", "attainment", "potential", "grounds_recorded", "a", "b"]),
                          min_size=1, max_size=5, unique=True))  # fmt: skip
    parts = [draw(st.integers(1, 20)) for _ in names]
    missing = st.sampled_from(["drop", "zero"])
    return scheme(
        *(
            indicator(name, F(100 * part, sum(parts)), *draw(bands(name in schemes.MEASURES)), missing=draw(missing))
            for name, part in zip(names, parts, strict=True)
        )
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    not_green = draw(AMOUNT)
    amounts = Amounts(
        green=draw(AMOUNT), not_green=not_green, undetermined=draw(st.sampled_from([0, 7 * 10**9])),
        unknown=draw(st.sampled_from([0, 10**10])), exempt=draw(st.integers(0, not_green)),
    )  # fmt: skip
    before = draw(st.none() | st.builds(Amounts, green=AMOUNT, not_green=AMOUNT))
    aim = draw(st.none() | st.builds(Aim, st.fractions(1, 100, max_denominator=9), st.just("X")))
    expected = draw(st.none() | st.integers(1, 10**12))
    efforts = {name: Effort("X", 2019, name, draw(VALUES), "") for name in draw(st.sets(st.sampled_from(["a", "b"])))}
    return Facts(amounts, before, "eligible", aim, expected, efforts)
