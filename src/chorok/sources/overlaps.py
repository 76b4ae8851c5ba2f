"""What a file has in common with itself and with the ledger (rules 1.9): keys and periods that come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chorok.ledger import purchases
from chorok.ledger.engines import Connection, quoted
from chorok.ledger.store import Ledger
from chorok.sources import validate
from chorok.sources.staging import StagedTable, drop, rewrite

_SAME = (
    "bought_on",
    "organisation",
    "department",
    "product_key",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "currency",
    "furnished_material",
    "final",
    "ground",
)
CONTENT = "{" + ", ".join(f"{name}: {name}" for name in _SAME) + "}"
"""SQL for what must be the same for a line with a known key to be the same line."""


def settle_within(connection: Connection, staged: StagedTable) -> None:
    """Settle keys that come twice in one table: equal rows with a key are one line, without a key several."""
    if not staged.files() or not _repeats(connection, staged):
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT line_id FROM ({staged.select()}) GROUP BY line_id "
        "HAVING count(*) > 1"
    )
    if "source_key" in staged.reading.understanding.columns:
        _keep_first(connection, staged)
    else:
        _number(connection, staged)


def _repeats(connection: Connection, staged: StagedTable) -> bool:
    """Tell whether any id comes twice. Most files have none, and sorting them says so at a fifth of grouping them."""
    ids = connection.execute(f"SELECT line_id FROM ({staged.select()})").fetchnumpy()["line_id"]
    ids.sort()
    return bool((ids[1:] == ids[:-1]).any())


def _any(connection: Connection, name: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is not None


def _number(connection: Connection, staged: StagedTable) -> None:
    """Equal rows of a source without keys stay separate lines: the n-th occurrence is part of the id."""
    again = validate.hashed("concat(line_id, chr(31), nth)")
    rewrite(
        connection,
        staged,
        f"SELECT * FROM ({staged.select()}) ANTI JOIN twice USING (line_id) UNION ALL BY NAME "
        f"SELECT * EXCLUDE (nth) REPLACE (CASE WHEN nth = 1 THEN line_id ELSE {again} END AS line_id) FROM ("
        f"SELECT *, row_number() OVER (PARTITION BY line_id) AS nth FROM ({staged.select()}) "
        "SEMI JOIN twice USING (line_id))",
    )


def _keep_first(connection: Connection, staged: StagedTable) -> None:
    """Of rows with one key the first in the file counts; the others are the same again, or changed."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT * EXCLUDE (first_content), "
        "CASE WHEN content IS NOT DISTINCT FROM first_content THEN 'repeated_key' ELSE 'changed' END AS verdict FROM ("
        f"SELECT *, {CONTENT} AS content, row_number() OVER w AS nth, first_value({CONTENT}) OVER w AS first_content "
        f"FROM ({validate.typed(staged.reading, with_rows=True)}) SEMI JOIN twice USING (line_id) "
        f"WHERE reason = 'ok' WINDOW w AS (PARTITION BY line_id ORDER BY row_no))"
    )
    columns = ", ".join(purchases.COLUMNS) + ", year"
    rewrite(
        connection,
        staged,
        f"SELECT {columns} FROM ({staged.select()}) ANTI JOIN twice USING (line_id) UNION ALL "
        f"SELECT {columns} FROM repeated WHERE nth = 1",
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE doomed AS SELECT verdict AS reason, count(*) AS lines, sum(amount) AS amount "
        "FROM repeated WHERE nth > 1 GROUP BY ALL"
    )
    drop(connection, staged, "doomed")
    _remember(connection, staged, "SELECT line_id, row_no FROM repeated WHERE verdict = 'changed' AND nth > 1")


def _remember(connection: Connection, staged: StagedTable, rows: str) -> None:
    """Keep which rows of a table were dropped as changed, for its rejects file (`row_no` NULL: its first row)."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS changed_rows (part VARCHAR, line_id BIGINT, row_no BIGINT)")
    connection.execute(f"INSERT INTO changed_rows SELECT {quoted(staged.folder)}, line_id, row_no FROM ({rows})")


def settle_with_ledger(
    connection: Connection, ledger: Ledger, staged: StagedTable, earlier: Sequence[StagedTable] = ()
) -> None:
    """Take out lines whose key the ledger has from this source: equal ones silently counted, changed ones shown.

    So are those that an `earlier` table of the same file has: another sheet, another member of an archive.
    """
    if "source_key" not in staged.reading.understanding.columns:
        return
    if purchases.files(ledger):
        lines = f"SELECT * FROM ({purchases.select(ledger)}) WHERE source = {quoted(staged.reading.source)}"
        _settle_with(connection, staged, lines, "already_posted")
    for table in earlier:
        if table.files():
            _settle_with(connection, staged, table.select(), "repeated_key")


def _settle_with(connection: Connection, staged: StagedTable, lines: str, same: str) -> None:
    """Take out the lines that are among `lines` (SQL) by their key; `same` is the reason where they are equal."""
    if not staged.files():
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE known AS SELECT line_id, {CONTENT} AS before FROM ({lines}) "
        f"SEMI JOIN (SELECT line_id FROM ({staged.select()})) AS s USING (line_id)"
    )
    if not _any(connection, "known"):
        return
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE met AS SELECT line_id, amount, "
        f"CASE WHEN {CONTENT} IS NOT DISTINCT FROM before THEN '{same}' ELSE 'changed' END AS reason "
        f"FROM ({staged.select()}) JOIN known USING (line_id)"
    )
    rewrite(connection, staged, f"SELECT * FROM ({staged.select()}) ANTI JOIN met USING (line_id)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE doomed AS SELECT reason, count(*) AS lines, sum(amount) AS amount "
        "FROM met GROUP BY ALL"
    )
    drop(connection, staged, "doomed")
    _remember(connection, staged, "SELECT line_id, NULL AS row_no FROM met WHERE reason = 'changed'")


@dataclass(frozen=True)
class Covered:
    """A stretch of months of one organisation that the ledger already has from a source without keys."""

    organisation: str | None
    since: str  # first day, ISO
    until: str  # exclusive, ISO
    lines: int
    amount: int


def covered(connection: Connection, ledger: Ledger, tables: Sequence[StagedTable]) -> list[Covered]:
    """Return what of these tables' organisations and whole months is in the ledger from the same source already."""
    keyless = [t for t in tables if t.files() and "source_key" not in t.reading.understanding.columns]
    if not keyless:
        return []
    staged = " UNION ALL BY NAME ".join(f"({table.select()})" for table in keyless)
    return covered_by(connection, ledger, keyless[0].reading.source, f"SELECT organisation, bought_on FROM ({staged})")


def covered_by(connection: Connection, ledger: Ledger, source: str, days: str) -> list[Covered]:
    """Return what the ledger has from a source in the whole months of `days` (SQL: organisation, bought_on)."""
    if not purchases.files(ledger):
        return []
    rows = connection.execute(
        f"WITH fresh AS (SELECT organisation, date_trunc('month', min(bought_on))::DATE AS f, "
        f"(date_trunc('month', max(bought_on)) + INTERVAL 1 MONTH)::DATE AS u FROM ({days}) GROUP BY organisation) "
        f"SELECT fresh.organisation, f::VARCHAR, u::VARCHAR, count(*), sum(amount)::HUGEINT "
        f"FROM ({purchases.select(ledger)}) AS old "
        f"JOIN fresh ON old.organisation IS NOT DISTINCT FROM fresh.organisation AND bought_on >= f AND bought_on < u "
        f"WHERE source = {quoted(source)} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [Covered(*row) for row in rows]


def spans(parts: Sequence[tuple[str | None, str, str]]) -> str:
    """Return SQL for (organisation, bought_on) of the first and last days of parts, at least one."""
    days = ((organisation, day) for organisation, since, until in parts for day in (since, until))
    rows = ", ".join(f"({'NULL' if name is None else quoted(name)}, DATE {quoted(day)})" for name, day in days)
    return f"SELECT * FROM (VALUES {rows}) AS days (organisation, bought_on)"


def predicate(source: str, stretches: Sequence[Covered]) -> str:
    """Return SQL that is true for the ledger's lines that are to be replaced."""
    parts = [
        (f"organisation = {quoted(s.organisation)}" if s.organisation is not None else "organisation IS NULL")
        + f" AND bought_on >= DATE '{s.since}' AND bought_on < DATE '{s.until}'"
        for s in stretches
    ]
    return f"source = {quoted(source)} AND (" + " OR ".join(f"({part})" for part in parts) + ")"
