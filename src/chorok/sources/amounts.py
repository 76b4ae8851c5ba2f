"""Amounts of money as offices write them, as SQL. Never through a float, never rounded."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from chorok.ledger.engines import quoted
from chorok.sources.understanding import Understanding

MARKS = {
    "KRW": ("₩", "￦", "\\", "원정", "원", "KRW"),
    "USD": ("US$", "USD", "$", "달러"),
    "GBP": ("£", "￡", "GBP"),
    "EUR": ("€", "EUR", "유로"),
    "JPY": ("¥", "￥", "JPY", "엔"),
}
"""Currency -> the marks that may stand beside its amounts. A mark of another currency is not an amount."""

MINUS = r"\-−－–△▲"  # within a character class
_B = "[\\s\u00a0\u3000]*"
_DIGITS = 18


def places(multiplier: int) -> int:
    """Return how many decimals a written amount may have, e.g. 2 for a multiplier of 100."""
    found = 0
    while multiplier % 10 == 0:
        multiplier //= 10
        found += 1
    return found


def sql_amount(expression: str, understanding: Understanding) -> str:
    """Return a DuckDB expression VARCHAR -> BIGINT in smallest units; NULL when the text is not an amount.

    Understood: separators in their places, marks of the understanding's currency, brackets, a leading or trailing
    minus, △ and ▲, blanks around, decimals up to what the multiplier makes whole (further zeros do no harm).
    """
    x = f"({expression})"
    scale = places(understanding.multiplier)
    factor = understanding.multiplier // 10**scale
    zeros = f" || '{'0' * scale}'" if scale else ""
    plain = _times(f"TRY_CAST({x}{zeros} AS BIGINT)", factor)
    cases = [(f"regexp_full_match({x}, '-?[0-9]{{1,{max(_DIGITS - len(str(understanding.multiplier)), 1)}}}')", plain)]
    if scale and not understanding.decimal_comma:
        exact = _times(f"TRY_CAST(replace({x}, '.', '') AS BIGINT)", factor)
        cases.append((f"regexp_full_match({x}, '-?[0-9]{{1,10}}[.][0-9]{{{scale}}}')", exact))
    if not understanding.decimal_comma:
        bare = _times(f"TRY_CAST(replace({x}, ',', ''){zeros} AS BIGINT)", factor)
        cases.append((f"regexp_full_match({x}, '-?[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}')", bare))
    cases.append(
        (f"regexp_full_match({x}, {quoted(pattern(understanding))})", _general(x, understanding, scale, factor))
    )
    return "CASE " + " ".join(f"WHEN {test} THEN {value}" for test, value in cases) + " END"


def looks_like(text: str, decimal_comma: bool = False) -> bool:
    """Tell whether a text is written like an amount of some currency."""
    return _any_amount(decimal_comma).fullmatch(text) is not None


@functools.cache
def _any_amount(decimal_comma: bool) -> re.Pattern[str]:
    point, comma = (",", ".") if decimal_comma else (".", ",")
    return re.compile(_forms(point, comma, r"[0-9]+", [mark for marks in MARKS.values() for mark in marks]), re.ASCII)


def pattern(understanding: Understanding) -> str:
    """Return the pattern (RE2) of everything that is an amount under an understanding."""
    point, comma = (",", ".") if understanding.decimal_comma else (".", ",")
    scale = places(understanding.multiplier)
    decimals = rf"[0-9]{{1,{scale}}}0*" if scale else "0+"
    return _forms(point, comma, decimals, MARKS.get(understanding.currency, (understanding.currency,)))


def _forms(point: str, comma: str, digits: str, marks_of: Sequence[str]) -> str:
    decimals = rf"[{point}](?:{digits})"
    whole = rf"(?:[0-9]{{1,3}}(?:[{comma}][0-9]{{3}})+|[0-9]+)"
    number = rf"(?:{whole}(?:{decimals})?|{decimals})"
    marks = "|".join(re.escape(mark) for mark in marks_of)
    before, after = rf"(?:(?:{marks}){_B})?", rf"(?:{_B}(?:{marks}))?"
    sign = rf"[+{MINUS}]"
    forms = (
        rf"(?:{sign}{_B})?{before}{number}{after}",
        rf"(?:{marks}){_B}{sign}{_B}{number}{after}",
        rf"{before}{number}{after}{_B}[{MINUS}]",
        rf"[(（]{_B}{before}{number}{after}{_B}[)）]",
        rf"(?:{marks}){_B}[(（]{_B}{number}{_B}[)）]",
    )
    return rf"(?i){_B}(?:{'|'.join(forms)}){_B}"


def _times(value: str, factor: int) -> str:
    return value if factor == 1 else f"TRY_CAST(CAST({value} AS HUGEINT) * {factor} AS BIGINT)"


def _general(x: str, understanding: Understanding, scale: int, factor: int) -> str:
    """Join sign, whole digits and padded decimals as text and cast once: exact, NULL beyond 64 bits."""
    point = "," if understanding.decimal_comma else "."
    whole = f"regexp_replace(split_part({x}, '{point}', 1), '[^0-9]', '', 'g')"
    decimals = f"regexp_replace(split_part({x}, '{point}', 2), '[^0-9]', '', 'g')"
    shifted = f"rpad({decimals}[1:{scale}], {scale}, '0')" if scale else "''"
    sign = f"CASE WHEN regexp_matches({x}, {quoted(f'[{MINUS}(（]')}) THEN '-' ELSE '' END"
    return _times(f"TRY_CAST({sign} || '0' || {whole} || {shifted} AS BIGINT)", factor)
