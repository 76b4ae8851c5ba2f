"""A project's bill of materials before it is designed: expected green share, cost of swapping, what is open.

Pure sums over lines that `decide` has decided already; nothing is decided here. Amounts are integers of the smallest
currency unit, shares `core.money.Share` (rules 1.1), a cost difference is rounded once a line, as a bill is.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import Literal, get_args

from chorok.core.money import Share, ratio, round_half_away
from chorok.core.screening.decide import Outcome
from chorok.core.screening.facts import Facts, Proportioned
from chorok.core.screening.policy import Policy

Obligation = Literal["owed", "none", "unknown", "no_goods"]
OBLIGATIONS: tuple[Obligation, ...] = get_args(Obligation)
Standing = Literal["green", "not_green", "open", "unknown", "outside"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
CostCode = Literal[
    "known", "nothing", "no_alternative", "no_price", "no_quantity", "no_amount", "other_currency", "other_unit"
]
COSTS: tuple[CostCode, ...] = get_args(CostCode)
WANTING: tuple[CostCode, ...] = ("no_price", "no_quantity", "no_amount", "other_currency", "other_unit")
"""Why the cost of a sure alternative cannot be compared: somebody can find out."""
Point = Literal["cannot_tell", "split", "negative", "alternative", "possible", "price", "proof"]
POINTS: tuple[Point, ...] = get_args(Point)


@dataclass(frozen=True)
class Material:
    """One line of a bill. `price`: of the first sure alternative for one `price_unit`, None where it is not known."""

    facts: Facts
    outcome: Outcome
    quantity: Decimal | None = None
    unit: str = ""
    price: int | None = None
    price_currency: str = "KRW"
    price_unit: str = ""

    @property
    def amount(self) -> int | None:
        """What the bill says; None where it says nothing that can be counted."""
        return self.facts.amount if self.facts.amount is not None and self.facts.amount >= 0 else None

    @property
    def negative(self) -> bool:
        """Whether quantity or amount is below zero: no bill of materials can mean that."""
        return (self.quantity or 0) < 0 or (self.facts.amount or 0) < 0


def obligation(facts: Facts) -> Obligation:
    """Tell whether a material is of a green item group on the day, so that a green product is owed."""
    if facts.no_goods:
        return "no_goods"
    known = facts.definition_known and facts.registry_age is not None and facts.unit != "lump"
    if not known or facts.standard == "unknown":
        return "unknown"
    return "owed" if facts.standard == "yes" else "none"


def standing(facts: Facts) -> Standing:
    """Tell what a material is as the bill stands. `unknown`: its item group is not known."""
    owed = obligation(facts)
    if owed != "owed":
        return "unknown" if owed == "unknown" else "outside"
    return {"yes": "green", "no": "not_green"}.get(facts.green, "open")  # type: ignore[return-value]


def reachable(facts: Facts) -> Standing:
    """Tell what a material is when every sure alternative is taken; what may have one is open."""
    now = standing(facts)
    if now not in ("not_green", "open"):
        return now
    if facts.alternative == "sure":
        return "green"
    return "open" if now == "open" or facts.alternative in ("possible", "unknown") else "not_green"


@dataclass(frozen=True)
class Expected:
    """The expected share by the bill's amounts. `asked`: as the bill stands; `reachable`: every sure swap made.

    `unpriced` and `foreign` count the lines that belong to it but have no amount, or one in another currency.
    """

    asked: Share
    reachable: Share
    unpriced: int = 0
    foreign: int = 0

    @property
    def low(self) -> Fraction | None:
        """Nothing open turns out green, nothing is swapped."""
        return self.asked.low

    @property
    def high(self) -> Fraction | None:
        """Every sure swap is made, and all that is open turns out green."""
        return self.reachable.high

    @property
    def undetermined(self) -> int:
        """The amount between `reachable` and `high`: open, or of an item group that is not known."""
        return self.reachable.undetermined + self.reachable.unknown


def expected(materials: Iterable[Material], currency: str = "KRW") -> Expected:
    """Return the expected share of a bill in one currency; not defined where nothing counts."""
    sums = {"asked": Share(0, 0), "reachable": Share(0, 0)}
    unpriced = foreign = 0
    for one in materials:
        if standing(one.facts) == "outside":
            continue
        if one.amount is None:
            unpriced += 1
        elif one.facts.currency != currency:
            foreign += 1
        else:
            sums["asked"] += _share(standing(one.facts), one.amount)
            sums["reachable"] += _share(reachable(one.facts), one.amount)
    return Expected(sums["asked"], sums["reachable"], unpriced, foreign)


def _share(stands: Standing, amount: int) -> Share:
    parts = {"green": 0, "not_green": 0, "open": 0, "unknown": 0, stands: amount}
    return Share(parts["green"], parts["not_green"], parts["open"], parts["unknown"])


@dataclass(frozen=True)
class Cost:
    """What the first sure alternative costs more (below zero: less) than the bill says, or why that is not known."""

    code: CostCode
    difference: int | None = None


def cost(one: Material) -> Cost:
    """Compare the price of the first sure alternative times the quantity with the bill's amount; never guess."""
    code = _comparable(one)
    if code != "known" or one.quantity is None or one.price is None or one.amount is None:
        return Cost(code)
    return Cost("known", int(round_half_away(Fraction(one.quantity) * one.price, 0)) - one.amount)


def _comparable(one: Material) -> CostCode:
    """Return the first thing that is in the way of a comparison."""
    in_the_way: dict[CostCode, bool] = {
        "nothing": standing(one.facts) not in ("not_green", "open"),
        "no_alternative": one.facts.alternative != "sure",
        "no_price": one.price is None,
        "no_quantity": one.quantity is None or one.quantity <= 0,
        "no_amount": one.amount is None,
        "other_currency": one.price_currency != one.facts.currency,
        "other_unit": not same_unit(one.unit, one.price_unit),
    }
    return next((code for code, found in in_the_way.items() if found), "known")


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units surely mean the same; one that is not written means nothing."""
    left, right = _unit(one), _unit(other)
    return bool(left) and (left == right or any({left, right} <= same for same in _same()))


@functools.cache
def _same() -> tuple[frozenset[str], ...]:
    """Return the units that mean the same, each group in lower case."""
    text = resources.files(__package__).joinpath("units.toml").read_text(encoding="utf-8")
    return tuple(frozenset(group) for group in tomllib.loads(text).values())


def _unit(text: str) -> str:
    return unicodedata.normalize("NFKC", text or "").strip().casefold()


@dataclass(frozen=True)
class Costs:
    """The sum of the differences that are known, of how many lines, and how many lines each other answer has."""

    difference: int
    known: int
    lines: dict[CostCode, int] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Lines with a sure alternative whose cost cannot be compared."""
        return sum(self.lines.get(code, 0) for code in WANTING)


def costs(found: Iterable[Cost]) -> Costs:
    """Sum what is known."""
    total, lines = 0, dict.fromkeys(COSTS, 0)
    for one in found:
        total += one.difference or 0
        lines[one.code] += 1
    return Costs(total, lines["known"], lines)


@dataclass(frozen=True)
class Required:
    """How the whole bill stands to a required proportion (rules D6). `share` is None where quantities do not add up."""

    item_group: str
    at_least: Fraction  # percent
    state: Proportioned
    share: Fraction | None


def required(policy: Policy, materials: Sequence[Material]) -> list[Required]:
    """Return each required proportion of the policy whose item group is in the bill."""
    found = []
    for rule in policy.proportions:
        lines = [one for one in materials if one.facts.item_group == rule.item_group]
        if lines:
            state = lines[0].facts.proportion
            found.append(Required(rule.item_group, rule.at_least, state, _proportion(lines, state)))
    return found


def _proportion(lines: Sequence[Material], state: Proportioned) -> Fraction | None:
    if state not in ("met", "short"):
        return None
    scale = 10_000  # decimals that a quantity may have
    amounts = [(int((one.quantity or 0) * scale), one.facts.green == "yes") for one in lines]
    return ratio(sum(many for many, green in amounts if green), sum(many for many, _ in amounts))


def points(one: Material, *, contracted: bool, proven: bool) -> tuple[Point, ...]:
    """Return what is open about a material.

    `contracted`: the contract is made, so that a contractor's proof can be asked for; `proven`: it was shown.
    """
    found: list[Point] = []
    if one.negative:
        found.append("negative")
    if one.outcome == "cannot_tell":
        found.append("cannot_tell")
    if one.outcome == "returned_to_split":
        found.append("split")
    if obligation(one.facts) == "owed":
        found += _owed(one, contracted=contracted, proven=proven)
    return tuple(found)


def _owed(one: Material, *, contracted: bool, proven: bool) -> list[Point]:
    found: list[Point] = []
    if standing(one.facts) != "green" and one.outcome not in ("within_proportion", "cannot_tell"):
        if one.facts.alternative == "possible":
            found.append("possible")
        elif one.facts.alternative == "sure" and not one.facts.contracted:
            found.append("alternative")
        if cost(one).code in WANTING:
            found.append("price")
    if one.facts.contracted and contracted and not proven:
        found.append("proof")
    return found
