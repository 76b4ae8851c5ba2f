"""The documents of a screened request: review sheet and statement of reasons, from what the command knows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from chorok.cli.speech import language, note
from chorok.ledger.naming import Names
from chorok.ledger.screening import Request
from chorok.publications import screening_files as files
from chorok.publications import screening_filling as filling
from chorok.publications.screening_documents import Heading, Sheet, Signature, Signer, Statement

T = TypeVar("T")


def write(
    request: Request, names: Names, synthetic: bool, title: str, sheet: Path | None, reasons: Path | None
) -> None:
    """Write the sheet and the statement that were asked for, and say so. Raises UsageError for another ending."""
    heading = _heading(request, names, title)
    basis = filling.basis(request, language(), synthetic)
    if sheet is not None:
        lines = tuple(filling.line(one, names) for one in request.lines)
        document = Sheet(heading, basis, lines, request.standing.state, signatures=_boxes(request))
        files.write(sheet, document, language())
        note("screening.sheet_written", file=sheet, lines=len(lines))
    if reasons is None:
        return
    stated = tuple(filling.reasons(one, names) for one in request.lines if filling.needs_reasons(one))
    if not stated:
        note("screening.no_statement", file=reasons)
        return
    files.write(reasons, Statement(heading, basis, stated, _boxes(request)), language())
    note("screening.statement_written", file=reasons, lines=len(stated))


def _heading(request: Request, names: Names, title: str) -> Heading:
    """The request's head; what its lines do not agree on is left open."""
    asked = [line.asked for line in request.lines]
    organisation = request.wish.organisation or _agreed(one.organisation for one in asked)
    kinds = {one.kind for one in asked}
    return Heading(
        title,
        (names.show("organisation", organisation) or "") if organisation else "",
        department=_agreed(one.department for one in asked) or "",
        kind=kinds.pop() if len(kinds) == 1 else "goods",
        needed_by=request.wish.needed_by or _agreed(one.needed_by for one in asked),
    )


def _agreed(values: Iterable[T | None]) -> T | None:
    """The one value that is given; None where there are several."""
    given = {value for value in values if value is not None}
    return given.pop() if len(given) == 1 else None


def _boxes(request: Request) -> tuple[Signature, ...]:
    """Boxes to sign by hand: requester, head of department, and whoever has to co-sign."""
    cosigners = (line.decision.cosigner for line in request.lines)
    roles: list[Signer] = ["requester", "department_head", *dict.fromkeys(one for one in cosigners if one)]
    return tuple(Signature(role) for role in roles)
