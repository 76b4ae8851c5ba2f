"""What an import would do, before it is done: each table as understood, and what its lines would come to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chorok.core.errors import BadInputError, ChorokError, NeedsAnswerError
from chorok.ledger.batches import Batch, Tally
from chorok.ledger.engines import EngineError
from chorok.ledger.store import Ledger
from chorok.sources import overlaps, rejects, validate
from chorok.sources.columns import understand
from chorok.sources.intake import Wish, origin_of
from chorok.sources.overlaps import Covered
from chorok.sources.profiles import find
from chorok.sources.staging import broken
from chorok.sources.tables import open_tables
from chorok.sources.understanding import Profile, RawTable, Understanding
from chorok.sources.validate import Reading

Finder = Callable[[RawTable], Profile | None]
"""Finds what was saved of a source by a table's columns."""


@dataclass(frozen=True)
class Part:
    """Lines of one organisation, as written; `since` and `until` are the first and last day of purchase, ISO."""

    organisation: str | None
    lines: int
    amount: int
    since: str
    until: str


@dataclass(frozen=True)
class Seen:
    """One table of a file: what was understood or why not, and what its lines would come to."""

    table: RawTable
    understanding: Understanding | None = None
    error: ChorokError | None = None
    profile: Profile | None = None
    saved: bool = False  # the profile was found among those that people saved
    left_out: bool = False
    mends: Batch | None = None
    accepted: tuple[Part, ...] = ()
    rejected: dict[str, Tally] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)


def look(ledger: Ledger, path: Path, work: Path, wish: Wish, saved: Finder) -> list[Seen]:
    """Open a received file and look at each of its tables. Nothing is written outside of the folder `work`.

    Raises BadInputError for a file that cannot be opened; what is wrong with one table is said of that table.
    """
    tables = open_tables(path, work, password=wish.password, profile=wish.profile)
    return [_counted(ledger, _seen(ledger, table, wish, saved)) for table in tables]


def _seen(ledger: Ledger, table: RawTable, wish: Wish, saved: Finder) -> Seen:
    said = wish.of(table)
    if said.left_out:
        return Seen(table, left_out=True)
    try:
        if origin := rejects.origin(table):
            mends, understanding = origin_of(ledger, origin)
            return Seen(table, understanding, mends=mends)
        kept = None if said.profile else saved(table)
        profile = said.profile or kept or find(table.columns)
        understanding = understand(table, profile=profile, answers=said.answers)
    except (BadInputError, NeedsAnswerError) as error:
        return Seen(table, error=error)
    return Seen(table, understanding, profile=profile, saved=kept is not None)


def _counted(ledger: Ledger, seen: Seen) -> Seen:
    """Read every line as an import would, in one pass, and write none."""
    if seen.understanding is None:
        return seen
    reading = Reading(seen.table, seen.understanding, "preview", "preview")
    with contextlib.closing(ledger.connection()) as connection:
        try:
            rows = connection.execute(_COUNT.format(lines=validate.typed(reading))).fetchall()
        except EngineError as error:
            detail = str(error).splitlines()[0][:300]
            return replace(seen, error=BadInputError("file_unreadable", file=seen.table.name, detail=detail))
        unreadable, blank = broken(connection, reading)
    rejected: dict[str, Tally] = {"row_broken": Tally(len(unreadable))} if unreadable else {}
    aside = {"blank_row": blank} if blank else {}
    for reason, _, lines, amount, _, _ in rows:
        if reason in validate.ASIDE:
            aside[reason] = aside.get(reason, 0) + lines
        elif reason != validate.ACCEPTED:
            rejected[reason] = rejected.get(reason, Tally()) + Tally(lines, amount)
    accepted = tuple(Part(*row[1:]) for row in rows if row[0] == validate.ACCEPTED)
    return replace(seen, accepted=accepted, rejected=rejected, aside=aside)


_COUNT = (
    "SELECT reason, organisation, count(*), coalesce(sum(amount), 0)::HUGEINT, min(bought_on)::VARCHAR, "
    "max(bought_on)::VARCHAR FROM ({lines}) GROUP BY reason, organisation ORDER BY ALL"
)


def covered(ledger: Ledger, source: str, seen: Sequence[Seen]) -> list[Covered]:
    """Return what of these tables' organisations and months the ledger has from this source without keys already."""
    keyless = [one for one in seen if one.understanding and "source_key" not in one.understanding.columns]
    parts = [(part.organisation, part.since, part.until) for one in keyless for part in one.accepted]
    with contextlib.closing(ledger.connection()) as connection:
        return overlaps.covered_by(connection, ledger, source, overlaps.spans(parts)) if parts else []
