"""One product judged by itself: what its codes, its certificates and people's decisions make of it on a day.

The same rules as `ledger.verdicts` and `ledger.timeline` say in SQL for millions of products at once (rules 1.4 to
1.6); a property test holds the two equal. Here one product costs microseconds and no engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from chorok.core.definitions import Definition

State = Literal["green", "not_green", "undetermined", "not_eligible", "not_known"]
BEGINNING, FOREVER = date.min, date.max
_ENDED = ("revoked", "given_up", "unknown")


class Certificate(NamedTuple):
    """What a row of the registry says; `valid_until` is the last day, `revoked_on` the first without."""

    certificate_no: str | None
    basis: str | None
    status: str | None
    valid_from: date | None
    valid_until: date | None
    revoked_on: date | None
    read_on: date | None
    item_group: str | None


class Decided(NamedTuple):
    """What a person decided about a product: green | not_green | out_of_scope, or only its group (None)."""

    outcome: str | None
    item_group: str | None = None
    basis: str | None = None
    certificate_no: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class Span(NamedTuple):
    """Days on which a certificate speaks; `valid_until` is exclusive. Not certain: whether it holds is not known."""

    basis: str
    certificate_no: str | None
    valid_from: date
    valid_until: date
    certain: bool


class Keys(NamedTuple):
    """What exact keys say of a product, before anybody reads its text.

    `coded`: the item group of its codes, and which code; `listed`: the certificates of its identification number.
    `numbered`: the item groups whose lists carry such numbers, so that not being listed says something.
    """

    product_id: str | None
    has_code: bool
    coded: tuple[str | None, str | None]
    listed: Sequence[Certificate]
    goods: bool = True
    hinted: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a product is said to be: decided | undetermined | out_of_scope, how that was told, and its item group.

    `state` is None while the text has to be read.
    """

    state: str | None
    method: str | None
    item_group: str | None
    group_method: str | None


def by_keys(keys: Keys, decided: Decided | None, numbered: frozenset[str], codes_known: bool) -> Verdict:
    """Return what a person's decision and exact keys say of a product."""
    coded, how = keys.coded
    certified = next((one.item_group for one in keys.listed if one.item_group is not None), None)
    group, group_method = next(
        (
            found
            for found in ((decided.item_group if decided else None, "human"), (coded, how), (certified, "certificate"))
            if found[0] is not None
        ),
        (None, None),
    )
    if decided and decided.outcome is not None:
        return Verdict("out_of_scope" if decided.outcome == "out_of_scope" else "decided", "human", group, group_method)
    if keys.listed:
        return Verdict("decided", "identification_number", group, group_method)
    if group is None and keys.has_code and codes_known:
        return Verdict("out_of_scope", "class_code", None, None)
    if group is None and not keys.goods and keys.product_id is None and not keys.hinted:
        return Verdict("out_of_scope", "class_code" if keys.has_code else "materials_not_known", None, None)
    return _absent(keys, Verdict(None, None, group, group_method), coded or certified, numbered)


def _absent(keys: Keys, found: Verdict, group: str | None, numbered: frozenset[str]) -> Verdict:
    """A number that the lists of its group do not have is not certified; without a group that cannot be told."""
    if keys.product_id is None or not numbered:
        return found
    if group is None:
        return Verdict("undetermined", None, found.item_group, found.group_method)
    if group in numbered:
        return Verdict("decided", "identification_number", found.item_group, found.group_method)
    return found


def spans(certificates: Iterable[Certificate], decided: Decided | None) -> set[Span]:
    """Return the days on which certificates, and the proof that a person entered, speak of a product.

    A certificate revoked or given up without a date, or without a first day, is never certain; an undated label is
    evidence for the day on which it was read, and a question for all others (rules 1.5).
    """
    found: set[Span] = set()
    for one in certificates:
        if one.basis is None or one.basis == "none":
            continue
        if one.read_on is not None:
            found.add(Span(one.basis, one.certificate_no, one.read_on, _after(one.read_on), certain=True))
            found.add(Span(one.basis, one.certificate_no, BEGINNING, FOREVER, certain=False))
        else:
            found.add(_dated(one, one.basis))
    if decided and decided.outcome == "green" and decided.valid_from is not None:
        basis, until = decided.basis or "eco_label", _after(decided.valid_until)
        found.add(Span(basis, decided.certificate_no, decided.valid_from, until, certain=True))
    return {one for one in found if one.valid_from < one.valid_until}


def _dated(one: Certificate, basis: str) -> Span:
    ended = one.revoked_on is None and (one.status is None or one.status in _ENDED)
    until = min(_after(one.valid_until), one.revoked_on or FOREVER)
    return Span(basis, one.certificate_no, one.valid_from or BEGINNING, until, one.valid_from is not None and not ended)


def _after(day: date | None) -> date:
    return FOREVER if day is None or day == FOREVER else day + timedelta(days=1)


class Standing(NamedTuple):
    """What a product is on a day; `until` is the first day on which it is green no more, None for not green."""

    state: State
    until: date | None
    certificates: tuple[str, ...]


@dataclass(frozen=True)
class Judge:
    """A definition, ready to be asked about one product after another."""

    periods: tuple[tuple[str, date, date], ...]
    known_from: date
    known_until: date

    @classmethod
    def of(cls, definition: Definition) -> Judge:
        """Return the judge of a definition."""
        periods = tuple((basis, a or BEGINNING, b or FOREVER) for basis, a, b in definition.basis_periods())
        return cls(periods, definition.known_from or BEGINNING, definition.in_force_until or FOREVER)

    def on(
        self, day: date, verdict_state: str, found: Iterable[Span], standard: tuple[date | None, date | None]
    ) -> Standing:
        """Return what a product is on a day.

        `verdict_state` and `found` are what `by_keys` and `spans` gave; `standard` is from when until when (exclusive)
        its item group has a green standard.
        """
        counted = [
            Span(one.basis, one.certificate_no, max(one.valid_from, since), min(one.valid_until, until), one.certain)
            for one in found
            for basis, since, until in self.periods
            if basis == one.basis and max(one.valid_from, since) < min(one.valid_until, until)
        ]
        first = max(standard[0] or BEGINNING, self.known_from)
        last = min(standard[1] or FOREVER, self.known_until)

        def state(at: date) -> State:
            if not self.known_from <= at < self.known_until:
                return "not_known"
            if verdict_state == "out_of_scope" or not first <= at < last:
                return "not_eligible"
            covering = [one.certain for one in counted if one.valid_from <= at < one.valid_until]
            if any(covering):
                return "green"
            return "undetermined" if covering or verdict_state == "undetermined" else "not_green"

        now = state(day)
        if now != "green":
            return Standing(now, None, _held(counted, day))
        cuts = {last, self.known_until, *(cut for one in counted for cut in (one.valid_from, one.valid_until))}
        ends = (cut for cut in sorted(cuts) if day < cut < FOREVER and state(cut) != "green")
        return Standing(now, next(ends, FOREVER), _held(counted, day))


def _held(counted: Iterable[Span], day: date) -> tuple[str, ...]:
    """The numbers of the certificates that surely hold on a day."""
    holding = (one for one in counted if one.certain and one.valid_from <= day < one.valid_until)
    return tuple(sorted({one.certificate_no for one in holding if one.certificate_no is not None}))
