"""Lines of a request through the screening of the ledger, and back: what is asked becomes what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django.db.models import Sum

from chorok.core.screening.decide import Decision, Outcome, Said
from chorok.core.screening.facts import Framework as Granted
from chorok.core.screening.policy import Role
from chorok.core.screening.workflow import AGREED
from chorok.ledger import screening
from chorok.ledger.asked import Asked
from chorok.ledger.screening import Screened, Wish
from chorok.publications.screening_words import sub_code_words
from chorok.site.screening.adoptions import InForce
from chorok.site.screening.desk import desk
from chorok.site.screening.models import Framework, Line, Request
from chorok.sources.requests import measured

SHOWN = 12
"""Alternatives that are kept with a line; how many there are in all stands in its search."""


def screen(
    request: Request, lines: Sequence[Line], rule: InForce, today: date, shown: int = SHOWN
) -> screening.Request:
    """Screen the lines of a request on a day, with so many alternatives each.

    Raises BadInputError for a request without lines, LedgerError.
    """
    wish = Wish(
        rule.policy,
        today,
        request.needed_by,
        request.organisation,
        sub_code_words(),
        shown,
        pending=pending(request, rule, today),
    )
    return desk(rule.definition).screen([asked(line, request) for line in lines], wish)


def asked(line: Line, request: Request) -> Asked:
    """Return a line as it is asked of the ledger."""
    return Asked(
        number=line.number,
        **{name: getattr(line, name) or None for name in _TEXTS},
        kind=cast("Any", request.kind),
        furnished=line.furnished,
        quantity=line.quantity,
        measured=measured(line.unit or None, line.description or None),
        amount=line.amount,
        currency=line.currency,
        organisation=request.organisation,
        department=request.department or None,
        needed_by=line.needed_by,
        no_goods=line.no_goods,
        emergency=line.emergency,
        framework=_granted(line),
        proof=bool(line.proof),
        parts=tuple(Asked(number, description=text) for number, text in enumerate(line.parts, 1)),
    )


_TEXTS = (
    "description", "specification", "product_id", "class_code", "detail_code", "item_hint", "supplier_no",
    "supplier_name", "unit", "ground", "statement", "evidence", "difference",
)  # fmt: skip


def _granted(line: Line) -> Granted | None:
    """Return the framework contract of a line, with what its other call-offs leave of it."""
    one = line.framework
    if one is None:
        return None
    return Granted(one.reference, one.until, left(one, but=line), cast("Any", one.granted))


def left(one: Framework, *, but: Line | None = None) -> int:
    """Return what is left of a framework contract in its smallest units; drafts do not take from it."""
    taken = Line.objects.filter(framework=one, request__state__in=[*AGREED, "awaiting", "closed"])
    if but is not None and but.pk:
        taken = taken.exclude(pk=but.pk)
    return one.amount - (taken.aggregate(sum=Sum("amount"))["sum"] or 0)


def pending(request: Request, rule: InForce, today: date) -> dict[tuple[str | None, str | None, str, str], int]:
    """Return what other requests of the department ask for within the policy's days: splitting does not help (D10)."""
    if not rule.policy.small_amounts:
        return {}
    others = Line.objects.filter(
        request__organisation=request.organisation,
        request__department=request.department,
        request__state__in=[*AGREED, "awaiting", "returned", "rejected"],
        request__screened_on__gt=date.fromordinal(today.toordinal() - rule.policy.small_days),
        amount__isnull=False,
    ).exclude(item_group="")
    if request.pk:
        others = others.exclude(request=request)
    sums = others.values_list("item_group", "currency").annotate(sum=Sum("amount"))
    buyer = request.organisation, request.department or None
    return {(*buyer, group, currency): total for group, currency, total in sums}


def keep(line: Line, found: Screened) -> None:
    """Write what was found onto a line, without saving it."""
    decision = found.decision
    if line.closed_how and line.closed_finding != decision.outcome:
        line.unsign()
    line.rule, line.outcome = decision.rule, decision.outcome
    line.cosigner = decision.cosigner or ""
    line.reasons, line.needs = _said(decision.reasons), _said(decision.needs)
    line.item_group = found.facts.item_group or ""
    line.method, line.certificates = found.method, list(found.certificates)
    line.certified_until = found.facts.certified_until
    line.alternatives = [plain(row) for row in found.alternatives]
    line.search = None if found.search is None else plain(vars(found.search))
    line.found_detail = (found.search.detail_code if found.search else None) or ""
    line.ground_read = found.ground_read


def decision_of(line: Line, request: Request) -> Decision:
    """Return the decision that a line holds."""
    return Decision(
        line.rule,
        cast("Outcome", line.outcome),
        _read(line.reasons),
        _read(line.needs),
        cast("Role | None", line.cosigner or None),
        request.policy_version,
        request.registry,
        request.definition,
    )


def _said(said: Iterable[Said]) -> list[dict[str, Any]]:
    return [{"code": one.code, "params": plain(dict(one.params))} for one in said]


def _read(said: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    return tuple(Said(one["code"], one["params"]) for one in said)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: days as text, fractions and decimals as text too, so that nothing is rounded."""
    if isinstance(value, Mapping):  # most of what it holds is plain already, and all else costs more to tell
        return {str(key): one if type(one) in (str, int, bool) else plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, date | Decimal | Fraction) else value
