"""The documents of a request are filled in from it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

import builders
from chorok.core.errors import UsageError
from chorok.ledger.screening import sub_code
from chorok.publications.screening_words import sub_code_words
from chorok.site.accounts.rights import Actor
from chorok.site.audit.models import Event
from chorok.site.screening import documents, services, signing
from chorok.site.screening.models import Request
from chorok.site.screening.views import papers_out

from .test_request import of, submitted
from .test_services import GREEN_CHAIR, LEADER, OTHER_CHAIR, SAID, Adopt, Ask


@pytest.fixture
def signed(adopted: Adopt, asked: Ask, purchaser: Actor) -> tuple[Actor, Request]:
    """A request of a green chair and of a pipe that a leader signed."""
    leader = adopted()
    one = submitted(purchaser, asked(GREEN_CHAIR, {**SAID, "evidence": "검색 화면"}, title="사무용품 #1 *[x]*"))
    return leader, signing.close(
        leader, pk=one.pk, version=1, how="cosigned", numbers=[2], reason="확인함", office=LEADER
    )


def test_the_sheet_says_what_the_request_says(signed: tuple[Actor, Request]) -> None:
    _, one = signed
    sheet = documents.sheet(one, "ko")
    assert sheet.heading.title == one.title
    assert sheet.heading.requester == one.requester.name if one.requester else False
    assert [(line.number, line.outcome, line.possible) for line in sheet.lines] == [
        (1, "pass_green", "yes"), (2, "approved", "no"),
    ]  # fmt: skip
    assert (sheet.basis.policy_version, sheet.basis.registry) == (one.policy_version, one.registry)
    assert sheet.basis.registry_day is not None
    assert [step.act for step in sheet.steps] == ["submitted", "cosigned"]
    roles = [(box.role, bool(box.name), box.act) for box in sheet.signatures]
    assert roles == [
        ("requester", True, "submitted"), ("department_head", False, None), (LEADER, True, "cosigned"),
    ]  # fmt: skip


def test_the_statement_holds_reasons_search_and_who_signed(signed: tuple[Actor, Request]) -> None:
    leader, one = signed
    found = documents.statement(one, "ko")
    assert found is not None
    (reasons,) = found.lines
    assert (reasons.line.number, reasons.text, reasons.evidence) == (2, SAID["statement"], ("검색 화면",))
    assert reasons.search is not None
    assert reasons.search.registry == one.registry
    assert reasons.cosign is not None
    assert (reasons.cosign.act, reasons.cosign.remark, reasons.cosign.on) == ("cosigned", "확인함", leader.today)


def test_where_nothing_has_to_be_stated_there_is_no_statement(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    adopted()
    one = submitted(purchaser, asked(GREEN_CHAIR))
    client = of(purchaser.user_id)
    assert documents.statement(one, "ko") is None
    assert client.get(reverse("screening:statement", args=[one.pk, "pdf"])).status_code == 404
    assert client.get(reverse("screening:sheet", args=[one.pk, "exe"])).status_code == 404


@pytest.mark.parametrize(("language", "heading"), [("ko", "검토서"), ("en", "Review sheet")])
def test_files_are_in_the_readers_language_and_each_is_an_event(
    signed: tuple[Actor, Request], language: str, heading: str
) -> None:
    leader, one = signed
    client = of(leader.user_id)
    client.cookies["language"] = language
    pdf = client.get(reverse("screening:sheet", args=[one.pk, "pdf"]))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    pages = pypdf.PdfReader(BytesIO(pdf.content)).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    assert one.title in text
    assert heading.casefold() in text.casefold()
    hwpx = client.get(reverse("screening:statement", args=[one.pk, "hwpx"]))
    assert hwpx.content.startswith(b"PK")
    assert "attachment" in hwpx["Content-Disposition"]
    assert Event.objects.filter(action="screening.exported").count() == 2


def test_a_denied_line_is_one_that_could_be_green(adopted: Adopt, asked: Ask, purchaser: Actor) -> None:
    adopted()
    one = submitted(purchaser, asked(OTHER_CHAIR))
    (line,) = documents.sheet(one, "en").lines
    assert (line.outcome, line.alternative, line.possible) == ("denied", "sure", "yes")
    assert line.green


@pytest.mark.parametrize(("ground", "case"), [("⑤ 긴급한 수요", "urgent"), ("5 urgent", "urgent"), ("②", ""), ("", "")])
def test_the_case_of_a_ground_is_read_as_screening_reads_it(ground: str, case: str) -> None:
    assert (sub_code(ground, sub_code_words()) or "") == case


def test_without_a_typeface_the_page_says_so(signed: tuple[Actor, Request], monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> bytes:
        raise UsageError("fonts_missing")

    monkeypatch.setitem(papers_out.KINDS, "pdf", (none, "application/pdf"))
    leader, one = signed
    answer = of(leader.user_id).get(reverse("screening:sheet", args=[one.pk, "pdf"]))
    assert answer.status_code == 503
    assert one.title in answer.content.decode().replace("&#x27;", "'")


def test_what_was_signed_before_an_edit_is_not_in_the_boxes(signed: tuple[Actor, Request], purchaser: Actor) -> None:
    _, one = signed
    line = one.lines.get(number=2)
    from chorok.site.screening.writing import Wanted

    changed = services.edit(
        purchaser, pk=one.pk, version=1, header=services.header_of(one),
        lines=[Wanted({}, one.lines.get(number=1).pk), Wanted({"statement": "다른 까닭"}, line.pk)],
    )  # fmt: skip
    again = services.submit(purchaser, pk=one.pk, version=changed.version)
    assert [box.act for box in documents.sheet(again, "ko").signatures] == ["submitted", None, None]


def test_an_auditor_may_take_them_and_a_stranger_not(
    signed: tuple[Actor, Request], signed_in: Callable[..., Client]
) -> None:
    _, one = signed
    address = reverse("screening:sheet", args=[one.pk, "hwpx"])
    assert signed_in("auditor", builders.CITY).get(address).status_code == 200
    assert signed_in("auditor", builders.OTHER_CITY).get(address).status_code == 404
