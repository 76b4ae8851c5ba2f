"""Registry lists as they are received: certificates, offers, suppliers, item groups, organisations, labels.

The list is recognised by its headers (known_lists). Every row is accepted or rejected with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from chorok.core import definitions
from chorok.core.errors import BadInputError
from chorok.core.matching.labels import NONE, basis_of, split_labels
from chorok.ledger.engines import Connection, EngineError, connect, identifier, quoted
from chorok.ledger.evidence import DERIVED_GROUPS_SQL
from chorok.ledger.registry import Change, replace_source
from chorok.ledger.schema import ITEM_GROUPS, LABELS, REGISTRY
from chorok.sources import known_lists, list_rows
from chorok.sources.known_lists import ListFormat
from chorok.sources.reading import select_from
from chorok.sources.tables import open_tables
from chorok.sources.understanding import RawTable

REJECTS = pa.schema(
    [
        ("table", pa.string()),
        ("row", pa.int64()),  # row of the sheet, record of a CSV or JSON file; physical line of a broken record
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),  # worded as registry_reject.<reason>, the remedy as registry_remedy.<reason>
    ]
)

Note = tuple[str, dict[str, str]]
"""A wording code (under `registry_note`) and its parameters."""


@dataclass(frozen=True)
class ListAccount:
    """What became of the rows: `received` = `accepted` + `rejected`; one row of `rejects` a rejected one."""

    received: int
    accepted: int
    rejects: pa.Table
    notes: tuple[Note, ...] = ()

    @property
    def rejected(self) -> int:
        """The number of rejected rows."""
        return int(self.rejects.num_rows)


@dataclass(frozen=True)
class RegistryFile:
    """A list that was read. `kind` is the format's name, `tables` maps registry table -> rows of `source`."""

    kind: str
    source: str
    tables: dict[str, pa.Table]
    account: ListAccount


@dataclass(frozen=True)
class _Part:
    """What one table of the file gave."""

    form: ListFormat
    tables: dict[str, pa.Table]
    account: ListAccount


def read(
    path: Path, work: Path, *, source: str | None = None, read_on: date, password: str | None = None
) -> RegistryFile:
    """Read a list; `work` is a folder for copies, `read_on` the day on which the list was fetched.

    `source` names what a later reading replaces: by default the format's name, or the file's
    where a list comes in many files and for templates. Raises
    BadInputError `list_unknown` when no table of the file is of a known format, `list_mixed` when they are of two,
    `list_unreadable` when the rows cannot be told apart.
    """
    tables = open_tables(path, work, password=password)
    return of_tables(tables, source=source, read_on=read_on, file=path.name)


def of_tables(tables: Sequence[RawTable], *, source: str | None = None, read_on: date, file: str) -> RegistryFile:
    """Read a list whose tables are already opened. See `read`."""
    found = [(table, form) for table in tables if (form := known_lists.find(table.columns))]
    if not found:
        seen = ", ".join(column for table in tables for column in table.columns)
        raise BadInputError("list_unknown", file=file, columns=seen, known=_titles())
    kinds = {form.name for _, form in found}
    if len(kinds) > 1:
        raise BadInputError("list_mixed", file=file, kinds=", ".join(sorted(kinds)))
    form = found[0][1]
    name = source or (Path(file).stem if form.source_is_file else form.name)
    parts = [_part(table, form, name, read_on) for table, _ in found]
    skipped = [("table_skipped", {"table": table.name}) for table in tables if table not in [one for one, _ in found]]
    merged = {key: pa.concat_tables([part.tables[key] for part in parts]) for key in parts[0].tables}
    return RegistryFile(form.name, name, merged, _account(parts, skipped))


def post(ledger: Path, file: RegistryFile) -> tuple[Change, ...]:
    """Put a list into the registry of a ledger, in place of what its source gave before; one change a table."""
    return tuple(replace_source(ledger, name, rows, file.source) for name, rows in file.tables.items())


def _account(parts: Sequence[_Part], skipped: Sequence[Note]) -> ListAccount:
    return ListAccount(
        received=sum(part.account.received for part in parts),
        accepted=sum(part.account.accepted for part in parts),
        rejects=pa.concat_tables([part.account.rejects for part in parts]),
        notes=(*(note for part in parts for note in part.account.notes), *skipped),
    )


def _part(table: RawTable, form: ListFormat, source: str, read_on: date) -> _Part:
    with connect() as engine:
        received = _load(engine, table, form, read_on)
        rejects = _rejects(engine, table)
        unseen = _bases(engine)
        tables = _tables(engine, form, source, read_on)
        if form.label_columns or form.basis_column:
            tables["labels"] = unseen
        notes = _notes(engine, form, unseen)
    return _Part(form, tables, ListAccount(received, received - rejects.num_rows, rejects, notes))


def _load(engine: Connection, table: RawTable, form: ListFormat, read_on: date) -> int:
    """Create `checked` (typed rows and what is at fault), `good` (those without fault) and `broken` (no rows at all).

    Return the number of records; blank ones are none.
    """
    rows = f"(SELECT * FROM ({select_from(table, numbered=True)}) WHERE NOT ({list_rows.blank(table)}))"
    faults = list_rows.faults(table, form)
    told = {
        "reason": _case([(test, quoted(reason)) for test, reason, _ in faults]),
        "at": _case([(test, quoted(list_rows.header_of(table, form, name))) for test, _, name in faults]),
        "value": _case([(test, f"raw_{name}") for test, _, name in faults]),
    }
    added = ", ".join(f"{sql}::VARCHAR AS fault_{name}" for name, sql in told.items())
    try:
        engine.execute(f"CREATE TEMP TABLE checked AS SELECT *, {added} FROM ({list_rows.typed(table, form, rows)})")
    except EngineError as error:
        raise BadInputError("list_unreadable", file=table.name, why=str(error).splitlines()[0]) from error
    ended = _ended(engine, read_on) if form.table == "certificates" else ""
    engine.execute(f"CREATE TEMP VIEW good AS SELECT * {ended} FROM checked WHERE fault_reason IS NULL")
    engine.execute(f"CREATE TEMP TABLE broken AS {_broken(engine, table)}")
    return _count(engine, "checked") + _count(engine, "broken")


def _ended(engine: Connection, read_on: date) -> str:
    """A certificate that a list calls ended before its printed end was ended early, and nobody says when."""
    if not {"status", "valid_until"} <= _columns(engine, "checked"):
        return ""
    early = f"status = 'expired' AND valid_until >= DATE '{read_on}'"
    return f"REPLACE (CASE WHEN {early} THEN 'revoked' ELSE status END AS status)"


def _columns(engine: Connection, table: str) -> set[str]:
    return {str(name) for name, *_ in engine.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}


def _broken(engine: Connection, table: RawTable) -> str:
    """Return SQL of the records that the reader set aside, without those that are merely blank."""
    if not engine.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone():
        return "SELECT 0::BIGINT AS line, '' AS text WHERE false"
    litter = quoted(f"[{table.delimiter}{table.quote}\\s]")
    return (
        "SELECT line::BIGINT AS line, trim(any_value(csv_line), chr(13) || chr(10)) AS text "
        "FROM reject_errors GROUP BY line "
        f"HAVING regexp_replace(any_value(csv_line), {litter}, '', 'g') <> ''"
    )


def _rejects(engine: Connection, table: RawTable) -> pa.Table:
    return engine.execute(
        f"SELECT {quoted(table.name)} AS \"table\", row_no AS \"row\", fault_at AS \"column\", fault_value AS value, "
        f"fault_reason AS reason FROM checked WHERE fault_reason IS NOT NULL UNION ALL "
        f"SELECT {quoted(table.name)}, line, NULL, text, 'broken_row' FROM broken ORDER BY 2"
    ).to_arrow_table().cast(REJECTS)  # fmt: skip


def _bases(engine: Connection) -> pa.Table:
    """Create `meanings` (label text, its labels, their bases) from the few distinct texts; return unseen labels."""
    texts = engine.execute("SELECT labelled, count(*) FROM good WHERE labelled <> '' GROUP BY 1").fetchall()
    meanings, unseen = [], dict[str, int]()
    for text, count in texts:
        labels = split_labels(text)
        bases = {label: basis_of(label) for label in labels}
        counting = sorted({basis for basis in bases.values() if basis and basis != NONE})
        meanings.append({"labelled": text, "labels": labels, "bases": counting, "known": None not in bases.values()})
        for label in (label for label, basis in bases.items() if basis is None):
            unseen[label] = unseen.get(label, 0) + count
    schema = pa.schema(
        [
            ("labelled", pa.string()),
            ("labels", pa.list_(pa.string())),
            ("bases", pa.list_(pa.string())),
            ("known", pa.bool_()),
        ]
    )
    engine.register("meanings", pa.Table.from_pylist(meanings, schema=schema))
    rows = [{"label": label, "seen": seen} for label, seen in sorted(unseen.items())]
    return pa.Table.from_pylist(rows, schema=LABELS)


def _tables(engine: Connection, form: ListFormat, source: str, read_on: date) -> dict[str, pa.Table]:
    rows = "good LEFT JOIN meanings USING (labelled)"
    added = {"source": quoted(source), "source_row": "row_no"}
    if form.basis_column:
        added["basis"] = f"coalesce(bases[1], CASE WHEN known THEN {quoted(NONE)} END)"
    if form.label_columns:
        added |= {"labels": "labels", "read_on": f"DATE '{read_on}'"}
    if form.table == "certificates" and "status" not in _columns(engine, "good"):
        added["status"] = "'certified'"  # a list without states holds certificates in force
    if form.table == "item_groups":
        added["derived"] = "false"
    if form.table == "labels":
        added |= {"seen": "0", "first_source": quoted(source)}
    found = {} if form.only_labels else {form.table: _select(engine, form.table, rows, added)}
    if form.label_columns:
        day = {"source": quoted(source), "source_row": "row_no", "read_on": f"DATE '{read_on}'", "status": "'unknown'"}
        spread = f"(SELECT *, unnest(bases) AS basis FROM {rows})"
        found["certificates"] = _select(engine, "certificates", spread, day)
    if form.derive_item_groups:
        found["item_groups"] = _derived(engine, source)
    return found


def _select(engine: Connection, table: str, rows: str, added: dict[str, str]) -> pa.Table:
    """Return the rows in the canonical schema of a table; what the list does not have is NULL."""
    there = _columns(engine, rows) - set(added)
    columns = [
        f"{added.get(name) or (identifier(name) if name in there else 'NULL')}::{_sql_type(kind)} AS {identifier(name)}"
        for name, kind in zip(REGISTRY[table].names, REGISTRY[table].types, strict=True)
    ]
    return (
        engine.execute(f"SELECT {', '.join(columns)} FROM {rows} ORDER BY row_no")
        .to_arrow_table()
        .cast(REGISTRY[table])
    )


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "VARCHAR[]"
    names = {pa.date32(): "DATE", pa.int64(): "BIGINT", pa.bool_(): "BOOLEAN", pa.string(): "VARCHAR"}
    return names.get(kind, "DECIMAL(18, 4)")


def _derived(engine: Connection, source: str) -> pa.Table:
    groups = engine.execute(DERIVED_GROUPS_SQL).to_arrow_table()
    sources = pa.array([source] * groups.num_rows, pa.string())
    return groups.append_column("source", sources).select(ITEM_GROUPS.names).cast(ITEM_GROUPS)


def _notes(engine: Connection, form: ListFormat, unseen: pa.Table) -> tuple[Note, ...]:
    columns = _columns(engine, "good")
    notes = [
        ("word_unknown", {"field": name, "word": word, "rows": rows})
        for name in form.values
        if f"raw_{name}" in columns
        for word, rows in _others(engine, f"lower(raw_{name})", [word.lower() for word in form.values[name]])
    ]
    if "raw_basis" in columns and "basis" not in form.values:
        notes += [
            ("basis_unknown", {"basis": word, "rows": rows}) for word, rows in _others(engine, "basis", _known_bases())
        ]
    if unseen.num_rows:
        labels = ", ".join(unseen["label"].to_pylist())
        notes.append(("labels_unseen", {"count": str(unseen.num_rows), "labels": labels}))
    return tuple(notes)


def _others(engine: Connection, column: str, known: Sequence[str]) -> list[tuple[str, str]]:
    """Return (word, rows) of the words of a column that are not known ones, the most frequent first."""
    listed = ", ".join(quoted(word) for word in known)
    rows = engine.execute(
        f"SELECT coalesce({column}, '') AS word, count(*) FROM good WHERE word NOT IN ({listed}) "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return [(str(word), str(count)) for word, count in rows]


def _known_bases() -> list[str]:
    return [NONE, *{basis for name in definitions.names() for basis in definitions.load(name).basis_names()}]


def _case(cases: Sequence[tuple[str, str]]) -> str:
    return "CASE " + " ".join(f"WHEN {test} THEN {value}" for test, value in cases) + " END" if cases else "NULL"


def _count(engine: Connection, table: str) -> int:
    row = engine.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _titles() -> str:
    return "; ".join(f"{form.title_ko} / {form.title_en}" for form in known_lists.known())
