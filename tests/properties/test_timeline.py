"""The timeline against a day-by-day oracle in plain Python: each product, each day, exactly one state."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.core.definitions import BasisRule, Definition
from chorok.ledger import schema, timeline
from chorok.ledger.engines import connect

BEGINNING, FOREVER = date(1, 1, 1), date(9999, 12, 31)
FIRST = date(2018, 1, 1)
DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days))
MAYBE = st.one_of(st.none(), DAYS)
BASES = ("eco_label", "gr", "low_carbon", "local_mark")


def stretches(begin: st.SearchStrategy, end: st.SearchStrategy) -> st.SearchStrategy:
    """Pairs of days where the second, if any, comes after the first, if any."""
    return st.tuples(begin, end).filter(lambda pair: pair[0] is None or pair[1] is None or pair[0] < pair[1])


RULES = st.builds(lambda basis, stretch: BasisRule(basis, *stretch), st.sampled_from(BASES), stretches(MAYBE, MAYBE))


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    def made(kind: str, extends: Definition | None = None) -> Definition:
        begin, end = draw(stretches(DAYS, MAYBE))
        return Definition(
            id=kind, title_ko="", title_en="", kind=kind, source="", source_text_ko="", source_text_en="",
            author="", checker="", next_review=FIRST, in_force_from=begin, in_force_until=end,
            bases=tuple(draw(st.lists(RULES, max_size=4))), change_log=(), extends=extends,
        )  # fmt: skip

    national = made("national")
    return made("local", national) if draw(st.booleans()) else national


GROUPS = st.lists(stretches(MAYBE, MAYBE), min_size=1, max_size=3)
VERDICTS = st.lists(
    st.tuples(st.sampled_from(["decided", "undetermined", "out_of_scope"]), st.integers(-1, 2)), min_size=1, max_size=4
)
SPANS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(BASES),
        stretches(st.one_of(st.just(BEGINNING), DAYS), st.one_of(st.just(FOREVER), DAYS)),
        st.booleans(),
    ),
    max_size=8,
)


def state_on(day: date, verdict, group, spans, definition: Definition) -> str:
    """What rules 1.5 and 1.6 say of one product on one day."""
    state, (standard_from, standard_until) = verdict[0], group
    if not definition.known_on(day):
        return "not_known"
    has_standard = (standard_from or BEGINNING) <= day < (standard_until or FOREVER)
    if state == "out_of_scope" or not has_standard:
        return "not_eligible"
    here = [
        certain for basis, (since, until), certain in spans if since <= day < until and definition.counts(basis, day)
    ]
    if any(here):
        return "green"
    return "undetermined" if here or state == "undetermined" else "not_green"


def built(groups, verdicts, spans, definition: Definition) -> dict[int, list[dict]]:
    connection = connect(threads=1)
    tables = {
        "item_groups": pa.Table.from_pylist(
            [{"code": str(n), "standard_from": a, "standard_until": b} for n, (a, b) in enumerate(groups)],
            schema.ITEM_GROUPS,
        ),
        "verdicts": pa.Table.from_pylist(
            [
                {"product_key": key, "state": state, "item_group": None if group < 0 else str(group)}
                for key, (state, group) in enumerate(verdicts)
            ],
            schema.VERDICTS,
        ),
        "spans": pa.Table.from_pylist(
            [
                {"product_key": key, "basis": basis, "valid_from": f, "valid_until": u, "certain": certain}
                for key, basis, (f, u), certain in spans
            ],
            schema.SPANS,
        ),
    }
    for name, rows in tables.items():
        connection.register(name, rows)
    found = defaultdict(list)
    for row in connection.execute(timeline.build(connection, definition)).to_arrow_table().to_pylist():
        found[row["product_key"]].append(row)
    connection.close()
    return {key: sorted(rows, key=lambda row: row["valid_from"]) for key, rows in found.items()}


@settings(max_examples=90)
@given(GROUPS, VERDICTS, SPANS, definitions(), st.lists(DAYS, max_size=5))
def test_the_timeline_is_what_each_day_says(groups, verdicts, spans, definition, random_days) -> None:
    verdicts = [(state, group if group < len(groups) else -1) for state, group in verdicts]
    spans = [span for span in spans if span[0] < len(verdicts)]
    found = built(groups, verdicts, spans, definition)
    assert set(found) == set(range(len(verdicts)))
    for key, verdict in enumerate(verdicts):
        rows = found[key]
        assert rows[0]["valid_from"] == BEGINNING
        assert rows[-1]["valid_until"] == FOREVER
        for left, right in pairwise(rows):
            assert left["valid_until"] == right["valid_from"]
            assert left["state"] != right["state"], "neighbours of one state are one stretch"
        assert all(row["valid_from"] < row["valid_until"] for row in rows)
        group = (None, None) if verdict[1] < 0 else groups[verdict[1]]
        mine = [span[1:] for span in spans if span[0] == key]
        for day in _worth_looking_at(rows, groups, mine, definition, random_days):
            (row,) = [row for row in rows if row["valid_from"] <= day < row["valid_until"]]
            assert row["state"] == state_on(day, verdict, group, mine, definition), day
            assert row["item_group"] == (None if verdict[1] < 0 else str(verdict[1]))


def _worth_looking_at(rows, groups, spans, definition, random_days) -> set[date]:
    """Every day on which something begins or ends, the days beside it, and some others."""
    cuts = {row["valid_from"] for row in rows} | {day for group in groups for day in group if day}
    cuts |= {day for _, stretch, _ in spans for day in stretch}
    cuts |= {day for _, f, u in definition.basis_periods() for day in (f, u) if day} | {definition.in_force_from}
    cuts |= {definition.in_force_until} if definition.in_force_until else set()
    around = {cut + timedelta(step) for cut in cuts for step in (-1, 0, 1) if BEGINNING < cut < date(9999, 12, 30)}
    return {day for day in {*around, *random_days, BEGINNING, date(9999, 12, 30)} if day < FOREVER}
