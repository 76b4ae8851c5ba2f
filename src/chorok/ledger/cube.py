"""The cube: a snapshot's lines added up by month, organisation, department, item group and kind, under a definition.

Derived and rebuildable: a Parquet file beside the timeline it was made with. What reads it gives the same figures as
the lines, to the won, since both add up the same integers; only questions below a month need the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import narwhals as nw
import pyarrow as pa

from chorok.core import periods
from chorok.core.definitions import Definition
from chorok.core.measures import share
from chorok.core.measures.share import SUMS
from chorok.core.periods import Period
from chorok.ledger.engines import Engine, quoted
from chorok.ledger.published import Published

KEYS = ("period", "organisation", "department", "kind", "item_group", "currency")
"""What a cell of the cube is for, beside the era; `period` is the number of a month."""
PLACES = ("network", "city", "district", "organisation")
ROW_GROUP = 65_536
"""Cells that lie together, by organisation and month: who asks for one city reads past the others."""

Find = Callable[[dict[str, Any]], Mapping[str, str | None] | None]
"""(organisation, era, amount) -> its place, or None when it is out of scope."""


def file_of(published: Published, definition: Definition) -> Path:
    """Return where the cube of a snapshot under a definition lies, there or not."""
    timeline = published.timeline_file(definition)
    return timeline.with_name(timeline.name.replace("timeline-", "cube-", 1))


def build(published: Published, definition: Definition, changes: list[date]) -> Path:
    """Make the cube unless it is there; return its file. `changes` are the days on which organisations change."""
    file = file_of(published, definition)
    if not file.exists():
        _add_up(published, definition, changes, file)
    for yearly in (False, True):
        plain(file, yearly=yearly)
    return file


def _add_up(published: Published, definition: Definition, changes: list[date], file: Path) -> None:
    engine = Engine(temp=published.ledger.path / "spill")
    by: dict[str, nw.Expr] = {name: nw.col(name) for name in KEYS if name != "period"}
    by["period"] = periods.number("month")
    by["era"] = share.era(changes) if changes else nw.lit(0, nw.Int64)
    cells = share.cells(published.lines(engine), published.timeline(engine, definition), by)
    draft = file.with_suffix(f".{uuid4().hex}.draft")  # two processes may make it at the same time
    ordered = nw.to_native(cells.sort("organisation", "period"))
    ordered.write_parquet(str(draft), compression="zstd", row_group_size=ROW_GROUP)
    draft.replace(file)
    engine.close()


def plain(file: Path, *, yearly: bool = False) -> Path:
    """Return a cube without its departments, made when it is not there: most questions ask for none of them.

    `yearly`: and with the first month of a year for all its months.
    """
    small = file.with_name(file.name.replace("cube-", "yearly-" if yearly else "plain-", 1))
    if not small.exists():
        engine = Engine()
        months = {"period": "(period - period % 12) AS period"} if yearly else {}
        keys = ", ".join((*(months.get(name, name) for name in KEYS if name != "department"), "era"))
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMS)
        draft = small.with_suffix(f".{uuid4().hex}.draft")
        engine.connection.execute(
            f"COPY (SELECT {keys}, {sums} FROM read_parquet({quoted(file)}) GROUP BY ALL "
            f"ORDER BY organisation, period) TO {quoted(draft)} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        draft.replace(small)
        engine.close()
    return small


def holds(period: Period | None) -> bool:
    """Tell whether a period begins and ends with a month, so that the cube can answer for it."""
    return period is None or all(day.day == 1 or day == periods.FOREVER for day in (period.since, period.until))


def by_years(period: Period | None, grain: str | None) -> bool:
    """Tell whether a question is of whole years, so that the yearly cube can answer it."""
    days = () if period is None else (period.since, period.until)
    return grain in (None, "year") and all(day == periods.FOREVER or (day.month, day.day) == (1, 1) for day in days)


def rows(
    file: Path,
    engine: Engine,
    *,
    grain: str | None,
    by: list[str],
    period: Period | None,
    goods_only: bool,
    find: Find,
    sums: Sequence[str] = SUMS,
    spellings: Sequence[Mapping[str, Any]] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield cells by `by` (columns of KEYS but the organisation, or PLACES), the period's number, and the currency.

    `file` has the columns of KEYS, `era`, and those of `sums`.
    `find` is asked once for each spelling of an organisation and era; what it answers None to is left out. `spellings`
    are those of the whole cube where they are known already (see `spelled`); then `find` is told no amounts.
    """
    lay_out(file, engine, period, goods_only, find, spellings)
    time = f"period // {12 // periods.PER_YEAR[grain]}" if grain else None
    yield from engine.connection.execute(select(by, time, sums)).to_arrow_table().to_pylist()


def lay_out(
    file: Path,
    engine: Engine,
    period: Period | None,
    goods_only: bool,
    find: Find,
    spellings: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Make the views that `select` reads, of a cube and the places that `find` gives (see `rows`)."""
    known = None if spellings is None else _places(spellings, find)
    where = _where(period, goods_only, known)
    engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW cube AS FROM read_parquet({quoted(file)}) {where}")
    engine.connection.register("places", _places(_spelled(engine), find) if known is None else known)


def spelled(file: Path, engine: Engine) -> list[dict[str, Any]]:
    """Return each spelling of an organisation and era in a cube."""
    query = f"SELECT DISTINCT organisation, era FROM read_parquet({quoted(file)}) ORDER BY ALL"
    found: list[dict[str, Any]] = engine.connection.execute(query).to_arrow_table().to_pylist()
    return found


def select(by: Sequence[str], time: str | None = None, sums: Sequence[str] = SUMS) -> str:
    """Return SQL for cells of what `lay_out` made. `time`: SQL for the column `period`, of a month's number."""
    keys = [f"places.{name} AS {name}" if name in PLACES else name for name in by]
    if time:
        keys.append(f"{time} AS period")
    summed = ", ".join(f"sum({name})::BIGINT AS {name}" for name in sums)
    return (
        f"SELECT {', '.join([*keys, 'currency'])}, {summed} FROM cube JOIN places "
        "ON cube.organisation IS NOT DISTINCT FROM places.written AND cube.era = places.era GROUP BY ALL"
    )


def _where(period: Period | None, goods_only: bool, places: pa.Table | None) -> str:
    wanted = ["kind = 'goods'"] if goods_only else []
    if places is not None:  # a join alone would not let the reader pass over row groups of others
        names = set(places["written"].to_pylist())
        listed = ", ".join(quoted(name) for name in sorted(filter(None, names))) or quoted("")
        nameless = " OR organisation IS NULL" if None in names else ""
        wanted.append(f"(organisation IN ({listed}){nameless})")
    if period is not None:
        first, after = (day.year * 12 + day.month - 1 for day in (period.since, period.until))
        wanted.append(f"period >= {first}" + ("" if period.until == periods.FOREVER else f" AND period < {after}"))
    return f"WHERE {' AND '.join(wanted)}" if wanted else ""


def _spelled(engine: Engine) -> list[dict[str, Any]]:
    query = "SELECT organisation, era, sum(amount)::BIGINT AS amount FROM cube GROUP BY ALL ORDER BY organisation, era"
    found: list[dict[str, Any]] = engine.connection.execute(query).to_arrow_table().to_pylist()
    return found


def _places(spellings: Sequence[Mapping[str, Any]], find: Find) -> pa.Table:
    """Resolve each spelling once an era: a few thousand look-ups, however many lines there are."""
    placed = []
    for row in spellings:
        place = find(dict(row))
        if place is not None:
            placed.append({"written": row["organisation"], "era": row["era"], **{n: place.get(n) for n in PLACES}})
    text = [(name, pa.string()) for name in ("written", *PLACES)]
    return pa.Table.from_pylist(placed, schema=pa.schema([*text, ("era", pa.int64())]))
