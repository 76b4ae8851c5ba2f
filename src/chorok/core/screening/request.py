"""A request of several lines: where it stands, what can be split off, how findings are closed, when approvals lapse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from chorok.core.errors import UsageError
from chorok.core.screening.decide import OPEN, Decision, Outcome, Said
from chorok.core.screening.policy import Policy, Role

Closing = Literal["cosigned", "refused", "overridden", "justified", "not_justified"]
CLOSINGS: tuple[Closing, ...] = get_args(Closing)
State = Outcome | Literal["approved", "approved_by_override", "refused", "recorded_justified", "recorded_not_justified"]

CLOSES: dict[Closing, tuple[Outcome, State]] = {
    "cosigned": ("needs_cosign", "approved"),
    "refused": ("needs_cosign", "refused"),
    "overridden": ("denied", "approved_by_override"),
    "justified": ("record_afterwards", "recorded_justified"),
    "not_justified": ("record_afterwards", "recorded_not_justified"),
}
"""What a closing closes, and the state in which it ends. An emergency is justified or not, never approved."""

_WORST_FIRST: tuple[State, ...] = (
    "refused",
    *OPEN,
    "recorded_not_justified",
    "approved_by_override",
    "recorded_justified",
    "approved",
)


@dataclass(frozen=True)
class Closed:
    """A person's act on the finding of one line. `finding` is the outcome that the person saw and means."""

    how: Closing
    finding: Outcome
    by: str
    role: Role
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a request: its decision, and the act that closed it, if any."""

    number: int
    decision: Decision
    closed: Closed | None = None


def state(policy: Policy, line: Line) -> State:
    """Return where a line stands.

    Raises UsageError closing_other_finding, closing_wrong_role, override_off, override_reason for an act that does not
    close this finding.
    """
    act = line.closed
    if act is None:
        return line.decision.outcome
    closes, ends = CLOSES[act.how]
    if act.finding != line.decision.outcome or closes != act.finding:
        raise UsageError("closing_other_finding", line=line.number, how=act.how, finding=line.decision.outcome)
    if act.how == "overridden":
        _check_override(policy, act, line.number)
    elif act.role != line.decision.cosigner:
        raise UsageError("closing_wrong_role", line=line.number, role=act.role, wanted=line.decision.cosigner)
    return ends


def _check_override(policy: Policy, act: Closed, number: int) -> None:
    if policy.override is None:
        raise UsageError("override_off", line=number, policy=policy.id)
    if act.role != policy.override.role:
        raise UsageError("closing_wrong_role", line=number, role=act.role, wanted=policy.override.role)
    if len(act.reason.strip()) < policy.override.least_reason:
        raise UsageError("override_reason", line=number, least=policy.override.least_reason)


@dataclass(frozen=True)
class Standing:
    """Where a request stands: the worst of its lines' states, 'passed' when none is open or was closed by hand."""

    state: State | Literal["passed"]
    open: tuple[int, ...]
    overridden: tuple[int, ...]


def standing(policy: Policy, lines: Sequence[Line]) -> Standing:
    """Return where a request stands. Raises UsageError as `state` does."""
    states = {line.number: state(policy, line) for line in lines}
    worst = min((one for one in states.values() if one in _WORST_FIRST), key=_WORST_FIRST.index, default=None)
    return Standing(
        worst or "passed",
        tuple(number for number, one in states.items() if one in OPEN),
        tuple(number for number, one in states.items() if one == "approved_by_override"),
    )


def split_off(lines: Iterable[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines that pass as they are, which can be bought at once, and the others."""
    every = tuple(lines)
    passed = tuple(line for line in every if not line.decision.blocking)
    return passed, tuple(line for line in every if line.decision.blocking)


@dataclass(frozen=True)
class Bought:
    """What was approved, or is now to be ordered; `product` by identification number or any other text that names it.

    `unit_price` in smallest currency units.
    """

    product: str
    unit_price: int | None
    quantity: Decimal | None


def lapses(policy: Policy, approved: Bought, approved_on: date, now: Bought, day: date) -> tuple[Said, ...]:
    """Return why an approval no longer holds (rules D13); empty while it does. Contract changes are asked alike."""
    why = []
    if (day - approved_on).days > policy.approval_days:
        why.append(Said("approval_old", {"days": (day - approved_on).days, "limit": policy.approval_days}))
    if now.product != approved.product:
        why.append(Said("product_changed", {"was": approved.product, "now": now.product}))
    if now.unit_price != approved.unit_price:
        why.append(Said("price_changed", {"was": approved.unit_price, "now": now.unit_price}))
    if _more(policy, approved.quantity, now.quantity):
        why.append(Said("quantity_changed", {"was": approved.quantity, "now": now.quantity}))
    return tuple(why)


def _more(policy: Policy, was: Decimal | None, now: Decimal | None) -> bool:
    if was is None or now is None:
        return was != now
    return Fraction(now) > Fraction(was) * (100 + policy.quantity_more) / 100
