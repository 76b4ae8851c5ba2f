"""Amounts in SQL against an oracle that reads character by character."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.ledger.engines import connect
from chorok.sources.amounts import MARKS, sql_amount
from chorok.sources.understanding import Understanding

WON = Understanding({}, multiplier=1, currency="KRW", decimals=0)
THOUSAND = Understanding({}, multiplier=1000, currency="KRW", decimals=0)
POUNDS = Understanding({}, multiplier=100, currency="GBP", decimals=2)
MILLION_USD = Understanding({}, multiplier=100_000_000, currency="USD", decimals=2)
EUROS = Understanding({}, multiplier=100, currency="EUR", decimals=2, decimal_comma=True)
DOZENS = Understanding({}, multiplier=1200, currency="GBP", decimals=2)
CONNECTION = connect(threads=1)


def read(text: str | None, understanding: Understanding) -> int | None:
    row = CONNECTION.execute(
        f"SELECT {sql_amount('x', understanding)} FROM (SELECT $1::VARCHAR AS x)", [text]
    ).fetchone()
    assert row is not None
    return row[0]


def oracle(text: str, understanding: Understanding) -> int | None:
    """Peel blanks, brackets, signs and marks off; what is left must be a number."""
    rest, negative, signs = text.strip(" \t\n\u00a0\u3000"), False, 0
    marks = 0
    while True:
        before = rest
        if len(rest) > 1 and rest[0] in "(（" and rest[-1] in ")）":
            rest, negative, signs = rest[1:-1], True, signs + 1
        elif rest[:1] and rest[0] in "+-−－–△▲":
            rest, negative, signs = rest[1:], rest[0] != "+", signs + 1
        elif rest[-1:] and rest[-1] in "-−－–△▲":
            rest, negative, signs = rest[:-1], True, signs + 1
        else:
            for mark in MARKS[understanding.currency]:
                if rest.startswith(mark):
                    rest, marks = rest[len(mark) :], marks + 1
                    break
                if rest.endswith(mark):
                    rest, marks = rest[: -len(mark)], marks + 1
                    break
        rest = rest.strip(" \t\n\u00a0\u3000")
        if rest == before:
            break
    return None if signs > 1 else _number(rest, negative, understanding)


def _number(rest: str, negative: bool, understanding: Understanding) -> int | None:
    point, comma = (",", ".") if understanding.decimal_comma else (".", ",")
    whole, _, decimals = rest.partition(point)
    if point in rest and not decimals:
        return None
    groups = whole.split(comma)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    digits = "".join(groups)
    if not (digits + decimals).isascii() or not (digits + decimals).isdigit() or (decimals and not decimals.isdigit()):
        return None
    value = Decimal(f"{digits or 0}.{decimals or 0}") * understanding.multiplier
    if value != int(value):
        return None
    signed = -int(value) if negative else int(value)
    return signed if -(2**63) <= signed < 2**63 else None


@pytest.mark.parametrize(
    ("text", "understanding", "expected"),
    [
        ("1234567", WON, 1234567),
        ("-5", WON, -5),
        ("1,234,567", WON, 1234567),
        (" 1,234원 ", WON, 1234),
        ("\u00a01,234\u00a0", WON, 1234),
        ("₩1,234", WON, 1234),
        ("\\1,234", WON, 1234),
        ("1,234.00", WON, 1234),
        ("1,234 KRW", WON, 1234),
        ("(1,234)", WON, -1234),
        ("△1,234", WON, -1234),
        ("▲ 1,234", WON, -1234),
        ("1,234-", WON, -1234),
        ("－1234", WON, -1234),
        ("1.5", THOUSAND, 1500),
        ("1,234.567", THOUSAND, 1234567),
        ("5400.00", POUNDS, 540000),
        ("5400.5", POUNDS, 540050),
        ("5400", POUNDS, 540000),
        ("£(5.10)", POUNDS, -510),
        ("-£5.1", POUNDS, -510),
        ("£-5.1", POUNDS, -510),
        (".50", POUNDS, 50),
        ("12.54", MILLION_USD, 1_254_000_000),
        ("$36.3", MILLION_USD, 3_630_000_000),
        ("1.234,56", EUROS, 123456),
        ("1.5", DOZENS, 1800),
        ("9223372036854775807", WON, 2**63 - 1),
        ("-9223372036854775808", WON, -(2**63)),
        ("000000000000000000000000012", WON, 12),
    ],
)
def test_reads(text: str, understanding: Understanding, expected: int) -> None:
    assert read(text, understanding) == expected
    if understanding is not DOZENS:
        assert oracle(text, understanding) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "1.5",
        "1e3",
        "0x1F",
        "1,23,4",
        "1,2345",
        "12,34",
        "1 234",
        "$5",
        "£5",
        "--5",
        "(-5)",
        "1234.",
        "원",
        "9223372036854775808",
        "-9223372036854775809",
        "1" * 60,
        "1,234.5",
        "NaN",
        "Infinity",
        "1_000",
        "１２３",
        "5 5",
        "+",
        "()",
    ],
)
def test_refuses(text: str) -> None:
    assert read(text, WON) is None


def test_missing_stays_missing() -> None:
    assert read(None, WON) is None


@pytest.mark.parametrize("text", ["1.234", "92233720368547758.08", "5.4.0", "1,234.567"])
def test_refuses_more_decimals_than_the_currency_has(text: str) -> None:
    assert read(text, POUNDS) is None


pieces = st.sampled_from(
    ["", " ", "-", "+", "(", ")", "△", "▲", "−", "₩", "원", "£", "$", ",", ".", "\u00a0", "e", "KRW"]
)
written = st.builds(
    "".join,
    st.tuples(
        pieces, pieces, st.from_regex(r"[0-9]{1,3}(,?[0-9]{3}){0,6}([.,][0-9]{0,4})?", fullmatch=True), pieces, pieces
    ),
)


def _normal(text: str, understanding: Understanding) -> bool:
    """Leave out what the oracle reads more freely: two marks, marks inside brackets or behind a sign at the end."""
    bare = [mark for mark in MARKS[understanding.currency] if mark in text]
    return len(bare) < 2 and sum(text.count(mark) for mark in bare) < 2 and text.strip().count(" ") == 0


@given(st.lists(written, min_size=30, max_size=60), st.sampled_from([WON, THOUSAND, POUNDS, EUROS]))
@settings(max_examples=20, deadline=None)
def test_never_differs_from_the_oracle(texts: list[str], understanding: Understanding) -> None:
    """What SQL reads the oracle reads alike; what plain forms the oracle reads SQL reads, too."""
    query = f"SELECT {sql_amount('x', understanding)} FROM (SELECT unnest($1::VARCHAR[]) AS x)"
    for text, (got,) in zip(texts, CONNECTION.execute(query, [texts]).fetchall(), strict=True):
        expected = oracle(text, understanding)
        if got is not None or (_normal(text, understanding) and not set("+-−△▲()") & set(text)):
            assert got == expected, text


@given(st.integers(-(10**18), 10**18), st.sampled_from(["{:,}", "{}", "₩{:,}", " {:,}원 "]))
@settings(max_examples=60, deadline=None)
def test_round_trip(amount: int, form: str) -> None:
    assert read(form.format(amount), WON) == amount


@given(st.integers(0, 10**15), st.sampled_from(["({})", "△{}", "▲{}", "{}-", "-{}", "−{}", "-£{}", "£({})", "£-{}"]))
@settings(max_examples=60, deadline=None)
def test_negative_forms(pence: int, form: str) -> None:
    assert read(form.format(f"{pence // 100:,}.{pence % 100:02}"), POUNDS) == -pence
