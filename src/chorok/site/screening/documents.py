"""A request as the documents of screening: the review sheet and the statement of reasons, filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from chorok.core import definitions
from chorok.core.screening.facts import Alternative
from chorok.core.screening.grounds import number_of
from chorok.core.screening.request import Line as SignedLine
from chorok.core.screening.request import standing, state
from chorok.core.screening.workflow import CHECKERS, STAGES, Case
from chorok.ledger.screening import sub_code
from chorok.publications import screening_documents as papers
from chorok.publications.screening_documents import (
    Act,
    Basis,
    Heading,
    Reasons,
    Sheet,
    SheetLine,
    Signature,
    Signer,
    Statement,
)
from chorok.publications.screening_documents import Search as KeptSearch
from chorok.publications.screening_documents import Step as Taken
from chorok.publications.screening_filling import LISTED, NAMED, candidate, with_maker
from chorok.publications.screening_words import sub_code_words
from chorok.site.config import ledger as site
from chorok.site.screening import adoptions, desk
from chorok.site.screening.cases import case_of
from chorok.site.screening.models import Line, Request, Step
from chorok.site.screening.screened import decision_of
from chorok.wording import Language

ACTS: dict[str, Act] = {
    "submit": "submitted",
    "edit": "amended",
    "split": "amended",
    "check": "checked",
    "forward": "forwarded",
    "escalated": "forwarded",
    "moved": "forwarded",
    "remind": "reminded",
    "send_back": "returned",
    "withdraw": "withdrawn",
    "finish": "closed",
    **{name: name for name in ("screened_again", "cosigned", "refused", "overridden", "justified", "not_justified")},
}  # fmt: skip
"""Verb of a step -> what the paper calls it; what is not among them is not on paper."""
REASONED = ("D7", "D8", "D9", "D12")
"""Rules whose lines state reasons when they need a co-sign."""
MOST_BOXES = 5


def sheet(request: Request, language: Language) -> Sheet:
    """Return the review sheet of a request."""
    case, policy = case_of(request), adoptions.of_request(request).policy
    signed = {entry.number: entry.line for entry in case.entries}
    lines = tuple(_line(line, signed[line.number], request) for line in request.lines.all())
    stands = standing(policy, list(signed.values())).state
    return Sheet(heading(request), basis(request, language), lines, stands, steps(request), boxes(request, case))


def statement(request: Request, language: Language) -> Statement | None:
    """Return the statement of reasons of a request; None where no line states any."""
    case = case_of(request)
    signed = {entry.number: entry.line for entry in case.entries}
    found = [line for line in request.lines.all() if needs_reasons(line)]
    reasons = tuple(_reasons(line, signed[line.number], request) for line in found)
    return Statement(heading(request), basis(request, language), reasons, boxes(request, case)) if reasons else None


def needs_reasons(line: Line) -> bool:
    """Tell whether a line states reasons: what goes to a co-signer with them, or was bought in an emergency."""
    return line.rule in REASONED and bool(line.cosigner)


def heading(request: Request) -> Heading:
    """Return what the request says about itself."""
    return Heading(
        title=request.title,
        organisation=_named("organisation", request.organisation),
        number=request.number,
        department=request.department,
        requester=request.requester.name if request.requester else "",
        kind=cast("papers.Kind", request.kind),
        e_approval=request.document_no,
        budget_item=request.budget_item,
        needed_by=request.needed_by,
        place=request.place,
    )


def basis(request: Request, language: Language) -> Basis:
    """Return what the decisions rest on; the day of the registry is known while it is still the one that was read."""
    policy = adoptions.of_request(request).policy
    name, _, _ = request.definition.partition("@")
    known = definitions.load(name) if name in definitions.names() else None
    return Basis(
        getattr(policy, f"title_{language}"),
        request.policy_version,
        getattr(known, f"title_{language}") if known else name,
        request.definition,
        request.registry,
        _registry_day(request, name),
        request.decided_on or request.screened_on,
        bool(site.ledger().synthetic),
    )


def _registry_day(request: Request, definition: str) -> date | None:
    if definition not in definitions.names():
        return None
    source = desk.desk(definition).source
    if source.written is None or source.registry.version != request.registry:
        return None
    return min(source.written, request.screened_on)  # of a ledger whose day stands still


def _line(line: Line, signed: SignedLine, request: Request) -> SheetLine:
    decision = decision_of(line, request)
    product = " ".join(part for part in (line.description, line.specification, line.product_id) if part)
    green = line.rule == "D4"
    named = (product,) if green else tuple(with_maker(row) for row in line.alternatives[:NAMED])
    found = (line.search or {}).get("candidates") or len(line.alternatives)
    return SheetLine(
        number=line.number,
        product=product or line.item_hint,
        outcome=state(adoptions.of_request(request).policy, signed),
        rule=line.rule,
        item=_named("item", line.item_group),
        kind=cast("papers.Kind", request.kind),
        furnished=line.furnished,
        quantity=line.quantity,
        unit=line.unit,
        amount=line.amount,
        currency=line.currency,
        alternative=alternative(line),
        reasons=decision.reasons,
        needs=() if signed.closed else decision.needs,
        certificates=tuple(line.certificates),
        valid_until=line.certified_until,
        green=named,
        green_more=0 if green or not named else max(found - len(named), 0),
        ground=number_of(line.ground),
        case=sub_code(line.ground, sub_code_words()) or "",
    )


def alternative(line: Line) -> Alternative:
    """Return which alternatives stood against a line when it was screened."""
    said = {one["code"] for one in line.reasons}
    kinds = {row["alternative"] for row in line.alternatives}
    if "green_exists" in said or "sure" in kinds:
        return "sure"
    if "possible_exists" in said or kinds:
        return "possible"
    return "none" if line.search else "unknown"


def _reasons(line: Line, signed: SignedLine, request: Request) -> Reasons:
    evidence = (line.evidence, *(paper.name for paper in line.papers.all()))
    return Reasons(
        _line(line, signed, request),
        line.statement,
        tuple(text for text in evidence if text),
        alternatives=tuple(candidate(_dated(row)) for row in line.alternatives[:LISTED]),
        search=_search(line, request),
        cosign=_cosign(line),
        difference=line.difference,
    )


def _cosign(line: Line) -> Signature | None:
    if not line.cosigner:
        return None
    if not line.closed_how:
        return Signature(cast("Signer", line.cosigner))
    return Signature(
        cast("Signer", line.closed_office),
        line.closed_by.name if line.closed_by else "",
        line.closed_on,
        cast("Act", line.closed_how),
        line.closed_for.name if line.closed_for else "",
        line.closed_reason,
    )


def _search(line: Line, request: Request) -> KeptSearch | None:
    found = line.search
    if not found:
        return None
    place = _named("organisation", found.get("organisation") or request.organisation)
    parts = (_named("item", found.get("item_group")), found.get("detail_code"), place)
    query = " · ".join(str(part) for part in parts if part)
    return KeptSearch(
        date.fromisoformat(found["day"]), found["registry"], query, found["certified"], found["candidates"]
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Return an alternative as the screening gave it: a line keeps its day as text."""
    return {**row, "valid_until": date.fromisoformat(row["valid_until"]) if row.get("valid_until") else None}


def steps(request: Request) -> tuple[Taken, ...]:
    """Return the steps of a request that belong on paper, in order."""
    return tuple(
        Taken(step.on, ACTS[step.verb], cast("Signer", step.office or "requester"), _who(step), step.remark)
        for step in request.steps.all()
        if step.verb in ACTS
    )


def _who(step: Step) -> str:
    return " / ".join(one.name for one in (step.by, step.behalf) if one)


def boxes(request: Request, case: Case) -> tuple[Signature, ...]:
    """Return the boxes to sign, at most five: who asked, the head of the department, and each office that is asked."""
    lines, done = list(request.lines.all()), list(request.steps.all())
    owed = {said["code"] for line in lines for said in line.needs}
    checks = [(CHECKERS[stage], "check", stage) for stage in STAGES if stage in CHECKERS and stage in owed]
    signs = [(role, "", "cosign") for role in dict.fromkeys(line.cosigner for line in lines if line.cosigner)]
    signs += [(line.closed_office, "", "cosign") for line in lines if line.closed_how == "overridden"][:1]
    asked = Signature("requester", request.requester.name if request.requester else "", _asked_on(request), "submitted")
    found = [asked if request.submitted_at else Signature("requester"), Signature("department_head")]
    found += [_box(office, stage, done) for office, _, stage in dict.fromkeys([*checks, *signs])]
    return tuple(found[:MOST_BOXES])


def _asked_on(request: Request) -> date | None:
    return next((step.on for step in reversed(list(request.steps.all())) if step.verb == "submit"), None)


_SIGNING = ("check", "cosigned", "refused", "overridden", "justified", "not_justified")


def _box(office: str, stage: str, done: Sequence[Step]) -> Signature:
    """Return the box of an office with its newest act on the version that counts; empty before there is one."""
    role = cast("Signer", office)
    step = next(_acts(office, stage, done), None)
    if step is None:
        return Signature(role)
    names = step.by.name if step.by else "", step.behalf.name if step.behalf else ""
    return Signature(role, names[0], step.on, ACTS[step.verb], names[1], step.remark)


def _acts(office: str, stage: str, done: Sequence[Step]) -> Iterator[Step]:
    for step in reversed(done):
        if step.verb in ("edit", "screened_again"):
            return  # what was signed before need not hold any more: the lines say what does
        if step.office == office and step.stage == stage and step.verb in _SIGNING:
            yield step


def _named(dimension: str, code: str | None) -> str:
    return (site.names().show(dimension, code) if code and site.is_published() else code) or ""
