"""Screening of typed lines: what the registry says of each becomes facts, and facts become a decision.

A line is identified by the same matching as an import. Nothing is written to the ledger.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from chorok.core.definitions import Definition
from chorok.core.errors import BadInputError, UsageError
from chorok.core.matching.areas import Place
from chorok.core.organisations import Tree
from chorok.core.screening import policy as policies
from chorok.core.screening.decide import Decision, decide
from chorok.core.screening.facts import Certified, Facts, Proportioned, Standard
from chorok.core.screening.grounds import grounds, number_of
from chorok.core.screening.policy import Policy
from chorok.core.screening.request import Line, Standing, standing
from chorok.ledger import kept, purchases, snapshots
from chorok.ledger.alternatives import Alternatives, Market, Sought
from chorok.ledger.asked import Asked, names_a_product
from chorok.ledger.engines import quoted
from chorok.ledger.figures import resolve
from chorok.ledger.identity import Identity, Source, identify
from chorok.ledger.publishing import derived
from chorok.ledger.registry import Registry
from chorok.ledger.remembered import Remembered
from chorok.ledger.replay import place_of
from chorok.ledger.store import Ledger

Buyer = tuple[str | None, str | None, str, str]
"""Whose purchases count together: organisation, department, item group, currency."""


@dataclass(frozen=True)
class Wish:
    """How a request is to be screened. `words`: how people write sub-codes of grounds -> the sub-code.

    `pending`: what other open requests ask for, by (organisation, department, item group, currency); it counts to what
    a department buys (rules D10).
    """

    policy: Policy
    day: date
    needed_by: date | None = None
    organisation: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    limit: int = 5
    pending: Mapping[Buyer, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Search:
    """What was looked for and found, kept as evidence (rules D9)."""

    registry: int
    snapshot: int | None
    definition: str
    day: date
    item_group: str | None
    detail_code: str | None
    organisation: str | None
    certified: int
    candidates: int


@dataclass(frozen=True)
class Screened:
    """One line with its facts, its decision, and what the decision rests on."""

    asked: Asked
    facts: Facts
    decision: Decision
    method: str
    certificates: tuple[str, ...] = ()
    alternatives: tuple[dict[str, Any], ...] = ()
    search: Search | None = None
    ground_read: bool = True  # false: something stands as ground that names none of the five


@dataclass(frozen=True)
class Request:
    """A screened request: its lines, and where it stands as a whole."""

    wish: Wish
    lines: tuple[Screened, ...]
    standing: Standing
    definition: Definition
    registry: int
    registry_age: int | None
    snapshot: int | None


def policy_of(name_or_path: str) -> Policy:
    """Return a preset by its id, or the policy in a city's own TOML file. Raises UsageError, BadInputError."""
    if name_or_path in policies.names():
        return policies.preset(name_or_path)
    file = Path(name_or_path)
    if not file.exists():
        raise UsageError("screening_policy_unknown", policy=name_or_path, known=", ".join(policies.names()))
    return policies.made(kept.read_toml(file), file.name)


MANY = 500  # lines from which on two threads look them up


@dataclass(frozen=True)
class Desk:
    """A registry under a definition, opened once for any number of requests. Threads may share it."""

    source: Source
    tree: Tree
    _known: Remembered = field(default_factory=Remembered, repr=False, compare=False)

    @classmethod
    def open(cls, ledger: Ledger, definition: Definition) -> Desk:
        """Open the newest snapshot; a ledger without purchases has none, and its registry as it is."""
        snapshot = snapshots.latest(ledger)
        registry = Registry.open(ledger.path, snapshot.registry if snapshot else None)
        tree = Tree.of(registry.table("organisations").to_pylist())
        return cls(Source(ledger, registry, snapshot, definition), tree)

    def warm(self) -> None:
        """Read all that requests need, so that the first one is as fast as any; lay out what is not there yet."""
        self.source.warm()
        _ = self.market, self._changes

    @property
    def snapshot(self) -> int | None:
        """The number of the snapshot."""
        return self.source.snapshot.number if self.source.snapshot else None

    @functools.cached_property
    def market(self) -> Market:
        """What alternatives are sought among."""
        return Market(self.source.stock, self.source.listed, self.source.definition)

    @functools.cached_property
    def _changes(self) -> list[date]:
        return self.tree.change_dates()

    def screen(self, asked: Sequence[Asked], wish: Wish) -> Request:
        """Screen the lines of one request, in order. Raises BadInputError for a request without lines."""
        if not asked:
            raise BadInputError("screening_nothing")
        placed = [one if one.organisation else replace(one, organisation=wish.organisation) for one in asked]
        age = _age(self.source, wish.day)
        identified = self._identified(placed, wish.day)
        found = self.search(placed, identified, wish) if age is not None else [None] * len(placed)
        sets = [identify(self.source, one.parts, wish.day) if one.parts else [] for one in placed]
        each = zip(placed, identified, sets, found, strict=True)
        facts = _beside(self, wish, placed, [facts_of(self.source, wish, age, *one) for one in each])
        lines = tuple(self._screened(wish, *one) for one in zip(placed, identified, found, facts, strict=True))
        stands = standing(wish.policy, [Line(place, line.decision) for place, line in enumerate(lines)])
        registry = self.source.registry.version
        return Request(wish, lines, stands, self.source.definition, registry, age, self.snapshot)

    def _identified(self, asked: Sequence[Asked], day: date) -> list[Identity]:
        """Identify lines, in order; of many a part beside the other, since the text index lets others run."""
        if len(asked) < MANY:
            return identify(self.source, asked, day)
        with ThreadPoolExecutor(1) as beside:
            first = beside.submit(identify, self.source, asked[: len(asked) // 2], day)
            last = identify(self.source, asked[len(asked) // 2 :], day)
            return [*first.result(), *last]

    def _screened(self, wish: Wish, asked: Asked, who: Identity, found: Alternatives | None, facts: Facts) -> Screened:
        search = None
        if found is not None:
            search = Search(
                facts.registry_version, self.snapshot, facts.definition, facts.day, who.item_group, who.detail_code,
                asked.organisation, found.certified, found.known,
            )  # fmt: skip
        products = tuple(found.products) if found else ()
        read = asked.ground is None or facts.ground is not None
        decision = decide(wish.policy, facts)
        return Screened(asked, facts, decision, who.method or "none", facts.certificates, products, search, read)

    def organisation(self, written: str) -> str:
        """Return the code of an organisation by its code or name. Raises UsageError for one that is not there."""
        code = self.resolve(written)
        if code is None:
            raise UsageError("organisation_unknown", organisation=written)
        return code

    def unknown(self, written: str | None) -> bool:
        """Tell whether an organisation is named that the tree does not have: where it is, is not known."""
        return written is not None and self.resolve(written) is None

    def resolve(self, written: str) -> str | None:
        """Return the code of an organisation as it is written, None for one that is not there."""
        found: tuple[str | None] = self._once(("code", written), lambda: (resolve(self.tree, written),))
        return found[0]

    def place(self, written: str | None, day: date) -> Place:
        """Where a buyer is on a day."""
        era = sum(day >= change for change in self._changes)
        found: Place = self._once(("place", written, era), lambda: place_of(self.tree, written, era, self._changes))
        return found

    def _once(self, question: Hashable, find: Callable[[], Any]) -> Any:
        """Find something out, and remember it."""
        known = self._known.answer(question)
        if known is None:
            known = find()
            self._known.keep(question, known, len(known) if isinstance(known, dict) else 1)
        return known

    def search(self, asked: Sequence[Asked], identified: Sequence[Identity], wish: Wish) -> list[Alternatives | None]:
        """Look for alternatives to the lines that are of an item with a standard and are not green themselves."""
        return [
            self.market.against(
                Sought(who.item_group, who.detail_code, wish.day, _until(one, wish)),
                self.place(one.organisation, wish.day),
                one.quantity,
                wish.limit,
            )
            if who.state in ("not_green", "undetermined") and who.item_group
            else None
            for one, who in zip(asked, identified, strict=True)
        ]

    def bought(self, groups: set[str], wish: Wish) -> dict[Buyer, int]:
        """Return what was bought within the policy's days by (organisation, department, item group, currency)."""
        if not (self.source.snapshot and groups):
            return {}
        since = wish.day - timedelta(days=wish.policy.small_days)
        sums: dict[Buyer, int] = {}
        for group in sorted(groups):
            find = functools.partial(self._bought, group, since, wish.day)
            sums |= self._once(("bought", since, wish.day, group), find)
        return sums

    def _bought(self, group: str, since: date, day: date) -> dict[Buyer, int]:
        snapshot = self.source.snapshot
        assert snapshot is not None
        lines = purchases.select(self.source.ledger, snapshot.purchases)
        folder = derived(self.source.ledger, snapshot)
        files = {name: quoted(folder / f"{name}.parquet") for name in ("verdicts", "corrections")}
        connection = self.source.ledger.connection()
        try:
            rows = connection.execute(_BOUGHT.format(lines=lines, **files), [since, day, group]).fetchall()
        finally:
            connection.close()
        sums: dict[Buyer, int] = defaultdict(int)
        for organisation, department, currency, amount in rows:
            code = None if organisation is None else self.resolve(organisation)
            sums[code or organisation, department, group, currency] += int(amount)
        return dict(sums)


_BOUGHT = """
SELECT l.organisation, l.department, l.currency, sum(l.amount)
FROM ({lines}) l JOIN read_parquet({verdicts}) v USING (product_key)
LEFT JOIN read_parquet({corrections}) c ON c.line_id = l.line_id
WHERE coalesce(c.counts, true) AND coalesce(c.first_day, l.bought_on) > $1 AND coalesce(c.first_day, l.bought_on) <= $2
  AND v.item_group = $3 GROUP BY ALL
"""


def facts_of(
    source: Source,
    wish: Wish,
    age: int | None,
    asked: Asked,
    who: Identity,
    parts: Sequence[Identity],
    found: Alternatives | None,
) -> Facts:
    """Return what is known of one line by itself."""
    ground, code = number_of(asked.ground), sub_code(asked.ground, wish.words)
    green, of_parts = _certified(asked, who), [_certified(*one) for one in zip(asked.parts, parts, strict=True)]
    bought = parts or [who]
    return Facts(
        day=wish.day,
        registry_age=age,
        standard=_standard(who),
        certified=green,
        parts=next((one for one in _LEAST_FIRST if one in of_parts), "unknown"),
        alternative=found.kind if found else "none" if age is not None else "unknown",
        item_group=who.item_group,
        kind=asked.kind,
        no_goods=asked.no_goods,
        furnished=asked.furnished,
        unit="set" if parts else "one" if asked.product_id else asked.measured,
        certified_until=min((one.until for one in bought if one.until is not None), default=None),
        certificates=tuple(dict.fromkeys(number for one in bought for number in one.certificates)),
        proof_entered=any(one.state == "green" and one.method == "human" and not one.certificates for one in bought),
        needed_by=asked.needed_by or wish.needed_by,
        amount=asked.amount,
        currency=asked.currency,
        framework=asked.framework,
        emergency=asked.emergency,
        ground=ground,
        sub_code=code,
        statement=bool(asked.statement),
        evidence=bool(asked.evidence),
        difference=bool(asked.difference),
        registry_version=source.registry.version,
        definition_known=source.definition.known_on(wish.day),
        definition=source.version,
    )


_LEAST_FIRST: tuple[Certified, ...] = ("no", "unknown", "proof", "yes")
"""A set is what its worst part is."""


def _until(asked: Asked, wish: Wish) -> date:
    """The day on which an alternative must still stand: the needed-by day, or the decision's own."""
    return max(wish.day, asked.needed_by or wish.needed_by or wish.day)


def _standard(who: Identity) -> Standard:
    if who.state == "not_eligible":
        return "no"
    return "unknown" if who.state == "not_known" or who.item_group is None else "yes"


def _certified(asked: Asked, who: Identity) -> Certified:
    """A line that names no product names no certified one; a contractor's product is proved at inspection (D5)."""
    if who.state == "green":
        return "yes"
    if asked.proof:
        return "proof"
    if who.state != "undetermined" or (asked.kind != "goods" and not asked.furnished):
        return "no"
    return "unknown" if names_a_product(asked) or who.certificates else "no"


def sub_code(written: str | None, words: Mapping[str, str]) -> str | None:
    """Return the case of a ground that a text names, by its code or as people write it (words -> code)."""
    if not written:
        return None
    known = {sub.code: sub.code for one in grounds() for sub in one.sub_codes}
    plain = written.casefold()
    return next((code for word, code in {**known, **words}.items() if word.casefold() in plain), None)


def _age(source: Source, day: date) -> int | None:
    """Days since certificates were last written, None when there are none; never less than none."""
    return None if source.written is None else max((day - source.written).days, 0)


def _beside(desk: Desk, wish: Wish, asked: Sequence[Asked], facts: Sequence[Facts]) -> list[Facts]:
    """Add what only the request as a whole, and what was bought before, can say of a line."""
    shares = _proportions(wish.policy, asked, facts)
    groups = {one.item_group for one in facts if wish.policy.threshold(one.item_group) is not None}
    sums = desk.bought({group for group in groups if group is not None}, wish)
    for buyer, amount in wish.pending.items():
        sums[buyer] = sums.get(buyer, 0) + amount
    keys = [_buyer(desk, *one) for one in zip(asked, facts, strict=True)]
    for key, one in zip(keys, asked, strict=True):
        if key and one.amount is not None:
            sums[key] = sums.get(key, 0) + one.amount
    told = [
        (shares.get(one.item_group, "none"), sums[key] - one.amount if key and one.amount is not None else None)
        for key, one in zip(keys, facts, strict=True)
    ]
    return [
        one if said == (one.proportion, one.recent) else replace(one, proportion=said[0], recent=said[1])
        for one, said in zip(facts, told, strict=True)
    ]


def _buyer(desk: Desk, asked: Asked, facts: Facts) -> Buyer | None:
    """Whose purchases count together. Without an organisation it is not known what else was bought."""
    if asked.organisation is None or facts.item_group is None:
        return None
    return desk.resolve(asked.organisation) or asked.organisation, asked.department, facts.item_group, asked.currency


def _proportions(policy: Policy, asked: Sequence[Asked], facts: Sequence[Facts]) -> dict[str | None, Proportioned]:
    """How the request stands to each required proportion, on its whole quantity (rules D6)."""
    found: dict[str | None, Proportioned] = {}
    for required in policy.proportions:
        lines = [pair for pair in zip(asked, facts, strict=True) if pair[1].item_group == required.item_group]
        found[required.item_group] = _proportion(required.at_least, lines)
    return found


def _proportion(at_least: Fraction, lines: Sequence[tuple[Asked, Facts]]) -> Proportioned:
    quantities = [one.quantity for one, _ in lines]
    if len({one.unit for one, _ in lines}) != 1 or any(one is None or one <= 0 for one in quantities):
        return "unknown"
    total = sum((Fraction(one) for one in quantities if one is not None), Fraction())
    green = sum((Fraction(one.quantity) for one, known in lines if one.quantity and known.green == "yes"), Fraction())
    return "met" if green * 100 >= at_least * total else "short"
