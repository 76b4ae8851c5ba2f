"""What a ledger has to set beside an official file: sums of a year by item group, and of the months at its ends."""

from __future__ import annotations

from collections import defaultdict

from chorok.core import periods
from chorok.core.measures.reconciliation import Context, Ours
from chorok.core.measures.share import Amounts
from chorok.ledger import figures
from chorok.ledger.figures import Answer, Question
from chorok.ledger.published import Published


def ours(
    published: Published, year: int, organisation: str | None, definition: str, currency: str
) -> tuple[dict[str, Ours], Context, Answer]:
    """Return sums by item group in a currency, what is open in all of them, and the answer that names their basis.

    Raises UsageError as figures do.
    """
    question = Question(("item",), "eligible", definition, periods.parse(str(year)), organisation)
    answer = figures.summary(published, question)
    found = [(one.keys[0], one.amounts) for one in answer.figures if one.currency == currency]
    edges = _edges(published, year, question, currency)
    known = {code: Ours(amounts, *edges[code]) for code, amounts in found if code is not None}
    unknown = sum((amounts for code, amounts in found if code is None), Amounts()).unknown
    return known, Context(unknown, answer.provisional), answer


def _edges(published: Published, year: int, question: Question, currency: str) -> dict[str, list[int]]:
    """Return item group -> eligible amounts of the month before the year, after it, its first and its last."""
    months = [f"{year - 1}-12", f"{year + 1}-01", f"{year}-01", f"{year}-12"]
    around = Question(
        ("month", "item"), question.basis, question.definition, periods.parse(f"{months[0]}..{months[1]}"),
        question.organisation,
    )  # fmt: skip
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in figures.summary(published, around).figures:
        month, code = one.keys
        if one.currency == currency and month in months and code is not None:
            found[code][months.index(month)] += one.amounts.share().denominator
    return found
