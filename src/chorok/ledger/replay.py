"""Replay: what a screening policy would have done with the purchases of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import narwhals as nw
import pyarrow as pa

from chorok.core import periods
from chorok.core.definitions import Definition
from chorok.core.errors import UsageError
from chorok.core.matching.areas import Place, reaches
from chorok.core.measures import replay, share
from chorok.core.measures.replay import POLICIES, SUMS, Policy, Replayed, Result
from chorok.core.organisations import Tree
from chorok.core.periods import Period
from chorok.ledger import availability, cube, figures
from chorok.ledger.engines import Connection, Engine, open_engine, quoted
from chorok.ledger.figures import NOW, Answer, Figure, Places, Question
from chorok.ledger.published import Published

PLACED = pa.schema([("written", pa.string()), ("era", pa.int64()), ("region", pa.int64())])
SHOWN = (
    "line_id",
    "bought_on",
    "organisation",
    "department",
    "supplier_name",
    "product_id",
    "of_detail",
    "description",
    "specification",
    "quantity",
    "unit",
    "amount",
    "currency",
    "item_group",
    "ground",
    "alternative",
    "outcome",
)


@dataclass(frozen=True)
class Row:
    """One figure, and what the policy would have done with its purchases."""

    figure: Figure
    result: Result


@dataclass(frozen=True)
class Replay:
    """A replay and the figures it starts from, which name all that they rest on."""

    policy: Policy
    answer: Answer
    rows: list[Row]


def policy_of(name: str) -> Policy:
    """Return a policy by name. Raises UsageError."""
    found = next((policy for policy in POLICIES if policy == name), None)
    if found is None:
        raise UsageError("policy_unknown", policy=name, known=", ".join(POLICIES))
    return found


def run(published: Published, question: Question, policy: Policy) -> Replay:
    """Replay a policy, from sums that are made at first use. Raises UsageError as figures do."""
    before = figures.summary(published, question)
    tree, definition = figures.tree_of(published, question), published.definition(question.definition)
    placed = Places(tree, tree.change_dates(), question.organisation, now=question.tree == "now")
    read = cube.rows(
        build(published, definition, tree),
        open_engine(),
        grain=question.grain,
        by=[{"item": "item_group"}.get(name, name) for name in question.by if name not in periods.GRAINS],
        period=question.period,
        goods_only=False,
        find=placed.of,
        sums=SUMS,
    )
    found: dict[tuple[tuple[str | None, ...], str], Replayed] = defaultdict(Replayed)
    for row in read:
        found[figures.keys_of(question, row, row), row["currency"]] += Replayed.of(row)
    rows = [Row(one, replay.result(one.amounts, found[one.keys, one.currency], policy)) for one in before.figures]
    return Replay(policy, before, rows)


def build(published: Published, definition: Definition, tree: Tree) -> Path:
    """Make the sums by the keys of the cube unless they are there; return their file."""
    file = file_of(published, definition)
    if not file.exists():
        engine = Engine(temp=published.ledger.path / "spill")
        by: dict[str, nw.Expr] = {name: nw.col(name) for name in cube.KEYS if name != "period"}
        by |= {"period": periods.number("month"), "era": nw.col("era")}
        cells = replay.cells(judged(published, engine, definition, tree), by)
        money = [nw.col(name) for name in SUMS if not name.endswith("_lines")]
        whole = cells.with_columns(sum(money[1:], money[0]).alias("amount"))
        draft = file.with_suffix(f".{uuid4().hex}.draft")  # two processes may make it at the same time
        nw.to_native(whole).write_parquet(str(draft), compression="zstd")
        draft.replace(file)
        engine.close()
    return file


def file_of(published: Published, definition: Definition) -> Path:
    """Return where the sums of a replay under a definition lie, there or not."""
    timeline = published.timeline_file(definition)
    return timeline.with_name(timeline.name.replace("timeline-", "replay-", 1))


def judged(
    published: Published, engine: Engine, definition: Definition, tree: Tree, scope: str | None = None
) -> nw.LazyFrame[Any]:
    """Return the judged lines of a snapshot (measures.replay); with `scope` only those of an organisation's subtree."""
    changes = tree.change_dates()
    spelled = _spelled(published, definition, changes)
    stands = Places(tree, changes, scope)
    where = {key: place_of(tree, *key, changes) for key in spelled if stands.of(_as_row(key)) is not None}
    stretches, numbers = _availability(published, definition, where.values())
    rows = [{"written": written or "", "era": era, "region": numbers[where[written, era]]} for written, era in where]
    lines = published.lines(engine).with_columns(share.era(changes) if changes else nw.lit(0, nw.Int64).alias("era"))
    return replay.judged(
        lines,
        published.timeline(engine, definition),
        engine.frame(pa.Table.from_pylist(_once(rows), schema=PLACED)),
        engine.frame(stretches),
    )


def _as_row(key: tuple[str | None, int]) -> dict[str, Any]:
    return {"organisation": key[0], "era": key[1]}


def _once(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A blank and a missing organisation are one key."""
    return list({(row["written"], row["era"]): dict(row) for row in rows}.values())


def _spelled(published: Published, definition: Definition, changes: list[date]) -> list[tuple[str | None, int]]:
    file = cube.build(published, definition, changes)
    query = f"SELECT DISTINCT organisation, era FROM read_parquet({quoted(file)}) ORDER BY ALL"
    return [(row[0], int(row[1])) for row in open_engine().connection.execute(query).fetchall()]


def place_of(tree: Tree, written: str | None, era: int, changes: list[date]) -> Place:
    """Return where a buyer is, as files call it, after `era` of the changes of the tree."""
    on = (changes[era - 1] if era else date.min) if changes else NOW
    code = figures.resolve(tree, written)
    line = (tree.get(one, on) for one in (code, *tree.ancestors(code, on))) if code else ()
    return Place.of(one for one in line if one is not None)


def _availability(
    published: Published, definition: Definition, places: Iterable[Place]
) -> tuple[pa.Table, dict[Place, int]]:
    """Return the stretches of alternatives and the number of each place's region."""
    connection = published.ledger.connection()
    _lay_out(connection, published, definition)
    numbers = availability.regions(connection, dict.fromkeys(places))
    sql = availability.build(connection, published.derived("verdicts"), numbers)
    found = connection.execute(sql).to_arrow_table()
    connection.close()
    return found, numbers


def _lay_out(connection: Connection, published: Published, definition: Definition) -> None:
    availability.lay_out(connection, published.registry, definition, published.derived("products"))


@dataclass(frozen=True)
class Wanted:
    """Which judged lines: of a period, an organisation's subtree, an item group, with one of these outcomes; or one."""

    policy: Policy = "strict"
    period: Period | None = None
    organisation: str | None = None
    item: str | None = None
    outcomes: tuple[str, ...] = ("stopped",)
    definition: str = "national"
    line: int | None = None


@dataclass(frozen=True)
class Found:
    """Some of the lines, the biggest first, how many there are, and their sum by currency."""

    rows: list[dict[str, Any]]
    lines: int
    amounts: dict[str, int]


def lines(published: Published, wanted: Wanted, limit: int | None) -> Found:
    """Return judged lines, at most `limit` of them (None: all). Raises UsageError for an unknown code."""
    question = Question((), organisation=wanted.organisation, definition=wanted.definition)
    engine, tree = open_engine(), figures.tree_of(published, question)
    frame = judged(published, engine, published.definition(wanted.definition), tree, wanted.organisation)
    chosen = periods.during(frame, wanted.period).with_columns(replay.outcome(wanted.policy))
    chosen = chosen.filter(nw.col("outcome").is_in(list(wanted.outcomes)))
    if wanted.line is not None:
        chosen = chosen.filter(nw.col("line_id") == wanted.line)
    if wanted.item:
        chosen = chosen.filter(nw.col("item_group") == wanted.item)
    summed = chosen.group_by("currency").agg(nw.len().alias("lines"), nw.col("amount").sum().cast(nw.Int64))
    sums = sorted(summed.collect("pyarrow").rows(named=True), key=lambda row: row["currency"])
    count, amounts = sum(row["lines"] for row in sums), {row["currency"]: row["amount"] for row in sums}
    ordered = chosen.select(*SHOWN).sort("amount", "line_id", descending=[True, False])
    rows = ordered.head(count if limit is None else limit).collect("pyarrow")
    return Found(list(rows.rows(named=True)), count, amounts)


@dataclass(frozen=True)
class Against:
    """What stood against one line on its day: certified products, the sure ones first, then the cheapest."""

    line: dict[str, Any]
    products: list[dict[str, Any]]
    known: int  # how many there are in all


def against(published: Published, line: dict[str, Any], definition: str, limit: int) -> Against:
    """Return the certified products that stood against a line of `lines` on its day, at most `limit` of them."""
    return against_each(published, [line], definition, limit)[0]


def against_each(published: Published, found: list[dict[str, Any]], definition: str, limit: int) -> list[Against]:
    """Return what stood against each of a few lines."""
    tree = figures.tree_of(published, Question((), definition=definition))
    changes = tree.change_dates()
    connection = published.ledger.connection()
    _lay_out(connection, published, published.definition(definition))
    told = []
    for line in found:
        era = sum(line["bought_on"] >= change for change in changes)
        place = place_of(tree, line["organisation"], era, changes)
        asked = [line["item_group"], line["of_detail"], line["bought_on"]]
        rows = connection.execute(_AGAINST, asked).to_arrow_table().to_pylist()
        told.append(_ranked(line, rows, place, limit))
    connection.close()
    return told


_AGAINST = """
SELECT DISTINCT c.product_id, coalesce(c.product_name, s.product_name) AS product_name, c.model,
  coalesce(s.maker, c.supplier_name) AS maker, c.certificate_no, c.basis, c.valid_until, s.price, s.currency, s.unit,
  s.supply_area, s.minimum, c.detail_code IS NOT DISTINCT FROM nullif($2, '') AND $2 <> '' AS same_item
FROM certified c LEFT JOIN supplied s ON s.product_id = c.product_id AND s.f <= $3 AND $3 < s.u
WHERE (c.item_group = $1 OR c.detail_code = $2) AND c.f <= $3 AND $3 < c.u
"""


def _ranked(line: dict[str, Any], rows: list[dict[str, Any]], place: Place, limit: int) -> Against:
    met = [{**row, "alternative": how} for row in rows if (how := _kind(line, row, place)) is not None]
    met.sort(key=lambda row: (row["alternative"] != "sure", row["price"] is None, row["price"] or 0, str(row)))
    return Against(line, met[:limit], len(met))


def _kind(line: dict[str, Any], row: dict[str, Any], place: Place) -> str | None:
    """Tell whether a certified product is a sure or a possible alternative, or none at all where it is not supplied."""
    reached = reaches(row["supply_area"], place) if row["supply_area"] is not None else None
    if reached is False:
        return None
    enough = not row["minimum"] or (line["quantity"] is not None and line["quantity"] >= row["minimum"])
    return "sure" if reached and row["same_item"] and enough else "possible"
