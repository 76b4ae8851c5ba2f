"""Small values of purchase files as SQL: kinds, flags, business numbers."""

from __future__ import annotations

from chorok.ledger.engines import quoted

KINDS = {
    "goods": ("물품", "물품구매", "물품구입", "물품제조", "내자", "외자", "goods", "good", "supplies", "supply", "g"),
    "works": ("공사", "시설", "시설공사", "공사계약", "works", "work", "construction", "w"),
    "service": ("용역", "일반용역", "기술용역", "서비스", "service", "services", "s"),
}
"""Written words of each kind of purchase, lower case."""

YES = ("y", "yes", "true", "1", "예", "해당", "o", "○", "여", "관급")


def sql_kind(cell: str, default: str) -> str:
    """Return a DuckDB expression VARCHAR -> goods | works | service: goods unless the word says otherwise.

    `default` is for an empty cell. Materials for works (공사용자재) are goods.
    """
    works = (
        f"(lower({cell}) LIKE 'work%' OR ({cell} LIKE '공사%' AND {cell} NOT LIKE '공사용%') OR {cell} LIKE '%공사')"
    )
    service = f"(lower({cell}) LIKE 'service%' OR {cell} LIKE '용역%' OR {cell} LIKE '%용역')"
    return (
        f"CASE WHEN {cell} IS NULL THEN {quoted(default)} WHEN {works} THEN 'works' WHEN {service} THEN 'service' "
        "ELSE 'goods' END"
    )


def sql_flag(cell: str) -> str:
    """Return a DuckDB expression VARCHAR -> BOOLEAN: whether the word is one of YES, NULL for an empty cell."""
    return f"lower({cell}) IN ({', '.join(map(quoted, YES))})"


def sql_digits(cell: str) -> str:
    """Return a DuckDB expression for a business number without dashes and blanks ('123-45-67890'), NULL for none."""
    bare = f"nullif(replace(replace({cell}, '-', ''), ' ', ''), '')"
    return f"CASE WHEN contains({cell}, '-') OR contains({cell}, ' ') THEN {bare} ELSE {cell} END"


def is_kind(text: str) -> bool:
    """Tell whether a text is a word for a kind of purchase."""
    plain = text.strip().lower()
    return any(plain in words for words in KINDS.values())
