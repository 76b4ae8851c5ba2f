"""Reports in the manner of other offices: extracts of PDF, pages in HTML, other lands, notes and sums."""

from __future__ import annotations

from datetime import date, time

import pytest

from chorok.core.checks.inspection import inspect, inspect_together, said_once
from chorok.core.checks.report import Report
from chorok.sources.reports.prose import read_lines


def of(text: str, name: str = "report.txt") -> Report:
    return read_lines(name, [(str(number), line) for number, line in enumerate(text.split("\n"), 1)])


def codes(text: str) -> list[str]:
    """Codes of all findings and hints on one report."""
    report = of(text)
    together = inspect_together([report])
    return [result.code for result in [*said_once(inspect(report), together), *together] if result.code]


def shares(report: Report) -> list[tuple[str, int, str | None, str | None, str | None]]:
    return [
        (row.organisation, row.year, *(part.text if part else None for part in (row.total, row.green, row.share)))
        for row in report.shares
    ]


PAGE = """<!DOCTYPE html>
<html><head><title>2023년 하늬시 녹색구매 보고서</title><style>
td { border: 1px solid }
</style></head><body>
<h1>2023년 하늬시 녹색구매 보고서</h1>
<table><caption>표 1. 연도별 실적 (단위: 백만원)</caption>
<tr><th rowspan="2">연도</th><th colspan="2">구매금액</th><th rowspan="2">비율<br>(%)</th></tr>
<tr><th>총구매</th><th>녹색구매</th></tr>
<tr><td>2022</td><td>22,050</td><td>10,364</td><td>47.0</td></tr>
<tr><td>2023</td><td>20,800</td><td>10,400</td><td>50.0</td></tr></table>
<h2>목표</h2>
<ul><li>2024년 목표: 52%</li></ul>
<h2>행사</h2><ul><li>담당자 교육: 2023년 5월 17일(수) 14시~16시, 별관</li></ul>
</body></html>"""


def test_a_page_in_html() -> None:
    report = of(PAGE)
    assert (report.organisation, report.year, report.unread) == ("하늬시", 2023, ())
    assert shares(report) == [("하늬시", 2022, "22050", "10364", "47.0"), ("하늬시", 2023, "20800", "10400", "50.0")]
    assert {(row.table, row.unit) for row in report.shares} == {("표 1", "백만원")}
    assert [(goal.year, goal.rate.text, goal.place.where) for goal in report.goals] == [(2024, "52", "12")]
    (event,) = report.events
    assert (event.kind, event.title, event.weekday, event.start) == ("training", "담당자 교육", 2, time(14))


def test_lines_of_a_pdf() -> None:
    """Words that a line cuts are one again, compounds keep their hyphen, page numbers are no text."""
    report = of(
        "Northport City Report 2019\n\nThe three-\nyear perfor-\nmance of purchases is shown below.\n"
        "                 - 2 -\nPage 3 of 9\n\nTable 1. Purchases (KRW million)\n"
        "Year    Total   Of which green     %\n2018    11,020   4,518    41.0\n2019    10,480   4,506    43.0\n"
    )
    assert [(span.years, span.place.quote) for span in report.spans] == [
        (3, "The three-year performance of purchases is shown below.")
    ]
    assert [row[1:] for row in shares(report)] == [(2018, "11020", "4518", "41.0"), (2019, "10480", "4506", "43.0")]
    assert report.unread == report.events == ()


@pytest.mark.parametrize(
    "noted", ["2021[^1]", "2021 (preliminary)", "2021(p)", "2021*", "FY2021", "2021/22", "2021년(잠정)"]
)
def test_years_with_a_note_are_years(noted: str) -> None:
    rows = f"| Year | Total | Green | Share |\n|-|-|-|-|\n| 2020 | 40 | 20 | 50.0 |\n| {noted} | 50 | 30 | 60.0 |"
    report = of(f"# Report 2022 Northport City\n\n{rows}\n")
    assert [row[1:] for row in shares(report)] == [(2020, "40", "20", "50.0"), (2021, "50", "30", "60.0")]
    assert report.unread == ()


def test_years_across_and_quantities_down() -> None:
    report = of(
        "# Report 2022 City of Westvale\n\n| | 2021 | 2022 |\n|-|-|-|\n| Total | 42.5 | 44.0 |\n"
        "| Of which green | 21.25 | 14.0 |\n| % | 50.0 | 31.8 |\n"
    )
    assert shares(report) == [
        ("City of Westvale", 2021, "42.5", "21.25", "50.0"), ("City of Westvale", 2022, "44.0", "14.0", "31.8"),
    ]  # fmt: skip


def test_subtotals_are_nobodys_and_none_is_lost() -> None:
    head = "기관\t총구매액\t녹색구매액\t구매율\n"
    table = head + "동구\t100\t50\t50.0\n소계\t100\t50\t50.0\n상수도\t200\t50\t25.0\n소계\t200\t50\t26.0\n"
    report = of(f"2020년 하늬시 보고서\n\n{table}")
    assert [row[0] for row in shares(report)] == ["동구", "소계", "상수도", "소계"]
    assert codes(f"2020년 하늬시 보고서\n\n{table}") == ["share_impossible"]


def test_the_sum_of_a_list_that_leaves_some_out_is_not_the_city() -> None:
    whole = "| 연도 | 총구매액 | 녹색구매액 | 구매율(%) |\n|-|-|-|-|\n| 2023 | 10,000 | 5,200 | 52.0 |\n\n"
    part = "| 자치구 | 총구매액 | 녹색구매액 | 구매율(%) |\n|-|-|-|-|\n| 동구 | 800 | 360 | 45.0 |\n"
    rest = "| 서구 | 1,200 | 600 | 50.0 |\n| 합계 | 2,000 | {green} | 48.0 |\n"
    text = "# 2023년 하늬시 녹색구매 보고서\n\n" + whole + part + rest
    assert codes(text.format(green="960")) == []
    assert codes(text.format(green="950")) == ["share_impossible", "parts_differ"]


def test_cells_as_other_lands_write_them() -> None:
    head = "Product group | 2021 Total (k€) | 2021 Green (k€) | 2021 %"
    lines = f"{head}\nPaper | 1 210 | 605 | 50.0\nTotal | 1 210 | 605 | 50.0"
    report = of(f"# City of Westvale, Review 2022\n\n{lines}\n\nOur goal for 2023 is 52,5 %.")
    assert shares(report) == [("City of Westvale", 2021, "1210", "605", "50.0")]
    assert [(row.item, row.total.text) for row in report.item_shares if row.total] == [("Paper", "1210")]
    assert report.goals == ()  # not 5 %


def test_semicolons_and_amounts_in_two_units() -> None:
    rows = "2021;105억 2천만원;52억 6천만원;50.0\n2022;110억원;55억원;50.0"
    report = of(f"# 2022 하늬도 보고서\n\n연도;총구매금액;녹색구매금액;구매율\n{rows}\n")
    assert [row[2:4] for row in shares(report)] == [("105.2", "52.6"), ("110", "55")]


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "goals"),
        [
            ("2022년 목표는 69.0%였으며 이를 달성하였다.", [(2022, "69.0")]),
            ("Our goal for 2022 was 52 %, which was not reached.", [(2022, "52")]),
            ("The target of 55% for 2021 was missed.", [(2021, "55")]),
            ("2019년 목표는 55%, 2020년 목표는 60%이다.", [(2019, "55"), (2020, "60")]),
            ("Target for 2019: 55%, for 2020: 60%", [(2019, "55"), (2020, "60")]),
            ("## Targets\n\n- 2022: 52.0 %\n- FY 2023: 55.0 %", [(2022, "52.0"), (2023, "55.0")]),
            ("○ '25년 목표 : 55%", [(2025, "55")]),
            ("The city aims to raise its share by 10% compared with 2018 to 51.0% in 2020.", [(2020, "51.0")]),
            ("The network aims to raise the share of all members to 51.0% in 2020.", []),
        ],
    )
    def test_goals(self, text: str, goals: list[tuple[int, str]]) -> None:
        assert [(goal.year, goal.rate.text) for goal in of(text).goals] == goals

    @pytest.mark.parametrize(
        ("text", "stated"),
        [
            ("2024년 구매율은 52.5%로 전년(48.0%)보다 4.5%p 높아졌다.", [(2024, "52.5")]),
            ("Green share grew from 40.0% in 2021 to 47.0% in 2023.", [(2021, "40.0"), (2023, "47.0")]),
            ("In 2022, the share of green products was 41 %.", [(2022, "41")]),
            ("우리 시의 구매율은 2021년 45.0%에서 2022년 48.0%로 올랐다.", [(2021, "45.0"), (2022, "48.0")]),
            ("2024년 구매율 목표는 52.5%이다.", []),
            ("의자 구매율은 2022년 30.8%이다.", []),
            ("The national average share was 41 % in 2022.", []),
        ],
    )
    def test_shares_as_reached(self, text: str, stated: list[tuple[int, str]]) -> None:
        assert [(one.year, one.rate.text) for one in of(text).stated] == stated

    def test_a_sentence_against_its_table(self) -> None:
        table = (
            "# Report 2022 Northport City\n\n| Year | Total | Green | Share |\n|-|-|-|-|\n| 2022 | 40 | 20 | 50.0 |\n\n"
        )
        assert codes(table + "The share reached 50 % in 2022.") == []
        assert codes(table + "The share reached 50.5 % in 2022.") == ["figure_differs"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("The share increased 5 percentage points in 2022 over 2021.", ("5", "%p", 2022, 2021)),
            ("The share is up 2.5 percentage-points in 2022 from 2021.", ("2.5", "%p", 2022, 2021)),
            ("2020년 구매율은 45.0%로 2019년(41.5%) 대비 3.5%p 상승하였다.", ("3.5", "%p", 2020, 2019)),
        ],
    )
    def test_increases(self, text: str, expected: tuple[object, ...]) -> None:
        (one,) = of(text).increases
        assert (one.amount.text, one.unit, one.year, one.base_year) == expected

    def test_the_day_of_a_rate_or_of_people_is_not_the_reports(self) -> None:
        assert (
            of("예산은 9조원(환율 1,180원, 2019. 12. 31. 기준)이다. 인구는 10만 명(2019. 12. 31. 기준)이다.").as_of
            is None
        )

    def test_days_on_which_targets_were_set(self) -> None:
        head = "# Report 2019 Northport City\n\n"
        assert of(head + "The 2019 targets were set on 24 September 2019.").targets_set_on == date(2019, 9, 24)
        assert of(head + "The 2020 targets were set on 16 December 2019.").targets_set_on is None


class TestEvents:
    def test_a_line_that_names_its_event(self) -> None:
        (event,) = of("Vendor workshop: Tuesday, March 12, 2024, 1:00 PM - 3:30 PM, Room C").events
        assert (event.kind, event.title, event.weekday) == ("workshop", "Vendor workshop", 1)
        assert (event.start, event.end) == (time(13), time(15, 30))

    def test_each_day_of_a_sentence_is_an_event(self) -> None:
        text = "First consultation on 3 March 2021 (Wed), second on 2 June 2021 (Thu), 10:00-12:00."
        assert [(event.kind, event.number, event.weekday, event.start) for event in of(text).events] == [
            ("consultation", 1, 2, None), ("consultation", 2, 3, time(10)),
        ]  # fmt: skip

    def test_labels_without_their_colon_below_a_plain_title(self) -> None:
        text = "Held a meeting of districts\n\n- Date Oct 15, 2019(Tues) 15:00-17:00\n- Venue City Hall\n"
        (event,) = of("# Report 2020 Northport City\n\n" + text).events
        assert (event.kind, event.title, event.venue) == ("meeting", "Held a meeting of districts", "City Hall")

    def test_who_came_is_in_the_next_sentence(self) -> None:
        (event,) = of(
            "2020. 11. 5.(목) 14시부터 16시까지 구·군 회의를 개최하였다. 중구, 동구, 연수구가 참석하였다."
        ).events
        assert event.districts == ("중구", "동구", "연수구")

    def test_a_numbered_title_heads_the_dashes_below_it(self) -> None:
        first = "1) 담당자 교육\n - 일시: '24. 3. 21.(목) 10:00~12:00\n"
        second = "2) 업체 간담회\n - 일 시 : 2024. 6. 13(목), 오후 2시\n"
        assert [(event.title, event.kind, event.start) for event in of("3. 행사\n" + first + second).events] == [
            ("담당자 교육", "training", time(10)), ("업체 간담회", "meeting", time(14)),
        ]  # fmt: skip

    @pytest.mark.parametrize(("weekday", "found"), [("수", []), ("목", ["weekday_wrong"])])
    def test_weekdays_of_any_date(self, weekday: str, found: list[str]) -> None:
        head = "# 2023년 하늬시 보고서\n\n2024년 목표: 50%\n\n"
        assert codes(f"{head}2022년 실적은 2023. 3. 15.({weekday}) 환경부에 제출하였다.") == found

    def test_one_event_told_twice_does_not_overlap_itself(self) -> None:
        text = (
            "- 담당자 교육: 2023년 5월 17일(수) 14시~16시\n\n담당자 교육을 2023년 5월 17일(수) 14시~16시에 실시하였다."
        )
        assert codes(f"# 2023년 하늬시 보고서\n\n{text}") == []

    def test_what_lasts_over_midnight(self) -> None:
        text = (
            "Night audit: Friday, November 3, 2023, 10 pm to 2 am\n\nLate call: Friday, November 3, 2023, 11-11:30 pm"
        )
        assert codes(f"# Report 2023 Northport City\n\n{text}") == ["events_overlap"]


NETWORK = """# Green Network: Report for 2022

| Municipality | % green | Of which green | Total procurement |
|---|---|---|---|
| Northport City | 50.0 % | 10,000 | 20,000 |
| Westvale City | 40.0 % | 2,000 | 5,000 |
| Network total | {share} % | 12,000 | 25,000 |

| District | Total | Green | Share |
|---|---|---|---|
| Hill-gu | 2,500 | 1,000 | 40.0 |
"""


@pytest.mark.parametrize(
    ("share", "found"), [("48.0", []), ("45.0", ["network_mean"]), ("46.0", ["network_share_wrong"])]
)
def test_a_networks_row_is_said_once(share: str, found: list[str]) -> None:
    """Its own amounts contradict it as well as its members'; districts of another table are no members."""
    assert codes(NETWORK.format(share=share)) == found
    assert of(NETWORK).organisation == ""


@pytest.mark.parametrize(
    ("counted", "found"),
    [
        ("3개 지자체", []),
        ("4개 지자체", []),
        ("2개 광역시", ["members_miscounted"]),
        ("1개 광역시", []),
        ("3개 도시", []),
    ],
)
def test_members_counted_in_either_way(counted: str, found: list[str]) -> None:
    text = f"녹색구매 네트워크에는 하늬광역시, 볕도(여울시, 잎새시)가 참여하는 사업으로 {counted}가 함께한다."
    assert [code for code in codes(f"2023년 하늬광역시 보고서\n\n{text}\n") if code != "members_absent"] == found
