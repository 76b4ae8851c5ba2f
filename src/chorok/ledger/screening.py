"""Screening of typed lines: what the registry says of each becomes facts, and facts become a decision.

A line is identified by the same matching as an import. Nothing is written to the ledger.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

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
from chorok.ledger import availability, kept, purchases, snapshots
from chorok.ledger.alternatives import Alternatives, Market, Sought
from chorok.ledger.asked import Asked, names_a_product
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.figures import resolve
from chorok.ledger.identity import Identity, Source, identify
from chorok.ledger.publishing import derived
from chorok.ledger.registry import Registry
from chorok.ledger.replay import place_of
from chorok.ledger.store import Ledger


@dataclass(frozen=True)
class Wish:
    """How a request is to be screened. `words`: how people write sub-codes of grounds -> the sub-code."""

    policy: Policy
    day: date
    needed_by: date | None = None
    organisation: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    limit: int = 5


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


def _screened(
    desk: Desk, wish: Wish, asked: Asked, identity: Identity, found: Alternatives | None, facts: Facts
) -> Screened:
    search = None
    if found is not None:
        search = Search(
            desk.source.registry.version,
            desk.snapshot,
            facts.definition,
            facts.day,
            identity.item_group,
            identity.detail_code,
            asked.organisation,
            found.certified,
            found.known,
        )
    return Screened(
        asked,
        facts,
        decide(wish.policy, facts),
        identity.method,
        identity.certificates,
        tuple(found.products) if found else (),
        search,
        asked.ground is None or facts.ground is not None,
    )


@dataclass(frozen=True)
class Desk:
    """A registry under a definition, opened once for any number of requests."""

    source: Source
    tree: Tree

    @classmethod
    def open(cls, ledger: Ledger, definition: Definition) -> Desk:
        """Open the newest snapshot; a ledger without purchases has none, and its registry as it is."""
        snapshot = snapshots.latest(ledger)
        registry = Registry.open(ledger.path, snapshot.registry if snapshot else None)
        tree = Tree.of(registry.table("organisations").to_pylist())
        return cls(Source(ledger, registry, snapshot, definition), tree)

    @property
    def snapshot(self) -> int | None:
        """The number of the snapshot."""
        return self.source.snapshot.number if self.source.snapshot else None

    def screen(self, asked: Sequence[Asked], wish: Wish) -> Request:
        """Screen the lines of one request, in order. Raises BadInputError for a request without lines."""
        if not asked:
            raise BadInputError("screening_nothing")
        placed = [replace(one, organisation=one.organisation or wish.organisation) for one in asked]
        age = _age(self.source, wish.day)
        identified = identify(self.source, placed, wish.day)
        found = self.search(placed, identified, wish) if age is not None else [None] * len(placed)
        parts = zip(placed, identified, found, strict=True)
        facts = _beside(self, wish, placed, [_facts(self.source, wish, age, *one) for one in parts])
        each = zip(placed, identified, found, facts, strict=True)
        lines = tuple(_screened(self, wish, *one) for one in each)
        stands = standing(wish.policy, [Line(place, line.decision) for place, line in enumerate(lines)])
        registry = self.source.registry.version
        return Request(wish, lines, stands, self.source.definition, registry, age, self.snapshot)

    def organisation(self, written: str) -> str:
        """Return the code of an organisation by its code or name. Raises UsageError for one that is not there."""
        code = resolve(self.tree, written)
        if code is None:
            raise UsageError("organisation_unknown", organisation=written)
        return code

    def unknown(self, written: str | None) -> bool:
        """Tell whether an organisation is named that the tree does not have: where it is, is not known."""
        return written is not None and resolve(self.tree, written) is None

    def place(self, written: str | None, day: date) -> Place:
        """Where a buyer is on a day."""
        changes = self.tree.change_dates()
        return place_of(self.tree, written, sum(day >= change for change in changes), changes)

    def search(self, asked: Sequence[Asked], identified: Sequence[Identity], wish: Wish) -> list[Alternatives | None]:
        """Look for alternatives to the lines that are of an item with a standard and are not green themselves."""
        wanted = [
            Sought(who.item_group, who.detail_code, wish.day, _until(one, wish))
            if who.state in ("not_green", "undetermined") and who.item_group
            else None
            for one, who in zip(asked, identified, strict=True)
        ]
        sought = [one for one in wanted if one is not None]
        market = self._market(sought) if sought else None
        places = {written: self.place(written, wish.day) for written in {one.organisation for one in asked}}
        return [
            market.against(one, places[line.organisation], line.quantity, wish.limit) if market and one else None
            for one, line in zip(wanted, asked, strict=True)
        ]

    def _market(self, sought: list[Sought]) -> Market:
        connection = self.source.ledger.connection()
        try:
            with tempfile.TemporaryDirectory() as work:
                products = self._products(connection, work)
                availability.lay_out(connection, self.source.registry, self.source.definition, products)
                return Market(connection, sought)
        finally:
            connection.close()

    def _products(self, connection: Connection, work: str) -> Path:
        """The file of products seen so far; an empty one where nothing was bought."""
        file = self.source.products()
        if file is None:
            file = Path(work) / "products.parquet"
            empty = "SELECT NULL::VARCHAR AS product_id, NULL::VARCHAR AS detail_code WHERE false"
            connection.execute(f"COPY ({empty}) TO {quoted(file)} (FORMAT parquet)")
        return file

    def bought(self, groups: set[str], wish: Wish) -> dict[tuple[str | None, str | None, str, str], int]:
        """Return what was bought within the policy's days by (organisation, department, item group, currency)."""
        snapshot = self.source.snapshot
        if not (snapshot and groups):
            return {}
        connection = self.source.ledger.connection()
        try:
            lines = purchases.select(self.source.ledger, snapshot.purchases)
            folder = derived(self.source.ledger, snapshot)
            files = {name: quoted(folder / f"{name}.parquet") for name in ("verdicts", "corrections")}
            since = wish.day - timedelta(days=wish.policy.small_days)
            asked = [since, wish.day, sorted(groups)]
            rows = connection.execute(_BOUGHT.format(lines=lines, **files), asked).fetchall()
        finally:
            connection.close()
        sums: dict[tuple[str | None, str | None, str, str], int] = defaultdict(int)
        for organisation, department, group, currency, amount in rows:
            sums[resolve(self.tree, organisation) or organisation, department, group, currency] += int(amount)
        return sums


_BOUGHT = """
SELECT l.organisation, l.department, v.item_group, l.currency, sum(l.amount)
FROM ({lines}) l JOIN read_parquet({verdicts}) v USING (product_key)
LEFT JOIN read_parquet({corrections}) c ON c.line_id = l.line_id
WHERE coalesce(c.counts, true) AND coalesce(c.first_day, l.bought_on) > $1 AND coalesce(c.first_day, l.bought_on) <= $2
  AND v.item_group IN (SELECT unnest($3)) GROUP BY ALL
"""


def _facts(
    source: Source, wish: Wish, age: int | None, asked: Asked, who: Identity, found: Alternatives | None
) -> Facts:
    """Return what is known of one line by itself."""
    ground, code = number_of(asked.ground), _sub_code(asked.ground, wish.words)
    green = _certified(asked, who)
    return Facts(
        day=wish.day,
        registry_age=age,
        standard=_standard(who),
        certified=green,
        parts="unknown",
        alternative=found.kind if found else "none" if age is not None else "unknown",
        item_group=who.item_group,
        kind=asked.kind,
        no_goods=asked.no_goods,
        furnished=asked.furnished,
        unit="one" if asked.product_id else asked.measured,
        certified_until=who.until,
        certificates=who.certificates,
        proof_entered=green == "yes" and who.method == "human" and not who.certificates,
        needed_by=asked.needed_by or wish.needed_by,
        amount=asked.amount,
        currency=asked.currency,
        emergency=asked.emergency,
        ground=ground,
        sub_code=code,
        statement=bool(asked.statement),
        evidence=bool(asked.evidence),
        difference=bool(asked.difference),
        registry_version=source.registry.version,
        definition_known=source.definition.known_on(wish.day),
        definition=f"{source.definition.id}@{source.definition.hash()[:12]}",
    )


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
    if who.state != "undetermined" or (asked.kind != "goods" and not asked.furnished):
        return "no"
    return "unknown" if names_a_product(asked) or who.certificates else "no"


def _sub_code(written: str | None, words: Mapping[str, str]) -> str | None:
    known = {sub.code: sub.code for one in grounds() for sub in one.sub_codes}
    plain = (written or "").casefold()
    return next((code for word, code in {**known, **words}.items() if word.casefold() in plain), None)


def _age(source: Source, day: date) -> int | None:
    """Days since certificates were last written, None when there are none; never less than none."""
    version = source.registry.versions.get("certificates")
    if version is None or not source.registry.certificates().num_rows:
        return None
    table = DeltaTable(str(source.ledger.path / "registry" / "certificates"))
    commits = table.history()  # the newest first, whatever version was opened
    written = datetime.fromtimestamp(commits[table.version() - version]["timestamp"] / 1000, UTC).date()
    return max((day - written).days, 0)


def _beside(desk: Desk, wish: Wish, asked: Sequence[Asked], facts: Sequence[Facts]) -> list[Facts]:
    """Add what only the request as a whole, and what was bought before, can say of a line."""
    shares = _proportions(wish.policy, asked, facts)
    groups = {one.item_group for one in facts if wish.policy.threshold(one.item_group) is not None}
    sums = desk.bought({group for group in groups if group is not None}, wish)
    keys = [_buyer(desk, *one) for one in zip(asked, facts, strict=True)]
    for key, one in zip(keys, asked, strict=True):
        if key and one.amount is not None:
            sums[key] = sums.get(key, 0) + one.amount
    return [
        replace(
            one,
            proportion=shares.get(one.item_group, "none"),
            recent=sums.get(key, 0) - one.amount if key and one.amount is not None else None,
        )
        for key, one in zip(keys, facts, strict=True)
    ]


def _buyer(desk: Desk, asked: Asked, facts: Facts) -> tuple[str | None, str | None, str, str] | None:
    """Whose purchases count together. Without an organisation it is not known what else was bought."""
    if asked.organisation is None or facts.item_group is None:
        return None
    code = resolve(desk.tree, asked.organisation) or asked.organisation
    return code, asked.department, facts.item_group, asked.currency


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
