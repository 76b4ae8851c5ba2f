"""The share in plain fractions (rules 1.1), and the cells it is made of."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.measures import quantity, share
from chorok.core.measures.share import SUMS, Amounts
from chorok.ledger.engines import Engine

SUM = st.integers(0, 10**15)


@given(green=SUM, not_green=SUM, undetermined=SUM, unknown=SUM, not_eligible=SUM, exempt=SUM)
def test_the_bases_in_fractions(green, not_green, undetermined, unknown, not_eligible, exempt) -> None:
    exempt = min(exempt, not_green)
    amounts = Amounts(
        green=green, not_green=not_green, undetermined=undetermined, unknown=unknown, not_eligible=not_eligible,
        exempt=exempt,
    )  # fmt: skip
    everything = green + not_green + undetermined + unknown
    eligible = green + not_green + undetermined
    checks = {
        "eligible": (eligible, everything, undetermined + unknown),
        "eligible_less_grounds": (eligible - exempt, everything - exempt, undetermined + unknown),
        "all_goods": (everything + not_eligible, everything + not_eligible, undetermined + unknown),
    }
    assert set(checks) == set(share.BASES)
    for basis, (denominator, widest, still_open) in checks.items():
        found = amounts.share(basis)
        assert found.denominator == denominator
        assert found.value == (Fraction(green, denominator) if denominator else None)
        assert found.low == (Fraction(green, widest) if widest else None)
        assert found.high == (Fraction(green + still_open, widest) if widest else None)
        if found.value is not None:
            assert found.low <= found.value <= 1
            assert found.low <= found.high


@pytest.mark.parametrize("amounts", [Amounts(), Amounts(green=-5, not_green=3), Amounts(green=5, not_green=-5)])
def test_without_a_positive_denominator_a_share_is_not_defined(amounts: Amounts) -> None:
    assert amounts.share().value is None


@given(st.lists(st.lists(SUM, min_size=len(SUMS), max_size=len(SUMS)), max_size=5))
def test_amounts_add_up_column_by_column(cells) -> None:
    read = share.total([dict(zip(SUMS, cell, strict=True)) for cell in cells])
    assert [getattr(read, name) for name in SUMS] == [sum(cell[at] for cell in cells) for at in range(len(SUMS))]


LINES = pa.table(
    {
        "product_key": [1, 1, 1, 2, 3, 4],
        "bought_on": [date(2019, 6, 30), date(2019, 7, 1), date(2019, 7, 1)] + [date(2019, 1, 1)] * 3,
        "amount": pa.array([2**62, 5, -7, 11, 13, 17], pa.int64()),
        "kind": ["goods", "goods", "goods", "goods", "goods", "works"],
        "ground": [None, "1", None, None, None, None],
        "product_id": ["a", "a", "a", None, None, None],
        "class_code": pa.array([None] * 6, pa.string()),
        "detail_code": pa.array([None] * 6, pa.string()),
        "quantity": pa.array([1, 2, None, 4, 5, 6], pa.decimal128(18, 4)),
        "unit": ["개", "개", "개", "개", "대", "식"],
    }
)
TIMELINE = pa.table(
    {
        "product_key": [1, 1, 2, 3, 4],
        "item_group": ["X", "X", None, "X", None],
        "valid_from": [date(1, 1, 1), date(2019, 7, 1)] + [date(1, 1, 1)] * 3,
        "valid_until": [date(2019, 7, 1)] + [date(9999, 12, 31)] * 4,
        "state": ["green", "not_green", "undetermined", "undetermined", "not_eligible"],
    }
)


def test_each_line_falls_into_one_sum_by_its_day() -> None:
    engine = Engine(threads=1)
    frame = share.cells(engine.frame(LINES), engine.frame(TIMELINE), {"none": nw.lit(1)})
    (row,) = frame.collect("pyarrow").rows(named=True)
    assert Amounts.of(row) == Amounts(
        lines=6, amount=2**62 + 39, green=2**62, not_green=-2, undetermined=13, unknown=11, not_eligible=17,
        not_known=0, exempt=5, materials_unknown=17,
    )  # fmt: skip


def test_quantities_by_unit_are_never_added_and_gaps_are_counted() -> None:
    engine = Engine(threads=1)
    rows = quantity.cells(engine.frame(LINES), engine.frame(TIMELINE), []).collect("pyarrow").rows(named=True)
    found = {row["unit"]: row for row in rows}
    assert set(found) == {"개", "대"}, "what is not eligible is not counted"
    assert (found["개"]["lines"], found["개"]["quantity"], found["개"]["green_quantity"]) == (4, 7, 1)
    assert found["개"]["without_quantity"] == 1
    assert found["대"]["without_quantity"] == 0


def test_an_era_counts_the_changes_that_have_come() -> None:
    engine = Engine(threads=1)
    changes = [date(2019, 1, 1), date(2019, 7, 1)]
    frame = engine.frame(LINES).select("bought_on", share.era(changes)).collect("pyarrow")
    assert [(row["bought_on"], row["era"]) for row in frame.rows(named=True)][:2] == [
        (date(2019, 6, 30), 1),
        (date(2019, 7, 1), 2),
    ]
