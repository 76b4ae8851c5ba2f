"""Figures: a question about a published ledger and its answer, with all that a figure must name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import narwhals as nw

from chorok.core import periods
from chorok.core.definitions import Definition
from chorok.core.errors import UsageError
from chorok.core.measures import share
from chorok.core.measures.share import Amounts
from chorok.core.organisations import CITY_KINDS, Tree
from chorok.core.periods import Period
from chorok.ledger import batches, cube
from chorok.ledger.engines import Connection, Engine, open_engine
from chorok.ledger.published import Published

PLACES = cube.PLACES
DIMENSIONS = (*periods.GRAINS, *PLACES, "department", "item", "kind")
"""What a figure can be broken down by."""


NOW = date.max
"""The tree as it stands after all changes that are known; a moved organisation is where it went."""


Standing = Literal["then", "now"]
"""Where an organisation stands: as at the time of each purchase, or as of today."""


@dataclass(frozen=True)
class Question:
    """What is asked. `tree`: organisations as at the time of each purchase, or as of today."""

    by: tuple[str, ...] = ("year", "city")
    basis: str = "eligible"
    definition: str = "national"
    period: Period | None = None
    organisation: str | None = None  # only what its subtree bought
    tree: Standing = "then"

    def __post_init__(self) -> None:
        for name in self.by:
            if name not in DIMENSIONS:
                raise UsageError("dimension_unknown", dimension=name, known=", ".join(DIMENSIONS))
        if len([name for name in self.by if name in periods.GRAINS]) > 1:
            raise UsageError("two_grains", by=",".join(self.by))
        if self.basis not in share.BASES:
            raise UsageError("basis_unknown", basis=self.basis, known=", ".join(share.BASES))

    @property
    def grain(self) -> str | None:
        """The grain of time asked for, if any."""
        return next((name for name in self.by if name in periods.GRAINS), None)


@dataclass(frozen=True)
class Figure:
    """One row of an answer: its keys in the order of `by` (None: not known), and its sums."""

    keys: tuple[str | None, ...]
    currency: str
    amounts: Amounts


@dataclass(frozen=True)
class Answer:
    """Figures and what they rest on: snapshot, registry version, definition, basis."""

    question: Question
    figures: list[Figure]
    snapshot: int
    published_at: str
    registry: int
    definition: Definition
    unplaced: dict[str, int] = field(default_factory=dict)  # organisation as written -> amount not in the tree
    without_data: tuple[str, ...] = ()  # members of the network that have no figures
    provisional: int = 0  # lines of requests without a final change order
    vat: tuple[str, ...] = ()  # how the files' amounts stand to value-added tax; more than one is a mix (rules 1.4)


def answer(published: Published, engine: Engine, question: Question, lines: nw.LazyFrame[Any] | None = None) -> Answer:
    """Compute a question's figures from the lines, all or those given. Raises UsageError for what cannot be asked."""
    definition, tree = published.definition(question.definition), tree_of(published, question)
    changes = changes_of(tree, question)
    placed = Places(tree, changes, question.organisation)
    every = published.lines(engine) if lines is None else lines
    rows = ((row, placed.of(row)) for row in _cells(published, engine, question, definition, changes, every))
    return _answered(published, question, tree, placed, _rolled_up(rows, question))


def summary(published: Published, question: Question) -> Answer:
    """Compute a question's figures from the cube, made when it is not there yet. Raises UsageError as `answer`."""
    known: Answer | None = published.remembered.answer(question)
    if known is None:
        known = _summed(published, question)
        published.remembered.keep(question, known, len(known.figures))
    return known


def _summed(published: Published, question: Question) -> Answer:
    if not cube.holds(question.period):
        return answer(published, open_engine(), question)
    definition, tree, engine = published.definition(question.definition), tree_of(published, question), open_engine()
    changes = tree.change_dates()
    placed = Places(tree, changes, question.organisation, now=question.tree == "now", known=published.remembered.places)
    by = [{"item": "item_group"}.get(name, name) for name in question.by if name not in periods.GRAINS]
    file = cube.build(published, definition, changes)
    if "department" not in question.by:
        file = cube.plain(file, yearly=cube.by_years(question.period, question.grain))
    rows = cube.rows(
        file,
        engine,
        grain=question.grain,
        by=by,
        period=question.period,
        goods_only=question.basis == "all_goods",
        find=placed.of if _asks_place(question) else _anywhere,
        spellings=spellings(published, definition) if question.organisation else None,
    )
    return _answered(published, question, tree, placed, _rolled_up(((row, row) for row in rows), question))


def spellings(published: Published, definition: Definition) -> list[dict[str, Any]]:
    """Return who is in a cube: the same for every question of one snapshot and definition."""
    known, file = published.remembered.spelled, cube.file_of(published, definition)
    if file not in known:
        cube.build(published, definition, published.tree.change_dates())
        known[file] = cube.spelled(cube.plain(file, yearly=True), open_engine())
    found: list[dict[str, Any]] = known[file]
    return found


def laid_out(published: Published, question: Question) -> Connection:
    """Lay out the cube's cells of a question's scope and period; return where SQL of `cube.select` can be run."""
    definition, tree, engine = published.definition(question.definition), tree_of(published, question), open_engine()
    changes = tree.change_dates()
    places = Places(tree, changes, question.organisation, now=question.tree == "now")
    file = cube.build(published, definition, changes)
    cube.lay_out(file, engine, question.period, question.basis == "all_goods", places.of)
    return engine.connection


def changes_of(tree: Tree, question: Question) -> list[date]:
    """Return the days on which places change, as far as the question asks where organisations stood at the time."""
    return tree.change_dates() if question.tree == "then" and _asks_place(question) else []


def _anywhere(_row: dict[str, Any]) -> dict[str, str | None]:
    return {}


def tree_of(published: Published, question: Question) -> Tree:
    """Return the tree of organisations. Raises UsageError when it does not have the one that is asked for."""
    tree = published.tree
    if question.organisation and question.organisation not in tree.rows:
        raise UsageError("organisation_unknown", organisation=question.organisation)
    return tree


def _answered(published: Published, question: Question, tree: Tree, placed: Places, figures: list[Figure]) -> Answer:
    return Answer(
        question,
        figures,
        published.snapshot.number,
        published.snapshot.published_at,
        published.registry.version,
        published.definition(question.definition),
        placed.unplaced,
        _without_data(tree, figures, question),
        published.provisional,
        _vat(published),
    )


def _asks_place(question: Question) -> bool:
    return question.organisation is not None or any(name in PLACES for name in question.by)


def _cells(
    published: Published,
    engine: Engine,
    question: Question,
    definition: Definition,
    changes: list[date],
    every: nw.LazyFrame[Any],
) -> Iterator[dict[str, Any]]:
    lines = periods.during(every, question.period)
    if question.basis == "all_goods":
        lines = lines.filter(nw.col("kind") == "goods")
    by = columns_of(question)
    if changes:
        by["era"] = share.era(changes)
    by["currency"] = nw.col("currency")
    computed = share.cells(lines, published.timeline(engine, definition), by).collect("pyarrow")
    return iter(computed.rows(named=True))


def columns_of(question: Question) -> dict[str, nw.Expr]:
    """Return the keys that cells must have to answer a question: name -> expression over lines and timeline."""
    by: dict[str, nw.Expr] = {name: nw.col(name) for name in ("department", "kind") if name in question.by}
    if question.grain:
        by["period"] = periods.number(question.grain)
    if "item" in question.by:
        by["item_group"] = nw.col("item_group")
    if _asks_place(question):
        by["organisation"] = nw.col("organisation")
    return by


class Places:
    """Finds where a cell's organisation stands, once for each spelling and era; with `now` where it stands today."""

    def __init__(
        self,
        tree: Tree,
        changes: list[date],
        scope: str | None,
        *,
        now: bool = False,
        known: dict[tuple[str | None, date], Stood | None] | None = None,
    ) -> None:
        self.tree, self.changes, self.scope = tree, [] if now else changes, scope
        self._stood: dict[tuple[str | None, date], Stood | None] = {} if known is None else known
        self.unplaced: dict[str, int] = defaultdict(int)
        self._known: dict[tuple[str | None, int], dict[str, str | None] | None] = {}

    def of(self, row: dict[str, Any]) -> dict[str, str | None] | None:
        """Return the `PLACES` of a cell and its organisation's code, or None when it is outside the scope asked for."""
        written, era = row.get("organisation"), int(row.get("era") or 0)
        if (written, era) not in self._known:
            self._known[written, era] = self._find(written, era)
        place = self._known[written, era]
        if place is not None and "organisation" in row and place.get("code") is None and self.tree.rows:
            self.unplaced[written or ""] += int(row.get("amount") or 0)  # cells of quantities have none
        return place

    def _find(self, written: str | None, era: int) -> dict[str, str | None] | None:
        on = (self.changes[era - 1] if era else date.min) if self.changes else NOW
        if (written, on) not in self._stood:
            self._stood[written, on] = stood(self.tree, written, on)
        found = self._stood[written, on]
        if found is None:
            nowhere = dict.fromkeys(PLACES)
            outside = None if self.scope else {**nowhere, "organisation": written, "code": None}
            return outside if self.tree.rows or outside is None else {**outside, "city": written}
        if self.scope and self.scope not in found.above:
            return None
        return found.place


@dataclass(frozen=True)
class Stood:
    """Where an organisation stood on a day: itself and all above it, and the same as a place."""

    above: tuple[str, ...]
    place: dict[str, str | None]


def stood(tree: Tree, written: str | None, on: date) -> Stood | None:
    """Return where an organisation stood on a day by what files call it; None when the tree does not have it."""
    code = resolve(tree, written)
    if code is None:
        return None
    above = (code, *tree.ancestors(code, on))
    city, district = (tree.nearest(code, kinds, on) for kinds in (CITY_KINDS, ("district",)))
    place = {"network": above[-1], "city": city, "district": district, "organisation": code, "code": code}
    return Stood(above, place)


def resolve(tree: Tree, written: str | None) -> str | None:
    """Return the code of an organisation as the ledger holds it: a code, a name, or 'city/name'."""
    if written is None:
        return None
    scope, slash, name = written.partition("/")
    if slash and scope in tree.rows:
        return tree.resolve(None, name, scope).code
    return tree.resolve(written, written).code


def _rolled_up(rows: Iterable[tuple[dict[str, Any], dict[str, str | None] | None]], question: Question) -> list[Figure]:
    sums: dict[tuple[tuple[str | None, ...], str], Amounts] = {}
    for row, place in rows:
        if place is not None:
            cell, amounts = (keys_of(question, row, place), row["currency"]), Amounts.of(row)
            sums[cell] = sums[cell] + amounts if cell in sums else amounts
    ordered = sorted(sums, key=lambda entry: ([(key is None, key or "") for key in entry[0]], entry[1]))
    return [Figure(keys, currency, sums[keys, currency]) for keys, currency in ordered]


def keys_of(question: Question, row: dict[str, Any], place: dict[str, str | None]) -> tuple[str | None, ...]:
    """Return the keys of a cell at its place, in the order in which the question names them."""
    return tuple(_key(name, row, place) for name in question.by)


def _key(name: str, row: dict[str, Any], place: dict[str, str | None]) -> str | None:
    if name in periods.GRAINS:
        return periods.label(row["period"], name)
    if name in PLACES:
        return place[name]
    found = row["item_group"] if name == "item" else row[name]
    return None if found is None else str(found)


def _without_data(tree: Tree, figures: list[Figure], question: Question) -> tuple[str, ...]:
    """Members of the network without figures: they show 'no data', never 0 (rules 1.3)."""
    if "city" not in question.by:
        return ()
    position = question.by.index("city")
    seen = {figure.keys[position] for figure in figures}
    asked = tree.subtree(question.organisation) if question.organisation else set(tree.codes())
    members = [code for code in tree.codes() if code in asked and tree.city_of(code) == code]
    return tuple(code for code in members if code not in seen)


def _vat(published: Published) -> tuple[str, ...]:
    """What the files of the ledger's batches say of value-added tax: included, excluded, unknown."""
    posted = (batch for batch in batches.every(published.ledger) if batch.state == "posted")
    return tuple(sorted({str(one["vat"]) for batch in posted for one in batch.understandings}))
