"""Every check both ways: a report in which it finds something, with its numbers, and one in which all is well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from chorok import wording
from chorok.core.checks.inspection import ALONE, TOGETHER
from chorok.core.checks.report import (
    Budget,
    Filing,
    Guideline,
    MemberCount,
    Parts,
    Promise,
    Remark,
    Report,
    Span,
    Trend,
)
from chorok.core.checks.results import Said, Word
from chorok.core.checks.rules import rules
from reported import (
    CITY,
    HERE,
    NEIGHBOUR,
    aimed,
    chosen,
    event,
    every_result,
    found,
    goal,
    increase,
    line,
    member,
    neighbour,
    numbers,
    printed,
    reached,
    report,
    row,
    section,
    task,
)

FIVE_YEARS = (
    row(2015, "80.00", "30.00", "37.50"),
    row(2016, "75.20", "33.10", "44.02"),
    row(2017, "70.10", "36.45", "52.00"),
    row(2018, "68.40", "33.52", "49.01"),
    row(2019, "60.30", "37.00", "61.36"),
)
MISSED = (
    *(reached(None, 2018, "49.0"), aimed(None, 2019, "53"), reached(None, 2019, "61.4"), aimed(None, 2020, "57")),
    *(reached("Desks", 2018, "20.5"), aimed("Desks", 2019, "45"), reached("Desks", 2019, "18.9")),
    *(reached("Paint", 2018, "30"), aimed("Paint", 2019, "55"), reached("Paint", 2019, "31.5")),
)
TRAINING = event("training", "Training", date(2019, 9, 17), start=time(14), end=time(16, 10), venue="City Hall 3F")
MEETING = event("meeting", "Meeting", date(2019, 9, 17), start=time(16), end=time(17), venue="City Hall, room 5")
FAR = event("meeting", "Meeting", date(2019, 9, 17), start=time(16), end=time(17), venue="Convention centre")
MEMBERS = (
    member("Sanmaeul Province", "province", "Ipsae City", "Yeoul City"),
    member(CITY, "city"),
    member(NEIGHBOUR, "city"),
)
SHARED = "The alliance helps its member cities to buy green products, to learn from each other and to tell others"
DISTRICTS = ("Byeol-gu", "Dal-gu", "Hae-gu", "Gureum-gu")
WALK = event("meeting", "Meeting", date(2019, 9, 17), districts=DISTRICTS[:3])


def budget(**more: Any) -> Budget:
    """9.4 trillion won and 7.7 billion dollars."""
    given = {"local_step": 10**11, "foreign_step": 10**8, **more}
    return Budget(printed("9400000000000"), "KRW", printed("7700000000"), "USD", HERE, **given)


def network(share: str, **more: Any) -> Report:
    shown = row(2019, more.pop("total", "100.00"), more.pop("green", "50.00"), share, organisation="The alliance")
    return report(shares=(row(2019, "60.00", "36.00", "60.00"),), network_shares=(shown,), **more)


SMALL = neighbour(shares=(row(2019, "40.00", "14.00", "35.00", organisation=NEIGHBOUR),))

FINDINGS: dict[str, tuple[Sequence[Report], dict[str, Any]]] = {
    "share_impossible": (
        [report(shares=[row(2016, "32.50", "11.98", "36.89")])],
        {"exact": "36.86", "low": "36.8405", "high": "36.8826", "year": "2016"},
    ),
    "share_possible": (
        [report(shares=[row(2015, "36.28", "11.16", "30.77")])],
        {"exact": "30.76", "low": "30.7427", "high": "30.7788"},
    ),
    "share_not_defined": ([report(shares=[row(2015, "0", "0", "0.0")])], {"share": "0.0", "total": "0"}),
    "green_exceeds_total": ([report(shares=[row(2015, "10", "11", "110")])], {"green": "11"}),
    "decimals_mixed": (
        [report(shares=[row(2015, "80.00", "30.00", "37.50"), row(2016, "75.00", "33.00", "44")])],
        {"columns": "Table 1 (37.50, 44)"},
    ),
    "figure_differs": (
        [report(shares=FIVE_YEARS, rates=[reached(None, 2018, "49.1")])],
        {"item": Word("total"), "year": "2018", "one": "49.1", "other": "49.01"},
    ),
    "parts_differ": (
        [report(parts=[Parts("districts", (printed("7"), printed("1")), printed("9"), HERE)])],
        {"parts": "7 + 1", "sum": "8", "whole": "9"},
    ),
    "year_not_over": (
        [report(shares=FIVE_YEARS, as_of=date(2019, 10, 31))],
        {"year": "2019", "as_of": "2019-10-31"},
    ),
    "rate_not_stated": ([report(budgets=[budget()])], {"implied": "1,220.78", "low": "1,206.5", "high": "1,235.3"}),
    "rate_undated": ([report(budgets=[budget(rate=printed("1219"))])], {"rate": "1219"}),
    "rate_impossible": ([report(budgets=[budget(rate=printed("1300"), rate_day="2019-12-31")])], {"rate": "1300"}),
    "rates_differ": (
        [report(budgets=[budget()]),
         neighbour(budgets=[Budget(printed("6000"), "KRW", printed("4"), "USD", HERE)])],
        {"one": CITY, "one_rates": "1,206.5–1,235.3", "other": NEIGHBOUR, "other_rates": "1,333.2–1,714.4"},
    ),
    "increase_reads_otherwise": (
        [report(shares=FIVE_YEARS, rates=[aimed(None, 2020, "59")], increases=[increase("10", "%", 2020, 2018)])],
        {"wanted": "53.91", "other_wanted": "59.01", "points": "+9.99", "relative": "+20.38"},
    ),
    "increase_does_not_fit": (
        [report(rates=[reached(None, 2018, "49"), aimed(None, 2020, "70")],
                increases=[increase("5", "%", 2020, 2018)])],
        {"wanted": "51.45", "other_unit": "%p", "other_wanted": "54", "points": "+21"},
    ),
    "increase_without_base": (
        [report(rates=[reached(None, 2018, "49"), aimed(None, 2020, "59")],
                increases=[increase("10", "%p", 2020, None)])],
        {"fits": ("2018 + 10 %p (49 → 59)",)},
    ),
    "increase_without_base_or_fit": (
        [report(rates=[reached(None, 2018, "49"), aimed(None, 2020, "90")],
                increases=[increase("10", "%p", 2020, None)])],
        {"rate": "90"},
    ),
    "network_target_missed": (
        [report(rates=MISSED, increases=[increase("10", "%p", 2020, 2018, scope="network", at_least=True)])],
        {"raised": "8.0", "wanted": "59.0", "short": "2.0", "base_year": "2018"},
    ),
    "network_base_missing": (
        [report(rates=[*MISSED, aimed("Desks", 2020, "30.6"), aimed("Paint", 2020, "39.9")],
                increases=[increase("10", "%p", 2020, None, scope="network", at_least=True)])],
        {"enough": ("Desks (+10.1)",), "short": ("Paint (+9.9)",), "base_year": "2018"},
    ),
    "target_below_result": (
        [report(rates=[reached("Desks", 2019, "30.8"), aimed("Desks", 2020, "30")])],
        {"item": "Desks", "target": "30", "result": "30.8", "gap": "0.8"},
    ),
    "target_lowered": (
        [report(rates=[aimed("Desks", 2019, "45"), aimed("Desks", 2020, "30"), reached("Desks", 2019, "12")])],
        {"earlier": "45", "target": "30", "result": "12"},
    ),
    "targets_late": (
        [report(rates=[aimed(None, 2019, "50", set_on=date(2019, 9, 24))])],
        {"day": "267", "elapsed": "73.15", "left": "98", "due": "2019-02-28"},
    ),
    "total_without_items": (
        [report(rates=MISSED)],
        {"count": "2", "fell": ("Desks (-1.6 %p)",), "most": "56.4", "most_item": "Paint", "least": "47.6",
         "least_item": "Desks"},
    ),
    "item_against_direction": (
        [report(rates=[*MISSED, aimed("Pens", 2019, "10"), reached("Pens", 2019, "10")])],
        {"item": "Desks", "change": "-1.6", "target": "45"},
    ),
    "core_spending_missing": ([report(core_items=[chosen("Desks", high_spend=True)])], {"items": ("Desks",)}),
    "core_item_weak": (
        [report(rates=[reached(None, 2018, "48.4"), reached("Desks", 2018, "44.1")],
                core_items=[chosen("Desks", low_rate=True)])],
        {"gap": "4.3"},
    ),
    "core_item_not_low": (
        [report(rates=[reached(None, 2018, "48.4"), reached("Desks", 2018, "48.4")],
                core_items=[chosen("Desks", low_rate=True)])],
        {"rate": "48.4", "total": "48.4"},
    ),
    "core_weight_impossible": (
        [report(shares=FIVE_YEARS, rates=[reached("Desks", 2018, "20")],
                core_items=[chosen("Desks", spend=(printed("50.00"),))])],
        {"spent": "50.00", "greens": "10.00", "total": "68.40", "green": "33.52"},
    ),
    "no_comparator": ([report(remarks=[Remark("superlative", HERE)])], {}),
    "cause_split": (
        [report(shares=FIVE_YEARS, remarks=[Remark("cause", HERE, 2016)])],
        {"change": "+6.52", "green": "+4.00", "whole": "+2.52", "later": ("2017 +7.98", "2018 -2.99", "2019 +12.35")},
    ),
    "cause_not_shown": ([report(remarks=[Remark("cause", HERE, 2016)])], {}),
    "span_differs": (
        [report(shares=FIVE_YEARS, spans=[Span(4, "Table 1", HERE)])],
        {"said": "4", "rows": "5", "first": "2015", "last": "2019"},
    ),
    "trend_broken": (
        [report(shares=FIVE_YEARS, trends=[Trend("rising", 4, HERE)])],
        {"direction": Word("rising"), "said": "4"},
    ),
    "trend_too_short": ([report(shares=FIVE_YEARS, trends=[Trend("rising", 6, HERE)])], {"rows": "5"}),
    "events_overlap": ([report(events=[TRAINING, MEETING])], {"minutes": "10", "one_time": "14:00–16:10"}),
    "core_items_not_chosen_yet": (
        [report(events=[event("training", "T", date(2019, 9, 19), topics=("How to buy core green items",))],
                core_items=[chosen("Desks", chosen_on=date(2019, 9, 24))])],
        {"day": "2019-09-19", "chosen_on": "2019-09-24"},
    ),
    "consultation_order": (
        [report(events=[event("consultation", "1", date(2019, 9, 2), number=1),
                        event("consultation", "2", date(2019, 9, 1), number=2)])],
        {"one_day": "2019-09-02", "other_day": "2019-09-01"},
    ),
    "weekday_wrong": (
        [report(events=[event("meeting", "M", date(2019, 10, 15), weekday=0)])],
        {"printed": Word("weekday_0"), "right": Word("weekday_1")},
    ),
    "districts_absent": (
        [report(district_count=8, events=[WALK])],
        {"came": "3", "whole": "8", "rate": "37.5"},
    ),
    "districts_absent_named": (
        [report(district_names=DISTRICTS, events=[WALK])],
        {"came": "3", "whole": "4", "absent": ("Gureum-gu",)},
    ),
    "members_absent": (
        [report(members=MEMBERS,
                events=[event("workshop", "W", date(2019, 5, 1), members=(CITY, NEIGHBOUR, "Yeoul"))])],
        {"absent": ("Ipsae City",)},
    ),
    "promise_not_shown": (
        [report(promises=[Promise("training", 3, HERE)], events=[TRAINING, MEETING])],
        {"times": "3", "held": "1", "what": Word("training")},
    ),
    "guideline_missing": (
        [report(core_items=[chosen("Printing paper", "Desks")],
                guidelines=[Guideline("Recycled printing paper", HERE)])],
        {"covered": "1", "items": "2", "missing": ("Desks",)},
    ),
    "guideline_without_makers": (
        [report(core_items=[chosen("Desks")],
                guidelines=[Guideline("Desks", HERE, makers=0), Guideline("Paint", HERE)])],
        {"item": "Paint"},
    ),
    "task_slipped": (
        [report(tasks=[task("Write recycled stone into the building guidelines", due_year=2019, list_year=2019),
                       task("Use recycled stone in the building guidelines", list_year=2020)])],
        {"due": "2019", "year": "2020"},
    ),
    "task_open": (
        [report(tasks=[task("Put green purchasing on the mayor's agenda", due_year=2019, due_month=11)])],
        {"due": "2019-11"},
    ),
    "members_miscounted": (
        [report(members=MEMBERS, member_counts=[MemberCount(3, "city", HERE)])],
        {"said": "3", "counted": "2", "others": ("Sanmaeul Province",)},
    ),
    "large_change": (
        [report(shares=[row(2018, "100", "20", "20"), row(2019, "100", "30", "30")])],
        {"change": "+50.00", "rise": "+50", "fall": "-30"},
    ),
    "filed_late": (
        [report(filings=[Filing("plan", 2019, date(2019, 3, 1), HERE)])],
        {"due": "2019-02-28", "late": "1"},
    ),
    "filing_undated": (
        [report(filings=[Filing("result", 2019, None, HERE)], as_of=date(2020, 4, 1))],
        {"due": "2020-03-31"},
    ),
    "certificate_revoked": (
        [report(lines=[line(certificate="EL-1", revoked_on=date(2019, 5, 1))])],
        {"revoked_on": "2019-05-01"},
    ),
    "certificate_over": (
        [report(lines=[line(certificate="EL-1", valid_until=date(2019, 4, 30))])],
        {"valid_until": "2019-04-30"},
    ),
    "certificate_not_yet": (
        [report(lines=[line(certificate="EL-1", valid_from=date(2019, 5, 2))])],
        {"valid_from": "2019-05-02"},
    ),
    "certificate_undated": ([report(lines=[line(certificate="EL-1")])], {"certificate": "EL-1"}),
    "certificate_missing": ([report(lines=[line()])], {"day": "2019-05-01"}),
    "change_orders_added": (
        [report(lines=[line(change_order=0), line(change_order=1, amount=printed("1200"))])],
        {"sum": "2,200", "amount": "1,200", "orders": ("0", "1")},
    ),
    "line_twice": ([report(lines=[line(), line()])], {"times": "2", "sum": "2,000", "amount": "1,000"}),
    "ground_without_evidence": ([report(lines=[line(ground="urgent")])], {"ground": "urgent"}),
    "name_twice": ([report(district_names=("Dal-gu", "Hae-gu", "Dal-gu"))], {"name": "Dal-gu", "times": "2"}),
    "name_shared": (
        [report(district_names=DISTRICTS, shares=[row(2019, "10", "5", "50", organisation="Dal-gu")]),
         neighbour(district_names=("Dal-gu",))],
        {"name": "Dal-gu", "cities": (CITY, NEIGHBOUR)},
    ),
    "network_mean": ([network("47.50"), SMALL], {"weighted": "50.00", "mean": "47.50"}),
    "network_share_wrong": ([network("55.00"), SMALL], {"weighted": "50.00", "mean": "47.50"}),
    "bases_differ": (
        [report(shares=FIVE_YEARS, basis="eligible"), neighbour(shares=SMALL.shares)],
        {"what": Word("what_basis"), "stated": (f"{CITY} (eligible)", f"{NEIGHBOUR} (–)")},
    ),
    "final_changed": (
        [report(shares=FIVE_YEARS, status="final"),
         report(name="haneul-2020.md", shares=[row(2019, "60.30", "36.00", "59.70")], status="final")],
        {"one": "61.36", "other": "59.70", "year": "2019"},
    ),
    "shared_text_differs": (
        [report(sections=[section("1 Aims", SHARED)]), neighbour(sections=[section("1 Aims", SHARED + " also")])],
        {"one_only": (), "other_only": ("also",)},
    ),
}  # fmt: skip
"""Code of a finding -> reports in which it is found, and some of its numbers."""

WELL: dict[str, Sequence[Report]] = {
    "share_recomputed": [report(shares=FIVE_YEARS)],
    "decimals_mixed": [report(shares=FIVE_YEARS, rates=[aimed(None, 2019, "50"), reached(None, 2019, "61.4")])],
    "figure_twice": [report(shares=FIVE_YEARS, rates=[reached(None, 2018, "49.0"), aimed(None, 2020, "57")],
                            goals=[goal(2020, "57")])],
    "parts_add_up": [report(parts=[Parts("sexes", (printed("50.4"), printed("49.6")), printed("100"), HERE),
                                   Parts("thirds", (printed("33"),) * 3, printed("100"), HERE)])],
    "status_stated": [report(shares=FIVE_YEARS, as_of=date(2019, 10, 31), status="preliminary")],
    "exchange_rate": [report(budgets=[budget(rate=printed("1219"), rate_day="2019-12-31")])],
    "increase_claim": [report(shares=FIVE_YEARS, rates=[aimed(None, 2020, "54")],
                              increases=[increase("10", "%", 2020, 2018),
                                         increase("10", "%p", 2019, 2018, kind="reported", at_least=True)])],
    "network_target": [report(rates=[*MISSED[:3], aimed(None, 2020, "59.0")],
                              increases=[increase("10", "%p", 2020, 2018, scope="network", at_least=True)])],
    "target_below_result": [report(rates=[reached(None, 2019, "53"), aimed(None, 2020, "53")])],
    "target_lowered": [report(rates=[aimed("Desks", 2019, "45"),
                                     aimed("Desks", 2020, "30", revision_reason="new definition")])],
    "targets_late": [report(targets_set_on=date(2019, 2, 28)),
                     report(rates=[aimed(None, 2020, "50", set_on=date(2020, 2, 29))])],
    "total_without_items": [report(rates=[*MISSED, aimed("Pens", 2019, "10"), reached("Pens", 2019, "10")])],
    "item_against_direction": [report(rates=[reached("Desks", 2018, "20"), aimed("Desks", 2019, "18"),
                                             reached("Desks", 2019, "19")])],
    "core_items_chosen": [report(rates=[reached(None, 2018, "48"), reached("Desks", 2018, "43")],
                                 core_items=[chosen("Desks", high_spend=True, low_rate=True, spend=(printed("9"),))])],
    "core_weight": [report(shares=FIVE_YEARS, rates=[reached("Desks", 2018, "20")],
                           core_items=[chosen("Desks", spend=(printed("43.00"),))])],
    "superlative": [report(remarks=[Remark("superlative", HERE, comparator="mean of all cities: 39.1 %")])],
    "span_rows": [report(shares=FIVE_YEARS, spans=[Span(5, "Table 1", HERE)])],
    "trend": [report(shares=FIVE_YEARS[:4], trends=[Trend("rising", 3, HERE)])],
    "events_overlap": [report(events=[TRAINING, FAR]), report(events=[MEETING, MEETING, event(
        "training", "Training", date(2019, 9, 17), start=time(14), end=time(16), venue="City Hall 3F")])],
    "core_items_known": [report(core_items=[chosen("Desks", chosen_on=date(2019, 9, 24))],
                                events=[event("training", "T", date(2019, 9, 24), topics=("중점품목 구매",))])],
    "consultation_order": [report(events=[event("consultation", "2", date(2019, 9, 2), number=2),
                                          event("consultation", "1", date(2019, 9, 2), number=1)])],
    "weekday": [report(events=[event("meeting", "M", date(2019, 10, 15), weekday=1)])],
    "attendance": [report(district_count=3, events=[WALK])],
    "members_absent": [report(members=MEMBERS, events=[
        event("workshop", "W", date(2019, 5, 1), members=("Sanmaeul", "Haneul", NEIGHBOUR))])],
    "promise_kept": [report(promises=[Promise("training", 1, HERE)], events=[TRAINING])],
    "guideline_coverage": [report(core_items=[chosen("Desks")], guidelines=[Guideline("Desk", HERE, makers=3)])],
    "task_slipped": [report(tasks=[task("Write recycled stone into the building guidelines", due_year=2019),
                                   task("Train all the buyers of the districts", list_year=2020)])],
    "task_open": [report(tasks=[task("Hold a joint workshop of the alliance", due_year=2019)],
                         events=[event("workshop", "Joint workshop of the alliance", date(2019, 5, 1))])],
    "members_counted": [report(members=MEMBERS, member_counts=[MemberCount(2, "city", HERE)])],
    "yearly_change": [report(shares=[row(2018, "100", "100", "100"), row(2019, "200", "149", "74.5")])],
    "filed_in_time": [report(filings=[Filing("plan", 2020, date(2020, 2, 29), HERE),
                                      Filing("result", 2019, date(2020, 3, 31), HERE)])],
    "certificate_on_day": [report(lines=[
        line(certificate="EL-1", valid_from=date(2019, 5, 1), valid_until=date(2019, 5, 1),
             revoked_on=date(2019, 5, 2)),
        line(source_key="R-2", evidence="test report 12")])],
    "counted_once": [report(lines=[line(change_order=0, final=False), line(change_order=1, final=True),
                                   line(source_key="R-2")])],
    "ground_proved": [report(lines=[line(ground="urgent", evidence="letter of 1 May")])],
    "names_told_apart": [report(district_names=DISTRICTS), neighbour(events=[WALK])],
    "network_share": [network("50.0"), SMALL],
    "same_basis": [report(shares=FIVE_YEARS, basis="Eligible", year=2018, status="final"),
                   neighbour(shares=SMALL.shares, basis="eligible", status="preliminary")],
    "final_stays": [report(shares=FIVE_YEARS, status="final"), report(shares=FIVE_YEARS[3:], status="final")],
    "one_rate": [report(budgets=[budget()]), neighbour(budgets=[budget()])],
    "shared_text": [report(sections=[section("Aims", f"**{SHARED}**")]), neighbour(sections=[section("Aims", SHARED)])],
}  # fmt: skip
"""Check -> reports in which it has something to look at, and finds nothing."""

ALWAYS_FINDS = {"cause"}
"""A sentence about a cause is always pointed at."""


@pytest.mark.parametrize("code", FINDINGS)
def test_it_finds(code: str) -> None:
    reports, wanted = FINDINGS[code]
    said = numbers(every_result(*reports), code)
    assert said
    assert any(wanted.items() <= one.items() for one in said), said


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("code", FINDINGS)
def test_its_numbers_fill_its_sentence(code: str, language: wording.Language) -> None:
    (one, *_) = numbers(every_result(*FINDINGS[code][0]), code)
    sentence = wording.say(f"finding.{code}", language, **one)
    assert not one or any(isinstance(value, Word) or str(value) in sentence for value in one.values())


@pytest.mark.parametrize("check", WELL)
def test_it_is_silent_where_all_is_well(check: str) -> None:
    said = found(check, *WELL[check])
    assert {result.kind for result in said} == {"ok"}, [(result.code, result.outcome) for result in said]


def test_every_finding_of_every_rule_has_a_case() -> None:
    assert FINDINGS.keys() == {code for rule in rules().values() for code in rule.findings}
    assert WELL.keys() == {*ALONE, *TOGETHER} - ALWAYS_FINDS


def test_every_check_has_its_rule_and_every_number_of_the_domain() -> None:
    assert rules().keys() == {*ALONE, *TOGETHER}
    assert {rule.rule for rule in rules().values()} == {f"R{number}" for number in range(1, 31)}


def test_an_empty_report_is_checked_by_nothing() -> None:
    said = every_result(report())
    assert {result.kind for result in said} == {"not_applicable"}
    assert [result.check for result in said] == [*ALONE, *TOGETHER]


def test_a_sentence_that_is_repeated_is_one_finding() -> None:
    assert len(numbers(found("superlative", report(remarks=[Remark("superlative", HERE)] * 2)), "no_comparator")) == 1


PAGE = (Path(__file__).parents[3] / "docs" / "checks.md").read_text(encoding="utf-8")


def said(value: Said) -> str:
    if isinstance(value, Word):
        return wording.say(f"check_word.{value.code}", "en")
    return value if isinstance(value, str) else ", ".join(map(said, value)) or "–"


def test_the_page_has_every_check_as_the_rules_have_it() -> None:
    sections = dict(re.findall(r"^### `(\w+)`\n\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
    assert sections.keys() == rules().keys()
    for rule in rules().values():
        section, source = sections[rule.id], wording.say(f"check_source.{rule.source}", "en")
        wanted = [f"Rule {rule.rule}, version {rule.version}. Source: {source}."]
        wanted += [f"`{code}` ({severity})" for code, severity in rule.findings.items()]
        wanted += [f"`{name}` = {value}" for name, value in rule.numbers.items()]
        wanted += [f"`{name}` = `{value}`" for name, value in rule.patterns.items()]
        wanted += [wording.say(f"check.{rule.id}.{part}", "en") for part in ("title", "why", "needs")]
        assert [one for one in wanted if one not in section] == []
        shown = re.findall(r"^> (.*)$", section, re.MULTILINE)
        assert len(shown) == len(rule.findings)
        for code, sentence in zip(rule.findings, shown, strict=True):
            worded = numbers(every_result(*FINDINGS[code][0]), code)
            exact = [{name: said(value) for name, value in one.items()} for one in worded]
            assert sentence in [wording.say(f"finding.{code}", "en", **one) for one in exact]
