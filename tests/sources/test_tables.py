"""Every kind of file that offices send, made here, opened by content."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from chorok.core.errors import BadInputError
from chorok.ledger.engines import connect
from chorok.sources.limits import Limits
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables
from chorok.sources.understanding import RawTable

ROWS = [
    ["계약일자", "품명", "업체명", "금액"],
    ["2019-03-05", "사무용 의자", "초록가구", "1200000"],
    ["2019-03-06", "복사용지, A4", "한강제지", "35000"],
]


def delimited(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def opened(tmp_path: Path, name: str, content: bytes | str, **options: object) -> list[RawTable]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_tables(path, tmp_path / "work", **options)  # type: ignore[arg-type]


def cells(table: RawTable) -> list[tuple[str | None, ...]]:
    connection = connect(threads=1)
    return [tuple(value or None for value in row) for row in connection.execute(select_from(table)).fetchall()]


def check(table: RawTable, rows: list[list[str]] = ROWS) -> None:
    assert table.columns == tuple(rows[0])
    assert cells(table) == [tuple(row) for row in rows[1:]]
    assert list(table.sample) == [tuple(row) for row in rows[1:]]


def refused(code: str, tmp_path: Path, name: str, content: bytes | str, **options: object) -> dict[str, object]:
    with pytest.raises(BadInputError) as caught:
        opened(tmp_path, name, content, **options)
    assert caught.value.code == code, caught.value
    return caught.value.params


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimited_text(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (table,) = opened(tmp_path, "구매 내역.csv", delimited(ROWS, delimiter).encode(encoding))
    check(table)
    assert table.delimiter == delimiter
    assert table.encoding == encoding.replace("utf-16", "utf-16-le").replace("le-le", "le").replace("le-be", "be")


def test_clean_utf8_is_not_copied(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", delimited(ROWS))
    assert table.path == tmp_path / "a.csv"
    assert not list((tmp_path / "work").iterdir())


def test_tab_text_named_xls(tmp_path: Path) -> None:
    check(*opened(tmp_path, "a.xls", delimited(ROWS, "\t").encode("cp949")))


def test_preamble_and_unit_note(tmp_path: Path) -> None:
    text = "2019년 구매실적\r\n\r\n(단위: 천원)\r\n" + delimited(ROWS)
    (table,) = opened(tmp_path, "a.csv", text.encode("cp949"))
    check(table)
    assert table.skip == 4
    assert table.preamble == ("2019년 구매실적", "(단위: 천원)")
    assert table.unit_notes == (("row 3", "단위: 천원"),)


@pytest.mark.parametrize("title", ["[2019년 구매실적]", "<2019년 구매실적>", "{구매실적}"[1:], "2019년 구매실적,,,"])
def test_titles_in_brackets_are_titles(tmp_path: Path, title: str) -> None:
    (table,) = opened(tmp_path, "a.csv", title + "\n" + delimited(ROWS))
    check(table)
    assert table.preamble == (title.strip(","),)


def test_a_wide_header_keeps_its_names(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", "일자,금액,비고\n2019-01-02,1\n2019-01-03,2\n")
    assert table.columns == ("일자", "금액", "비고")


def test_rows_wider_than_the_header_get_numbered_columns(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", "일자,금액\n2019-01-02,1,x\n2019-01-03,2,y\n")
    assert table.columns == ("일자", "금액", "column 3")
    assert cells(table) == [("2019-01-02", "1", "x"), ("2019-01-03", "2", "y")]


def test_a_year_among_the_names(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", "품명,업체명,금액,2018\n의자,초록,5,6\n")
    assert table.columns == ("품명", "업체명", "금액", "2018")


@pytest.mark.parametrize(
    "text",
    [
        "제목\n일자,금액\r\n2019-01-02,1\r\n2019-01-03,2\r\n",
        "일자,금액\r\n2019-01-02,1\n2019-01-03,2\r\n",
        "일자,금액\n2019-01-02,1\r\n2019-01-03,2",
        "일자,금액\r2019-01-02,1\r2019-01-03,2\r",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_mixed_line_ends_lose_nothing(tmp_path: Path, text: str, encoding: str) -> None:
    (table,) = opened(tmp_path, "a.csv", text.encode(encoding))
    assert cells(table) == [("2019-01-02", "1"), ("2019-01-03", "2")]


def test_line_breaks_in_cells_stay(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", '일자,금액\r\n"가\n나",1\r\n다,2\r\n')
    assert cells(table) == [("가\n나", "1"), ("다", "2")]


def test_header_over_two_rows(tmp_path: Path) -> None:
    rows = [["기관", "구매금액", "", "계약일자"], ["", "총액", "녹색", ""], ["가시", "10", "5", "2019-01-02"]]
    (table,) = opened(tmp_path, "a.csv", delimited(rows))
    assert table.columns == ("기관", "구매금액 총액", "구매금액 녹색", "계약일자")
    assert cells(table) == [("가시", "10", "5", "2019-01-02")]


def test_a_first_row_of_text_is_not_taken_for_a_header(tmp_path: Path) -> None:
    rows = [["품명", "규격", "금액"], ["의자", "", "미정"], ["책상", "대", "100"]]
    (table,) = opened(tmp_path, "a.csv", delimited(rows))
    assert table.columns == ("품명", "규격", "금액")
    assert len(cells(table)) == 2


def test_names_are_made_unique(tmp_path: Path) -> None:
    rows = [["계약일자", "금액", "금액", "", ""], ["2019-01-02", "1", "2", "", ""]]
    (table,) = opened(tmp_path, "a.csv", delimited(rows))
    assert table.columns == ("계약일자", "금액", "금액 (2)", "column 4", "column 5")


def test_a_file_without_header_says_so(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", "2019-01-02,1200,초록\n2019-01-03,1300,한강\n")
    assert table.columns == ("column 1", "column 2", "column 3")
    assert table.skip == 0
    assert len(cells(table)) == 2
    assert table.notes[0][0] == "note.headerless"


def test_quoted_line_breaks_in_the_header(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "a.csv", '"계약\n일자",금액\n2019-01-02,"1\n"\n2019-01-03,2\n')
    assert table.columns == ("계약 일자", "금액")
    assert len(cells(table)) == 2


def workbook(rows_of: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in rows_of.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["계약일자", "품명", "금액", "단가"],
        [dt.date(2019, 3, 5), "의자", 1200000.0, 0.1 + 0.2],
        [dt.datetime(2019, 3, 6, 14, 30), "책상", -5, None],
    ]
    (table,) = opened(tmp_path, "a.csv", workbook({"자료": rows}))
    assert table.columns == ("계약일자", "품명", "금액", "단가")
    assert cells(table) == [
        ("2019-03-05", "의자", "1200000", "0.3"),
        ("2019-03-06 14:30:00", "책상", "-5", None),
    ]


def test_sheets(tmp_path: Path) -> None:
    content = workbook({"3월": list(ROWS), "빈 시트": [], "4월": list(ROWS), "안내": [["작성 방법"]]})
    march, april = opened(tmp_path, "a.xlsx", content)
    assert (march.name, april.name) == ("a.xlsx#3월", "a.xlsx#4월")
    assert [note[1]["sheet"] for note in march.notes] == ["빈 시트", "안내"]
    check(april)


def test_a_hidden_sheet_is_read_and_said(tmp_path: Path) -> None:

    book = openpyxl.load_workbook(io.BytesIO(workbook({"3월": list(ROWS), "숨김": list(ROWS)})))
    book["숨김"].sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    shown, hidden = opened(tmp_path, "b.xlsx", (tmp_path / "hidden.xlsx").read_bytes())
    assert [code for code, _ in shown.notes] == []
    assert ("note.sheet_hidden", {"file": "b.xlsx", "sheet": "숨김"}) in hidden.notes


def test_workbook_rows_keep_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    content = workbook({"a": [["실적"], ["(단위: 백만원)"], [], *ROWS]})
    (table,) = opened(tmp_path, "a.xlsx", content)
    numbers = connect(threads=1).execute(f"SELECT row_no FROM ({select_from(table, numbered=True)})").fetchall()
    assert numbers == [(5,), (6,)]
    assert table.unit_notes == (("row 2", "단위: 백만원"),)


def test_merged_header_and_empty_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["기관", "구매금액", None, "비고"], [None, "총액", "녹색", None], ["가시", 10, 5, None]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    sheet.cell(1, 9).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    (table,) = opened(tmp_path, "a.xlsx", out.getvalue())
    assert table.columns == ("기관", "구매금액 총액", "구매금액 녹색", "비고")


def test_numbers_beyond_the_exact_range_are_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["계약일자", "금액"], ["2019-01-02", 1e18], ["2019-01-02", 5]]
    (table,) = opened(tmp_path, "a.xlsx", workbook({"a": rows}))
    assert [note[0] for note in table.notes] == ["note.number_beyond_exact"]
    assert table.notes[0][1]["row"] == "2"


def test_a_wrong_dimension_tag_loses_nothing(tmp_path: Path) -> None:
    source, out = io.BytesIO(workbook({"a": list(ROWS)})), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b'ref="A1:D3"' in data
                data = data.replace(b'ref="A1:D3"', b'ref="A1"')
            new.writestr(name, data)
    check(*opened(tmp_path, "a.xlsx", out.getvalue()))


def test_open_document(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="자료")
    for row in ROWS:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    document.save(out)
    check(*opened(tmp_path, "a.xlsx", out.getvalue()))


HTML = (
    "<html><head><meta charset='euc-kr'></head><body><p>(단위: 천원)</p><table><tr>"
    + "</tr><tr>".join("".join(f"<td>{cell}</td>" for cell in row) for row in ROWS)
    + "</tr></table></body></html>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_html_named_xls(tmp_path: Path, encoding: str) -> None:
    (table,) = opened(tmp_path, "a.xls", HTML.encode(encoding))
    check(table)
    assert table.unit_notes == (("text", "단위: 천원"),)


def test_html_spans(tmp_path: Path) -> None:
    text = (
        "<table><tr><th rowspan=2>기관</th><th colspan=2>금액</th></tr><tr><th>총액</th><th>녹색</th></tr>"
        "<tr><td>가시</td><td>10</td><td>5</td></tr></table>"
    )
    (table,) = opened(tmp_path, "a.xls", text)
    assert table.columns == ("기관", "금액 총액", "금액 녹색")
    assert cells(table) == [("가시", "10", "5")]


def test_xml_spreadsheet_named_xls(tmp_path: Path) -> None:
    ns = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    rows = [[*ROWS[0]], ["2019-03-05T00:00:00.000", *ROWS[1][1:]], [*ROWS[2]]]
    body = "".join(
        "<Row>"
        + "".join(
            f'<Cell><Data ss:Type="{"DateTime" if "T00" in cell else "String"}">{cell}</Data></Cell>' for cell in row
        )
        + "</Row>"
        for row in rows
    )
    text = f'<?xml version="1.0"?><Workbook {ns}><Worksheet ss:Name="a"><Table>{body}</Table></Worksheet></Workbook>'
    check(*opened(tmp_path, "a.xls", text))


RECORDS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


def envelope(items: object, code: str = "00", **more: object) -> str:
    body = {"items": items, "numOfRows": 10, "pageNo": 1, "totalCount": 2, **more}
    return json.dumps({"response": {"header": {"resultCode": code, "resultMsg": "정상"}, "body": body}})


@pytest.mark.parametrize(
    "text",
    [json.dumps(RECORDS), "\n".join(map(json.dumps, RECORDS)), envelope(RECORDS), envelope({"item": RECORDS})],
    ids=["array", "lines", "items", "item"],
)
def test_json(tmp_path: Path, text: str) -> None:
    check(*opened(tmp_path, "a.txt", text))


def test_an_envelope_with_one_item(tmp_path: Path) -> None:
    check(*opened(tmp_path, "a.json", envelope({"item": RECORDS[0]})), ROWS[:2])


@pytest.mark.parametrize("items", ["", None, [], {}])
def test_an_envelope_without_items(tmp_path: Path, items: object) -> None:
    refused("no_rows", tmp_path, "a.json", envelope(items, totalCount=0))


def test_error_envelopes(tmp_path: Path) -> None:
    text = {"nkoneps.com.response.ResponseError": {"header": {"resultCode": "07", "resultMsg": "입력범위값 초과 에러"}}}
    assert refused("gateway_error", tmp_path, "a.json", json.dumps(text))["result"] == "07"
    assert refused("gateway_error", tmp_path, "b.json", envelope([], "22"))["result"] == "22"
    xml = (
        "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>SERVICE_KEY_IS_NOT_"
        "REGISTERED_ERROR</returnAuthMsg><returnReasonCode>30</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
    )
    assert refused("gateway_error", tmp_path, "c.json", xml)["result"] == "30"


def test_xml_envelope(tmp_path: Path) -> None:
    items = "".join("<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in r.items()) + "</item>" for r in RECORDS)
    head = "<header><resultCode>00</resultCode></header>"
    check(*opened(tmp_path, "a.xml", f"<response>{head}<body><items>{items}</items></body></response>"))


def test_json_values(tmp_path: Path) -> None:
    text = '[{"a": 1, "b": {"c": "x", "d": [1]}}, {"a": 12345678901234567890, "e": true, "f": 1.50}, {"a": null}]'
    (table,) = opened(tmp_path, "a.json", text)
    assert table.columns == ("a", "b.c", "b.d", "e", "f")
    assert cells(table) == [
        ("1", "x", "[1]", None, None),
        ("12345678901234567890", None, None, "Y", "1.50"),
        (None,) * 5,
    ]


def test_gzip(tmp_path: Path) -> None:
    check(*opened(tmp_path, "a.csv.gz", gzip.compress(delimited(ROWS).encode("cp949"))))


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_zip_of_several_files(tmp_path: Path) -> None:
    members = {"3월.csv": delimited(ROWS).encode("cp949"), "b.xlsx": workbook({"a": list(ROWS)}), "빈.csv": b""}
    first, second = opened(tmp_path, "a.zip", zipped(members))
    assert (first.name, second.name) == ("a.zip!3월.csv", "a.zip!b.xlsx")
    assert first.notes == (("note.member_without_table", {"file": "a.zip", "member": "빈.csv"}),)
    check(first)
    check(second)


def test_member_names_of_korean_systems(tmp_path: Path) -> None:
    content = zipped({"xxxx.csv": delimited(ROWS).encode()}).replace(b"xxxx", "가나".encode("cp949"))
    assert [table.name for table in opened(tmp_path, "a.zip", content)] == ["a.zip!가나.csv"]


def zip_crypto(data: bytes, password: bytes, name: bytes = b"a.csv") -> bytes:
    """Write a zip of one stored member under the old encryption, which the standard library only reads."""
    import struct
    import zlib

    table = [zlib.crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF ^ 0xFF000000 for byte in range(256)]
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return (value >> 8) ^ table[(value ^ byte) & 0xFF]

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    def encrypt(byte: int) -> int:
        temp = keys[2] | 2
        mask = ((temp * (temp ^ 1)) >> 8) & 0xFF
        update(byte)
        return byte ^ mask

    for byte in password:
        update(byte)
    checksum = zlib.crc32(data)
    secret = bytes(encrypt(byte) for byte in bytes(11) + bytes([checksum >> 24]) + data)
    fields = struct.pack("<HHHHHIII", 20, 1, 0, 0, 0x21, checksum, len(secret), len(data))
    local = b"PK\x03\x04" + fields + struct.pack("<HH", len(name), 0) + name + secret
    central = (
        b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    )
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def test_password_of_a_zip(tmp_path: Path) -> None:
    content = zip_crypto(delimited(ROWS).encode("cp949"), b"seoul1")
    check(*opened(tmp_path, "a.zip", content, password="seoul1"))
    assert refused("zip_password_missing", tmp_path, "a.zip", content)["member"] == "a.csv"
    refused("zip_password_wrong", tmp_path, "a.zip", content, password="busan")


def test_archives_that_are_refused(tmp_path: Path) -> None:
    csv_bytes = delimited(ROWS).encode()
    refused("nested_archive", tmp_path, "a.zip", zipped({"b.zip": zipped({"c.csv": csv_bytes})}))
    refused("nested_archive", tmp_path, "a.zip", zipped({"b.gz": gzip.compress(csv_bytes)}))
    bomb = zipped({"a.csv": b"a,b\n" * 500_000})
    refused("archive_bomb", tmp_path, "a.zip", bomb, limits=Limits(ratio_from=100_000))
    refused("archive_bomb", tmp_path, "a.gz", gzip.compress(b"0" * 2_000_000), limits=Limits(ratio_from=100_000))
    refused("archive_bomb", tmp_path, "a.gz", gzip.compress(csv_bytes * 10), limits=Limits(unpacked=1000))
    content = workbook({"a": [["일자", "금액"], *[["2019-01-02", 1]] * 3000]})
    refused("archive_bomb", tmp_path, "a.xlsx", content, limits=Limits(unpacked=10_000))
    refused("broken_archive", tmp_path, "a.zip", zipped({"a.csv": csv_bytes * 100})[:200])
    refused("broken_archive", tmp_path, "a.gz", gzip.compress(csv_bytes * 100)[:60])
    refused("too_many_members", tmp_path, "a.zip", zipped({"a": csv_bytes, "b": csv_bytes}), limits=Limits(members=1))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty_file", b""),
        ("empty_file", b"\xef\xbb\xbf"),
        ("empty_file", b" \r\n\r\n"),
        ("only_header", "계약일자,금액\r\n".encode()),
        ("only_header", "계약일자,금액\r\n,\r\n".encode()),
        ("binary_file", b"%PDF-1.7\n%\xe2\xe3"),
        ("binary_file", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("binary_file", bytes(range(256)) * 10),
        ("drm_protected", b"\x9b DRMONE  This Document is encrypted" + bytes(100)),
        ("protected_workbook", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("not_a_workbook", OLE + "FileHeader".encode("utf-16-le")),
        ("unreadable_workbook", OLE + "Workbook".encode("utf-16-le")),
        ("unreadable_workbook", zipped({"xl/workbook.xml": b"<broken"})),
        ("not_a_table", zipped({"word/document.xml": b""})),
        ("no_table", b"<html><body>nothing</body></html>"),
        ("broken_xml", b"<?xml version='1.0'?><response><a></response>"),
        ("broken_json", b'[{"a": 1}, {"a": 2'),
        ("broken_json", b'{"a": 1}\n{"a": }\n'),
        ("no_rows", b"[]"),
        ("nul_bytes", b"a,b\n1,2\n3,\x004\n" + b"5,6\n" * 50),
        ("unknown_encoding", b"a,b\n" + b"\x81\x98\xff,1\n" * 3),
    ],
)
def test_unusable(tmp_path: Path, code: str, content: bytes) -> None:
    params = refused(code, tmp_path, "자료 a.csv", content)
    assert params["file"] == "자료 a.csv"


def test_broken_json_names_the_line(tmp_path: Path) -> None:
    text = '[\n{"a": 1},\n{"a": oops},\n{"a": 2}\n]\n'
    assert refused("broken_json", tmp_path, "a.json", text)["line"] == 3
    assert refused("broken_json", tmp_path, "b.json", '{"a": 1}\n{"a": 2}\n{"a": }\n')["line"] == 3


def test_missing_and_folder(tmp_path: Path) -> None:
    for code, path in (("missing_file", tmp_path / "없음.csv"), ("is_directory", tmp_path)):
        with pytest.raises(BadInputError) as caught:
            open_tables(path, tmp_path / "work")
        assert caught.value.code == code


@pytest.mark.parametrize("split_from", [1, 1 << 30])
def test_mixed_encodings_name_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, split_from: int) -> None:
    monkeypatch.setattr("chorok.sources.transcoding.SPLIT_FROM", split_from)
    good, bad = "2019-01-02,의자,100\n", "2019-01-02,책상,100\n".encode("cp949")
    head = "일자,품명,금액\n"
    assert refused("mixed_encoding", tmp_path, "a.csv", (head + good * 40).encode() + bad)["line"] == 42
    broken = (head + good * 40).encode("cp949") + "2019-01-02,가\u3000나다,1\n".encode()
    params = refused("mixed_encoding", tmp_path, "b.csv", broken)
    assert (params["line"], params["encoding"]) == (42, "cp949")


def test_western_text(tmp_path: Path) -> None:
    text = "Date,Supplier,Amount\n" + "2019-01-02,Acme,1\n" * 50 + "2019-01-02,Caf\u00e9 \u00a3,1\n"
    (table,) = opened(tmp_path, "a.csv", text.encode("cp1252"))
    assert table.encoding == "cp1252"
    assert cells(table)[-1][1] == "Caf\u00e9 \u00a3"


def test_a_line_over_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(line=1000)
    text = "a,b\n1,2\n3," + "x" * 5000
    assert refused("long_line", tmp_path, "a.csv", text, limits=limits)["limit"] == 1
    refused("long_line", tmp_path, "b.csv", text + "\n1,2\n" * 5, limits=limits)
    refused("long_line", tmp_path, "c.csv", text.encode("utf-16"), limits=limits)
    assert opened(tmp_path, "d.csv", "a,b\n" + "1,2\n" * 1000, limits=limits)


def test_a_sparse_file_of_one_line_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n" + b"1" * (17 << 20))
        file.truncate(2 << 30)
    with pytest.raises(BadInputError) as caught:
        open_tables(path, tmp_path / "work")
    assert caught.value.code == "long_line"


def test_parts_of_a_large_file_join_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chorok.sources import transcoding

    monkeypatch.setattr(transcoding, "SPLIT_FROM", 1)
    monkeypatch.setattr(transcoding.os, "cpu_count", lambda: 4)
    source, target = tmp_path / "a", tmp_path / "b"
    text = "".join(f"{number},한글 {number}\n" for number in range(5000))
    source.write_bytes(text.encode("cp949"))
    assert transcoding.transcode(source, target, "cp949") is None
    assert target.read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"a", "b"}] == []
    wrong = len(text.encode("cp949"))
    source.write_bytes(text.encode("cp949") + b"\xff\xff\n")
    assert transcoding.transcode(source, target, "cp949") == wrong
    source.write_bytes("한글".encode("cp949") * 9)
    assert transcoding.transcode(source, target, "cp949") is None, "one line, so that later parts are empty"
    assert target.read_text(encoding="utf-8") == "한글" * 9


def test_a_column_of_many_workbook_numbers_sums_exactly(tmp_path: Path) -> None:
    values = [Decimal(number) / 100 for number in range(1, 2000, 7)]
    rows: list[list[object]] = [["Date", "Amount"], *[["2019-01-02", float(value)] for value in values]]
    (table,) = opened(tmp_path, "a.xlsx", workbook({"a": rows}))
    assert sum(Decimal(row[1] or "0") for row in cells(table)) == sum(values)
