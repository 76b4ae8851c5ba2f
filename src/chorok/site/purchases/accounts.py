"""The account of an import as rows: lines in = accepted + rejected, in count and in sum, and why."""

from __future__ import annotations

from dataclasses import dataclass

from chorok.core.money import written
from chorok.ledger.batches import Account, Tally


@dataclass(frozen=True)
class Row:
    """One row of an account: what it counts, worded by `code`; `amount` as people write it, None where none is."""

    code: str
    lines: int
    amount: str | None
    reason: str = ""  # worded by `reject.<reason>.reason` or `aside.<reason>`


def rows(account: Account, currency: str) -> list[Row]:
    """Return the rows of an account, each reason below what was rejected."""

    def row(code: str, tally: Tally, reason: str = "") -> Row:
        return Row(code, tally.lines, written(tally.amount, currency), reason)

    return [
        row("received", account.received),
        row("accepted", account.accepted),
        row("rejected", account.refused),
        *(row("of_which", tally, reason) for reason, tally in sorted(account.rejected.items())),
        *(Row("aside", count, None, kind) for kind, count in sorted(account.aside.items())),
    ]
