"""A request as pages show it: codes in words, amounts with their currency, people by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from chorok.core.errors import ChorokError
from chorok.core.money import written
from chorok.core.screening import workflow
from chorok.core.screening.decide import PASSING
from chorok.core.screening.grounds import number_of
from chorok.core.screening.policy import Policy
from chorok.core.screening.request import state
from chorok.core.screening.workflow import Case
from chorok.publications.screening_words import sentence
from chorok.site.accounts.models import User
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say, say_error
from chorok.site.screening import history
from chorok.site.screening.durations import days_and_hours, worked
from chorok.site.screening.models import Line, Request
from chorok.site.screening.screened import decision_of
from chorok.wording import knows

TONES = {
    **dict.fromkeys([*PASSING, "passed", "approved", "recorded", "recorded_justified", "closed"], "good"),
    **dict.fromkeys(["denied", "rejected", "refused", "recorded_not_justified"], "bad"),
    **dict.fromkeys(["returned", "cannot_tell", "returned_to_split", "needs_statement"], "warn"),
    **dict.fromkeys(["awaiting", "needs_cosign", "record_afterwards"], "info"),
    **dict.fromkeys(["overridden", "approved_by_override"], "warn"),
}
"""Where a request or a line stands -> how its badge looks; others are plain."""


def tone(code: str) -> str:
    """Return how the badge of a state or an outcome looks."""
    return TONES.get(code, "plain")


def name_of(user: User | None) -> str:
    """Return a person's name; in words where there is nobody: the system acted, or the person was erased."""
    if user is None:
        return say("site.screening.request.system")
    return user.name or say("site.screening.request.erased")


def span(time: Any) -> str:
    """Return a time on working days in words."""
    days, hours = days_and_hours(time)
    code = "days" if days else "hours" if hours else "minutes"
    return say(f"site.screening.request.span.{code}", days=days, hours=hours)


def error_of(error: ChorokError) -> str:
    """Return the sentence of an error, its codes in words: `cosigned` is said as 'co-signed'."""
    families = {"office": "office", "verb": "verb", "state": "state", "stage": "stage", "role": "office",
                "wanted": "office", "how": "verb"}  # fmt: skip
    said = {
        name: say(code)
        for name, value in error.params.items()
        if name in families and knows(code := f"site.screening.{families[name]}.{value}", current())
    }
    return say_error(type(error)(error.code, **{**error.params, **said}))


def named(dimension: str, code: str | None) -> str:
    """Return what an organisation or an item group is called; before anything is published, its code."""
    return (site.names().show(dimension, code) if site.is_published() else code) or ""


def amount(line: Line) -> str:
    """Return a line's amount with its currency; a dash where it is not known."""
    return "–" if line.amount is None else f"{written(line.amount, line.currency)} {line.currency}"


def total(request: Request) -> str:
    """Return the sum of a request with its currency."""
    return f"{written(request.amount, request.currency)} {request.currency}"


def quantity(value: Decimal | None, unit: str) -> str:
    """Return a quantity with its unit; a dash where it is not known."""
    return "–" if value is None else f"{value.normalize():,f} {unit}".strip()


def ground(line: Line) -> str:
    """Return a line's ground by number and title, with what was written beside it."""
    number = number_of(line.ground)
    if number is None:
        return line.ground
    mark, rest = say(f"ground_mark.{number}"), line.ground.strip("①②③④⑤0123456789. ")
    titled = f"{mark} {say(f'ground.{number}')}"
    return f"{titled} ({rest})" if rest and rest not in titled else titled


def lines(found: Iterable[Line], request: Request, policy: Policy, case: Case) -> list[dict[str, Any]]:
    """Return lines as the pages show them."""
    entries = {entry.number: entry for entry in case.entries}
    return [_line(line, request, state(policy, entries[line.number].line)) for line in found]


def _line(line: Line, request: Request, stands: str) -> dict[str, Any]:
    decision = decision_of(line, request)
    return {
        "line": line,
        "product": line.description or line.item_hint or line.product_id,
        "quantity": quantity(line.quantity, line.unit),
        "amount": amount(line),
        "unit_price": None if line.unit_price is None else written(line.unit_price, line.currency),
        "stands": stands,
        "tone": tone(stands),
        "item": named("item", line.item_group),
        "reasons": [sentence("screen_reason", said, say) for said in decision.reasons],
        "needs": [] if line.closed_how else [sentence("screen_need", said, say) for said in decision.needs],
        "ground": ground(line),
        "papers": list(line.papers.all()),
        "alternatives": [_alternative(row) for row in line.alternatives],
        "more": max(0, ((line.search or {}).get("candidates") or 0) - len(line.alternatives)),
        "search": _search(line, request),
        "swapped": (line.swapped_from or {}).get("description") or (line.swapped_from or {}).get("product_id"),
        "signed_by": name_of(line.closed_by) if line.closed_how else "",
        "signed_for": name_of(line.closed_for) if line.closed_for_id else "",
        "opened": stands in ("denied", "needs_statement"),
    }


def _alternative(row: dict[str, Any]) -> dict[str, Any]:
    price = row.get("price")
    return {
        **row,
        "name": row.get("product_name") or row.get("model") or row.get("product_id") or "–",
        "price": "–"
        if price is None
        else f"{written(price, row.get('currency') or 'KRW')} {row.get('currency') or ''}",
        "sure": row.get("alternative") == "sure",
    }


def _search(line: Line, request: Request) -> dict[str, Any] | None:
    """Return the search that is kept with a line, in words."""
    found = line.search
    if not found:
        return None
    place = named("organisation", found.get("organisation") or request.organisation)
    parts = (named("item", found.get("item_group")), found.get("detail_code"), place)
    return {**found, "query": " · ".join(str(part) for part in parts if part)}


def steps(request: Request) -> list[dict[str, Any]]:
    """Return the steps of a request, in words."""
    return [
        {
            "step": one.step,
            "by": name_of(one.step.by),
            "behalf": name_of(one.step.behalf) if one.step.behalf_id else "",
            "took": span(one.took),
            "lines": numbers(one.step.numbers),
        }
        for one in history.past(request)
    ]


def numbers(found: list[int]) -> str:
    """Return the numbers of lines, the first of them."""
    return ", ".join(map(str, found[:MOST])) + ("…" if len(found) > MOST else "")


MOST = 12
"""Numbers of lines that are written out; changed lines of a version are shown up to ten times as many."""


def versions(request: Request) -> list[dict[str, Any]]:
    """Return what each version changed, in words."""
    return [
        {
            "step": one.step,
            "by": name_of(one.step.by),
            "count": len(one.changes),
            "hidden": max(0, len(one.changes) - 10 * MOST),
            "changes": _changes(one.changes),
        }
        for one in history.versions(request.steps.all())
    ]


def moved_on(request: Request, seen: int | None) -> dict[str, Any] | None:
    """Return what changed since the version that somebody saw, in words; None where that is the one that counts."""
    if seen is None or not 0 < seen < request.version:
        return None
    found = history.since(request.steps.all(), seen) or ()
    return {
        "seen": seen,
        "now": request.version,
        "hidden": max(0, len(found) - 10 * MOST),
        "changes": _changes(found),
    }


def _changes(found: Sequence[history.Change]) -> list[dict[str, Any]]:
    return [
        {
            "number": change.line["number"],
            "what": change.line["what"],
            "kind": "changed" if change.fields else "gone" if change.now is None else "new",
            "fields": [
                (name, _value(name, was, change.was), _value(name, now, change.now)) for name, was, now in change.fields
            ],
        }
        for change in found[: 10 * MOST]
    ]


def _value(name: str, value: Any, line: Any) -> str:
    if value in (None, ""):
        return "–"
    if name == "outcome":
        return say(f"screen_outcome.{value}")
    if name == "quantity":
        return quantity(Decimal(value), "")
    if name == "amount":
        return f"{written(value, line['currency'])} {line['currency']}"
    return str(value)


def waited(request: Request, now: Any) -> str:
    """Return how long a request has waited since its last step."""
    last = max((step.at for step in request.steps.all()), default=request.created_at)
    return span(worked(last, now))


def is_over(request: Request) -> bool:
    """Tell whether nothing is owed any more."""
    return request.state in workflow.ENDED | workflow.AGREED
