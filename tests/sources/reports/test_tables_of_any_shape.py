"""Whatever is printed in a table is read back, in any layout, order of columns and language."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.core.checks.report import Report
from chorok.sources.reports.prose import read_lines

KEYS = ("organisation", "year", "total", "green", "share")
HEADS = {
    "en": dict(zip(KEYS, ("Organization", "Year", "Total Expenses", "Green Purchases", "Share"), strict=True)),
    "ko": dict(zip(KEYS, ("기관", "연도", "총 구매금액", "녹색제품 구매금액", "구매율"), strict=True)),
}
CITIES = {"en": ["Northport City", "Sunny Hill City"], "ko": ["하늬시", "볕드는시"]}
NOTES = {"en": "(Units: 1 million USD, %)", "ko": "(단위: 백만원, %)"}
Row = dict[str, str]


def of(text: str) -> Report:
    return read_lines("report.txt", [(str(number), line) for number, line in enumerate(text.split("\n"), 1)])


def tabs(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def pipes(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def columns(rows: Sequence[Sequence[str]]) -> str:
    width = max(len(cell) for row in rows for cell in row) + 3
    return "\n".join("".join(cell.ljust(width) for cell in row).rstrip() for row in rows)


def markup(rows: Sequence[Sequence[str]]) -> str:
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return "<table border=1>\n" + "\n".join(lines) + "\n</table>"


LAYOUTS = {"tabs": tabs, "pipes": pipes, "columns": columns, "markup": markup}

numbers = st.decimals(0, 99999, places=2).map(lambda number: f"{number:,}")
shares = st.decimals(0, 100, places=1).map(str) | st.integers(0, 100).map(str)
marks = st.sampled_from(["", "%", "*"])


@st.composite
def tables(draw: st.DrawFn, language: str) -> list[Row]:
    cities = draw(st.lists(st.sampled_from(CITIES[language]), min_size=1, max_size=2, unique=True))
    years = draw(st.lists(st.integers(2010, 2029), min_size=2, max_size=5, unique=True))
    return [
        {"organisation": city, "year": str(year), "total": draw(numbers), "green": draw(numbers), "share": draw(shares)}
        for city in cities
        for year in years
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40)
@given(data=st.data())
def test_rows_of_years_come_back(language: str, layout: str, data: st.DataObject) -> None:
    rows = data.draw(tables(language))
    order = data.draw(st.permutations(KEYS))
    mark = data.draw(marks)
    cells = [[row[key] + (mark if key == "share" else "") for key in order] for row in rows]
    heads = [HEADS[language][key] for key in order]
    report = of(f"[Table 7]\n{NOTES[language]}\n\n{LAYOUTS[layout]([heads, *cells])}\n")
    expected = {
        (
            row["organisation"],
            int(row["year"]),
            row["total"].replace(",", ""),
            row["green"].replace(",", ""),
            row["share"],
        )
        for row in rows
    }
    read = {
        (row.organisation, row.year, *(part.text if part else "" for part in (row.total, row.green, row.share)))
        for row in report.shares
    }
    assert read == expected
    assert {row.table for row in report.shares} == {"Table 7"}
    assert report.unread == ()


@pytest.mark.parametrize("layout", ["tabs", "pipes", "markup"])
@settings(max_examples=40)
@given(data=st.data())
def test_targets_and_results_come_back(layout: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(2010, 2027))
    names = data.draw(st.lists(st.sampled_from(["Chairs", "의자", "Drain pipes", "복사용지"]), min_size=1, unique=True))
    found = {name: [data.draw(shares) for _ in range(4)] for name in ["Total Purchase Rate", *names]}
    rows = [
        ["Category", str(first), str(first + 1), "", f"{first + 2} (Target)"],
        ["", "", "Target", "Result", ""],
        *([name, *figures] for name, figures in found.items()),
    ]
    report = of(f"Table 2. Targets\n(Unit: %)\n\n{LAYOUTS[layout](rows)}\n")
    keys = [(first, "result"), (first + 1, "target"), (first + 1, "result"), (first + 2, "target")]
    expected = {
        (None if name.startswith("Total") else name, *key, figure)
        for name, figures in found.items()
        for key, figure in zip(keys, figures, strict=True)
    }
    assert {(rate.item, rate.year, rate.kind, rate.rate.text) for rate in report.rates} == expected


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("ab 가시%12.,|\t-•#*:()\n년월일목표"), max_size=400))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    of(text)


def test_merged_cells_of_markup() -> None:
    report = of(
        "(단위: %)\n<table><tr><th rowspan=2>구분</th><th colspan='2'>2019년</th></tr>\n"
        "<tr><th>목표</th><th>실적</th></tr>\n"
        "<tr><td>의자 &amp; 책상</td><td>40</td>\n<td>41.5</td></tr></table>"
    )
    found = [(rate.item, rate.kind, rate.rate.text, rate.rate.place.where) for rate in report.rates]
    assert found == [("의자 & 책상", "target", "40", "4"), ("의자 & 책상", "result", "41.5", "4")]
