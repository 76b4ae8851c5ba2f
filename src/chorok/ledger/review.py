"""The review queue: undetermined products, the most money first, each once for all of its lines."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import narwhals as nw
import pyarrow as pa

from chorok.core.days import on_their_day
from chorok.core.definitions import Definition
from chorok.ledger.engines import Connection, Engine, open_engine, quoted
from chorok.ledger.figures import resolve
from chorok.ledger.published import Published
from chorok.ledger.schema import PRODUCT_COLUMNS

Order = Literal["amount", "lines", "last_day", "description"]
ORDERS: dict[str, str] = {
    "amount": "abs(s.amount)",
    "lines": "s.lines",
    "last_day": "s.last_day",
    "description": "lower(coalesce(p.description, ''))",
}


@dataclass(frozen=True)
class Wanted:
    """Which undetermined products: of some organisations (None: all), by item group, reason, words or keys.

    `item` '' asks for those whose item group is not known; `why` is a reason code of the evidence.
    """

    definition: str = "national"
    organisations: Collection[str] | None = None
    item: str | None = None
    why: str | None = None
    words: str = ""
    keys: Collection[int] | None = None
    order: Order = "amount"
    descending: bool = True


@dataclass(frozen=True)
class Queue:
    """Undetermined products with what is known of them, and how many there are with what sum.

    A product bought in two currencies has a row for each: `entries` counts rows, `amounts` are sums by currency.
    """

    rows: list[dict[str, Any]]
    products: int
    lines: int
    amount: int
    amounts: dict[str, int] = field(default_factory=dict)
    entries: int = 0


def queue(published: Published, limit: int | None = 50, definition: str = "national") -> Queue:
    """Return the products worth a person's time: amount, lines, first and last day, candidates (JSON in `evidence`).

    `limit` None returns all of them.
    """
    return page(published, Wanted(definition), limit)


def page(published: Published, wanted: Wanted, limit: int | None = 50, start: int = 0) -> Queue:
    """Return some of the undetermined products from `start` on; the counts and sums are those of all that are wanted.

    Besides `queue`'s columns a row has `currency` and `gross`, the sum of its amounts without their signs.
    """
    with closing(_laid_out(published, wanted)) as engine:
        connection = engine.connection
        ways = "DESC" if wanted.descending else "ASC"
        cut = "" if limit is None else f"LIMIT {int(limit)} OFFSET {int(start)}"
        columns = ", ".join(f"p.{name}" for name in PRODUCT_COLUMNS)
        rows = connection.execute(
            f"SELECT product_key, s.currency, s.amount, s.gross, s.lines, first_day, last_day, {columns}, "
            "v.item_group, v.group_method, v.group_score, v.method, v.score, v.evidence "
            f"FROM chosen s JOIN known_products p USING (product_key) JOIN known_verdicts v USING (product_key) "
            f"ORDER BY {ORDERS[wanted.order]} {ways}, product_key, s.currency {cut}"
        ).to_arrow_table()
        sums = connection.execute(
            "SELECT currency, sum(lines), sum(amount) FROM chosen GROUP BY currency ORDER BY currency"
        ).fetchall()
        counts = connection.execute("SELECT count(DISTINCT product_key), count(*) FROM chosen").fetchone() or (0, 0)
    amounts = {str(currency): int(amount) for currency, _, amount in sums}
    lines = sum(int(row[1]) for row in sums)
    read = [_read(row) for row in rows.to_pylist()]
    return Queue(read, int(counts[0]), lines, sum(amounts.values()), amounts, int(counts[1]))


def reasons(published: Published, wanted: Wanted) -> tuple[dict[str, int], dict[str | None, int]]:
    """Return how many of the wanted products there are by reason code, and by item group (None: not known)."""
    with closing(_laid_out(published, wanted)) as engine:
        counted = [
            engine.connection.execute(
                f"SELECT {column}, count(DISTINCT product_key) FROM chosen JOIN known_verdicts v USING (product_key) "
                "GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
            for column in (WHY, "v.item_group")
        ]
    return {str(why): int(n) for why, n in counted[0] if why}, {group: int(n) for group, n in counted[1]}


def keys(published: Published, wanted: Wanted) -> list[int]:
    """Return the keys of all wanted products, in order."""
    with closing(_laid_out(published, wanted)) as engine:
        found = engine.connection.execute("SELECT DISTINCT product_key FROM chosen ORDER BY 1").fetchall()
    return [int(row[0]) for row in found]


WHY = "json_extract_string(v.evidence, '$.reason')"


def _laid_out(published: Published, wanted: Wanted) -> Engine:
    """Open an engine with `chosen` (the wanted products, one row a currency), `known_products`, `known_verdicts`."""
    file = open_lines(published, published.definition(wanted.definition))
    engine = open_engine()
    connection = engine.connection
    for name in ("products", "verdicts"):
        source = quoted(published.derived(name))
        connection.execute(f"CREATE TEMP VIEW known_{name} AS FROM read_parquet({source})")
    where = _within(connection, published, file, wanted.organisations)
    connection.execute(
        "CREATE TEMP TABLE sums AS SELECT product_key, currency, sum(amount)::BIGINT AS amount, "
        "sum(gross)::BIGINT AS gross, sum(lines)::BIGINT AS lines, min(first_day) AS first_day, "
        f"max(last_day) AS last_day FROM read_parquet({quoted(file)}) {where} GROUP BY ALL"
    )
    tests, values = _tests(connection, wanted)
    connection.execute(
        "CREATE TEMP TABLE chosen AS SELECT s.* FROM sums s JOIN known_products p USING (product_key) "
        f"JOIN known_verdicts v USING (product_key) WHERE {' AND '.join(tests)}",
        values,
    )
    return engine


def _within(connection: Connection, published: Published, file: Path, organisations: Collection[str] | None) -> str:
    """Return the SQL that keeps the lines of some organisations, whatever files call them."""
    if organisations is None:
        return ""
    written = connection.execute(f"SELECT DISTINCT organisation FROM read_parquet({quoted(file)})").fetchall()
    names = spelled(published, (row[0] for row in written), organisations)
    connection.register("within", pa.table({"name": pa.array(names, pa.string())}))
    return "WHERE organisation IN (SELECT name FROM within)"


def spelled(published: Published, written: Iterable[str | None], organisations: Collection[str]) -> list[str]:
    """Return those of the written names that stand for one of some organisations."""
    tree = published.tree
    return sorted(name for name in written if name and resolve(tree, name) in organisations)


def _tests(connection: Connection, wanted: Wanted) -> tuple[list[str], list[str]]:
    tests, values = ["true"], []
    if wanted.item is not None:
        tests.append("v.item_group = ?" if wanted.item else "v.item_group IS NULL")
        values += [wanted.item] if wanted.item else []
    if wanted.why:
        tests.append(f"{WHY} = ?")
        values.append(wanted.why)
    for word in wanted.words.split():
        text = "concat_ws(' ', p.description, p.specification, p.supplier_name, p.product_id, 'P' || product_key)"
        tests.append(f"contains(lower({text}), ?)")
        values.append(word.lower())
    if wanted.keys is not None:
        connection.register("asked", pa.table({"key": pa.array(list(wanted.keys), pa.int64())}))
        tests.append("product_key IN (SELECT key FROM asked)")
    return tests, values


def open_file(published: Published, definition: Definition) -> Path:
    """Return where the undetermined lines of a snapshot lie added up, there or not."""
    timeline = published.timeline_file(definition)
    return timeline.with_name(timeline.name.replace("timeline-", "open-", 1))


def open_sums(published: Published, definition: str = "national") -> list[tuple[str | None, str, int, int]]:
    """Return what is undetermined: organisation as files call it, currency, lines, amount (smallest units)."""
    file = open_lines(published, published.definition(definition))
    with closing(open_engine()) as engine:
        rows = engine.connection.execute(
            "SELECT organisation, currency, sum(lines)::BIGINT, sum(amount)::BIGINT "
            f"FROM read_parquet({quoted(file)}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return [(row[0], str(row[1]), int(row[2]), int(row[3])) for row in rows]


def open_lines(published: Published, definition: Definition) -> Path:
    """Return the undetermined lines of a snapshot added up by organisation, product and currency; made once.

    Derived and rebuildable, like the cube: a page asks for it again and again, and the lines may be many.
    """
    file = open_file(published, definition)
    if file.exists():
        return file
    engine = Engine(temp=published.ledger.path / "spill")
    undetermined = published.timeline(engine, definition).filter(nw.col("state") == "undetermined")
    day, amount = nw.col("bought_on"), nw.col("amount")
    sums = on_their_day(published.lines(engine), undetermined).with_columns(amount.abs().alias("gross")).group_by(
        "organisation", "product_key", "currency"
    ).agg(
        amount.sum().cast(nw.Int64),
        nw.col("gross").sum().cast(nw.Int64),
        nw.len().cast(nw.Int64).alias("lines"),
        day.min().alias("first_day"),
        day.max().alias("last_day"),
    )  # fmt: skip
    draft = file.with_suffix(f".{uuid4().hex}.draft")  # two processes may make it at the same time
    nw.to_native(sums).write_parquet(str(draft), compression="zstd")
    draft.replace(file)
    engine.close()
    return file


def _read(row: dict[str, Any]) -> dict[str, Any]:
    evidence = json.loads(row["evidence"])
    best = (evidence.get("best") or [{}])[0]
    return {**row, "evidence": evidence, "why": evidence.get("reason"), "candidate": best}
