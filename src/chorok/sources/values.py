"""Small values of purchase files as SQL: kinds, flags, business numbers."""

from __future__ import annotations

from chorok.ledger.engines import quoted

KINDS = {
    "goods": ("물품", "물품구매", "물품구입", "물품제조", "내자", "외자", "goods", "good", "supplies", "supply", "g"),
    "works": ("공사", "시설", "시설공사", "공사계약", "works", "work", "construction", "w"),
    "service": ("용역", "일반용역", "기술용역", "서비스", "service", "services", "s"),
}
"""Written words of each kind of purchase, lower case."""

YES = ("y", "yes", "true", "1", "예", "해당", "o", "○", "여")
NO = ("n", "no", "false", "0", "아니오", "미해당", "해당없음", "x", "부")


def sql_kind(expression: str) -> str:
    """Return a DuckDB expression VARCHAR -> goods | works | service, NULL for any other word."""
    return _choice(expression, {quoted(kind): words for kind, words in KINDS.items()})


def sql_flag(expression: str) -> str:
    """Return a DuckDB expression VARCHAR -> BOOLEAN (Y/N, 예/아니오 ...), NULL for any other word."""
    return _choice(expression, {"true": YES, "false": NO})


def sql_digits(expression: str) -> str:
    """Return a DuckDB expression that keeps the digits only, NULL when there are none ('123-45-67890')."""
    return f"nullif(regexp_replace({expression}, '[^0-9]', '', 'g'), '')"


def is_kind(text: str) -> bool:
    """Tell whether a text is a word for a kind of purchase."""
    plain = text.strip().lower()
    return any(plain in words for words in KINDS.values())


def _choice(expression: str, choices: dict[str, tuple[str, ...]]) -> str:
    plain = f"lower(trim({expression}))"
    cases = " ".join(
        f"WHEN {plain} IN ({', '.join(quoted(word) for word in words)}) THEN {result}"
        for result, words in choices.items()
    )
    return f"CASE {cases} END"
