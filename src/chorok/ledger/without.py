"""What figures would be without an import: nothing is written.

Only its lines, and those that share a request with them, are looked at; all others stay what they are in the cube.
What its change orders put aside counts again, as it will when the import is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from chorok.core.measures.share import Amounts
from chorok.ledger import corrections, figures, purchases
from chorok.ledger.batches import Batch
from chorok.ledger.engines import Engine, open_engine, quoted
from chorok.ledger.figures import Question
from chorok.ledger.published import Published, settled
from chorok.ledger.publishing import summing


@dataclass(frozen=True)
class Without:
    """The sums of a year as they are, and as they would be without the import."""

    year: str
    now: Amounts
    then: Amounts


def by_year(published: Published, batch: Batch, organisation: str) -> Iterator[Without]:
    """Yield the years in which an import changes an organisation's sums, in its currency; national definition."""
    question = Question(("year",), organisation=organisation)
    whole = _sums(figures.summary(published, question), batch)
    engine = open_engine()
    try:
        touched = _touched(published, engine, batch)
        left = f"SELECT * FROM ({touched}) WHERE batch <> {quoted(batch.id)}"
        fixes = corrections.build(left, summing(published.ledger))
        now, then = (
            _sums(figures.answer(published, engine, question, lines), batch)
            for lines in (
                published.settled(engine, _frame(engine, touched)),
                settled(_frame(engine, left), _frame(engine, fixes)),
            )
        )
    finally:
        engine.close()
    for year in sorted(now.keys() | then.keys()):
        there = whole.get(year, Amounts())
        yield Without(year, there, there - now.get(year, Amounts()) + then.get(year, Amounts()))


def _sums(answer: figures.Answer, batch: Batch) -> dict[str, Amounts]:
    return {str(one.keys[0]): one.amounts for one in answer.figures if one.currency == batch.currency}


def _frame(engine: Engine, sql: str) -> nw.LazyFrame[Any]:
    return nw.from_native(engine.connection.sql(sql))


def _touched(published: Published, engine: Engine, batch: Batch) -> str:
    """Return SQL for the rows of an import, and others of its requests that were amended."""
    lines, fixes = purchases.select(published.ledger, published.snapshot.purchases), published.derived("corrections")
    own = f"batch = {quoted(batch.id)}"
    engine.connection.execute(
        f"CREATE TEMP TABLE requests AS SELECT source, source_key FROM ({lines}) WHERE {own} INTERSECT "
        f"SELECT source, source_key FROM ({lines}) SEMI JOIN read_parquet({quoted(fixes)}) USING (line_id)"
    )
    others = f"SELECT l.* FROM ({lines}) l SEMI JOIN requests USING (source, source_key) WHERE NOT {own}"
    return f"SELECT * FROM ({lines}) WHERE {own} UNION ALL {others}"
