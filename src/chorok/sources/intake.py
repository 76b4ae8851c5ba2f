"""The one import verb: stage, post, match, publish. The command line and the site call it alike."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chorok.core.errors import BadInputError, ChorokError, LedgerError, NeedsAnswerError
from chorok.ledger import batches, publishing, purchases, snapshots
from chorok.ledger.batches import Batch
from chorok.ledger.engines import Connection
from chorok.ledger.publishing import Told, quiet
from chorok.ledger.store import Ledger
from chorok.sources import overlaps, rejects
from chorok.sources.columns import understand
from chorok.sources.overlaps import Covered
from chorok.sources.profiles import find
from chorok.sources.staging import StagedTable, stage
from chorok.sources.tables import must_be_file, open_tables
from chorok.sources.understanding import Profile, RawTable, Understanding
from chorok.sources.validate import Reading
from chorok.wording import Language

MOST_AMOUNT = 10**17
"""Smallest units that one table may sum to. No city buys for as much, and figures sum in 64 bits."""

MOST_NAMED = 10
"""Organisations that an error names; it counts them all."""

Overlap = Literal["ask", "replace", "add"]
"""What to do when a source without keys covers a period again: ask, put in place of the old, or add to it."""


@dataclass(frozen=True)
class Said:
    """What the user said about one table of a file: what holds for it alone, before what holds for the whole file."""

    profile: Profile | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    left_out: bool = False  # the table is not to be read


@dataclass(frozen=True)
class Wish:
    """What the user said about a file beyond the file itself."""

    source: str | None = None
    profile: Profile | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # field -> column name, or a setting -> its value
    password: str | None = None
    overlap: Overlap = "ask"
    language: Language = "en"  # of the rejects file
    tables: Mapping[str, Said] = field(default_factory=dict)  # by the name of the table
    allowed: Callable[[str | None], bool] | None = None  # whether lines of an organisation, as written, may come in

    def of(self, table: RawTable) -> Said:
        """Return what was said of a table, by itself or of the whole file."""
        own = self.tables.get(table.name, Said())
        return Said(own.profile or self.profile, {**self.answers, **own.answers}, own.left_out)


@dataclass(frozen=True)
class Intake:
    """What an import did."""

    batch: Batch
    already: bool = False  # the same file was in the ledger before: nothing changed
    replaced: tuple[Covered, ...] = ()
    rejects: tuple[Path, ...] = ()
    unread: tuple[tuple[str, ChorokError], ...] = ()  # tables of the file that hold no purchases, and why


@dataclass(frozen=True)
class Understood:
    """A file as understood: its tables with purchases, those without and why, the name of its source."""

    tables: list[tuple[RawTable, Understanding]]
    unread: tuple[tuple[str, ChorokError], ...]
    source: str
    mends: Batch | None = None  # the batch whose rejects these are


def understand_file(path: Path, work: Path, wish: Wish, ledger: Ledger | None = None) -> Understood:
    """Open a received file and say what its tables mean.

    Raises the error of the first table when none can be understood.
    """
    tables: list[tuple[RawTable, Understanding]] = []
    unread: list[tuple[str, ChorokError]] = []
    name, mends = wish.source, None
    for table in open_tables(path, work, password=wish.password, profile=wish.profile):
        origin = rejects.origin(table)
        if origin and ledger:
            mends, understanding = origin_of(ledger, origin)
            name = mends.source
        else:
            said = wish.of(table)
            if said.left_out:
                continue
            profile = said.profile or find(table.columns)
            try:
                understanding = understand(table, profile=profile, answers=said.answers)
            except BadInputError as error:
                unread.append((table.name, error))
                continue
            name = name or (profile.name if profile else None) or signature(table)
        tables.append((table, understanding))
    if not tables:
        raise unread[0][1] if unread else BadInputError("no_table", file=path.name)
    return Understood(tables, tuple(unread), name or path.stem, mends)


def origin_of(ledger: Ledger, origin: str) -> tuple[Batch, Understanding]:
    """Return the batch whose rejects these are, and how its table was read."""
    identity, _, number = origin.partition(":")
    batch = batches.load(ledger, identity)
    if batch is None:
        raise BadInputError("origin_unknown", batch=identity[:12])
    record = batch.understandings[int(number)]
    return batch, Understanding(**{**record, "notes": ()})


def signature(table: RawTable) -> str:
    """Return a name for a source that has none: the same columns are the same source."""
    return "columns-" + hashlib.sha256("\x1f".join(table.columns).encode()).hexdigest()[:8]


def take_in(
    ledger: Ledger, path: Path, wish: Wish | None = None, *, told: Told = quiet, publish: bool = True
) -> Intake:
    """Take a received purchase file into the ledger and publish: whole or not at all.

    Without `publish` the lines are posted and stay unseen until the caller publishes, once for many files. Raises
    BadInputError, NeedsAnswerError (nothing was written), LedgerError.
    """
    wish = wish or Wish()
    must_be_file(path)
    with ledger.writing(waiting=lambda _holder: told("waiting", 0, 1)), _disk(ledger):
        publishing.reconcile(ledger, told=told)
        return _take_in(ledger, path, wish, told, publish)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextlib.contextmanager
def _disk(ledger: Ledger) -> Iterator[None]:
    """Turn a full disk into words; whatever was staged is removed."""
    try:
        yield
    except OSError as error:
        if error.errno != 28:
            raise
        raise LedgerError("disk_full", path=ledger.path) from error
    finally:
        shutil.rmtree(ledger.path / "staging", ignore_errors=True)


def _take_in(ledger: Ledger, path: Path, wish: Wish, told: Told, publish: bool) -> Intake:
    work = ledger.path / "staging"
    work.mkdir(parents=True, exist_ok=True)
    told("reading", 0, 1)
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(_sha256, path)
        understood = understand_file(path, work, wish, ledger)
        if understood.mends:
            wish = dataclasses.replace(wish, overlap="add")
        batch = _open_batch(ledger, path, sha256.result(), understood, wish)
        if batch.state == "posted":
            return Intake(batch, already=True, unread=understood.unread)
        copied = beside.submit(_copied, path, work / "received")
        with contextlib.closing(ledger.connection()) as connection:
            staged, replaced = _stage_all(connection, ledger, batch, understood.tables, wish, told)
            batch = _accounted(batch, staged, replaced)
            reject_files = rejects.write(connection, ledger, batch, staged, wish.language)
        _keep(ledger, copied.result(), batch.sha256)
    told("posting", 0, 1)
    batches.save(ledger, batch)
    return Intake(
        _post(ledger, batch, work, told, publish), False, tuple(replaced), tuple(reject_files), understood.unread
    )


def _open_batch(ledger: Ledger, path: Path, sha256: str, understood: Understood, wish: Wish) -> Batch:
    """Return the record of this file: the posted one when it is in the ledger already, else a new one."""
    understandings = [understanding for _, understanding in understood.tables]
    spoken = hashlib.sha256(repr(understandings).encode()).hexdigest()[:16]
    identity = batches.batch_id(understood.source, sha256, spoken)
    known = batches.load(ledger, identity)
    if known and known.state == "posted":
        return known
    return Batch(
        id=identity,
        source=understood.source,
        file=path.name,
        sha256=sha256,
        profile=spoken,
        currency=understandings[0].currency,
        state="posting",
        attempt=known.attempt + 1 if known else 1,
        organisation=understandings[0].organisation,
        understandings=[dataclasses.asdict(understanding) for understanding in understandings],
    )


def _stage_all(
    connection: Connection,
    ledger: Ledger,
    batch: Batch,
    understood: list[tuple[RawTable, Understanding]],
    wish: Wish,
    told: Told,
) -> tuple[list[StagedTable], list[Covered]]:
    staged: list[StagedTable] = []
    for number, (table, understanding) in enumerate(understood):
        told("staging", number, len(understood))
        reading = Reading(table, understanding, batch.source, batch.id)
        one = stage(connection, reading, ledger.path / "staging" / "tables" / f"t{number}")
        overlaps.settle_within(connection, one)
        overlaps.settle_with_ledger(connection, ledger, one, staged)
        if not one.account().balanced:
            raise LedgerError("account_unbalanced", file=table.name, account=str(one.account()))
        if abs(one.account().accepted.amount) > MOST_AMOUNT:
            raise BadInputError("amount_beyond", file=table.name, amount=f"{one.account().accepted.amount:,}")
        staged.append(one)
    _must_be_allowed(connection, batch, staged, wish)
    stretches = overlaps.covered(connection, ledger, staged) if wish.overlap != "add" else []
    if stretches and wish.overlap == "ask":
        lines, amount = sum(s.lines for s in stretches), sum(s.amount for s in stretches)
        first, last = min(s.since for s in stretches), max(s.until for s in stretches)
        raise NeedsAnswerError(
            "period_covered", file=batch.file, source=batch.source, lines=f"{lines:,}", amount=f"{amount:,}",
            since=first, until=last, organisations=len({s.organisation for s in stretches}),
        )  # fmt: skip
    return staged, stretches


def _must_be_allowed(connection: Connection, batch: Batch, staged: list[StagedTable], wish: Wish) -> None:
    """Stop an import that has lines of organisations for which whoever asks may not write."""
    tables = [table.select() for table in staged if table.files()]
    if wish.allowed is None or not tables:
        return
    lines = " UNION ALL BY NAME ".join(f"({table})" for table in tables)
    rows = connection.execute(f"SELECT DISTINCT organisation FROM ({lines}) ORDER BY ALL").fetchall()
    beyond = [name or "-" for (name,) in rows if not wish.allowed(name)]
    if beyond:
        named = ", ".join(beyond[:MOST_NAMED]) + (" ..." if len(beyond) > MOST_NAMED else "")
        raise BadInputError("organisations_not_allowed", file=batch.file, count=f"{len(beyond):,}", organisations=named)


def _accounted(batch: Batch, staged: list[StagedTable], replaced: list[Covered]) -> Batch:
    predicate = overlaps.predicate(batch.source, replaced) if replaced else None
    return dataclasses.replace(batch, accounts=[one.account() for one in staged], replaces=predicate)


def _copied(path: Path, place: Path) -> Path:
    """Copy the received file into a folder of its own, where nobody writes it any more; return the folder."""
    place.mkdir()
    shutil.copy2(path, place)
    (place / path.name).chmod(0o444)
    return place


def _keep(ledger: Ledger, copied: Path, sha256: str) -> None:
    """Keep the received file as it was (rules 1.10), named by its content."""
    folder = ledger.path / "files" / sha256
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        copied.rename(folder)


def _post(ledger: Ledger, batch: Batch, work: Path, told: Told, publish: bool) -> Batch:
    """Commit, publish, close the record. A crash in between is settled by reconcile."""
    staged = work / "tables"
    accepted = staged / "accepted"
    accepted.mkdir(parents=True, exist_ok=True)
    for table in sorted(staged.glob("t*")):
        if (table / "reason=ok").exists():
            (table / "reason=ok").rename(accepted / table.name)
    before, version = set(purchases.files(ledger)), ledger.version(purchases.NAME)
    latest = snapshots.latest(ledger)
    purchases.post(ledger, batch.id, batch.attempt, accepted)
    all_published = latest is not None and latest.purchases == version
    grown = sorted(set(purchases.files(ledger)) - before) if all_published and not batch.replaces else None
    return publishing.settle(ledger, batch, "import", told=told, grown_by=grown, publishes=publish)


def received(ledger: Ledger, batch: Batch) -> Path:
    """Return the kept file of a batch. Raises LedgerError when it is gone."""
    found = sorted((ledger.path / "files" / batch.sha256).glob("*"))
    if not found:
        raise LedgerError("file_gone", batch=batch.id[:12], file=batch.file)
    return found[0]
