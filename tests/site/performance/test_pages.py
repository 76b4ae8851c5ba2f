"""The pages of figures: they say what the ledger says, what they rest on, and clearly when they cannot."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from builders import CITY, OTHER_CITY, WEST
from chorok.core import periods
from chorok.core.events import PolicyEvent
from chorok.core.measures.targets import Target
from chorok.core.money import percent, written
from chorok.ledger import drilldown, figures, kept
from chorok.ledger.drilldown import Wanted
from chorok.ledger.figures import Question
from chorok.ledger.store import Ledger
from chorok.site.config import ledger as site_ledgers

SignIn = Callable[..., Client]
TABLES = ("trend", "targets", "core", "movers", "below", "potential", "quality", "missing", "rejects", "compare")
PAGES = ("dashboard", "items", "potential", "compare", "quality", "figure", "lines")


def text_of(response: Any) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def amounts_of(organisation: str, period: str, **wish: Any) -> figures.Amounts:
    question = Question((), organisation=organisation, period=periods.parse(period), **wish)
    return figures.summary(site_ledgers.published(), question).figures[0].amounts


@pytest.mark.parametrize("organisation", [CITY, WEST])
@pytest.mark.parametrize("period", ["2019", "2018H2", "2018..2019"])
def test_the_figures_of_the_page_are_those_of_the_ledger(
    read_ledger: Ledger, signed_in: SignIn, organisation: str, period: str
) -> None:
    share = amounts_of(organisation, period).share()
    page = signed_in("officer", CITY).get(
        reverse("performance:dashboard"), {"organisation": organisation, "period": period}
    )
    said = text_of(page)
    assert page.status_code == 200
    for amount in (share.green, share.denominator, share.undetermined):
        assert written(amount) in said
    assert f"{percent(share.value)}%" in said
    assert f"{percent(share.low)}~{percent(share.high)}%" in said


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_in_both_languages(read_ledger: Ledger, signed_in: SignIn, name: str, language: str) -> None:
    client = signed_in("officer", CITY)
    client.cookies["language"] = language
    page = client.get(reverse(f"performance:{name}"))
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("<h1>") == 1
    assert " style=" not in html
    assert "site.performance" not in html


def test_the_lines_of_each_part_add_up_to_it(read_ledger: Ledger, signed_in: SignIn) -> None:
    page = signed_in("officer", CITY).get(reverse("performance:figure"), {"period": "2019"})
    figure = page.context["figure"]
    published = site_ledgers.published()
    asked = {"green": ("green", None), "not_green": ("not_green", None), "undetermined": ("undetermined", True),
             "unknown": ("undetermined", False)}  # fmt: skip
    for part, (state, grouped) in asked.items():
        wanted = Wanted(periods.parse("2019"), CITY, state=state, grouped=grouped)
        assert drilldown.lines(published, wanted, 1).amount == getattr(figure.amounts, part)
    assert sum(row[1].value for row in figure.parts.rows[:-1]) == figure.parts.rows[-1][1].value


def test_a_link_of_a_part_leads_to_lines_with_its_sum(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    figure = client.get(reverse("performance:figure"), {"period": "2018"}).context["figure"]
    for row in figure.parts.rows[:-1]:
        lines = client.get(row[0].url)
        assert lines.status_code == 200
        assert lines.context["found"].amount == row[1].value


def test_lines_come_page_by_page_the_biggest_first_and_each_once(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    seen: list[str] = []
    amounts: list[int] = []
    number, count = 1, 1
    while number <= count:
        page = client.get(reverse("performance:lines"), {"period": "2018..2020", "page": number})
        count = page.context["page"].paginator.num_pages
        seen += [row[0].url for row in page.context["lines"].rows]
        amounts += [row[6].value for row in page.context["lines"].rows]
        number += 1
    assert len(seen) == len(set(seen)) == page.context["found"].lines
    assert amounts == sorted(amounts, reverse=True)


def test_a_line_shows_the_row_as_it_was_received(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    row = client.get(reverse("performance:lines"), {"period": "2019"}).context["lines"].rows[0]
    page = client.get(row[0].url)
    assert page.status_code == 200
    assert "납품요구번호" in text_of(page)
    assert f"{CITY}.csv" in text_of(page)


def test_what_cannot_be_asked_is_said_clearly(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    for wrong in ({"period": "x"}, {"basis": "x"}, {"definition": "x"}, {"by": "x"}, {"as_of": "99"}, {"level": "x"}):
        page = client.get(reverse("performance:dashboard"), wrong)
        assert page.status_code == 400, wrong
        assert next(iter(wrong.values())) in text_of(page)
    assert client.get(reverse("performance:lines"), {"state": "x"}).status_code == 400
    assert client.get(reverse("performance:lines"), {"page": "-3"}).status_code == 200
    assert client.get(reverse("performance:download", args=["items", "pdf"])).status_code == 404
    assert client.get(reverse("performance:download", args=["secrets", "csv"])).status_code == 404


def test_an_older_state_of_the_ledger_shows_its_own_figures(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", OTHER_CITY)  # its file came second
    now = client.get(reverse("performance:dashboard"))
    then = client.get(reverse("performance:dashboard"), {"as_of": "1"})
    assert now.context["reading"].has_data
    assert not then.context["reading"].has_data
    assert "자료 없음" in text_of(then)


def test_before_anything_is_published_the_page_says_what_to_do(settings: Any, tmp_path: Any, signed_in: SignIn) -> None:
    settings.LEDGER = Ledger.create(tmp_path / "leer", "2020-11-02").path
    site_ledgers.forget()
    page = signed_in("officer", CITY).get(reverse("performance:dashboard"))
    assert page.status_code == 200
    assert "아직 반영된 구매내역이 없습니다" in text_of(page)


def test_targets_and_events_stand_on_the_chart(site_ledger: Ledger, signed_in: SignIn) -> None:
    from datetime import date
    from fractions import Fraction

    kept.add(site_ledger, "targets", Target(CITY, 2019, Fraction(50), set_on=date(2019, 1, 2)))
    kept.add(site_ledger, "events", PolicyEvent(CITY, date(2019, 3, 1), "screening", "심사 규정"))
    kept.add(site_ledger, "events", PolicyEvent(OTHER_CITY, date(2019, 3, 1), "ordinance", "남의 조례"))
    page = signed_in("officer", CITY).get(reverse("performance:dashboard"))
    assert "심사 규정" in text_of(page)
    assert "남의 조례" not in page.content.decode()
    assert "50.00" in text_of(page)


def test_tables_leave_as_the_page_has_them(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    shown = client.get(reverse("performance:items"), {"period": "2019"}).context["items"]
    sent = client.get(reverse("performance:download", args=["items", "csv"]), {"period": "2019"})
    body = b"".join(sent.streaming_content)  # type: ignore[arg-type]
    assert body.startswith("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == len(shown.rows) + 1
    assert [row[2] for row in rows[1:]] == [str(row[2].value) for row in shown.rows]
    for name in (
        "trend",
        "targets",
        "core",
        "movers",
        "below",
        "potential",
        "quality",
        "missing",
        "rejects",
        "compare",
    ):
        for form in ("csv", "xlsx"):
            assert client.get(reverse("performance:download", args=[name, form])).status_code == 200, name


def test_lines_that_leave_are_all_lines_and_an_event(read_ledger: Ledger, signed_in: SignIn) -> None:
    from chorok.site.audit.models import Event

    client = signed_in("officer", CITY)
    found = client.get(reverse("performance:lines"), {"period": "2019", "state": "green"}).context["found"]
    assert not Event.objects.filter(action="lines.downloaded").exists()
    sent = client.get(reverse("performance:download_lines", args=["csv"]), {"period": "2019", "state": "green"})
    rows = list(csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert len(rows) == found.lines
    assert sum(int(row["amount"]) for row in rows) == found.amount
    event = Event.objects.get(action="lines.downloaded")
    assert event.organisation == CITY


def test_sorting_and_filtering_narrow_the_table_of_items(read_ledger: Ledger, signed_in: SignIn) -> None:
    client = signed_in("officer", CITY)
    every = client.get(reverse("performance:items"), {"period": "2019"}).context["items"]
    up = client.get(reverse("performance:items"), {"period": "2019", "sort": "eligible"}).context["items"]
    assert [row[2].value for row in up.rows] == sorted(row[2].value for row in every.rows)
    few = client.get(reverse("performance:items"), {"period": "2019", "words": "의자"}).context["items"]
    assert 0 < len(few.rows) < len(every.rows)


def test_districts_and_departments_add_up_to_the_city(read_ledger: Ledger, signed_in: SignIn) -> None:
    whole = amounts_of(CITY, "2019").share().denominator
    client = signed_in("officer", CITY)
    for level in ("district", "organisation", "department"):
        below = client.get(reverse("performance:dashboard"), {"period": "2019", "level": level}).context["below"]
        assert sum(row[2].value or 0 for row in below.rows) == whole, level


def test_two_periods_stand_beside_each_other(read_ledger: Ledger, signed_in: SignIn) -> None:
    page = signed_in("officer", CITY).get(reverse("performance:compare"), {"period": "2019"})
    rows = page.context["beside"].rows
    first, second = (amounts_of(CITY, year).share() for year in ("2019", "2018"))
    assert [cell.value for cell in rows[0][1:3]] == [percent(first.value), percent(second.value)]
    assert rows[3][3].value == first.denominator - second.denominator


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_the_database_little(
    read_ledger: Ledger, signed_in: SignIn, name: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("officer", CITY)
    client.get(reverse(f"performance:{name}"))
    with django_assert_max_num_queries(12):
        client.get(reverse(f"performance:{name}"))


def test_the_same_question_is_not_asked_of_the_ledger_again(
    read_ledger: Ledger, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("officer", CITY)
    client.get(reverse("performance:dashboard"))
    monkeypatch.setattr(figures, "open_engine", lambda *_, **__: pytest.fail("the cube was read again"))
    assert client.get(reverse("performance:dashboard")).status_code == 200


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019", "2019년"),
        ("2019H2", "2019년 하반기"),
        ("2019Q3", "2019년 3분기"),
        ("2019-07", "2019년 7월"),
        ("2018..2019", "2018..2019"),
    ],
)
def test_a_heading_says_the_period_as_people_do(read_ledger: Ledger, signed_in: SignIn, period: str, said: str) -> None:
    page = signed_in("officer", CITY).get(reverse("performance:dashboard"), {"period": period})
    assert f"가람시 {said} 녹색제품 구매율" in page.content.decode()


def test_columns_beside_each_other_are_headed_by_what_they_hold(read_ledger: Ledger, signed_in: SignIn) -> None:
    table = signed_in("officer", CITY).get(reverse("performance:compare"), {"period": "2019"}).context["beside"]
    assert [column.text for column in table.columns][1:3] == ["2019년", "2018년"]
