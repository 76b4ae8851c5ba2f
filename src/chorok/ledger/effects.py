"""What happened to the figures between two snapshots: shares of cities by year, and the lines that changed state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import narwhals as nw

from chorok.core.measures.share import Amounts
from chorok.ledger import figures
from chorok.ledger.engines import open_engine, quoted
from chorok.ledger.figures import Places, Question
from chorok.ledger.published import Published

Key = tuple[str | None, str | None, str]
"""(year, city or organisation as written, currency)."""

_MOVED = """
WITH changed AS (SELECT DISTINCT product_key FROM (
  (FROM old EXCEPT FROM new) UNION ALL (FROM new EXCEPT FROM old)))
SELECT year(l.bought_on)::VARCHAR, l.organisation, l.currency, o.state, n.state, count(*), sum(l.amount)::HUGEINT
FROM lines l JOIN changed USING (product_key)
JOIN old o ON o.product_key = l.product_key AND o.valid_from <= l.bought_on AND l.bought_on < o.valid_until
JOIN new n ON n.product_key = l.product_key AND n.valid_from <= l.bought_on AND l.bought_on < n.valid_until
WHERE o.state <> n.state GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class Move:
    """Lines that went from one state to another (`green`, `not_green`, `undetermined`, `not_eligible`)."""

    before: str
    after: str
    lines: int
    amount: int


@dataclass(frozen=True)
class Effect:
    """The figures of a city in a year, before and after; national definition."""

    year: str | None
    city: str | None
    currency: str
    before: Amounts
    after: Amounts
    moves: tuple[Move, ...]


def between(before: Published, after: Published) -> list[Effect]:
    """Return the cities and years in which figures or states of lines differ, by year and city."""
    old, new = _sums(before), _sums(after)
    moves = _moves(before, after)
    keys = sorted(old.keys() | new.keys() | moves.keys(), key=str)
    each = (Effect(*key, old.get(key, Amounts()), new.get(key, Amounts()), tuple(moves[key])) for key in keys)
    return [one for one in each if one.moves or one.before != one.after]


def _sums(published: Published) -> dict[Key, Amounts]:
    found = figures.summary(published, Question(("year", "city"))).figures
    return {(figure.keys[0], figure.keys[1], figure.currency): figure.amounts for figure in found}


def _moves(before: Published, after: Published) -> dict[Key, list[Move]]:
    national = after.definition("national")
    engine = open_engine()
    try:
        nw.to_native(after.lines(engine)).create_view("lines")
        for name, published in (("old", before), ("new", after)):
            file = quoted(published.timeline_file(national))
            engine.connection.execute(f"CREATE TEMP VIEW {name} AS FROM read_parquet({file})")
        rows = engine.connection.execute(_MOVED).fetchall()
    finally:
        engine.close()
    placed = Places(after.tree, [], None)
    found: dict[Key, dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    for year, organisation, currency, was, now, lines, amount in rows:
        place = placed.of({"organisation": organisation}) or {}
        states = found[year, place.get("city"), currency]
        known = states.get((was, now), (0, 0))
        states[was, now] = known[0] + lines, known[1] + int(amount)
    return defaultdict(list, {key: [Move(*how, *sums) for how, sums in one.items()] for key, one in found.items()})
