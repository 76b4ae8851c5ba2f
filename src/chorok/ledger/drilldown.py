"""Drill-down: the lines behind a figure, one filtered query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import pyarrow as pa

from chorok.core.days import on_their_day
from chorok.core.errors import UsageError
from chorok.core.measures import share
from chorok.core.periods import Period, during
from chorok.ledger.engines import Engine, open_engine, quoted
from chorok.ledger.figures import Places, Question, Standing, spellings, tree_of
from chorok.ledger.published import Published

STATES = ("green", "not_green", "undetermined", "not_eligible", "not_known")
SHOWN = (
    "line_id",
    "bought_on",
    "organisation",
    "department",
    "kind",
    "supplier_name",
    "product_id",
    "description",
    "specification",
    "quantity",
    "unit",
    "amount",
    "currency",
    "state",
    "item_group",
    "ground",
    "source",
    "source_key",
    "source_line",
    "batch",
    "product_key",
)


@dataclass(frozen=True)
class Wanted:
    """Which lines: of a period, of an organisation's subtree, of an item group, in a state on their day.

    `tree`: the subtree as at the time of each purchase, or as of today.
    """

    period: Period | None = None
    organisation: str | None = None
    item: str | None = None
    state: str | None = None
    definition: str = "national"
    tree: Standing = "then"
    department: str | None = None
    currency: str | None = None
    goods_only: bool = False
    grouped: bool | None = None  # with a known item group, or without one
    words: str = ""  # that stand in the description, specification or supplier's name


@dataclass(frozen=True)
class Found:
    """Some of the lines, and how many there are with what sum."""

    rows: list[dict[str, Any]]
    lines: int
    amount: int


def frame(published: Published, engine: Engine, wanted: Wanted) -> nw.LazyFrame[Any]:
    """Return the lines as a lazy frame with the columns `SHOWN`. Raises UsageError for an unknown state or code."""
    return _judged(published, engine, _bought(published, engine, wanted), wanted).select(*SHOWN)


def _bought(published: Published, engine: Engine, wanted: Wanted) -> nw.LazyFrame[Any]:
    """Return the lines that fit by what stands in them, whatever their products are. Raises as `frame`."""
    if wanted.state and wanted.state not in STATES:
        raise UsageError("state_unknown", state=wanted.state, known=", ".join(STATES))
    if wanted.item and wanted.item not in published.registry.item_groups()["code"].to_pylist():
        raise UsageError("item_group_unknown", item=wanted.item)
    lines = _narrowed(during(published.lines(engine), wanted.period), wanted)
    return _within(published, engine, lines, wanted) if wanted.organisation else lines


def _judged(published: Published, engine: Engine, lines: nw.LazyFrame[Any], wanted: Wanted) -> nw.LazyFrame[Any]:
    """Return lines with the state of their day, those that fit by it."""
    joined = on_their_day(lines, published.timeline(engine, published.definition(wanted.definition)))
    for column, value in (("item_group", wanted.item), ("state", wanted.state)):
        if value:
            joined = joined.filter(nw.col(column) == value)
    if wanted.grouped is not None:
        missing = nw.col("item_group").is_null()
        joined = joined.filter(~missing if wanted.grouped else missing)
    return joined


def _narrowed(lines: nw.LazyFrame[Any], wanted: Wanted) -> nw.LazyFrame[Any]:
    """Keep the lines that fit by what stands in them."""
    for column, value in (("department", wanted.department), ("currency", wanted.currency)):
        if value is not None:
            lines = lines.filter(nw.col(column) == value)
    if wanted.goods_only:
        lines = lines.filter(nw.col("kind") == "goods")
    for word in wanted.words.casefold().split():
        found = [nw.col(name).str.to_lowercase().str.contains(word, literal=True) for name in SEARCHED]
        lines = lines.filter(nw.any_horizontal(*found, ignore_nulls=True))
    return lines


SEARCHED = ("description", "specification", "supplier_name")


def _within(published: Published, engine: Engine, lines: nw.LazyFrame[Any], wanted: Wanted) -> nw.LazyFrame[Any]:
    """Keep the lines of a subtree, whatever files call its organisations; `tree` says on which day they stand in it."""
    question = Question((), definition=wanted.definition, organisation=wanted.organisation, tree=wanted.tree)
    tree = tree_of(published, question)
    changes = tree.change_dates() if wanted.tree == "then" else []
    dated = lines.with_columns(share.era(changes) if changes else nw.lit(0, nw.Int64).alias("era"))
    places = Places(tree, changes, wanted.organisation, known=published.remembered.places)
    kept = [row for row in _spellings(published, wanted, changes) if places.of(row) is not None]
    if not changes and len(kept) <= MOST_NAMED:  # a plain filter lets the reader pass over what it need not read
        names = sorted(row["organisation"] for row in kept)
        # Bounds are what the reader can compare with its statistics; a list is not.
        between = (
            nw.col("organisation").is_between(nw.lit(names[0]), nw.lit(names[-1])) if names else nw.lit(value=False)
        )
        return dated.filter(between).filter(nw.col("organisation").is_in(names))
    return dated.join(engine.frame(pa.Table.from_pylist(kept, SPELLED)), on=["organisation", "era"], how="inner")


MOST_NAMED = 2_000


def _spellings(published: Published, wanted: Wanted, changes: list[date]) -> list[dict[str, Any]]:
    """Return who bought anything: the cube knows, without a look at the lines."""
    known = spellings(published, published.definition(wanted.definition))
    return known if changes else list({row["organisation"]: {**row, "era": 0} for row in known}.values())


SPELLED = pa.schema([("organisation", pa.string()), ("era", pa.int64())])


def lines(published: Published, wanted: Wanted, limit: int, skip: int = 0) -> Found:
    """Return at most `limit` lines, the biggest first after the first `skip`, and the count and sum of all of them."""
    engine = open_engine()
    last = skip + limit
    if not 0 < last <= MOST_RANKED:
        chosen = frame(published, engine, wanted)
        sums = chosen.select(nw.len().alias("lines"), nw.col("amount").sum().cast(nw.Int64)).collect("pyarrow")
        rows = chosen.sort("amount", "line_id", descending=[True, False]).head(last).collect("pyarrow")
        return Found(list(rows.rows(named=True))[skip:], int(sums["lines"][0]), int(sums["amount"][0] or 0))
    bought = _bought(published, engine, wanted)
    count, amount, biggest = _ranked(_needed(published, engine, bought, wanted), last)
    ids = [-one["order"] for one in biggest][skip:]
    if not ids:
        return Found([], count, amount)
    few = engine.frame(nw.to_native(_named(published, engine, ids)).to_arrow_table())
    judged = _judged(published, engine, few, wanted).select(*SHOWN).collect("pyarrow").rows(named=True)
    return Found(sorted(judged, key=lambda row: (-row["amount"], row["line_id"])), count, amount)


def _ranked(chosen: nw.LazyFrame[Any], last: int) -> tuple[int, int, list[dict[str, int]]]:
    """Return the number, the sum and the first places of lines: one pass over two columns finds all three."""
    ranks = f"max({{'amount': amount, 'order': -line_id}}, {last})"
    query = f"count(*), coalesce(sum(amount), 0)::BIGINT, {ranks}"
    count, amount, biggest = nw.to_native(chosen.select("line_id", "amount")).aggregate(query).fetchone()
    return int(count), int(amount), biggest or []


def _named(published: Published, engine: Engine, ids: list[int]) -> nw.LazyFrame[Any]:
    """Return lines by number: where they stand is looked up first, so that little of all columns must be read."""
    listed, numbers = ", ".join(map(quoted, published.files())), ", ".join(map(str, ids))
    rows = f"FROM read_parquet([{listed}], hive_partitioning = false) WHERE line_id IN ({numbers})"
    places = engine.connection.execute(f"SELECT file_index, file_row_number {rows}").fetchall()
    files, at = (", ".join(map(str, sorted(set(one)))) for one in zip(*places, strict=True))
    few = engine.connection.sql(f"{rows} AND file_index IN ({files}) AND file_row_number IN ({at})")
    return published.settled(engine, nw.from_native(few))


def _needed(published: Published, engine: Engine, bought: nw.LazyFrame[Any], wanted: Wanted) -> nw.LazyFrame[Any]:
    """Return the lines that fit, judged only where that decides which do: every line has one state on its day."""
    if not (wanted.item or wanted.state or wanted.grouped is not None):
        return bought
    narrow = bought.select("line_id", "amount", "product_key", "bought_on")
    if wanted.organisation:  # few enough to be held, so that they, not the timeline, are what is looked up in
        narrow = engine.frame(nw.to_native(narrow).limit(MOST_HELD + 1).to_arrow_table())
        if nw.to_native(narrow.select(nw.len())).fetchone()[0] > MOST_HELD:
            narrow = bought
    return _judged(published, engine, narrow, wanted)


MOST_HELD = 4_000_000
"""Lines that are held in memory at once, at 32 bytes each."""
MOST_RANKED = 10_000
"""Places in the order of amounts that are found in one pass; beyond, all lines are sorted."""


def batches_of(published: Published, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """Yield all lines in batches of bounded size, in no particular order."""
    yield from nw.to_native(frame(published, open_engine(), wanted)).to_arrow_reader(50_000)
