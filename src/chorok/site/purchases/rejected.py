"""Rejected rows of an import, a page at a time, with what people have mended in them so far."""

from __future__ import annotations

import csv
import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chorok import wording
from chorok.ledger import batches
from chorok.ledger.batches import Batch
from chorok.ledger.store import Ledger
from chorok.site.purchases.models import Mended, State, Upload
from chorok.sources import rejects, validate
from chorok.sources.rejects import MARK
from chorok.sources.staging import DROPPED

WITHOUT_ROWS = ("already_posted", "repeated_key")
"""Reasons whose rows need no mending, so that they are counted and not listed."""

csv.field_size_limit(1 << 24)  # a row that is no row may be as long as a line may be


@dataclass(frozen=True)
class Part:
    """One table of an import that has rejected rows: its number, its name, how many rows, where they lie."""

    number: int
    name: str
    rows: int
    file: Path


@dataclass(frozen=True)
class Cell:
    """One cell of a rejected row: its column, the text in it now, and whether it is at fault."""

    place: int
    column: str
    text: str
    wrong: bool
    mended: bool


@dataclass(frozen=True)
class Row:
    """A rejected row as the page shows it. `reason` is a code (`reject.<reason>.reason`), `sent` how it stands."""

    number: int
    line: str
    value: str
    reason: str
    cells: tuple[Cell, ...]
    sent: Upload | None = None

    @property
    def wrong(self) -> list[Cell]:
        """The cells to be mended; all of them where the row itself is broken."""
        return [cell for cell in self.cells if cell.wrong] or list(self.cells)

    @property
    def others(self) -> list[Cell]:
        """The cells beside them."""
        return [cell for cell in self.cells if cell not in self.wrong]


def parts(ledger: Ledger, batch: Batch) -> list[Part]:
    """Return the tables of an import that have rejected rows to mend."""
    found = []
    for number, account in enumerate(batch.accounts):
        file = rejects.path_of(ledger, batch.id, number)
        count = sum(tally.lines for reason, tally in account.rejected.items() if reason not in WITHOUT_ROWS)
        if count and file.exists():
            found.append(Part(number, account.table, count, file))
    return found


def rows(ledger: Ledger, batch: Batch, part: Part, since: int, count: int) -> list[Row]:
    """Return rows of a table from a number on, with what was mended in them."""
    mended = {
        one.row: one
        for one in Mended.objects.filter(
            batch=batch.id, part=part.number, row__gte=since, row__lt=since + count
        ).select_related("upload")
    }
    header, lines = read(part.file)
    shown = _shown(batch, part, header)
    found = itertools.islice(enumerate(lines), since, since + count)
    return [
        _row(number, dict(zip(header, cells, strict=False)), shown, mended.get(number), ledger)
        for number, cells in found
    ]


def read(file: Path) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header of a rejects file and its rows, one after the other."""

    def lines() -> Iterator[list[str]]:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            yield from csv.reader(handle)

    found = lines()
    return next(found), found


def _shown(batch: Batch, part: Part, header: list[str]) -> dict[str, int]:
    """Return the columns that are shown and their places: those that mean something. Names of staff are none."""
    mapped = set(batch.understandings[part.number]["columns"].values())
    return {column: place for place, column in enumerate(header) if column in mapped}


def _row(number: int, cells: Mapping[str, str], shown: dict[str, int], mended: Mended | None, ledger: Ledger) -> Row:
    wrong = set(cells.get(MARK + "column", "").split(", "))
    changes: dict[str, str] = mended.cells if mended else {}
    return Row(
        number,
        cells.get(MARK + "line", ""),
        cells.get(MARK + "value", ""),
        reasons().get(cells.get(MARK + "reason", ""), "row_broken"),
        tuple(
            Cell(place, column, changes.get(column, cells.get(column, "")), column in wrong, column in changes)
            for column, place in shown.items()
        ),
        mended.upload if mended and is_sent(ledger, mended) else None,
    )


def is_sent(ledger: Ledger, mended: Mended) -> bool:
    """Tell whether a mended row was sent and what it was sent with still stands."""
    upload = mended.upload
    if upload is None:
        return False
    if upload.state != State.IMPORTED:
        return True
    found = batches.load(ledger, upload.batch)
    return found is not None and found.state == "posted"


@functools.cache
def reasons() -> dict[str, str]:
    """Return the sentences of rejects files, of either language, and the reasons they stand for."""
    codes = (*validate.REASONS, *DROPPED, "row_broken")
    return {wording.say(f"reject.{code}.reason", spoken): code for spoken in wording.LANGUAGES for code in codes}
