"""Publishing: what is derived is made anew for the next snapshot, and one row makes it visible.

Truth is purchases, registry and decisions. A folder `derived/<snapshot>` can be deleted: it is made again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pyarrow as pa

from chorok.core.definitions import Definition
from chorok.ledger import (
    batches,
    corrections,
    decisions,
    learning,
    purchases,
    schema,
    shelf,
    snapshots,
    timeline,
    verdicts,
)
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.lookup import Lookup
from chorok.ledger.registry import Registry
from chorok.ledger.snapshots import Snapshot
from chorok.ledger.store import Ledger, scan

Told = Callable[[str, int, int], None]
"""Progress: step code, done, total."""

DERIVED = ("products", "verdicts", "spans", "corrections")


def quiet(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Draft:
    """The next snapshot, not visible yet."""

    ledger: Ledger
    snapshot: Snapshot
    previous: Snapshot | None

    @property
    def unchanged_evidence(self) -> bool:
        """True when all that verdicts rest on but decisions is that of the previous snapshot: old verdicts hold."""
        return self.previous is not None and _evidence(self.previous) == _evidence(self.snapshot)

    @property
    def unchanged_purchases(self) -> bool:
        """True when the lines are those of the previous snapshot."""
        return self.previous is not None and self.previous.purchases == self.snapshot.purchases


EVIDENCE = ("item_groups", "certificates", "offers", "labels")
"""The registry's tables that verdicts rest on: whose place an organisation has says nothing about a product."""


def _evidence(snapshot: Snapshot) -> tuple[object, ...]:
    versions = tuple(snapshot.registry.get(name) for name in EVIDENCE)
    return versions, snapshot.definitions, snapshot.model


def publish(
    ledger: Ledger, action: str, subject: str, *, told: Told = quiet, grown_by: list[str] | None = None
) -> Snapshot:
    """Derive everything from what the tables hold now and append the snapshot row, last of all.

    `grown_by` names the data files of a batch that was merely added: then only their products are looked at.
    The caller holds the ledger's write lock.
    """
    previous = snapshots.latest(ledger)
    snapshot = Snapshot(
        (previous.number if previous else 0) + 1,
        snapshots.now(),
        ledger.version(purchases.NAME),
        ledger.version(decisions.NAME),
        dict(Registry.open(ledger.path).versions),
        shelf.keep(ledger),
        learning.current(ledger),
        action,
        subject,
    )
    derive(Draft(ledger, snapshot, previous), told=told, grown_by=grown_by)
    snapshots.append(ledger, snapshot)
    told("published", snapshot.number, snapshot.number)
    return snapshot


def derive(draft: Draft, *, told: Told = quiet, grown_by: list[str] | None = None) -> Path:
    """Make `derived/<snapshot>` whole or not at all; return it."""
    ledger, snapshot = draft.ledger, draft.snapshot
    place = ledger.path / "derived" / str(snapshot.number)
    making = place.with_name(place.name + ".draft")
    shutil.rmtree(making, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)
    making.mkdir(parents=True)
    connection = ledger.connection()
    try:
        _products(connection, draft, grown_by)
        told("matching", 0, 1)
        _verdicts(connection, draft, told)
        connection.execute(f"CREATE TEMP TABLE corrections AS {_corrections(draft)}")
        for name in DERIVED:
            _write(connection, f"FROM {name} ORDER BY 1", making / f"{name}.parquet")
        national = shelf.definition(ledger, snapshot, "national")
        _write(connection, timeline.build(connection, national), timeline_file(making, "national"))
    finally:
        connection.close()
    making.rename(place)
    return place


def _products(connection: Connection, draft: Draft, grown_by: list[str] | None) -> None:
    """Make the table `products`: each distinct product once."""
    columns = ", ".join(f"any_value({name}) AS {name}" for name in schema.PRODUCT_COLUMNS)
    before = _derived_before(draft, "products")
    if draft.unchanged_purchases:
        grown_by = []
    if grown_by is not None and before is not None:
        lines = scan(grown_by, schema.PURCHASES)
        fresh = f"SELECT product_key, {columns} FROM ({lines}) GROUP BY product_key"
        connection.execute(f"CREATE TEMP TABLE known_products AS FROM read_parquet({quoted(before)})")
        connection.execute(
            f"CREATE TEMP TABLE products AS FROM known_products UNION ALL FROM ({fresh}) AS f "
            "WHERE product_key NOT IN (SELECT product_key FROM known_products)"
        )
        return
    lines = purchases.select(draft.ledger, draft.snapshot.purchases)
    connection.execute(
        f"CREATE TEMP TABLE products AS SELECT product_key, {columns} FROM ({lines}) GROUP BY product_key"
    )


def _derived_before(draft: Draft, name: str) -> Path | None:
    if draft.previous is None:
        return None
    file = draft.ledger.path / "derived" / str(draft.previous.number) / f"{name}.parquet"
    return file if file.exists() else None


def _verdicts(connection: Connection, draft: Draft, told: Told) -> None:
    """Make `verdicts` and `spans`; where the evidence is the same as before, only for products new or decided anew."""
    registry = Registry.open(draft.ledger.path, draft.snapshot.registry)
    held = decisions.read(draft.ledger, draft.snapshot.decisions)
    verdicts.prepare(connection, registry, held)
    old, old_spans = _derived_before(draft, "verdicts"), _derived_before(draft, "spans")
    keep = draft.unchanged_evidence and old is not None and old_spans is not None
    if keep:
        connection.execute("CREATE TEMP TABLE all_products AS FROM products; DROP TABLE products")
        connection.register("decided_anew", _decided_anew(draft, held))
        connection.execute(
            f"CREATE TEMP TABLE old_verdicts AS FROM read_parquet({quoted(old or '')}) "
            "ANTI JOIN decided_anew USING (product_key)"
        )
        connection.execute(
            "CREATE TEMP TABLE products AS FROM all_products "
            "WHERE product_key NOT IN (SELECT product_key FROM old_verdicts)"
        )
    lookup = Lookup.open(draft.ledger, registry, learning.model(draft.ledger, draft.snapshot.model))
    verdicts.judge(connection, lookup, registry.version, lambda done, total: told("matching", done, total))
    if keep:
        connection.execute(
            "INSERT INTO verdicts FROM old_verdicts SEMI JOIN all_products USING (product_key); "
            f"INSERT INTO spans FROM read_parquet({quoted(old_spans or '')}) "
            "SEMI JOIN old_verdicts USING (product_key) SEMI JOIN all_products USING (product_key); "
            "DROP TABLE products; CREATE TEMP TABLE products AS FROM all_products"
        )


def _decided_anew(draft: Draft, held: pa.Table) -> pa.Table:
    """Return the keys of products on which another decision holds than in the previous snapshot, or none any more."""
    before = decisions.read(draft.ledger, draft.previous.decisions) if draft.previous else held.slice(0, 0)
    rows = [{row["product_key"]: row for row in table.to_pylist()} for table in (before, held)]
    changed = sorted(key for key in rows[0].keys() | rows[1].keys() if rows[0].get(key) != rows[1].get(key))
    return pa.table({"product_key": pa.array(changed, pa.int64())})


def _corrections(draft: Draft) -> str:
    old = _derived_before(draft, "corrections")
    if draft.unchanged_purchases and old:
        return f"FROM read_parquet({quoted(old)})"
    return corrections.build(purchases.select(draft.ledger, draft.snapshot.purchases), summing(draft.ledger))


def summing(ledger: Ledger) -> set[str]:
    """Return the sources whose change orders are differences."""
    return {
        batch.source
        for batch in batches.every(ledger)
        if any(understood.get("change_orders") == "sum_deltas" for understood in batch.understandings)
    }


def _write(connection: Connection, sql: str, file: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {quoted(file)} (FORMAT parquet, COMPRESSION zstd)")


def timeline_file(folder: Path, name: str) -> Path:
    """Return where the timeline of a definition lies."""
    return folder / f"timeline-{name}.parquet"


def timeline_of(ledger: Ledger, snapshot: Snapshot, definition: Definition) -> Path:
    """Return the timeline of a snapshot under a definition, made when it is not there yet."""
    folder = derived(ledger, snapshot)
    file = timeline_file(
        folder, f"{definition.id}-{definition.hash()[:12]}" if definition.id != "national" else "national"
    )
    if not file.exists():
        connection = ledger.connection()
        for name in ("verdicts", "spans"):
            connection.execute(f"CREATE TEMP TABLE {name} AS FROM read_parquet({quoted(folder / f'{name}.parquet')})")
        connection.register("item_groups", Registry.open(ledger.path, snapshot.registry).item_groups())
        draft = file.with_suffix(f".{uuid4().hex}.draft")  # two processes may make it at the same time
        _write(connection, timeline.build(connection, definition), draft)
        draft.replace(file)
    return file


def derived(ledger: Ledger, snapshot: Snapshot) -> Path:
    """Return the folder of what a snapshot derives, made again when it was deleted."""
    folder = ledger.path / "derived" / str(snapshot.number)
    return folder if folder.exists() else derive(Draft(ledger, snapshot, None))


def reconcile(ledger: Ledger, *, told: Told = quiet) -> list[str]:
    """Finish or take back what a crash left open (design section 3, step 8); return the batches concerned.

    The caller holds the write lock. A batch `posting` whose commit is there is published and becomes `posted`;
    one whose commit never came loses its files and its record. A `withdrawing` one is withdrawn to the end.
    """
    touched = []
    for batch in batches.every(ledger):
        if batch.state == "posting":
            if purchases.is_posted(ledger, batch.id, batch.attempt):
                settle(ledger, batch, "import", told=told)
            else:
                purchases.sweep(ledger, batch.id)
                (ledger.path / "batches" / f"{batch.id}.json").unlink()
        elif batch.state == "withdrawing":
            withdraw(ledger, batch, told=told)
        else:
            continue
        touched.append(batch.id)
    shutil.rmtree(ledger.path / "staging", ignore_errors=True)
    return touched


def settle(
    ledger: Ledger,
    batch: batches.Batch,
    action: str,
    *,
    told: Told = quiet,
    grown_by: list[str] | None = None,
    publishes: bool = True,
) -> batches.Batch:
    """Publish a batch whose lines are in the table, and close its record. Without `publishes` the caller does so later.

    What the batch replaces is deleted here, after its own lines are in: readers see neither of the two commits.
    """
    if batch.replaces and action == "import":
        purchases.delete(ledger, f"({batch.replaces}) AND batch <> '{batch.id}'", f"replace:{batch.id}", batch.attempt)
    latest = snapshots.latest(ledger)
    if publishes and (latest is None or latest.purchases < ledger.version(purchases.NAME)):
        latest = publish(ledger, action, batch.id, told=told, grown_by=grown_by)
    state: batches.State = "withdrawn" if action == "withdraw" else "posted"
    number = latest.number if latest and publishes else (latest.number if latest else 0) + 1
    closed = replace(batch, state=state, snapshot=number)
    batches.save(ledger, closed)
    return closed


def withdraw(ledger: Ledger, batch: batches.Batch, *, told: Told = quiet) -> batches.Batch:
    """Take a batch's lines out again; its file and its record stay. The caller holds the write lock."""
    open_record = replace(batch, state="withdrawing")
    batches.save(ledger, open_record)
    purchases.delete(ledger, f"batch = '{batch.id}'", f"withdraw:{batch.id}", batch.attempt)
    return settle(ledger, open_record, "withdraw", told=told)
