"""The registry of a ledger: item groups, certificates, offers, suppliers, labels and organisations as Delta tables.

Every verdict names the registry version it was made with, so a `Registry` is a frozen snapshot: it reads the
Delta versions it was opened with, whatever is written later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from chorok.core.errors import LedgerError
from chorok.ledger import evidence
from chorok.ledger.engines import connect, identifier
from chorok.ledger.schema import REGISTRY
from chorok.ledger.store import files_of, read, scan

ATTEMPTS = 10
"""How often a write is tried again after another writer was first."""

KEYS = {
    "item_groups": ("code",),
    "certificates": ("certificate_no", "product_no", "product_id", "model", "basis"),
    "offers": ("offer_no", "product_id", "supplier_no"),
    "suppliers": ("supplier_no", "name"),
    "labels": ("label",),
    "organisations": ("code", "valid_from"),
}
"""The columns by which a row is known again when a source is read anew: same key, other content = changed."""


@dataclass(frozen=True)
class Change:
    """What a write changed in one table, in rows. `version` is the Delta version that holds afterwards."""

    table: str
    source: str
    added: int
    removed: int
    changed: int
    unchanged: int
    version: int | None

    @property
    def written(self) -> bool:
        """Tell whether the content of the table is another one now."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Registry:
    """A frozen snapshot of the registry of one ledger.

    `versions` maps table name -> Delta version; a table that is missing there is empty.
    """

    ledger: Path
    versions: Mapping[str, int]
    _tables: dict[str, pa.Table] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, ledger: Path, versions: Mapping[str, int] | None = None) -> Registry:
        """Open the registry as it is now, or as it was with the given versions.

        Raises LedgerError for a table that the registry does not know.
        """
        for name in versions or ():
            _known(name)
        return cls(ledger, dict(_latest(ledger) if versions is None else versions))

    @property
    def version(self) -> int:
        """The number of this snapshot: 0 when empty, larger after each write to any table."""
        return sum(version + 1 for version in self.versions.values())

    def table(self, name: str) -> pa.Table:
        """Return a table as stored, in its canonical schema. Raises LedgerError when its version is gone."""
        if name not in self._tables:
            self._tables[name] = _read(self.ledger, _known(name), self.versions.get(name))
        return self._tables[name]

    def sources(self, name: str) -> dict[str, int]:
        """Return source -> number of rows of one table, by name of the source."""
        counted = pc.value_counts(self.table(name)[_source_column(name)]).to_pylist()
        return dict(sorted((str(entry["values"]), int(entry["counts"])) for entry in counted))

    def find(self, name: str, column: str, value: str) -> pa.Table:
        """Return the rows of a table in which a column has a value, read from disk without the rest of the table."""
        version = self.versions.get(_known(name))
        if version is None:
            return REGISTRY[name].empty_table()
        files = files_of(DeltaTable(str(self.ledger / "registry" / name), version=version))
        with connect(threads=1) as engine:
            query = f"SELECT * FROM ({scan(files, REGISTRY[name])}) WHERE {identifier(column)} = ?"
            return _canonical(name, engine.execute(query, [value]).to_arrow_table())

    def of_source(self, name: str, source: str) -> pa.Table:
        """Return the rows that one source gave to a table."""
        table = self.table(name)
        return table.filter(pc.fill_null(pc.equal(table[_source_column(name)], source), False))

    def item_groups(self) -> pa.Table:
        """Return the item groups that hold (ITEM_GROUPS): an entered one wins over a derived one (see evidence)."""
        return self._derived("=item_groups", lambda: evidence.item_groups(self.table("item_groups")))

    def codes(self) -> pa.Table:
        """Return one row (code, item_group) for each class or detail code that an item group has."""
        return self._derived("=codes", lambda: evidence.codes(self.item_groups()))

    def certificates(self) -> pa.Table:
        """Return all certificates (CERTIFICATES) with item group and revocation date resolved, in a fixed order."""
        return self._derived("=certificates", lambda: evidence.certificates(self.table, self.item_groups()))

    def labels(self) -> pa.Table:
        """Return each label once (LABELS) with all its sightings; basis NULL = waits for a person."""
        return self._derived("=labels", lambda: evidence.labels(self.table("labels")))

    def _derived(self, key: str, make: evidence.Maker) -> pa.Table:
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key]


def replace_source(ledger: Path, name: str, rows: pa.Table, source: str) -> Change:
    """Put `rows` in place of everything that `source` gave to a table before, in one commit.

    Missing columns become NULL and the source column is set to `source`. Equal content is not written. Raises
    LedgerError `registry_busy` when other writers come first again and again.
    """
    fresh = _conform(_known(name), rows, source)
    for _ in range(ATTEMPTS):
        seen = _version(ledger, name)
        try:
            return _replace(ledger, name, fresh, source)
        except DeltaError:
            if _version(ledger, name) == seen:  # nobody was first: the write itself failed
                raise
    raise LedgerError("registry_busy", table=name, ledger=str(ledger), attempts=ATTEMPTS)


def would_change(ledger: Path, name: str, rows: pa.Table, source: str) -> Change:
    """Return what `replace_source` would change, with nothing written."""
    fresh, table = _conform(_known(name), rows, source), _delta(ledger, name)
    _, before = _split(name, table, source)
    same = _unchanged(table, name, fresh, before, source)
    now = table.version() if table else None
    return same or Change(name, source, *_compare(name, before, fresh), version=now)


def _split(name: str, table: DeltaTable | None, source: str) -> tuple[pa.Table, pa.Table]:
    """Return the rows of all other sources, and those of a source."""
    stored = _canonical(name, read(table)) if table else REGISTRY[name].empty_table()
    mine = pc.fill_null(pc.equal(stored[_source_column(name)], source), False)
    return stored.filter(pc.invert(mine)), stored.filter(mine)


def _unchanged(table: DeltaTable | None, name: str, fresh: pa.Table, before: pa.Table, source: str) -> Change | None:
    if before.equals(fresh) or not (before.num_rows or fresh.num_rows):
        return Change(name, source, 0, 0, 0, fresh.num_rows, table.version() if table else None)
    return None


def rewrite(ledger: Path, name: str, rows: pa.Table, *, expected: int | None) -> int:
    """Put `rows`, of all sources, in place of a whole table in one commit, and return its new version.

    `expected` is the version that the rows were made from (None: there was no table). Raises LedgerError
    `registry_moved` when it is not the newest any more: somebody was first, and nothing is written.
    """
    table = _delta(ledger, _known(name))
    if (table.version() if table else None) != expected:
        raise LedgerError("registry_moved", table=name, expected=expected, found=table.version() if table else None)
    folder = ledger / "registry" / name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        write_deltalake(
            table or str(folder),
            _canonical(name, rows),
            mode="overwrite" if table else "error",
            writer_properties=WriterProperties(compression="ZSTD"),
            commit_properties=CommitProperties(max_commit_retries=0),
        )
    except DeltaError as error:
        raise LedgerError("registry_moved", table=name, expected=expected, found=_version(ledger, name)) from error
    return DeltaTable(str(folder)).version()


def _replace(ledger: Path, name: str, fresh: pa.Table, source: str) -> Change:
    table = _delta(ledger, name)
    others, before = _split(name, table, source)
    if same := _unchanged(table, name, fresh, before, source):
        return same
    counts = _compare(name, before, fresh)
    combined = pa.concat_tables([others, fresh])
    folder = ledger / "registry" / name
    folder.mkdir(parents=True, exist_ok=True)
    write_deltalake(
        table or str(folder),
        combined,
        mode="overwrite" if table else "error",
        writer_properties=WriterProperties(compression="ZSTD"),
        # A conflict is settled here, by reading again: our rows were combined with what had been read.
        commit_properties=CommitProperties(custom_metadata={"source": source}, max_commit_retries=0),
    )
    return Change(name, source, *counts, version=DeltaTable(str(folder)).version())


def _compare(name: str, before: pa.Table, after: pa.Table) -> tuple[int, int, int, int]:
    """Return rows added, removed, changed and unchanged; a row's place in the file is no content."""
    if not before.num_rows or not after.num_rows:
        return after.num_rows, before.num_rows, 0, 0
    columns = ", ".join(identifier(column) for column in before.column_names if column != "source_row")
    key = ", ".join(identifier(column) for column in KEYS[name])
    with connect() as engine:
        engine.register("before", before)
        engine.register("after", after)
        for table, less in (
            ("gone", "before EXCEPT ALL SELECT {0} FROM after"),
            ("new", "after EXCEPT ALL SELECT {0} FROM before"),
        ):
            engine.execute(f"CREATE TEMP TABLE {table} AS SELECT {columns} FROM {less.format(columns)}")
        gone, new, changed = engine.execute(
            f"SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM new), (SELECT count(*) FROM "
            f"(SELECT {key}, row_number() OVER (PARTITION BY {key}) FROM gone INTERSECT "
            f"SELECT {key}, row_number() OVER (PARTITION BY {key}) FROM new))"
        ).fetchall()[0]
    return new - changed, gone - changed, changed, after.num_rows - new


def _conform(name: str, rows: pa.Table, source: str) -> pa.Table:
    schema = REGISTRY[name]
    unknown = [column for column in rows.column_names if column not in schema.names]
    if unknown:
        raise ValueError(f"{name} has no column {unknown}")
    columns = [
        rows[entry.name].cast(entry.type) if entry.name in rows.column_names else pa.nulls(rows.num_rows, entry.type)
        for entry in schema
    ]
    position = schema.get_field_index(_source_column(name))
    columns[position] = pa.array([source] * rows.num_rows, pa.string())
    return pa.table(columns, schema=schema).combine_chunks()


def _read(ledger: Path, name: str, version: int | None) -> pa.Table:
    if version is None:
        return REGISTRY[name].empty_table()
    try:
        return _canonical(name, read(DeltaTable(str(ledger / "registry" / name), version=version)))
    except (DeltaError, TableNotFoundError, OSError) as error:
        raise LedgerError(
            "registry_version_missing", table=name, version=version, ledger=str(ledger), why=str(error)
        ) from error


def _canonical(name: str, table: pa.Table) -> pa.Table:
    return table.select(REGISTRY[name].names).cast(REGISTRY[name])


def _delta(ledger: Path, name: str) -> DeltaTable | None:
    folder = str(ledger / "registry" / name)
    return DeltaTable(folder) if DeltaTable.is_deltatable(folder) else None


def _version(ledger: Path, name: str) -> int | None:
    table = _delta(ledger, name)
    return table.version() if table else None


def _latest(ledger: Path) -> dict[str, int]:
    opened = ((name, _delta(ledger, name)) for name in REGISTRY)
    return {name: table.version() for name, table in opened if table}


def _known(name: str) -> str:
    if name not in REGISTRY:
        raise LedgerError("registry_table_unknown", table=name, known=", ".join(REGISTRY))
    return name


def _source_column(name: str) -> str:
    return "first_source" if name == "labels" else "source"
