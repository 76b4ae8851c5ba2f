"""Reports as keys and values: TOML, JSON and workbooks hold what the text holds, and wrong keys are named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, time
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.checks import report as model
from chorok.core.checks.report import Place, Printed, Report
from chorok.core.errors import BadInputError
from chorok.sources.reports import read
from chorok.sources.reports.shown import show

DEMO = Path(str(resources.files("chorok.demo"))) / "reports"


def bare(value: Any) -> Any:
    """A value without the places in it."""
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, tuple):
        return [bare(one) for one in value]
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {f.name: bare(getattr(value, f.name)) for f in fields if not isinstance(getattr(value, f.name), Place)}
    return value


def test_the_toml_report_says_what_the_text_says() -> None:
    text, toml = (bare(read(DEMO / name)) for name in ("haneul.md", "haneul.toml"))
    for report in (text, toml):
        for apart in ("name", "sections"):
            report.pop(apart)
    assert toml == text


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Report]:
    def make(content: str, name: str = "report.toml") -> Report:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return read(path)

    return make


def error(make: Callable[..., Report], *given: str) -> BadInputError:
    with pytest.raises(BadInputError) as raised:
        make(*given)
    return raised.value


def test_decimals_stay_as_written(made: Callable[..., Report]) -> None:
    rows = '{ organisation = "A", year = 2019, total = 10, green = 5.80, share = 58.0 }'
    (row,) = made(f"shares = [{rows}]").shares
    assert (row.total and row.total.text, row.green and row.green.text) == ("10", "5.80")
    assert row.share
    assert (row.share.text, row.share.digits, row.share.place.where) == ("58.0", 1, "shares[1].share")
    (same,) = made('{"shares": [{"organisation": "A", "year": 2019, "share": 58.0}]}', "r.json").shares
    assert same.share
    assert same.share.text == "58.0"


def test_kinds_of_values(made: Callable[..., Report]) -> None:
    report = made(
        'as_of = 2019-12-31\nyear = "2019"\nstatus = "final"\n[[events]]\nkind = "training"\nday = "2019. 9. 24.(화)"\n'
        'weekday = "화"\nstart = 14:00:00\nend = "16:10"\ntopics = "a; b"\nquote = "words"\n'
        '[[lines]]\nbought_on = 2019-03-02\namount = "1,200"\ngreen = "Y"\n'
    )
    assert (report.as_of, report.year, report.status) == (date(2019, 12, 31), 2019, "final")
    (event,) = report.events
    assert (event.day, event.weekday, event.start, event.end) == (date(2019, 9, 24), 1, time(14), time(16, 10))
    assert (event.topics, event.place) == (("a", "b"), Place("events[1]", "words"))
    (line,) = report.lines
    assert (line.amount.value, line.green) == (Fraction(1200), True)


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        ("sharess = []", "report_key", {"key": "sharess", "closest": "shares"}),
        ("shares = [{ organisaton = 'A', year = 2019 }]", "report_key",
         {"key": "shares[1].organisaton", "closest": "organisation"}),
        ("shares = [{ share = 20 }]", "report_key_missing", {"key": "shares[1].year"}),
        ("year = 'soon'", "report_value", {"key": "year", "value": "soon", "expected": "whole number"}),
        ("year = true", "report_value", {"key": "year"}),
        ("shares = 3", "report_value", {"key": "shares", "expected": "list"}),
        ("shares = [3]", "report_value", {"key": "shares[1]", "expected": "table"}),
        ("goals = [{ year = 2020, rate = 'high' }]", "report_value", {"key": "goals[1].rate", "value": "high"}),
        ("status = 'done'", "report_value", {"key": "status", "value": "done"}),
        ("events = [{ kind = 'training', day = 'soon' }]", "report_value", {"key": "events[1].day"}),
        ("as_of = 2019-02-30", "report_broken", {}),
        ("year = ", "report_broken", {}),
        ("", "empty_file", {}),
        ("# nothing", "report_empty", {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(content: str, code: str, params: dict[str, str], made: Callable[..., Report]) -> None:
    found = error(made, content)
    assert found.code == code
    assert {name: found.params[name] for name in params} == params


def test_json_errors(made: Callable[..., Report]) -> None:
    assert error(made, '{"year": 2019,\n}', "r.json").params["line"] == 2
    assert error(made, '{"year": 2019, "year": 2020}', "r.json").code == "report_key_twice"


Sheets = dict[str, list[list[Any]]]


def workbook(path: Path, sheets: Sheets, forms: dict[tuple[str, int, int], str] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    form = (forms or {}).get((name, at, column))
                    style = (book.add_format({"num_format": form}),) if form else ()
                    sheet.write(at, column, cell, *style)
    return path


SHARES = [
    ["기관", "연도", "총 구매금액", "녹색제품 구매금액", "구매율"],
    ["하늬시", 2018, 10, 5, 0.5],
    ["하늬시", 2019, 20, 11.6, 58],
]


def test_sheets_called_like_keys(tmp_path: Path) -> None:
    sheets: Sheets = {
        "보고서": [["기관", "하늬시"], ["연도", 2019]],
        "구매실적": SHARES,
        "goals": [["year", "rate"], [2020, "60.5"]],
    }
    report = read(workbook(tmp_path / "r.xlsx", sheets, {("구매실적", 1, 4): "0.0%", ("구매실적", 2, 4): "0.0"}))
    assert (report.organisation, report.year) == ("하늬시", 2019)
    assert [row.share and row.share.text for row in report.shares] == ["50.0", "58.0"]
    assert report.shares[1].share
    assert report.shares[1].share.place.where == "구매실적!3.share"
    assert [(goal.year, goal.rate.text) for goal in report.goals] == [(2020, "60.5")]


def test_other_sheets_are_said_to_be_unread(tmp_path: Path) -> None:
    sheets: Sheets = {"goals": [["year", "rate"], [2020, "60.5"]], "memo": [["call back"]], "empty": []}
    report = read(workbook(tmp_path / "r.xlsx", sheets))
    assert report.unread == (Place("memo!1", "memo"),)


def test_sheets_with_tables_as_printed(tmp_path: Path) -> None:
    rows = [["2019년 하늬시 녹색제품 구매 실적 보고서"], ["(단위: 백만원)"], *SHARES]
    report = read(workbook(tmp_path / "r.xlsx", {"Sheet1": rows}, {("Sheet1", 3, 4): "0.00%", ("Sheet1", 4, 4): "0.0"}))
    assert [(row.year, row.unit, row.share and row.share.text) for row in report.shares] == [
        (2018, "백만원", "50.00"),
        (2019, "백만원", "58.0"),
    ]


def test_a_workbook_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as raised:
        read(workbook(tmp_path / "r.xlsx", {"Sheet1": [["Dear all"], ["see you"]]}))
    assert raised.value.code == "report_sheets"


def test_a_wrong_cell_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as raised:
        read(workbook(tmp_path / "r.xlsx", {"goals": [["year", "rate"], [2020, "high"]]}))
    assert (raised.value.code, raised.value.params["key"]) == ("report_value", "goals!2.rate")


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_shown_number_is_the_number_rounded_to_its_format(number: int, decimals: int) -> None:
    form = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = f"{'-' if number < 0 else ''}{abs(number) // 1000}.{abs(number) % 1000:03d}"
    shown = show(text, form)
    assert len(shown.partition(".")[2]) == decimals
    assert abs(Fraction(shown) - Fraction(text)) * 2 <= Fraction(1, 10**decimals)


@pytest.mark.parametrize(("text", "form"), [("58", None), ("58", "General"), ("58", "yyyy-mm-dd"), ("n/a", "0.0")])
def test_other_cells_are_shown_as_they_are(text: str, form: str | None) -> None:
    assert show(text, form) == text


def test_the_page_names_every_key() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")
    parts = [one for one in vars(model).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]
    keys = {field.name for one in parts if one not in (Place, Printed) for field in dataclasses.fields(one)}
    assert sorted(key for key in keys - {"place", "unread"} if f"`{key}`" not in page) == []
