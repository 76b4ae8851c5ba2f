"""Dates as offices write them, as SQL. Every form is in FORMS; nothing else is a date.

The written local date is kept: a time or time zone after it is dropped, never converted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from chorok.ledger.engines import Connection, quoted
from chorok.sources.understanding import DateOrder

FORMS = (
    "2019-03-05",
    "2019-03-05 14:30:00.0",
    "2019-03-05T14:30:00+09:00",
    "20190305",
    "201903051430",
    "20190305143000",
    "2019.3.5",
    "2019. 3. 5.",
    "2019.03.05(화)",
    "2019/03/05",
    "2019년 3월 5일",
    "19.03.05",
    "05/03/2019",
    "5-3-19",
    "06-Apr-2011",
    "6 Apr 11",
    "5 March 2019",
    "April 6, 2011",
    "43529",
    "43529.0",
)
"""One example of each form (`19.03.05` only with order ymd, `05/03/2019` only with dmy or mdy)."""

MONTHS = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)

_B = "[\\s\u00a0\u3000]*"
_TIME = r"(?:[T\s]+(?:오전|오후)?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_DAY = r"(?:\s*\([월화수목금토일]\))?"
_YEAR = r"((?:19|20)\d{2})"
_NAME = "(" + "|".join([f"{short}(?:{full[3:]})?" for short, full in MONTHS] + ["sept"]) + ")"
_END = _DAY + _TIME + _B

_YEAR_FIRST = rf"{_B}{_YEAR}{_B}[-./년]{_B}(\d{{1,2}}){_B}[-./월]{_B}(\d{{1,2}}){_B}[.일]?{_END}"
_SHORT_YEAR_FIRST = rf"{_B}'?(\d{{2}}){_B}[-./]{_B}(\d{{1,2}}){_B}[-./]{_B}(\d{{1,2}}){_B}\.?{_END}"
_YEAR_LAST = rf"{_B}(\d{{1,2}})[-./](\d{{1,2}})[-./]{_YEAR}{_END}"
_SHORT_YEAR_LAST = rf"{_B}(\d{{1,2}})[-./](\d{{1,2}})[-./](\d{{2}}){_END}"
_DAY_NAME = rf"(?i){_B}(\d{{1,2}})(?:st|nd|rd|th)?[-\s/.,]*{_NAME}[-\s/.,]*(?:{_YEAR}|(\d{{2}})){_END}"
_NAME_DAY = rf"(?i){_B}{_NAME}[-\s/.]*(\d{{1,2}})(?:st|nd|rd|th)?[-\s/.,]+{_YEAR}{_END}"
_STAMP = r"(?:19|20)\d{2}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?"
_COMPACT = r"(?:19|20)\d{6}(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?"
_SERIAL = r"[2-7]\d{4}(?:\.\d+)?"

THREE_PARTS = rf"{_B}'?(\d{{1,2}}){_B}[-./]{_B}(\d{{1,2}}){_B}[-./]{_B}((?:19|20)?\d{{2}}){_B}\.?{_END}"
"""Numbers whose order the file must tell: three parts, the first of one or two digits."""


_ALL = (
    _YEAR_FIRST,
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?",
    THREE_PARTS,
    _DAY_NAME,
    _NAME_DAY,
)


def sql_date(expression: str, order: DateOrder) -> str:
    """Return a DuckDB expression VARCHAR -> DATE; NULL when not a date, or an impossible one (2019-02-30)."""
    x = f"({expression})"
    canonical = {"dmy": r"\3-\2-\1", "mdy": r"\3-\1-\2"}
    cases = [
        (_matches(x, r"(?:19|20)\d{2}-\d{2}-\d{2}"), _cast(x)),
        (_matches(x, _STAMP), _cast(f"{x}[1:10]")),
        (_matches(x, _COMPACT), _cast(f"{x}[1:4] || '-' || {x}[5:6] || '-' || {x}[7:8]")),
        (_matches(x, _YEAR_FIRST), _cast(_rewritten(x, _YEAR_FIRST, r"\1-\2-\3"))),
        (_matches(x, _SERIAL), f"DATE '1899-12-30' + CAST({x}[1:5] AS INTEGER)"),
    ]
    if order == "ymd":
        cases.append((_matches(x, _SHORT_YEAR_FIRST), _cast(_century(_rewritten(x, _SHORT_YEAR_FIRST, r"\1-\2-\3")))))
    else:
        cases.append((_matches(x, _YEAR_LAST), _cast(_rewritten(x, _YEAR_LAST, canonical[order]))))
        short = _rewritten(x, _SHORT_YEAR_LAST, canonical[order])
        cases.append((_matches(x, _SHORT_YEAR_LAST), _cast(_century(short))))
    cases.append((_matches(x, _DAY_NAME), _named(_rewritten(x, _DAY_NAME, r"\3\4-\2-\1"))))
    cases.append((_matches(x, _NAME_DAY), _named(_rewritten(x, _NAME_DAY, r"\3-\1-\2"))))
    return "CASE " + " ".join(f"WHEN {test} THEN {value}" for test, value in cases) + " END"


def looks_like(text: str) -> bool:
    """Tell whether a text is written like a date, in whatever order."""
    return any(re.fullmatch(form, text) for form in _ALL)


def needs_order(text: str) -> bool:
    """Tell whether only the file can say what is day, month and year."""
    return re.fullmatch(THREE_PARTS, text) is not None


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {quoted(pattern)})"


def _rewritten(x: str, pattern: str, by: str) -> str:
    return f"regexp_replace({x}, {quoted(f'^(?:{pattern})$')}, {quoted(by)})"


def _cast(text: str) -> str:
    """Cast 'y-m-d'; years outside 1900..2099 are excluded by the patterns."""
    return f"TRY_CAST({text} AS DATE)"


def _century(text: str) -> str:
    """Complete a leading two-digit year: 00-69 are 20xx, 70-99 are 19xx."""
    return f"CASE WHEN {text} < '7' THEN '20' ELSE '19' END || {text}"


def _named(text: str) -> str:
    """Parse 'y-Name-d', the year of two or four digits, the name short or full in any case."""
    year = f"split_part({text}, '-', 1)"
    full = f"CASE WHEN length({year}) = 4 THEN {year} ELSE {_century(year)} END"
    month = f"list_position({[short for short, _ in MONTHS]}, lower(split_part({text}, '-', 2)[1:3]))"
    return _cast(f"({full}) || '-' || {month} || '-' || split_part({text}, '-', 3)")


def sql_order_counts(column: str) -> str:
    """Return SQL aggregates over a column of dates: total, day first, month first, year first, short year last.

    They count values of three parts that only make sense in one order: a part over 12, over 31.
    """
    part = [f"TRY_CAST(regexp_extract({column}, {quoted(THREE_PARTS)}, {group}) AS INTEGER)" for group in (1, 2, 3)]
    return (
        f"count(*), count_if({part[0]} > 12), count_if({part[1]} > 12), count_if({part[0]} > 31), "
        f"count_if({part[2]} > 31), count_if({part[2]} > 99)"
    )


def order_of(connection: Connection, source: str, columns: Iterable[str], *, korean: bool) -> tuple[DateOrder, str]:
    """Return the order of day, month and year in the columns of one source, and its evidence.

    `source` is SQL in brackets or a view. Evidence: `written` (no value needs an order), `decided_by_values`,
    `assumed` (dmy; ymd for two-digit years in a Korean file), `conflict` (both day and month first occur).
    """
    totals: Counter[str] = Counter()
    keys = ("total", "first_over_12", "second_over_12", "first_over_31", "last_over_31", "long_year")
    for column in columns:
        query = f"SELECT {sql_order_counts(column)} FROM {source} WHERE {_matches(column, THREE_PARTS)}"
        row = connection.execute(query).fetchone()
        totals.update(dict(zip(keys, row or (0,) * 6, strict=True)))
    return decide_order(totals, korean=korean)


def decide_order(totals: Counter[str], *, korean: bool) -> tuple[DateOrder, str]:
    """Decide from the counts of `sql_order_counts`; see `order_of`."""
    if not totals["total"]:
        return "ymd", "written"
    year_last = totals["long_year"] or totals["last_over_31"]
    if totals["first_over_31"] and not year_last:
        return "ymd", "decided_by_values"
    if korean and not year_last and not totals["second_over_12"]:
        return "ymd", "assumed"
    if totals["first_over_12"] and totals["second_over_12"]:
        return "dmy", "conflict"
    if totals["second_over_12"]:
        return "mdy", "decided_by_values"
    return "dmy", "decided_by_values" if totals["first_over_12"] else "assumed"
