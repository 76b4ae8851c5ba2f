"""Reports as text: the two that come with the program, the formats of others, and what cannot be read."""

from __future__ import annotations

import os
from datetime import date, time
from importlib import resources
from pathlib import Path
from time import process_time

import pytest

from chorok.core.checks.report import Report
from chorok.core.errors import BadInputError
from chorok.sources.reports import read
from chorok.sources.reports.prose import read_lines

SHARED = Path(os.environ.get("CHOROK_SHARED", Path(__file__).parents[4] / "shared"))
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))
DEMO = Path(str(resources.files("chorok.demo"))) / "reports"


@pytest.fixture(scope="module")
def haneul() -> Report:
    return read(DEMO / "haneul.md")


@pytest.fixture(scope="module")
def baram() -> Report:
    return read(DEMO / "baram.md")


def of(text: str) -> Report:
    """Read a text without a file."""
    return read_lines("report.txt", [(str(number), line) for number, line in enumerate(text.split("\n"), 1)])


def shares(report: Report) -> list[tuple[str, int, str | None, str | None, str | None]]:
    return [
        (row.organisation, row.year, *(part.text if part else None for part in (row.total, row.green, row.share)))
        for row in report.shares
    ]


def rates(report: Report) -> dict[tuple[str | None, int, str], str]:
    return {(rate.item, rate.year, rate.kind): rate.rate.text for rate in report.rates}


class TestTheEnglishReport:
    def test_shares_keep_their_decimals_and_lines(self, haneul: Report) -> None:
        city = "Haneul Metropolitan City"
        assert shares(haneul) == [
            (city, 2015, "80.00", "30.00", "37.50"),
            (city, 2016, "75.20", "33.10", "44"),
            (city, 2017, "70.10", "36.45", "52.0"),
            (city, 2018, "68.40", "33.52", "49.0"),
            (city, 2019, "60.30", "37.00", "61.4"),
        ]
        lines = (DEMO / "haneul.md").read_text(encoding="utf-8").split("\n")
        for row in haneul.shares:
            assert row.share
            assert row.green
            assert lines[int(row.share.place.where) - 1].endswith(f"{row.green.text}\t{row.share.text}")
        assert {(row.table, row.unit) for row in haneul.shares} == {("Table 1", "1 million USD")}

    def test_rates_under_two_header_rows(self, haneul: Report) -> None:
        found = rates(haneul)
        assert len(found) == 16
        assert found[None, 2018, "result"] == "49.0"
        assert found["Desks", 2019, "target"] == "45"
        assert found["Desks", 2019, "result"] == "18.9"
        assert found["Paint", 2020, "target"] == "41"

    def test_claims(self, haneul: Report) -> None:
        assert [(goal.year, goal.rate.text) for goal in haneul.goals] == [(2019, "53"), (2020, "57"), (2020, "57")]
        network, own = haneul.increases
        assert (network.scope, network.amount.text, network.unit, network.at_least) == ("network", "10", "%p", True)
        assert (network.year, network.base_year) == (2020, None)
        assert (own.kind, own.scope, own.amount.text, own.unit, own.year, own.base_year) == (
            "target", "own", "12", "%", 2020, 2018,
        )  # fmt: skip
        assert [(span.years, span.table) for span in haneul.spans] == [(4, "Table 1")]
        assert [(remark.kind, remark.year, remark.comparator) for remark in haneul.remarks] == [
            ("cause", 2016, ""),
            ("superlative", None, ""),
            ("superlative", None, ""),
        ]
        assert haneul.trends == ()

    def test_core_items_and_when_they_were_chosen(self, haneul: Report) -> None:
        (core,) = haneul.core_items
        assert core.items == ("Printing paper", "desks", "paint")
        assert (core.year, core.high_spend, core.low_rate, core.chosen_on) == (2018, True, True, date(2019, 9, 20))
        assert haneul.targets_set_on == date(2019, 9, 20)

    def test_the_city(self, haneul: Report) -> None:
        assert (haneul.organisation, haneul.year, haneul.population) == ("Haneul Metropolitan City", 2019, 2_180_000)
        assert haneul.district_count == 8
        assert [([part.text for part in parts.parts], parts.whole.text) for parts in haneul.parts] == [
            (["7", "1"], "8"),
            (["50.4", "49.6"], "100"),
        ]
        (budget,) = haneul.budgets
        assert (budget.local.value, budget.local_currency, budget.local_step) == (9_400_000_000_000, "KRW", 10**11)
        assert (budget.foreign.value, budget.foreign_currency, budget.foreign_step) == (7_700_000_000, "USD", 10**8)
        assert budget.rate is None

    def test_events(self, haneul: Report) -> None:
        assert [(event.kind, event.day, event.weekday, event.number) for event in haneul.events] == [
            ("consultation", date(2019, 7, 12), 4, 1),
            ("consultation", date(2019, 9, 20), 4, 2),
            ("consultation", date(2019, 11, 22), 4, 3),
            ("consultation", date(2019, 12, 13), 4, 4),
            ("meeting", date(2019, 10, 16), 2, None),
            ("workshop", date(2019, 10, 30), 2, None),
            ("training", date(2019, 9, 17), 1, None),
        ]
        meeting, workshop, training = haneul.events[4:]
        assert (meeting.start, meeting.end, meeting.venue) == (time(15), time(17), "Haneul City Hall 5F")
        assert meeting.districts == ("Byeol-gu", "Dal-gu", "Hae-gu", "Gureum-gu", "Noeul-gu")
        assert workshop.members == ("Baram Metropolitan City", "Haneul Metropolitan City", "Yeoul City")
        assert workshop.districts == ()
        assert training.topics == ("How green products are certified", "Ways to buy more of the core items")

    def test_guidelines_tasks_and_promises(self, haneul: Report) -> None:
        assert [(guide.item, guide.makers) for guide in haneul.guidelines] == [
            ("Recycled printing paper", 5),
            ("Desks", 2),
        ]
        assert [(task.category, task.due_year, task.due_month, task.list_year) for task in haneul.tasks] == [
            ("System", 2020, None, 2019),
            ("Rules", 2019, None, 2019),
            ("Leaders", 2019, 11, 2019),
            ("Rules", 2020, None, 2020),
            ("System", None, None, 2020),
        ]
        assert not any(task.done for task in haneul.tasks)
        assert [(promise.what, promise.times_a_year) for promise in haneul.promises] == [("training", 4)]

    def test_the_network_and_policies(self, haneul: Report) -> None:
        assert [(member.name, member.kind, member.parts) for member in haneul.members] == [
            ("Sanmaeul Province", "province", ("Ipsae City", "Yeoul City")),
            ("Baram Metropolitan City", "metropolitan city", ()),
            ("Haneul Metropolitan City", "metropolitan city", ()),
        ]
        assert [(count.count, count.kind) for count in haneul.member_counts] == [(3, "metropolitan city")]
        assert [(measure.name, measure.year) for measure in haneul.measures] == [
            ("plan for clean purchasing", 2016),
            ("ordinance on green products", None),
            ("green purchase growth plan", 2017),
            ("pre-purchase check system", 2016),
        ]

    def test_nothing_is_left_unread(self, haneul: Report, baram: Report) -> None:
        assert haneul.unread == baram.unread == ()

    def test_sections_hold_the_text_below(self, haneul: Report) -> None:
        found = {section.heading: section.text for section in haneul.sections}
        assert found["Aims"].startswith("Aims 1 Raise the share")
        assert "Library" in found["Training sessions"]


class TestTheKoreanReport:
    def test_shares(self, baram: Report) -> None:
        assert shares(baram)[1] == ("바람광역시", 2016, "398.0", "139.3", "35.06")
        assert {(row.table, row.unit) for row in baram.shares} == {("표 1", "억원")}

    def test_rates(self, baram: Report) -> None:
        found = rates(baram)
        assert len(found) == 16
        assert (found[None, 2020, "target"], found["조명기구", 2019, "result"]) == ("52", "22.3")

    def test_claims(self, baram: Report) -> None:
        said = [(one.kind, one.scope, one.amount.text, one.unit, one.year, one.base_year) for one in baram.increases]
        assert said == [
            ("target", "network", "10", "%p", 2020, None),
            ("reported", "own", "9", "%p", 2018, 2017),
            ("target", "own", "10", "%p", 2020, 2018),
        ]
        assert [(trend.direction, trend.years) for trend in baram.trends] == [("rising", 4)]
        assert [(goal.year, goal.rate.text) for goal in baram.goals] == [(2019, "49"), (2020, "52")]
        assert baram.spans == baram.remarks == ()

    def test_the_city(self, baram: Report) -> None:
        assert (baram.organisation, baram.year, baram.population) == ("바람광역시", 2019, 1_310_000)
        assert baram.district_count == 5
        (budget,) = baram.budgets
        assert (budget.local.value, budget.local_step) == (6_120_000_000_000, 10**8)
        assert (budget.foreign.value, budget.foreign_step) == (5_020_000_000, 10**7)

    def test_events(self, baram: Report) -> None:
        found = {event.kind: event for event in baram.events if event.kind != "consultation"}
        assert found["meeting"].districts == ("솔구", "들구", "내구", "뫼구", "샘구")
        assert (found["training"].start, found["training"].end) == (time(14), time(16, 10))
        assert found["academy"].weekday == found["academy"].day.weekday() == 3
        assert found["workshop"].members == ("바람광역시", "하늘광역시", "여울시")
        assert baram.targets_set_on == date(2019, 10, 8)

    def test_the_rest(self, baram: Report) -> None:
        assert baram.core_items[0].items == ("재생복사지", "빗물받이", "조명기구")
        assert [(guide.item, guide.makers) for guide in baram.guidelines] == [("재생복사지", 6), ("빗물받이", None)]
        assert [(promise.what, promise.times_a_year) for promise in baram.promises] == [("training", 1), ("academy", 1)]
        assert [(task.due_year, task.list_year, task.done) for task in baram.tasks] == [
            (2020, 2019, False),
            (2019, 2019, True),
            (None, 2020, False),
            (None, 2020, False),
        ]
        assert baram.members[0].parts == ("잎새시", "여울시")


@pytest.mark.skipif(not SEEDS, reason="the shared reports are not here")
def test_the_two_published_reports() -> None:
    first, second = (read(path) for path in SEEDS)
    for report, districts in ((first, 16), (second, 5)):
        assert (len(report.shares), len(report.rates), len(report.members)) == (5, 16, 3)
        assert (report.year, report.district_count, report.unread) == (2019, districts, ())
        assert all(event.day.weekday() == event.weekday for event in report.events)
        assert len(report.core_items[0].items) == 3
    assert [len(event.districts) for event in (*first.events, *second.events) if event.kind == "meeting"] == [10, 5]
    assert [event.kind for event in second.events][-2:] == ["training", "academy"]
    assert ([one.years for one in first.spans], [one.years for one in second.trends]) == ([4], [4])
    assert [remark.kind for remark in first.remarks] == ["cause", "superlative", "superlative"]
    assert second.remarks == ()
    assert [guide.makers for guide in (*first.guidelines, *second.guidelines)] == [3, 4, 10, None]
    assert [budget.local.text for report in (first, second) for budget in report.budgets] == [
        "12500000000000",
        "8348700000000",
    ]


class TestOtherFormats:
    def test_years_across_and_gaps_between_columns(self) -> None:
        report = of(
            "2021년 하늬시 결과 보고서\n\n표 1. 연도별 현황\n(단위: 백만원)\n\n"
            "구분              2018년     2019년\n총 구매금액       12,345     13,000\n"
            "녹색제품 구매금액  6,100      6,800\n구매율(%)          49.4       52.3\n"
        )
        assert shares(report) == [("하늬시", 2018, "12345", "6100", "49.4"), ("하늬시", 2019, "13000", "6800", "52.3")]
        assert report.shares[0].unit == "백만원"

    def test_rows_of_districts_below_a_heading_with_the_year(self) -> None:
        report = of(
            "# 2021년 하늬시 보고서\n\n## 자치구별 실적(2020년)\n\n"
            "| 자치구 | 총구매액 | 녹색구매액 | 비율 | 전년 대비 증감 |\n"
            "|---|---|---|---|---|\n| 동구 | 1,200 | 600 | 50.0% | 1.2 |\n| 합계 | 3,200 | 1,500 | 46.9% | △0.3 |\n"
        )
        assert shares(report) == [("동구", 2020, "1200", "600", "50.0"), ("하늬시", 2020, "3200", "1500", "46.9")]
        (unread,) = report.unread
        assert unread.quote == "전년 대비 증감: 1.2"

    def test_items_stay_apart_from_totals(self) -> None:
        report = of(
            "| Item | Total amount | Green amount | Share |\n|-|-|-|-|\n"
            "| Chairs | 10 | 4 | 40 |\n| Lamps | 5 | 1 | 20 |\n\n# Report 2020 Northport City\n"
        )
        assert report.shares == ()
        assert [(row.item, row.year, row.organisation) for row in report.item_shares] == [
            ("Chairs", 2020, "Northport City"),
            ("Lamps", 2020, "Northport City"),
        ]

    def test_the_spending_of_core_items_comes_from_their_table(self) -> None:
        said = "Core items: chairs, lamps\n\nItems with high spending and low rates in 2020 were selected.\n\n"
        table = "| Item | Total amount | Green amount |\n|-|-|-|\n| Lamps | 5 | 1 |\n"
        (some,) = of("# Report 2020 Northport City\n\n" + said + table).core_items
        (every,) = of("# Report 2020 Northport City\n\n" + said + table + "| Chairs | 10 | 4 |\n").core_items
        assert some.spend == ()
        assert [spent.text for spent in every.spend] == ["10", "5"]

    def test_a_table_of_events(self) -> None:
        report = of(
            "| 일시 | 행사명 | 장소 | 참석자 |\n|---|---|---|---|\n"
            "| 2020. 5. 12.(화) 14:00~16:00 | 담당자 교육 | 강당 | 50명 |\n"
            "| 2020년 9월 3일(목) 오후 2시~4시 | 구군 회의 | 회의실 | 동구, 서구 |\n"
        )
        training, meeting = report.events
        assert (training.kind, training.venue, training.weekday) == ("training", "강당", 1)
        assert (meeting.kind, meeting.start, meeting.end, meeting.districts) == (
            "meeting", time(14), time(16), ("동구", "서구"),
        )  # fmt: skip

    def test_an_impossible_day_is_said_to_be_unread(self) -> None:
        report = of("## 교육\n\n- 일시: 2020. 2. 30.(일) 14:00\n- 장소: 강당\n")
        assert report.events == ()
        assert [place.where for place in report.unread] == ["3"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Our goal for 2023 is 45%.", [(2023, "45")]),
            ("The city plans to reach a 61.5% rate of green purchases by 2024.", [(2024, "61.5")]),
            ("2021년 목표: 구매율 55% 달성", [(2021, "55")]),
            ("Targets: 50 percent by 2024 and 55 percent by 2025.", [(2024, "50"), (2025, "55")]),
            ("- 목표: 2021년 55%, 2022년 58.5%", [(2021, "55"), (2022, "58.5")]),
            ("We reached 36.2% in 2022.", []),
            ("The goal is a share 5%p higher in 2023.", []),
        ],
    )
    def test_goals(self, text: str, expected: list[tuple[int, str]]) -> None:
        assert [(goal.year, goal.rate.text) for goal in of(text).goals] == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("In 2022 the share rose by 3.1 percentage points over 2021.", ("reported", "3.1", "%p", 2022, 2021)),
            ("The green share fell by 2% from 2019 in 2020.", ("reported", "-2", "%", 2020, 2019)),
            ("2020년 구매율은 2019년 대비 2.3%p 감소하였음", ("reported", "-2.3", "%p", 2020, 2019)),
            ("2021년 구매율은 전년 대비 5% 이상 증가", ("reported", "5", "%", 2021, 2020)),
            ("2025년까지 구매율을 2020년 대비 15%포인트 높이는 것이 목표", ("target", "15", "%p", 2025, 2020)),
        ],
    )  # fmt: skip
    def test_increases(self, text: str, expected: tuple[object, ...]) -> None:
        (one,) = of(text).increases
        assert (one.kind, one.amount.text, one.unit, one.year, one.base_year) == expected

    def test_a_comparator_beside_a_superlative(self) -> None:
        one, other = of(
            "Our green purchase rate is the highest in the country (national average 30.2%).\n\n"
            "구매율이 전국 최고 수준입니다."
        ).remarks
        assert one.comparator == "average 30.2%"
        assert other.comparator == ""

    def test_years_with_a_sum_below_and_units_in_the_caption(self) -> None:
        report = of(
            "**Green Report of Westvale County, 2023**\n\n**Table 1. Green purchases (KRW million)**\n\n"
            "| Year | Total procurement | of which green | Green share (%) |\n|:--|--:|--:|--:|\n"
            "| FY2022 | 11,000 | 4,950 | 45.0 |\n| FY2023 | 11,500 | 5,400 | 47.0 |\n| Sum | 22,500 | 10,350 | 46.0 |\n"
        )
        assert shares(report) == [
            ("Westvale County", 2022, "11000", "4950", "45.0"),
            ("Westvale County", 2023, "11500", "5400", "47.0"),
        ]
        assert "KRW million" in report.shares[0].unit
        assert [place.where for place in report.unread] == ["9"]

    def test_an_event_told_in_a_sentence(self) -> None:
        (event,) = of("Training for buyers was held on 14 March 2023 (Tuesday) at 10:00–12:00 in the hall.").events
        assert (event.kind, event.day, event.weekday) == ("training", date(2023, 3, 14), 1)
        assert (event.start, event.end) == (time(10), time(12))

    def test_numbered_lines_below_marked_headings_are_a_list(self) -> None:
        tasks = "1. Publish a guideline by June 2024\n2. Screen more (until 2025)"
        report = of("# Report 2023 Westvale County\n\n## Tasks\n\n" + tasks)
        assert [(task.due_year, task.list_year) for task in report.tasks] == [(2024, 2023), (2025, 2023)]

    def test_amounts_that_rise_are_no_shares(self) -> None:
        report = of("Green purchases increased by 9.1% in 2023 compared with 2022.\n\n"
                    "The green share increased and is above the average of 43 % of 2022.")  # fmt: skip
        assert report.increases == ()

    def test_basis_definition_day_and_status(self) -> None:
        report = of(
            "- 집계 기준: 녹색제품 대상 품목\n- 녹색제품 기준: 국가 기준\n\n2020. 12. 31. 기준 잠정 실적입니다."
        )
        assert (report.basis, report.definition) == ("녹색제품 대상 품목", "국가 기준")
        assert (report.as_of, report.status) == (date(2020, 12, 31), "preliminary")

    def test_a_rate_beside_a_budget(self) -> None:
        (budget,) = of(
            "The budget is 1,219 billion won (1 billion US dollars; exchange rate 1,219 won as of 31 Dec 2019)."
        ).budgets
        assert budget.rate is not None
        assert (budget.rate.text, budget.rate_day) == ("1219", "2019-12-31")

    def test_days_on_which_plan_and_results_were_sent(self) -> None:
        report = of("구매이행계획을 2020. 2. 27. 환경부에 제출하였으며 2019년 실적은 2020. 3. 30. 제출하였다.")
        assert [(one.kind, one.year, one.sent_on) for one in report.filings] == [
            ("plan", 2020, date(2020, 2, 27)),
            ("result", 2019, date(2020, 3, 30)),
        ]

    def test_a_reason_beside_a_lowered_target(self) -> None:
        report = of(
            "Item\t2019 (Target)\t2020 (Target)\nChairs\t50\t30\nLamps\t20\t25\n\n"
            "The target for chairs in 2020 was lowered because a maker closed."
        )
        assert {
            rate.item: rate.revision_reason for rate in report.rates if rate.year == 2020 and rate.revision_reason
        } == {"Chairs": "The target for chairs in 2020 was lowered because a maker closed."}


class TestWhatIsNotUnderstood:
    def test_a_table_of_unnamed_numbers_is_named(self) -> None:
        report = of("# Report 2020 Northport City\n\nfoo\tbar\tbaz\nx\t12.5\t33.1\ny\t14.5\t32.1\n")
        assert (report.rates, report.shares) == ((), ())
        assert [place.where for place in report.unread] == ["3"]

    def test_a_target_line_without_a_year_is_named(self) -> None:
        assert [place.where for place in of("Target: about 55,5 %\n").unread] == ["1"]

    def test_a_line_longer_than_any_report_has(self) -> None:
        report = of("Target: 50% in 2020\n" + "1 " * 10_000)
        assert [place.where for place in report.unread] == ["2"]

    @pytest.mark.parametrize("filler", ["(", "1,", "%p by ", "2018년 대비 ", "*", "a  ", "|", "plan for "])
    def test_hostile_lines_end_in_seconds(self, filler: str) -> None:
        text = "\n".join(filler * (1_900 // len(filler)) for _ in range(40))
        begin = process_time()
        of("Target: 50% in 2020\n\n" + text)
        assert process_time() - begin < 10

    def test_a_megabyte_is_read_in_seconds(self) -> None:
        text = (DEMO / "haneul.md").read_text(encoding="utf-8")
        begin = process_time()
        report = of(text * (1_000_000 // len(text)))
        assert process_time() - begin < 10
        assert len(report.shares) == 5 * (1_000_000 // len(text))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \n \n", "empty_file"),
        (b"%PDF-1.7 ...", "report_binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "report_binary"),
        (b"Dear all,\n\nhere are the photographs of the picnic.\n", "report_empty"),
        (b"Target: 50% in 2020\n" * 9 + bytes(1), "nul_bytes"),
    ],
)
def test_files_that_are_no_report(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as raised:
        read(path)
    assert raised.value.code == code


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as raised:
        read(tmp_path / "nowhere.md")
    assert raised.value.code == "missing_file"


def test_korean_encodings_are_read(tmp_path: Path, baram: Report) -> None:
    text = (DEMO / "baram.md").read_text(encoding="utf-8").replace("·", "/")
    for encoding in ("cp949", "utf-8-sig", "utf-16"):
        path = tmp_path / "baram.md"
        path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
        assert shares(read(path)) == shares(baram), encoding
