"""A request of one's own: made, edited, swapped, split, handed in and withdrawn by forms, and what forms may not do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from chorok.ledger.store import Ledger
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.audit.services import verify
from chorok.site.screening import services, signing
from chorok.site.screening.models import Line, Paper, Request
from site_world import CHAIR_ITEM, NEAR_CHAIR

Adopt = Callable[..., Actor]
SignIn = Callable[..., Client]
OTHER_CHAIR = {"description": "회의용의자", "detail_code": CHAIR_ITEM, "quantity": 2, "unit": "개", "amount": 150_000}
GREEN_CHAIR = {"product_id": NEAR_CHAIR, "description": "초록의자", "quantity": 2, "unit": "개", "amount": 200_000}
PIPE = {"description": "배수관", "class_code": "90000002", "quantity": 3, "unit": "개", "amount": 30_000}


@pytest.fixture
def buyer(market: Ledger, signed_in: SignIn) -> Client:
    return signed_in("purchaser", builders.WEST)


def posted(page: str) -> dict[str, Any]:
    """Return what a browser would send of the form of a request, as it stands on the page."""
    form = page[page.index("data-guarded") : page.index("</form>", page.index("data-guarded"))]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and kind and (kind[1] not in ("checkbox", "file") or "checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea\b[^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    for name, inner in re.findall(r'<select\b[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def kept(client: Client, request: Request, **changes: Any) -> Any:
    """Post the form of a request with some changes."""
    page = client.get(f"/screening/{request.pk}/edit/").content.decode()
    return client.post(f"/screening/{request.pk}/edit/", {**posted(page), **changes}, follow=True)


@pytest.fixture
def own(buyer: Client, adopted: Adopt) -> Callable[..., Request]:
    """Draft a request as the purchaser who is signed in."""

    def make(*lines: dict[str, Any], policy: str = "legal") -> Request:
        adopted(policy)
        form = {"organisation": builders.WEST, "title": "사무용품", "kind": "goods", "lines-INITIAL_FORMS": "0"}
        for number, line in enumerate(lines):
            form |= {f"lines-{number}-{name}": str(value) for name, value in line.items() if name != "class_code"}
        answer = buyer.post("/screening/new/", {**form, "lines-TOTAL_FORMS": str(len(lines)), "do": "draft"})
        assert answer.status_code == 302, answer.content.decode()
        return Request.objects.latest("pk")

    return make


def test_a_request_is_made_and_says_what_to_do(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert (one.state, one.amount) == ("draft", 150_000)
    assert "대신 살 녹색제품이 있습니다" in page
    assert "이 제품으로 바꾸기" in page


def test_one_click_swaps_another_undoes_it(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    line = one.lines.get()
    kept(buyer, one, do=f"swap:{line.pk}:{NEAR_CHAIR}/T-21/NC-21")
    line.refresh_from_db()
    assert (line.product_id, line.outcome, line.amount) == (NEAR_CHAIR, "pass_green", 190_000)
    answer = kept(buyer, one, do=f"unswap:{line.pk}")
    line.refresh_from_db()
    assert (line.description, line.product_id, line.detail_code, line.amount) == ("회의용의자", "", CHAIR_ITEM, 150_000)
    assert line.swapped_from is None
    assert "되돌렸습니다" in answer.content.decode()


def test_an_alternative_that_is_gone_is_said_and_what_was_typed_is_kept(
    buyer: Client, own: Callable[..., Request]
) -> None:
    one = own(OTHER_CHAIR)
    line = one.lines.get()
    answer = kept(buyer, one, do=f"swap:{line.pk}:1/2/3", **{"lines-0-quantity": "7"})
    line.refresh_from_db()
    assert line.quantity == 7
    assert "대체품이 바뀌었습니다" in answer.content.decode()


def test_a_ground_with_statement_and_paper_goes_to_the_leader(
    buyer: Client, own: Callable[..., Request], settings: Any
) -> None:
    one = own(OTHER_CHAIR)
    paper = SimpleUploadedFile("공급 거절.pdf", b"%PDF <script>", content_type="text/html")
    said = {"lines-0-ground": "2", "lines-0-statement": "공급 업체가 납기를 지킬 수 없음", "lines-0-paper": paper}
    kept(buyer, one, do="submit", **said)
    one.refresh_from_db()
    line = one.lines.get()
    assert (one.state, line.evidence) == ("awaiting", "공급 거절.pdf")
    found = Paper.objects.get()
    assert found.sha256 == hashlib.sha256(b"%PDF <script>").hexdigest()
    assert (Path(settings.SITE_FOLDER) / "papers" / found.sha256).read_bytes() == b"%PDF <script>"
    assert verify() == []


def test_papers_are_files_for_those_within_reach_alone(
    buyer: Client, own: Callable[..., Request], signed_in: SignIn
) -> None:
    one = own(OTHER_CHAIR)
    kept(buyer, one, **{"lines-0-ground": "2", "lines-0-paper": SimpleUploadedFile("a.txt", b"<b>")})
    paper = Paper.objects.get()
    answer = buyer.get(f"/screening/papers/{paper.pk}/")
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    assert b"".join(answer) == b"<b>"
    assert signed_in("leader", builders.OTHER_CITY).get(f"/screening/papers/{paper.pk}/").status_code == 404


def test_a_paper_is_removed_put_back_and_both_are_in_the_audit(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    said = {"lines-0-ground": "2", "lines-0-evidence": "회신 1호"}
    kept(buyer, one, **said, **{"lines-0-paper": SimpleUploadedFile("회신.pdf", b"%PDF-1.7")})
    paper = Paper.objects.get()
    kept(buyer, one, do=f"drop:{paper.pk}", **{"lines-0-statement": "적던 글"})
    line = one.lines.get()
    assert (Paper.objects.count(), line.evidence, line.statement) == (0, "회신 1호", "적던 글")
    assert buyer.get(f"/screening/papers/{paper.pk}/").status_code == 404
    page = kept(buyer, one, do=f"restore:{paper.pk}").content.decode()
    assert (Paper.objects.get(), one.lines.get().evidence) == (paper, "회신 1호\n회신.pdf")
    assert "회신.pdf 파일을 되돌렸습니다" in page
    acts = Event.objects.filter(action__startswith="screening.paper").values_list("action", flat=True).order_by("pk")
    assert list(acts) == ["screening.paper_added", "screening.paper_removed", "screening.paper_restored"]
    assert verify() == []


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("악성.exe", b"MZ", "첨부할 수 없는 형식"),
        ("회신.pdf", b"MZ", "PDF 형식이 아닙니다"),
        ("회신.pdf", b"", "빈 파일"),
    ],
)
def test_what_is_no_paper_is_refused_with_why(
    buyer: Client, own: Callable[..., Request], name: str, content: bytes, wrong: str
) -> None:
    one = own(OTHER_CHAIR)
    kept(buyer, one, **{"lines-0-ground": "2"})
    answer = kept(buyer, one, **{"lines-0-statement": "x", "lines-0-paper": SimpleUploadedFile(name, content)})
    assert answer.status_code == 400
    assert wrong in answer.content.decode()
    assert posted(answer.content.decode())["lines-0-statement"] == "x"
    assert Paper.objects.count() == 0


def test_a_paper_of_another_request_cannot_be_removed(buyer: Client, own: Callable[..., Request]) -> None:
    one, other = own(OTHER_CHAIR), own(OTHER_CHAIR)
    kept(buyer, other, **{"lines-0-ground": "2", "lines-0-paper": SimpleUploadedFile("a.txt", b"a")})
    assert kept(buyer, one, do=f"drop:{Paper.objects.get().pk}").status_code == 404
    assert Paper.objects.count() == 1


def test_a_ground_without_evidence_comes_back_and_says_what_lacks(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    kept(buyer, one, do="submit", **{"lines-0-ground": "2", "lines-0-statement": "안 됨"})
    one.refresh_from_db()
    assert one.state == "returned"
    assert "증빙을 첨부하십시오" in buyer.get(f"/screening/{one.pk}/edit/").content.decode()


def test_strict_offers_no_ground(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR, policy="strict")
    page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert "②~⑤를 인정하지 않습니다" in page
    assert "lines-0-ground" not in page
    answer = kept(buyer, one, **{"lines-0-ground": "2", "lines-0-quantity": "3"})
    assert answer.status_code == 200
    assert one.lines.get().ground == ""


def test_only_grounds_of_the_policy_can_be_chosen(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert 'value="4 other_law"' in page
    assert '<option value="1"' not in page
    assert kept(buyer, one, **{"lines-0-ground": "1"}).status_code == 400
    assert one.lines.get().ground == ""


def test_passing_lines_are_split_off(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR, GREEN_CHAIR)
    answer = kept(buyer, one, do="split")
    assert "통과한 항목 1건을" in answer.content.decode()
    assert [line.description for line in one.lines.all()] == ["회의용의자"]
    assert Request.objects.get(split_from=one).state == "passed"


def test_lines_are_added_and_taken_away(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR, GREEN_CHAIR)
    kept(buyer, one, **{"lines-0-DELETE": "on", "lines-2-description": "새 물건", "lines-2-quantity": "1"})
    assert [line.description for line in one.lines.all()] == ["초록의자", "새 물건"]


def test_lines_that_were_taken_away_come_back_with_all_they_had(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR, GREEN_CHAIR, PIPE)
    kept(buyer, one, **{"lines-0-ground": "2", "lines-0-paper": SimpleUploadedFile("a.txt", b"a")})
    before = [(line.description, line.quantity, line.amount, line.evidence) for line in one.lines.all()]
    page = kept(buyer, one, **{"lines-0-DELETE": "on", "lines-2-DELETE": "on"}).content.decode()
    assert "항목 2건을 삭제하였습니다" in page
    assert [line.description for line in one.lines.all()] == ["초록의자"]
    page = kept(buyer, one, do="put_back").content.decode()
    assert [(line.description, line.quantity, line.amount, line.evidence) for line in one.lines.all()] == before
    assert Paper.objects.get().line.number == 1
    assert 'value="put_back"' not in page


def test_a_line_is_doubled_and_a_request_copied_without_evidence(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR, GREEN_CHAIR)
    kept(buyer, one, **{"lines-0-ground": "2", "lines-0-statement": "사유", "lines-0-evidence": "문서 1호"})
    kept(buyer, one, do=f"double:{one.lines.get(number=1).pk}")
    assert [(line.description, line.statement, line.evidence) for line in one.lines.all()] == [
        ("회의용의자", "사유", "문서 1호"), ("회의용의자", "사유", ""), ("초록의자", "", ""),
    ]  # fmt: skip
    buyer.post(f"/screening/{one.pk}/withdraw/", {"version": "3"})
    answer = buyer.post(f"/screening/{one.pk}/copy/", follow=True)
    made = Request.objects.latest("pk")
    assert (made.title, made.state, made.amount) == ("사무용품 (복사)", "draft", 500_000)
    assert [line.statement for line in made.lines.all()] == ["", "", ""]
    assert "복사하지 않았습니다" in answer.content.decode()


def test_submitting_twice_from_one_page_is_submitting_once(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(GREEN_CHAIR)
    form = posted(buyer.get(f"/screening/{one.pk}/edit/").content.decode())
    form |= {"do": "submit", "csrfmiddlewaretoken": "a" * 64}
    answers = [buyer.post(f"/screening/{one.pk}/edit/", form) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/screening/{one.pk}/"] * 2
    one.refresh_from_db()
    assert (one.state, one.steps.filter(verb="submit").count()) == ("passed", 1)


def test_more_lines_without_a_script(buyer: Client, own: Callable[..., Request]) -> None:
    answer = kept(buyer, own(GREEN_CHAIR), do="more", **{"lines-0-quantity": "9"})
    page = answer.content.decode()
    assert posted(page)["lines-TOTAL_FORMS"] == "5"
    assert posted(page)["lines-0-quantity"] == "9"


def test_the_amount_follows_quantity_and_price(buyer: Client, own: Callable[..., Request]) -> None:
    one = own({**GREEN_CHAIR, "unit_price": 100_000})
    kept(buyer, one, **{"lines-0-quantity": "3"})
    assert one.lines.get().amount == 300_000


def test_the_second_of_two_tabs_is_told_and_what_it_typed_is_shown(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(GREEN_CHAIR)
    old = posted(buyer.get(f"/screening/{one.pk}/edit/").content.decode())
    kept(buyer, one, **{"lines-0-quantity": "5"})
    answer = buyer.post(f"/screening/{one.pk}/edit/", {**old, "lines-0-description": "다른 탭의 의자"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "보고 계신 동안 요청이 바뀌었습니다" in page
    assert "다른 탭의 의자" in page
    assert posted(page)["lines-0-quantity"] == "5"
    assert one.lines.get().description == "초록의자"
    typed = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert typed
    assert typed[1].split("\n")[1:3] == ["1번 품명: 다른 탭의 의자", "1번 수량: 2"]


def test_what_was_typed_of_a_line_that_is_gone_meanwhile_is_shown(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(GREEN_CHAIR, OTHER_CHAIR)
    old = posted(buyer.get(f"/screening/{one.pk}/edit/").content.decode())
    kept(buyer, one, **{"lines-0-DELETE": "on"})
    page = buyer.post(f"/screening/{one.pk}/edit/", {**old, "title": "새 제목", "lines-0-unit": "벌"}).content.decode()
    assert "제목: 새 제목" in page
    assert "새 항목 단위: 벌" in page


@pytest.mark.parametrize("version", ["", "x", "-1", "999999999999999999999"])
def test_a_forged_version_is_no_version(buyer: Client, own: Callable[..., Request], version: str) -> None:
    one = own(GREEN_CHAIR)
    assert kept(buyer, one, version=version, do="submit").status_code == 409
    one.refresh_from_db()
    assert one.state == "draft"


def test_fields_that_forms_do_not_have_change_nothing(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    forged = {"state": "approved", "lines-0-outcome": "pass_green", "lines-0-closed_how": "cosigned", "policy": "x"}
    kept(buyer, one, **forged, **{"lines-0-quantity": "3", "lines-0-swapped_from": "{}"})
    one.refresh_from_db()
    assert (one.state, one.lines.get().outcome, one.lines.get().swapped_from) == ("draft", "denied", None)


def test_a_line_of_another_request_is_not_there(buyer: Client, own: Callable[..., Request]) -> None:
    one, other = own(OTHER_CHAIR), own(GREEN_CHAIR)
    theirs = other.lines.get().pk
    assert kept(buyer, one, **{"lines-0-was": str(theirs)}).status_code == 404
    assert kept(buyer, one, do=f"swap:{theirs}:{NEAR_CHAIR}/T-21/NC-21").status_code == 404
    assert Line.objects.get(pk=theirs).request_id == other.pk


def test_who_may_not_ask_there_does_not_find_it(buyer: Client, own: Callable[..., Request], signed_in: SignIn) -> None:
    one = own(GREEN_CHAIR)
    for role, place in (("purchaser", builders.EAST), ("leader", builders.OTHER_CITY)):
        assert signed_in(role, place).get(f"/screening/{one.pk}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"quantity": 3}, "가운데 하나는 적으십시오"),
        ({"description": "의자", "quantity": "많이"}, "수량을 0보다 큰 숫자로"),
        ({"description": "의자", "amount": "백만원쯤"}, "금액을 숫자로"),
        ({"description": "x" * 501}, "500"),
    ],
)
def test_bad_lines_are_marked_and_nothing_typed_is_lost(buyer: Client, line: dict[str, Any], wrong: str) -> None:
    form = {"organisation": builders.WEST, "title": "사무용품", "kind": "goods", "lines-INITIAL_FORMS": "0"}
    form |= {f"lines-0-{name}": str(value) for name, value in line.items()}
    answer = buyer.post("/screening/new/", {**form, "lines-TOTAL_FORMS": "1", "do": "draft"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert wrong in page
    assert all(posted(page)[f"lines-0-{name}"] == str(value) for name, value in line.items())
    assert Request.objects.count() == 0


def test_a_request_without_lines_is_none(buyer: Client) -> None:
    form = {"organisation": builders.WEST, "title": "빈 요청", "kind": "goods", "lines-INITIAL_FORMS": "0"}
    answer = buyer.post("/screening/new/", {**form, "lines-TOTAL_FORMS": "3", "do": "draft"})
    assert answer.status_code == 400
    assert Request.objects.count() == 0


def test_where_nothing_is_adopted_there_is_no_button_and_no_way_to_submit(buyer: Client, purchaser: Actor) -> None:
    one = services.draft(
        purchaser, organisation=builders.WEST, header=services.Header("x"), lines=[services.Wanted(GREEN_CHAIR)]
    )
    page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert 'value="submit"' not in page
    assert "환경부서 팀장에게 심사 방침 도입을 요청하십시오" in page
    assert "제출할 수 없습니다" in kept(buyer, one, do="submit").content.decode()


def test_what_the_leader_said_stands_where_it_is_mended(
    buyer: Client, own: Callable[..., Request], actor: Callable[..., Actor]
) -> None:
    one = own(OTHER_CHAIR)
    said = {"lines-0-ground": "2", "lines-0-statement": "공급 불가", "lines-0-evidence": "문서 1호"}
    page = kept(buyer, one, **said).content.decode()
    assert "담당자의 확인과 협조를 거칩니다" in page
    kept(buyer, one, do="submit")
    one.refresh_from_db()
    leader = actor("leader", builders.CITY)
    signing.send_back(
        leader, pk=one.pk, version=one.version, reason="회신 원본을 붙일 것", office="environment_team_leader"
    )
    assert "회신 원본을 붙일 것" in buyer.get(f"/screening/{one.pk}/edit/").content.decode()


def test_a_difference_that_came_as_one_text_stays_until_it_is_written_anew(
    buyer: Client, purchaser: Actor, adopted: Adopt
) -> None:
    adopted()
    chair = {"description": "회의용의자", "quantity": 2, "difference": "높이 70/75"}
    one = services.draft(
        purchaser, organisation=builders.WEST, header=services.Header("x"), lines=[services.Wanted(chair)]
    )
    assert kept(buyer, one, **{"lines-0-quantity": "3"}).status_code == 200
    assert (one.lines.get().quantity, one.lines.get().difference) == (3, "높이 70/75")
    assert kept(buyer, one, **{"lines-0-difference_needed": "75"}).status_code == 400


def test_it_is_withdrawn_after_a_question(buyer: Client, own: Callable[..., Request]) -> None:
    one = own(OTHER_CHAIR)
    assert "철회하시겠습니까" in buyer.get(f"/screening/{one.pk}/withdraw/").content.decode()
    buyer.post(f"/screening/{one.pk}/withdraw/", {"version": "1"})
    one.refresh_from_db()
    assert one.state == "withdrawn"
    assert buyer.get(f"/screening/{one.pk}/edit/").status_code == 302


def test_amending_what_was_agreed_to_is_warned_of_and_lapses(
    buyer: Client, own: Callable[..., Request], actor: Callable[..., Actor]
) -> None:
    one = own(OTHER_CHAIR)
    said = {"lines-0-ground": "2", "lines-0-statement": "공급 불가", "lines-0-evidence": "문서 1호"}
    kept(buyer, one, do="submit", **said)
    one.refresh_from_db()
    leader = actor("leader", builders.CITY)
    signing.close(leader, pk=one.pk, version=one.version, how="cosigned", numbers=[1], office="environment_team_leader")
    page = buyer.get(f"/screening/{one.pk}/edit/").content.decode()
    assert "협조는 효력을 잃습니다" in page
    kept(buyer, one, **{"lines-0-quantity": "20"})
    one.refresh_from_db()
    assert (one.state, one.lines.get().closed_how) == ("draft", "")
