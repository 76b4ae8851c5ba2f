"""Members of a network beside each other: together and unweighted, ranks, per head and per budget, who may be compared.

A network's share adds money first and divides once; the mean of the members' shares says another thing and is shown
beside it. Only equals are ranked: who is not comparable keeps its figures, and the reasons are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from chorok.core.calendar.closing import State
from chorok.core.money import Share, ratio, round_half_away
from chorok.core.organisations import Tree
from chorok.core.periods import Period

FEW_LINES = 30
"""Eligible lines below which a share is called uncertain for being of few purchases; proposed, a city may set it."""

MONTHS_APART = 1
"""How many months data may begin later or end earlier than the others' and still be of the same period; proposed."""

Per = Literal["share", "head", "budget"]
PERS: tuple[Per, ...] = ("share", "head", "budget")

Reason = Literal[
    "no_data", "not_defined", "definition_not_known", "basis", "definition", "period", "part_of", "no_profile",
    "currency",
]  # fmt: skip
REASONS: tuple[Reason, ...] = (
    "no_data", "not_defined", "definition_not_known", "basis", "definition", "period", "part_of", "no_profile",
    "currency",
)  # fmt: skip
"""Why a member is not ranked. `part_of`: it belongs to another member, which counts it."""

NOT_SUMMED = frozenset[Reason]({"no_data", "basis", "definition", "part_of"})
"""Why a member is not in the sum either: its money is of another kind, or in it already."""


Note = Literal["few_lines", "status", "changed"]
NOTES: tuple[Note, ...] = get_args(Note)
"""What is said beside a figure that keeps its rank: of few lines, as firm as most are not, not as it was sent."""

FIRMNESS: Mapping[State, int] = {"preliminary": 0, "returned": 0, "submitted": 1, "accepted": 1, "final": 2}
"""How firm a figure is by its closing; a preliminary one beside a final one must be said (rules 1.11)."""


class Standing(NamedTuple):
    """What a member's figure rests on. `months`: numbers of the first and last month with purchases."""

    basis: str
    definition: str
    months: tuple[int, int]


@dataclass(frozen=True)
class Member:
    """A member's figure. `lines`: eligible lines; `people`, `budget`: of its profile, None without one.

    `status`: how far the closing of its figure is; `sent`: the figure as it was sent, None where none is.
    """

    code: str
    share: Share | None = None
    lines: int = 0
    standing: Standing | None = None
    part_of: str | None = None
    known: bool = True
    people: int | None = None
    budget: int | None = None
    same_currency: bool = True
    status: State = "preliminary"
    sent: Share | None = None

    def divisor(self, per: Per) -> int | None:
        """What its green spending is divided by; None when that is not known."""
        if per == "share":
            return self.share.denominator if self.share else None
        return self.people if per == "head" else self.budget

    def value(self, per: Per) -> Fraction | None:
        """Its figure: the share, or green spending per head or per unit of the budget."""
        return ratio(self.share.green, self.divisor(per) or 0) if self.share else None

    def bounds(self, per: Per) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest figure that open money allows."""
        share, divisor = self.share, self.divisor(per)
        if share is None or not divisor:
            return None
        if per == "share":
            return None if share.low is None or share.high is None else (share.low, share.high)
        still_open = share.undetermined + share.unknown
        return Fraction(share.green, divisor), Fraction(share.green + still_open, divisor)


class Rank(NamedTuple):
    """A place in the order of members; `best` and `worst` are the places that open money allows."""

    place: int
    best: int
    worst: int


@dataclass(frozen=True)
class Placed:
    """A member with its place. Without a rank `reasons` say why; `notes` are said beside its figure."""

    member: Member
    value: Fraction | None = None
    rank: Rank | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Compared:
    """All members, the ranked ones first, and what they are together."""

    placed: tuple[Placed, ...]
    total: Share
    together: Fraction | None
    mean: Fraction | None
    reference: Standing | None = None
    status: State = "preliminary"

    @property
    def ranked(self) -> tuple[Placed, ...]:
        """The members with a rank, in their order."""
        return tuple(one for one in self.placed if one.rank is not None)

    @property
    def spread(self) -> Fraction | None:
        """The highest figure less the lowest; None with fewer than two ranked members."""
        values = [one.value for one in self.ranked if one.value is not None]
        return max(values) - min(values) if len(values) > 1 else None


@dataclass(frozen=True)
class Rounding:
    """How figures are shown: times `scale`, with `digits`. Figures that show alike are tied."""

    scale: int = 100
    digits: int = 2

    def shown(self, value: Fraction) -> Decimal:
        """Return a figure as it is shown."""
        return round_half_away(value * self.scale, self.digits)


def compare(
    members: Sequence[Member],
    per: Per = "share",
    rounding: Rounding = Rounding(),
    outside: Share = Share(0, 0),
    few: int = FEW_LINES,
) -> Compared:
    """Rank the members that are comparable and add up all that may be added.

    `outside` is what the network bought itself, by no member: in the sum, without a rank.
    """
    reference, status = _reference(members), _status(members)
    reasons = {member.code: why_not(member, reference, per) for member in members}
    ranks = ranked([member for member in members if not reasons[member.code]], per, rounding)
    placed = [
        Placed(
            member,
            member.value(per),
            ranks.get(member.code),
            reasons[member.code],
            _notes(member, status, few),
        )
        for member in members
    ]
    counted = [member for member in members if not NOT_SUMMED.intersection(reasons[member.code])]
    total = sum((member.share for member in counted if member.share), outside)
    values = [one.value for one in placed if one.rank is not None and one.value is not None]
    return Compared(
        tuple(sorted(placed, key=_order)),
        total,
        _together(total, [one.member for one in placed if one.rank is not None], per),
        sum(values, Fraction(0)) / len(values) if values else None,
        reference,
        status,
    )


def _together(total: Share, ranked_members: list[Member], per: Per) -> Fraction | None:
    """The share of all money; per head and per budget of the ranked members alone, whose divisors are known."""
    if per == "share":
        return total.value
    green = sum(member.share.green for member in ranked_members if member.share)
    return ratio(green, sum(member.divisor(per) or 0 for member in ranked_members))


def _order(one: Placed) -> tuple[bool, int, bool, str]:
    return one.rank is None, one.rank.place if one.rank else 0, one.member.share is None, one.member.code


def _reference(members: Sequence[Member]) -> Standing | None:
    """What most members' figures rest on; among equally many the longest period, then the first by name."""
    counted = Counter(member.standing for member in members if member.standing and member.part_of is None)
    if not counted:
        return None
    return min(counted, key=lambda one: (-counted[one], one.months[0] - one.months[1], one))


def _status(members: Sequence[Member]) -> State:
    """How firm most members' figures are; among equally many the firmer, so that what is preliminary is said."""
    counted = Counter(member.status for member in members if member.share)
    firm: Counter[int] = Counter()
    for status, count in counted.items():
        firm[FIRMNESS[status]] += count
    return max(counted, key=lambda one: (firm[FIRMNESS[one]], FIRMNESS[one], counted[one]), default="preliminary")


def _notes(member: Member, status: State, few: int) -> tuple[Note, ...]:
    found: dict[Note, bool] = {
        "few_lines": member.share is not None and member.lines < few,
        "status": member.share is not None and FIRMNESS[member.status] != FIRMNESS[status],
        "changed": member.sent is not None and member.sent != member.share,
    }
    return tuple(note for note, holds in found.items() if holds)


def why_not(member: Member, reference: Standing | None, per: Per = "share") -> tuple[Reason, ...]:
    """Return why a member cannot be ranked beside the others; nothing when it can."""
    if member.share is None or member.standing is None or reference is None:
        return ("part_of", "no_data") if member.part_of else ("no_data",)
    ours = member.standing
    near = all(abs(one - other) <= MONTHS_APART for one, other in zip(ours.months, reference.months, strict=True))
    found: dict[Reason, bool] = {
        "part_of": member.part_of is not None,
        "basis": ours.basis != reference.basis,
        "definition": ours.definition != reference.definition,
        "definition_not_known": not member.known,
        "period": not near,
        "not_defined": member.share.denominator <= 0,
        "no_profile": per != "share" and member.divisor(per) is None and member.same_currency,
        "currency": per == "budget" and not member.same_currency,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def ranked(members: Sequence[Member], per: Per, rounding: Rounding) -> dict[str, Rank]:
    """Return code -> rank; the highest figure is the first.

    Competition ranking: figures that show alike share a rank and the next ranks stay empty (1, 2, 2, 4). The best
    rank is the one below those that are surely higher, the worst the one below all that may be higher.
    """
    values = {one.code: rounding.shown(value) for one in members if (value := one.value(per)) is not None}
    lows, highs = dict(values), dict(values)
    for one in members:
        bounds = one.bounds(per)
        if bounds and one.code in values:
            lows[one.code] = min(values[one.code], rounding.shown(bounds[0]))
            highs[one.code] = max(values[one.code], rounding.shown(bounds[1]))
    return {
        code: Rank(
            1 + sum(other > value for other in values.values()),
            1 + sum(low > highs[code] for low in lows.values()),
            1 + sum(highs[other] > lows[code] for other in values if other != code),
        )
        for code, value in values.items()
    }


@dataclass(frozen=True)
class Membership:
    """That a city or district belonged to a scope, from a day until another (exclusive); None: always, still."""

    code: str
    part_of: str | None = None
    since: date | None = None
    until: date | None = None

    def within(self, period: Period) -> bool:
        """Tell whether it held on some day of a period."""
        return (self.since or date.min) < period.until and (self.until or date.max) > period.since


@dataclass
class _Open:
    since: date | None
    part_of: str | None


@dataclass
class _History:
    held: dict[str, _Open] = field(default_factory=dict)
    closed: list[Membership] = field(default_factory=list)

    def on(self, day: date, now: Mapping[str, str | None]) -> None:
        """Close what ends on a day and open what begins."""
        for code, begun in list(self.held.items()):
            if code not in now or now[code] != begun.part_of:
                self.closed.append(Membership(code, begun.part_of, begun.since, day))
                del self.held[code]
        for code, part_of in now.items():
            self.held.setdefault(code, _Open(None if day == date.min else day, part_of))


def history(tree: Tree, scope: str, kinds: tuple[str, ...]) -> list[Membership]:
    """Return who of some kinds belonged to a scope when, by the dated tree.

    `part_of` is the nearest member above it, so that a city within a member province is counted once.
    """
    found = _History()
    for day in (date.min, *tree.change_dates()):
        found.on(day, _members(tree, scope, kinds, day))
    still = [Membership(code, begun.part_of, begun.since) for code, begun in found.held.items()]
    return sorted([*found.closed, *still], key=lambda one: (one.code, one.since or date.min))


def _members(tree: Tree, scope: str, kinds: tuple[str, ...], day: date) -> dict[str, str | None]:
    """Return member -> the member that it is part of. Money keeps its place for ever; membership has its days."""
    heads = [code for code in tree.children(day).get(scope, ()) if tree.valid_on(code, day)]
    below = set().union(*(tree.subtree(head, day) for head in heads)) - {scope}
    codes = {code for code in below if (row := tree.get(code, day)) and row.kind in kinds}
    return {code: next((at for at in tree.ancestors(code, day) if at in codes), None) for code in codes}


def in_period(memberships: Sequence[Membership], period: Period) -> dict[str, Membership]:
    """Return the members of a period by code; one that changed its place within it stands where it was last."""
    return {one.code: one for one in memberships if one.within(period)}
