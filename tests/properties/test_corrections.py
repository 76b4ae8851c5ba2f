"""Change orders against an oracle in plain Python (rules 1.2)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.ledger import corrections, schema
from chorok.ledger.engines import connect

FIRST = date(2018, 12, 1)
ORDER = st.tuples(
    st.one_of(st.none(), st.integers(0, 3)),  # change order
    st.sampled_from([None, True, False]),  # final
    st.integers(0, 60).map(lambda days: FIRST + timedelta(days)),
    st.integers(1, 2),  # lines of the order
)
REQUEST = st.tuples(
    st.sampled_from(["summed", "final"]),
    st.booleans(),  # has a key
    st.lists(ORDER, min_size=1, max_size=4, unique_by=lambda order: order[0] or 0),
)


def lines_of(requests) -> list[dict]:
    found = []
    for number, (source, has_key, orders) in enumerate(requests):
        for change_order, final, day, count in orders:
            found += [
                {
                    "line_id": len(found) + extra,
                    "source": source,
                    "source_key": f"R{number}" if has_key else None,
                    "change_order": change_order,
                    "final": final,
                    "bought_on": day,
                    "amount": 1,
                }
                for extra in range(count)
            ]
    return found


def expected(lines: list[dict]) -> dict[int, tuple[bool, date, bool]]:
    """Line -> does it count, on which day, provisionally; said for every line."""
    requests = defaultdict(list)
    for line in lines:
        requests[line["source"], line["source_key"] or line["line_id"]].append(line)
    said = {}
    for (source, _), rows in requests.items():
        keyed = rows[0]["source_key"] is not None
        amended = keyed and any((row["change_order"] or 0) > 0 or row["final"] is False for row in rows)
        first = min(rows, key=lambda row: row["change_order"] or 0)["bought_on"]
        finals = [row["change_order"] or 0 for row in rows if row["final"]]
        counting = max(finals) if finals else max(row["change_order"] or 0 for row in rows)
        for row in rows:
            if not amended:
                said[row["line_id"]] = (True, row["bought_on"], False)
            elif source == "summed":
                said[row["line_id"]] = (True, first, False)
            else:
                counts = (row["change_order"] or 0) == counting
                said[row["line_id"]] = (counts, first, counts and not finals)
    return said


@settings(max_examples=70)
@given(st.lists(REQUEST, min_size=1, max_size=5))
def test_which_rows_count_and_on_which_day(requests) -> None:
    lines = lines_of(requests)
    connection = connect(threads=1)
    connection.register("bought", pa.Table.from_pylist(lines, schema.PURCHASES))
    sql = corrections.build("SELECT * FROM bought", {"summed"})
    rows = connection.execute(sql).to_arrow_table().to_pylist()
    connection.close()
    assert len({row["line_id"] for row in rows}) == len(rows)
    told = {row["line_id"]: (row["counts"], row["first_day"], row["provisional"]) for row in rows}
    days = {line["line_id"]: line["bought_on"] for line in lines}
    said = expected(lines)
    for line, truth in said.items():
        counts, day, provisional = told.get(line, (True, days[line], False))
        assert (counts, provisional) == (truth[0], truth[2])
        assert not counts or day == truth[1]
    assert all(told[line] != (True, days[line], False) for line in told), "lines that need no word do not come out"
