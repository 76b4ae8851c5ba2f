"""Charts: well-formed SVG without inline styles, true to the values, readable without colour."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.publications import charts
from chorok.publications.charts import Bar, Mark, Point, Step

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [
    Point("2015", Fraction(3556, 100), text="35.56%"),
    Point("2016", 48, low=45, high=52, target=50),
    Point("2017", None),
    Point("2018", 51, open=True),
]
ALL = {
    "trend": charts.trend(
        "t", "구매율 <추이>", "무엇 & 언제", POINTS, [Mark(Fraction(1, 2), "조례"), Mark(Fraction(3), "심사")]
    ),
    "waterfall": charts.waterfall(
        "w", "무엇이", "움직였나", [Step("2018", 50, "total", "50%"), Step("의자", -4, "change", "-4%p"),
                                Step("관", 9, "change", "+9%p"), Step("2019", 55, "total", "55%")], 40
    ),
    "bars": charts.bars("b", "순위", "비교", [Bar("가", 80, 70, 90, "80%"), Bar("나", None, text="자료 없음")]),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_well_formed_and_says_in_words_what_it_shows(name: str) -> None:
    root = ET.fromstring(ALL[name])
    assert root.get("role") == "img"
    title, what = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert what is not None
    assert what.text
    assert (root.get("aria-labelledby") or "").split() == [title.get("id"), what.get("id")]


@pytest.mark.parametrize("name", ALL)
def test_nothing_in_a_chart_is_styled_inline_or_runs(name: str) -> None:
    for one in ET.fromstring(ALL[name]).iter():
        assert "style" not in one.attrib
        assert not [key for key in one.attrib if key.startswith("on")]
        assert one.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject")


def test_a_line_is_broken_where_there_is_no_value() -> None:
    lines = [one for one in ET.fromstring(ALL["trend"]).iter(f"{SVG}path") if one.get("stroke-width") == "2.5"]
    assert [one.get("d", "").count("L") for one in lines] == [1, 0]
    assert len(list(ET.fromstring(ALL["trend"]).iter(f"{SVG}circle"))) == 3


def test_a_running_period_is_hollow_and_a_target_dashed() -> None:
    circles = list(ET.fromstring(ALL["trend"]).iter(f"{SVG}circle"))
    assert [one.get("fill") == "#fff" for one in circles] == [False, False, True]
    dashed = [one for one in ET.fromstring(ALL["trend"]).iter(f"{SVG}line") if one.get("stroke-dasharray") == "7 4"]
    assert len(dashed) == 1


def test_a_fall_is_hatched_and_a_rise_is_not() -> None:
    fills = [one.get("fill") or "" for one in ET.fromstring(ALL["waterfall"]).iter(f"{SVG}rect")]
    drawn = fills[1:]  # the first is the pattern's own
    assert [fill.startswith("url(#w-down)") for fill in drawn] == [False, True, False, False]


def test_each_step_of_a_waterfall_begins_where_the_last_ended() -> None:
    bars = [one for one in ET.fromstring(ALL["waterfall"]).iter(f"{SVG}rect") if one.get("x")]
    top = [float(one.get("y", "0")) for one in bars]
    bottom = [float(one.get("y", "0")) + float(one.get("height", "0")) for one in bars]
    assert top[0] == pytest.approx(top[1], abs=0.2)  # a fall hangs from the total
    assert bottom[1] == pytest.approx(bottom[2], abs=0.2)  # the rise stands where the fall ended
    assert top[2] == pytest.approx(top[3], abs=0.2)


def test_events_that_lie_close_are_written_at_different_heights() -> None:
    svg = charts.trend("t", "a", "b", POINTS, [Mark(Fraction(1), "조례 제정"), Mark(Fraction(11, 10), "구매심사")])
    heights = re.findall(r'y="([\d.]+)"[^>]*>(?:조례 제정|구매심사)<', svg)
    assert len(set(heights)) == 2


@given(
    low=st.fractions(min_value=-1000, max_value=10_000),
    span=st.fractions(min_value=Fraction(1, 100), max_value=10_000),
)
def test_ticks_are_few_even_and_hold_all_values(low: Fraction, span: Fraction) -> None:
    found = charts.ticks(low, low + span)
    assert found[0] <= low
    assert found[-1] >= low + span
    assert 2 <= len(found) <= 9
    assert len({after - before for before, after in itertools.pairwise(found)}) == 1


@given(st.lists(st.none() | st.fractions(min_value=0, max_value=100), min_size=1, max_size=12))
def test_a_higher_share_is_never_drawn_lower(values: list[Fraction | None]) -> None:
    svg = charts.trend("t", "a", "b", [Point(str(number), value) for number, value in enumerate(values)])
    heights = [float(one.get("cy", "0")) for one in ET.fromstring(svg).iter(f"{SVG}circle")]
    there = [value for value in values if value is not None]
    assert len(heights) == len(there)
    for one, at in zip(there, heights, strict=True):
        for other, beside in zip(there, heights, strict=True):
            assert one <= other or at <= beside
