"""Words of reports: letters made alike, numbers of cells, lists, sentences, days and times."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.checks.report import Place
from chorok.sources.reports.days import day_in, days_in, month_in, times_in
from chorok.sources.reports.words import alike, cell_number, listed, sentences

HERE = Place("1")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("64.6", "64.6"),
        ("64.6¹", "64.6"),
        ("64.6<sup>1)</sup>", "64.6"),
        ("58.0 %", "58.0"),
        ("1,234,567", "1234567"),
        ("△3.2", "-3.2"),
        ("−3.2%p", "-3.2"),
        ("１２.５％", "12.5"),
        ("48*", "48"),
        ("1,200백만원", "1200"),
        ("-", None),
        ("n/a", None),
        ("12.5.3", None),
        ("1,23", None),
        ("50.0 (p)", "50.0"),
    ],
)
def test_numbers_of_cells(text: str, number: str | None) -> None:
    found = cell_number(alike(text), HERE)
    assert (found.text if found else None) == number


def test_signs_are_made_alike() -> None:
    assert alike("“a”–b—c ㎢ 769km<sup>2</sup> ①") == '"a"-b-c km2 769km2 (1)'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Asphalt, drain pipes, and chairs", ("Asphalt", "drain pipes", "chairs")),
        ("재생복사지, 빗물받이 및 조명기구 등", ("재생복사지", "빗물받이", "조명기구")),
        ("chairs (3)", ("chairs",)),
        ("sand and gravel", ("sand", "gravel")),
    ],
)
def test_lists_in_words(text: str, parts: tuple[str, ...]) -> None:
    assert listed(text) == parts


def test_dates_and_abbreviations_end_no_sentence() -> None:
    text = "Held on 2019. 9. 24. Approx. 50 came in Dec. 2019. It rose to 58. The end."
    assert [part for _, part in sentences(text)] == [
        "Held on 2019. 9. 24.",
        "Approx. 50 came in Dec. 2019.",
        "It rose to 58.",
        "The end.",
    ]
    assert [part for _, part in sentences("구매율은 2019. 12. 31. 기준입니다. 끝.")] == [
        "구매율은 2019. 12. 31. 기준입니다.",
        "끝.",
    ]


@given(st.text(alphabet="aB. 1가\n", max_size=200))
def test_sentences_are_pieces_of_the_text_where_they_say(text: str) -> None:
    found = sentences(text)
    assert all(text[start : start + len(part)] == part for start, part in found)
    assert "".join(part for _, part in found).replace(" ", "").replace("\n", "") == text.replace(" ", "").replace(
        "\n", ""
    )


FORMS = ("%b %d, %Y", "%d %B %Y", "%Y-%m-%d", "%Y. %m. %d.", "%Y년 %m월 %d일", "%Y/%m/%d", "%B %d %Y")


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS), st.booleans())
def test_days_come_back_with_their_weekday(day: date, form: str, korean: bool) -> None:
    weekday = "월화수목금토일"[day.weekday()] if korean else day.strftime("%a")
    found = day_in(f"on {day.strftime(form)}({weekday}) 14:00")
    assert found is not None
    assert (found.day, found.weekday) == (day, day.weekday())


def test_weekdays_as_written() -> None:
    assert [found.weekday for found in days_in("Tuesday, 24 September 2019; Sep 24, 2019 (Wed); 2019.9.24")] == [
        1,
        2,
        None,
    ]
    assert day_in("2019. 2. 30.") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:00-16:10", (time(14), time(16, 10))),
        ("오후 2시~4시 30분", (time(14), time(16, 30))),
        ("오전 10시~12시", (time(10), time(12))),
        ("2:00 pm - 4:30 pm", (time(14), time(16, 30))),
        ("14시 반", (time(14, 30), None)),
        ("all day", (None, None)),
        ("27:00", (None, None)),
    ],
)
def test_times(text: str, expected: tuple[time | None, time | None]) -> None:
    assert times_in(text) == expected


@pytest.mark.parametrize(("text", "month"), [("Dec. 2019", 12), ("2019년 3월", 3), ("2019. 12.", 12), ("2019", None)])
def test_months(text: str, month: int | None) -> None:
    assert month_in(text) == month


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from 2 pm to 4 pm at the hall", time(14), time(16)),
        ("at 3:00-5:00 pm", time(15), time(17)),
        ("9-11 a.m., Annex", time(9), time(11)),
        ("10-2 pm", time(10), time(14)),
        ("9:30 a.m. to 12:00 p.m.", time(9, 30), time(12)),
        ("12:00 am to 1:00 am", time(0), time(1)),
        ("10 pm to 2 am", time(22), time(2)),
        ("낮 12시 ~ 오후 1시 30분", time(12), time(13, 30)),
        ("14:00 ~ 10. 6.(수) 12:00", time(14), None),
        ("room 12, floor 3", None, None),
    ],
)
def test_times_of_day(text: str, start: time | None, end: time | None) -> None:
    assert times_in(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "day", "weekday"),
    [
        ("Mon., Feb. 6, 2023", date(2023, 2, 6), 0),
        ("Oct 5-6, 2023 (Thu-Fri)", date(2023, 10, 5), 3),
        ("5 and 6 October 2021", date(2021, 10, 5), None),
        ("18.04.2023 (Tue)", date(2023, 4, 18), 1),
        ("3/14/2023 (Tue)", date(2023, 3, 14), 1),
        ("05/04/2023 (Wed)", date(2023, 4, 5), 2),
        ("10/04/2023 (Wed)", date(2023, 10, 4), 2),
    ],
)
def test_days_of_other_lands(text: str, day: date, weekday: int | None) -> None:
    (found,) = days_in(text)
    assert (found.day, found.weekday) == (day, weekday)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("구  분", "구분"),
        ("'24년 목표", "2024년 목표"),
        ("'24. 3. 21.", "2024. 3. 21."),
        ("2021[^1]", "2021"),
        ("the city's 24", "the city's 24"),
    ],
)
def test_letters_made_alike(text: str, plain: str) -> None:
    assert alike(text) == plain
