"""The pages of an assessment: what people fill in, see and download."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.assessments import reading, selectors, services
from chorok.site.assessments.models import Material, OpenPoint, Project
from chorok.site.assessments.reading import Bill
from chorok.site.assessments.services import Header
from site_world import CHAIR_ITEM, NEAR_CHAIR

pytestmark = pytest.mark.django_db

SHEET = (
    "품명,규격,물품식별번호,세부품명번호,수량,단위,금액,관급/사급\n"
    f'초록의자,NC-21,{NEAR_CHAIR},,3,개,"300,000",관급\n'
    f"회의용의자,,,{CHAIR_ITEM},2,개,150000,사급\n"
    "조경공사,,,,1,식,500000,사급\n"
    "합계,,,,,,950000,\n"
)
HEADER = {"name": "구청사 보수", "kind": "works", "stage": "planned", "organisation": builders.WEST}


@pytest.fixture
def officer(market: Ledger, signed_in: Callable[..., Client]) -> Client:
    """Somebody of a district who plans works, signed in."""
    return signed_in("officer", builders.WEST)


@pytest.fixture
def project(market: Ledger, actor: Callable[..., Actor]) -> Project:
    """A project of three materials."""
    lines = (
        {"description": "초록의자", "product_id": NEAR_CHAIR, "quantity": Decimal(3), "unit": "개", "amount": 300_000},
        {"description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": Decimal(2), "unit": "개",
         "amount": 150_000, "furnished": True},
        {"description": "<b>무엇</b>", "amount": 10_000},
    )  # fmt: skip
    bill = Bill(tuple(reading.checked(one, number) for number, one in enumerate(lines, 1)))
    officer = actor("officer", builders.WEST)
    return services.make(officer, organisation=builders.WEST, header=Header("구청사 보수", "works"), bill=bill)


def sheet(text: str = SHEET, name: str = "자재.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8-sig"), "text/csv")


def test_a_file_becomes_a_project_with_what_is_furnished_marked(officer: Client) -> None:
    answer = officer.post(reverse("assessments:new"), {**HEADER, "file": sheet()}, follow=True)
    assert answer.status_code == 200
    found = Material.objects.order_by("number").values_list("description", "furnished", "outcome", "amount")
    assert list(found) == [
        ("초록의자", True, "pass_green", 300_000),
        ("회의용의자", False, "contract_clause", 150_000),
        ("조경공사", False, "returned_to_split", 500_000),
    ]
    page = answer.content.decode()
    assert "66.7% → 100.0%" in page
    assert "31.6~100.0%" in page
    assert "+40,000" in page


def test_pasted_lines_and_tables_are_read(officer: Client) -> None:
    for text in ("회의용의자 2개 150,000원\n배수관", SHEET.replace('"300,000"', "300000").replace(",", "\t")):
        assert officer.post(reverse("assessments:new"), {**HEADER, "text": text}).status_code == 302
    first, second = Project.objects.order_by("pk")
    assert [one.amount for one in selectors.run(first).materials.all()] == [150_000, None]
    assert [one.furnished for one in selectors.run(second).materials.all()] == [True, False, False]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": "   "}, "비어"),
        ({}, "비어"),
        ({"text": "의자", "file": "both"}, "하나만"),
        ({"file": "코드,비고\nA,B\n"}, "물품을 적은 열이 없습니다"),
        ({"file": "품명,수량,금액\n의자,2,모름\n"}, "읽을 수 없는"),
        ({"text": "가" * 600}, "500자보다"),
        ({"text": "의자", "contract_on": "2020-01-01", "design_on": "2020-02-01"}, "앞설 수 없습니다"),
        ({"text": "의자", "organisation": builders.OTHER_WEST}, "올바르게"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_of_what_was_typed_is_lost(
    officer: Client, sent: dict[str, Any], said: str
) -> None:
    data = {**HEADER, **sent}
    if "file" in data:
        data["file"] = sheet(SHEET if data["file"] == "both" else data["file"])
    answer = officer.post(reverse("assessments:new"), data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert 'value="구청사 보수"' in page
    assert not Project.objects.exists()


def test_a_file_that_can_be_read_in_two_ways_asks_and_takes_the_answer(officer: Client) -> None:
    text = "품명,수량,도급금액,설계금액\n회의용의자,2,150000,160000\n"
    answer = officer.post(reverse("assessments:new"), {**HEADER, "file": sheet(text)})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<textarea name="answers"' in page
    again = {**HEADER, "file": sheet(text), "answers": "amount=도급금액"}
    assert officer.post(reverse("assessments:new"), again).status_code == 302
    assert Material.objects.get().amount == 150_000


def test_the_page_says_verdicts_and_escapes_what_people_typed(officer: Client, project: Project) -> None:
    page = officer.get(reverse("assessments:project", args=[project.pk])).content.decode()
    assert "&lt;b&gt;무엇&lt;/b&gt;" in page
    assert "<b>무엇</b>" not in page
    assert "T-21" in page
    english = officer.get(reverse("assessments:project", args=[project.pk]), headers={"Accept-Language": "en"})
    assert "Must be green" in english.content.decode()
    only = officer.get(reverse("assessments:project", args=[project.pk]) + "?show=furnished").content.decode()
    assert "회의용의자" in only
    assert "초록의자</a>" not in only


def test_pages_need_few_queries(officer: Client, project: Project, django_assert_max_num_queries: Any) -> None:
    for name, args in (("project", [project.pk]), ("list", []), ("points", []), ("compare", [project.pk])):
        with django_assert_max_num_queries(30):
            assert officer.get(reverse(f"assessments:{name}", args=args)).status_code == 200


def test_chosen_lines_are_marked_or_all_of_them(officer: Client, project: Project) -> None:
    url = reverse("assessments:mark", args=[project.pk])
    officer.post(url, {"version": 1, "mark": "furnished", "line": ["1", "junk"]})
    marks = selectors.run(project).materials.values_list("furnished", flat=True)
    assert list(marks) == [True, True, False]
    asked = officer.post(url, {"version": 2, "mark": "contracted_all"}).content.decode()
    assert 'name="sure"' in asked
    assert selectors.run(project).materials.filter(furnished=True).count() == 2
    officer.post(url, {"version": 2, "mark": "contracted_all", "sure": "1"})
    assert not selectors.run(project).materials.filter(furnished=True).exists()
    stale = officer.post(url, {"version": 1, "mark": "furnished_all", "sure": "1"}, follow=True)
    assert "다른 사람이 바꾸었습니다" in stale.content.decode()
    assert not selectors.run(project).materials.filter(furnished=True).exists()


def test_a_line_is_mended_split_and_taken_out(officer: Client, project: Project) -> None:
    line = reverse("assessments:line", args=[project.pk, 3])
    assert officer.get(line).status_code == 200
    bad = officer.post(line, {"version": 1, "description": "배수관", "detail_code": "12", "quantity": "-1"})
    assert bad.status_code == 400
    good = {"version": 1, "description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": "1.5", "unit": "개"}
    assert officer.post(line, good).status_code == 302
    split = reverse("assessments:split", args=[project.pk, 3])
    assert officer.get(split).status_code == 200
    assert officer.post(split, {"version": 2, "parts": "책상 1개\n의자 2개"}).status_code == 302
    away = reverse("assessments:remove", args=[project.pk, 4])
    assert "의자" in officer.get(away).content.decode()
    assert selectors.run(project).materials.count() == 4
    officer.post(away, {"version": 3})
    assert selectors.run(project).materials.count() == 3


def test_the_clause_is_there_in_both_languages_as_text_pdf_and_hwpx(officer: Client, project: Project) -> None:
    page = officer.get(reverse("assessments:clause", args=[project.pk])).content.decode()
    assert "초록의자" in page
    assert page.count("<textarea") == 2
    for form, head in (("pdf", b"%PDF"), ("hwpx", b"PK")):
        for language in ("ko", "en"):
            url = reverse("assessments:clause_file", args=[project.pk, form]) + f"?language={language}"
            answer = officer.get(url)
            assert answer.content.startswith(head)
            assert "attachment" in answer["Content-Disposition"]
    assert officer.get(reverse("assessments:clause_file", args=[project.pk, "exe"])).status_code == 404


def test_the_materials_come_as_a_sheet(officer: Client, project: Project) -> None:
    answer = officer.get(reverse("assessments:project", args=[project.pk]) + "?as=csv")
    rows = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(rows) == 4
    assert rows[0].startswith("번호,자재")
    assert officer.get(reverse("assessments:project", args=[project.pk]) + "?as=xlsx").status_code == 200


def test_two_runs_are_compared_on_a_page(officer: Client, project: Project) -> None:
    url = reverse("assessments:run", args=[project.pk])
    assert officer.get(url).status_code == 200
    answer = officer.post(url, {"version": 1, "file": sheet()}, follow=True)
    page = answer.content.decode()
    assert "빠짐" in page or "자재가 바뀜" in page
    same = officer.post(url, {"version": 2, "do": "same"}, follow=True).content.decode()
    assert "바뀐 것이 없습니다" in same
    assert officer.post(url, {"version": 1, "do": "same"}).status_code == 400


def test_points_are_listed_narrowed_and_closed(officer: Client, project: Project) -> None:
    point = OpenPoint.objects.get(kind="cannot_tell")
    url = reverse("assessments:points")
    assert "&lt;b&gt;무엇" in officer.get(url).content.decode()
    assert "&lt;b&gt;무엇" not in officer.get(url + "?kind=split").content.decode()
    assert officer.get(url + "?sort=-due&state=late").status_code == 200
    page = reverse("assessments:point", args=[point.pk])
    kept = {"version": 1, "owner": "accounting_officer", "due_on": "2020-10-01", "note": "문의"}
    assert officer.post(page, kept).status_code == 302
    assert "&lt;b&gt;무엇" in officer.get(url + "?state=late").content.decode()
    assert officer.post(reverse("assessments:close_point", args=[point.pk]), {"version": 2}).status_code == 400
    closed = {"version": 2, "words": "품목을 확인함"}
    assert officer.post(reverse("assessments:close_point", args=[point.pk]), closed).status_code == 302
    assert "품목을 확인함" in officer.get(page).content.decode()
    officer.post(reverse("assessments:reopen_point", args=[point.pk]), {"version": 3})
    point.refresh_from_db()
    assert point.closed_how == ""


def test_a_request_of_what_is_furnished_is_asked_for_first(officer: Client, project: Project) -> None:
    url = reverse("assessments:request", args=[project.pk])
    assert "회의용의자" in officer.get(url).content.decode()
    answer = officer.post(url, {"version": 1})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/screening/")
    assert "이미 만든 요청" in officer.get(url).content.decode()


def test_a_certificate_is_checked_on_a_page(officer: Client, project: Project) -> None:
    officer.post(
        reverse("assessments:change", args=[project.pk]),
        {"version": 1, "name": "구청사 보수", "kind": "works", "stage": "contracted"},
    )
    url = reverse("assessments:proof", args=[project.pk, 1])
    assert officer.get(url).status_code == 200
    answer = officer.post(url, {"version": 2, "certificate": "T-21", "on": "2020-11-02"}, follow=True)
    assert "검수일에 유효합니다" in answer.content.decode()


def test_a_project_is_put_aside_and_taken_up(officer: Client, project: Project) -> None:
    url = reverse("assessments:aside", args=[project.pk])
    officer.post(url, {"version": 1, "aside": "1"})
    listed = reverse("assessments:list")
    assert "구청사 보수</a>" not in officer.get(listed).content.decode()
    assert "구청사 보수</a>" in officer.get(listed + "?aside=on").content.decode()
    officer.post(url, {"version": 2, "aside": "0"})
    assert "구청사 보수</a>" in officer.get(listed + "?sort=-open&q=구청사").content.decode()


def test_another_city_sees_nothing_and_readers_change_nothing(
    project: Project, signed_in: Callable[..., Client]
) -> None:
    stranger = signed_in("officer", builders.OTHER_CITY)
    names = ("project", "change", "run", "compare", "clause", "request")
    for name in names:
        assert stranger.get(reverse(f"assessments:{name}", args=[project.pk])).status_code == 404
    assert stranger.get(reverse("assessments:line", args=[project.pk, 1])).status_code == 404
    assert stranger.get(reverse("assessments:point", args=[project.points.first().pk])).status_code == 404  # type: ignore[union-attr]
    reader = signed_in("auditor", builders.CITY)
    assert reader.get(reverse("assessments:project", args=[project.pk])).status_code == 200
    assert reader.get(reverse("assessments:change", args=[project.pk])).status_code == 403
    assert reader.post(reverse("assessments:mark", args=[project.pk]), {"version": 1}).status_code == 403


def test_an_empty_list_says_what_to_do(officer: Client, signed_in: Callable[..., Client]) -> None:
    assert reverse("assessments:new") in officer.get(reverse("assessments:list")).content.decode()
    auditor = signed_in("auditor", builders.WEST)
    assert reverse("assessments:new") not in auditor.get(reverse("assessments:list")).content.decode()
    assert "미결사항이 없습니다" in auditor.get(reverse("assessments:points")).content.decode()


def test_five_thousand_lines_are_taken(officer: Client) -> None:
    rows = "\n".join(f"회의용의자 {number},{CHAIR_ITEM},{number % 7 + 1},개,{number}000" for number in range(1, 5001))
    text = "품명,세부품명번호,수량,단위,금액\n" + rows
    file = SimpleUploadedFile("많음.csv", io.BytesIO(text.encode()).read())
    assert officer.post(reverse("assessments:new"), {**HEADER, "file": file}).status_code == 302
    project = Project.objects.get()
    assert selectors.run(project).materials.count() == 5000
    assert officer.get(reverse("assessments:project", args=[project.pk]) + "?page=100").status_code == 200
