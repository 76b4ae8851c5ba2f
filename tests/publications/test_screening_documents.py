"""The documents of screening, read again by other libraries than those that wrote them where there are such."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hwpx import HwpxDocument, validate_editor_open_safety, validate_package
from lxml import etree

from chorok.core.errors import UsageError
from chorok.core.screening.decide import Said
from chorok.publications import screening_files as files
from chorok.publications import typefaces, typeset
from chorok.publications.paper import Boxes, Facts, Items, Paper, Table, Text
from chorok.publications.screening_documents import (
    Basis,
    Candidate,
    Clause,
    Difference,
    Document,
    Heading,
    Material,
    Reasons,
    Search,
    Sheet,
    SheetLine,
    Signature,
    Statement,
    Step,
)
from chorok.publications.screening_layout import paper
from chorok.wording import LANGUAGES, Language, say

DAY = date(2020, 11, 2)
HEADING = Heading(
    "하반기 사무환경 개선", "가나시 다라구", "2020-0417", "총무과", "김하늘", "works", "총무과-12345",
    "201-01 사무관리비", date(2020, 12, 1), "구청 3층",
)  # fmt: skip
BASIS = Basis(
    "방침 하나", "strict@0f3a9b12cd34", "기준 하나", "national@4c1be0a91f22", 8, date(2020, 10, 30), DAY, True
)
GREEN = SheetLine(
    1, "사무용의자 CH-100", "pass_green", "D4", "의자", quantity=Decimal(20), unit="EA", amount=2_400_000,
    reasons=(Said("certified", {"certificates": "12345", "until": date(2021, 6, 30)}),), certificates=("12345",),
    valid_until=date(2021, 6, 30), green=("사무용의자 CH-100",), alternative="sure",
)  # fmt: skip
PASSED_BY = SheetLine(
    2, "공기청정기 AP-330", "needs_cosign", "D7", "공기청정기", amount=15_600_000, alternative="possible",
    reasons=(Said("possible_exists"),), ground=5, case="urgent", green=("청정기 GA-60 (사아전자)",), green_more=3,
)  # fmt: skip
SHEET = Sheet(
    HEADING, BASIS, (GREEN, PASSED_BY), "needs_cosign",
    (Step(DAY, "submitted", "requester", "김하늘", "첫 제출"),),
    (Signature("requester", "김하늘", DAY), Signature("environment_team_leader", deputy_for="이바다", name="박들")),
)  # fmt: skip
REASONS = Reasons(
    PASSED_BY, "체육관에 설치함.\n개관 전이어야 함.", ("비교표.pdf", "회신.hwpx"),
    (Difference("청정기 GA-60", "적용 면적", "330 m²", "60 m²"),),
    (Candidate("청정기 GA-60", False, "사아전자", "20481", "23456789", date(2021, 3, 1), 420_000, unit="대"),),
    Search(DAY, 8, "공기청정기 · 4016160201", 14, 1), Signature("environment_team_leader"),
)  # fmt: skip
STATEMENT = Statement(HEADING, BASIS, (REASONS,), (Signature("department_head"),))
CLAUSE = Clause(
    HEADING, BASIS,
    (Material("재생 아스콘", "아스팔트", ("gr",), Decimal("1200"), "톤", True),
     Material("블록", "벽돌", ("eco_label",))),
    1_000_000,
)  # fmt: skip
DOCUMENTS: dict[str, Document] = {"sheet": SHEET, "statement": STATEMENT, "clause": CLAUSE}
HOSTILE = (
    "#let x = 1 #[a] $x$ *b* _c_ `d` <e> & \"f\" 'g' \\ // /* @h = - + ~ -- ... https://example.org",
    "긴" * 300,
    "W" * 400,
    "aVeryLongWordWithout1Space/and_more-of-it" * 12,
    "&lt;hp:t&gt; ]]> <!-- -->",
    "가\n나",
)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def read(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def texts(made: Paper) -> Iterator[str]:
    """Every text of a paper, in its order."""
    yield made.title
    for block in made.blocks:
        match block:
            case Facts(rows):
                yield from (text for row in rows for pair in row for text in pair)
            case Table(head, _, rows):
                yield from head
                yield from (cell for row in rows for cell in row)
            case Boxes(label, boxes):
                yield label
                yield from (one for place in range(3) for one in (box[place] for box in boxes))
            case Items(listed):
                yield from (f"{number}. {text}" for number, text in enumerate(listed, 1))
            case Text(text):
                yield from text.split("\n")
            case _:
                yield block.text


def read_back(hwpx: bytes) -> Iterator[str]:
    """Every text of a HWPX, in its order."""
    document = HwpxDocument.open(hwpx)
    for paragraph in document.paragraphs:
        yield from (cell.text for table in paragraph.tables for row in table.rows for cell in row.cells)
        if not paragraph.tables:
            yield paragraph.text


DOTS = 30


def pixels(png: bytes) -> Iterator[bytearray]:
    """The rows of a PNG with four bytes a pixel."""
    size = struct.unpack_from(">II", png, 16)
    assert png[24:26] == bytes((8, 6))
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    raw, above = zlib.decompress(data), bytearray(4 * size[0])
    for start in range(0, len(raw), 4 * size[0] + 1):
        row = bytearray(raw[start + 1 : start + 1 + 4 * size[0]])
        for at in range(len(row)):
            left, corner = (row[at - 4], above[at - 4]) if at >= 4 else (0, 0)
            if raw[start] == 4:
                guess = min((left, above[at], corner), key=lambda one: abs(left + above[at] - corner - one))
            else:
                guess = (0, left, above[at], (left + above[at]) // 2)[raw[start]]
            row[at] = (row[at] + guess) % 256
        yield row
        above = row


def typed(text: str) -> Sheet:
    """A sheet with a text in every place where people type."""
    line = replace(GREEN, product=text, item=text, unit=text, green=(text,), certificates=(text,))
    step, signature = Step(DAY, "returned", "requester", text, text), Signature("requester", text)
    heading = Heading(*(text for _ in range(5)), "works", text, text, None, text)
    return Sheet(heading, replace(BASIS, policy=text), (line,), "denied", (step,), (signature,))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_pdf_holds_every_text_on_one_page_with_title_language_and_tags(name: str, language: Language) -> None:
    made = files.pdf(DOCUMENTS[name], language)
    assert made == files.pdf(DOCUMENTS[name], language)
    pages = read(made)
    assert len(pages) == 1
    for text in texts(paper(DOCUMENTS[name], language)):
        # What is turned on its side is read in another order.
        if text != say("screen_paper.boxes", language):
            assert squeezed(text) in pages[0], text
    assert squeezed(say("screen_paper.synthetic", language)) in pages[0]
    reader = pypdf.PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"].startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert b'pdfuaid:part="1"' in made or b"<pdfuaid:part>1<" in made
    assert reader.metadata is not None
    assert reader.metadata.title == say(f"screen_paper.title.{name}", language)
    assert reader.metadata.author == HEADING.organisation


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hwpx_read_back_equals_the_paper(name: str, language: Language) -> None:
    made = files.hwpx(DOCUMENTS[name], language)
    assert made == files.hwpx(DOCUMENTS[name], language)
    wanted = [text for text in texts(paper(DOCUMENTS[name], language)) if text]
    assert [text for text in read_back(made) if text] == wanted


def test_a_hwpx_is_a_package_that_editors_open(tmp_path: Path) -> None:
    made = files.hwpx(SHEET, "ko")
    file = tmp_path / "검토서.hwpx"
    file.write_bytes(made)
    assert validate_package(file).ok
    assert validate_editor_open_safety(file).ok
    assert HwpxDocument.open(file).validate().ok
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/hwp+zip"
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in parts.items():
        if name.endswith((".xml", ".hpf", ".rdf")):
            etree.fromstring(content)
    assert say("screen_paper.synthetic", "ko") in parts["Contents/section0.xml"].decode()
    section = etree.fromstring(parts["Contents/section0.xml"])
    ids = [one.get("id") for one in (*section.findall("{*}p"), *section.iter("{*}tbl"))]
    assert len(ids) == len(set(ids)) > 5
    heads = {one.get("repeatHeader") for one in section.iter("{*}tbl") if len(one.findall("{*}tr")) > 1}
    assert "1" in heads


def test_many_lines_go_on_under_the_same_head() -> None:
    lines = tuple(replace(GREEN, number=number, product=f"의자-{number:04}") for number in range(1, 301))
    pages = read(files.pdf(replace(SHEET, lines=lines), "ko"))
    assert len(pages) > 10
    whole = "".join(pages)
    assert all(f"의자-{number:04}" in whole for number in range(1, 301))
    head = squeezed(say("screen_paper.label.why", "ko"))
    assert all(head in page for page in pages if "의자-" in page)
    assert all(f"{number}/{len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("synthetic" in page for page in pages)
    kept = list(read_back(files.hwpx(replace(SHEET, lines=lines), "ko")))
    assert [f"의자-{number:04}\n(의자)" in kept for number in range(1, 301)] == [True] * 300


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_typed_text_comes_out_as_typed_and_within_the_page(text: str) -> None:
    sheet = typed(text)
    made = files.pdf(sheet, "ko")
    assert "".join(read(made)).count(squeezed(text)[:60]) >= 8
    assert squeezed(text) in re.sub(
        r"가상데이터/synthetic|녹색제품구매·적용가능검토서·.*?\d+/\d+", "", "".join(read(made))
    )
    for picture in typeset.pictures(paper(sheet, "ko"), DOTS)[:2]:
        rows = list(pixels(picture))
        margin = 12 * DOTS * 10 // 254  # of 15 mm
        assert {value for row in rows for value in (*row[: 4 * margin], *row[-4 * margin :])} == {255}
        assert min(value for row in rows for value in row) < 128
    wanted = [one for one in texts(paper(sheet, "ko")) if one]
    assert [one for one in read_back(files.hwpx(sheet, "ko")) if one] == wanted


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_text_in_headings_and_sentences_comes_out_too(text: str, language: Language) -> None:
    line = replace(PASSED_BY, product=text)
    statement = replace(STATEMENT, lines=(replace(REASONS, line=line, text=text, evidence=(text,), difference=text),))
    clause = replace(CLAUSE, materials=(Material(text, text, ("gr",), unit=text),))
    for document, times in ((statement, 4), (clause, 4)):
        seen = "".join(read(files.pdf(document, language)))
        assert seen.count(squeezed(text)[:60]) >= times
        assert squeezed(text)[-20:] in seen


@pytest.mark.parametrize("text", ["😀 좋음", "綠色製品", "a\x00b\x07c\x1b", "끝\u202e뒤", "\ud800"])
def test_what_a_typeface_or_a_file_cannot_hold_is_written_as_its_code(text: str) -> None:
    sheet = typed(text)
    seen = "".join(read(files.pdf(sheet, "en")))
    for one in squeezed(text):
        assert one in seen or f"[U+{ord(one):04X}]" in seen, one
    kept = "".join(read_back(files.hwpx(sheet, "en")))
    for one in text:
        coded = f"[U+{ord(one):04X}]"
        assert coded in kept if one < " " or one in "\u202e\ud800" else one in kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_the_clause_is_lost_where_nothing_is_furnished_or_supplied(language: Language) -> None:
    both, design = files.clause_texts(CLAUSE, language)
    assert any("재생 아스콘" in one for one in both)
    assert any("블록" in one for one in both)
    assert len(design) == 3
    supplied, _ = files.clause_texts(replace(CLAUSE, materials=CLAUSE.materials[1:], note_below=None), language)
    furnished, _ = files.clause_texts(replace(CLAUSE, materials=CLAUSE.materials[:1]), language)
    assert (len(both), len(supplied), len(furnished)) == (6, 4, 1)
    assert "1,000,000" in both[2]


@pytest.mark.parametrize(
    ("rule", "outcome", "alternative", "ground", "possible"),
    [
        ("D1", "pass_no_goods", "unknown", None, "no_goods"),
        ("D2", "cannot_tell", "sure", None, "open"),
        ("D3", "pass_outside", "none", None, "no_standard"),
        ("D4", "pass_green", "none", None, "yes"),
        ("D5", "contract_clause", "none", None, "yes_clause"),
        ("D6", "within_proportion", "sure", None, "within"),
        ("D7", "needs_statement", "possible", None, "maybe"),
        ("D7", "approved", "possible", None, "no"),
        ("D8", "denied", "sure", None, "yes"),
        ("D8", "denied", "sure", 3, "yes"),
        ("D8", "needs_cosign", "sure", 3, "no"),
        ("D9", "needs_statement", "none", None, "no"),
        ("D10", "pass_with_note", "none", None, "no"),
        ("D10", "pass_with_note", "sure", None, "yes"),
        ("D13", "returned_to_split", "sure", None, "open"),
    ],
)
def test_whether_a_green_purchase_is_possible(rule: str, outcome: Any, alternative: Any, ground: int | None,
                                              possible: str) -> None:  # fmt: skip
    assert SheetLine(1, "의자", outcome, rule, alternative=alternative, ground=ground).possible == possible


def test_a_conformity_proof_that_waits_is_not_yet_a_possible_purchase() -> None:
    waiting = SheetLine(1, "의자", "needs_cosign", "D4")
    assert (waiting.possible, replace(waiting, outcome="approved").possible) == ("maybe", "yes")


def test_empty_fields_say_so_and_nothing_is_invented() -> None:
    bare = Sheet(Heading("의자", "가나시"), replace(BASIS, registry_day=None, synthetic=False), (), "passed")
    made = paper(bare, "ko")
    assert made.mark == ""
    assert files.pdf(bare, "ko").startswith(b"%PDF")
    assert list(read_back(files.hwpx(bare, "ko"))).count("–") == 7


def test_a_document_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="document_ending"):
        files.write(tmp_path / "검토서.doc", SHEET, "ko")
    files.write(tmp_path / "검토서.PDF", SHEET, "ko")
    assert (tmp_path / "검토서.PDF").read_bytes() == files.pdf(SHEET, "ko")
    typefaces.families.cache_clear()
    monkeypatch.setattr(typefaces, "fonts", type("None_", (), {"fonts": list}))
    with pytest.raises(UsageError, match="fonts_missing"):
        files.write(tmp_path / "다른.pdf", SHEET, "ko")
    files.write(tmp_path / "다른.hwpx", SHEET, "ko")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["검토서.PDF", "다른.hwpx"]
