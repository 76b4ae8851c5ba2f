"""What a policy does with sums: every won that was not green has exactly one outcome."""

from __future__ import annotations

import re
from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core.measures.replay import OUTCOMES, POLICIES, SUMS, Policy, Replayed, outcome, result
from chorok.core.measures.share import Amounts
from chorok.core.money import percent

SUM = st.integers(-(10**12), 10**15)
REPLAYED = st.builds(Replayed, **dict.fromkeys(SUMS, SUM))


def amounts(replayed: Replayed, green: int, unknown: int) -> Amounts:
    names = ("sure", "sure_grounded", "possible", "possible_grounded", "clause", "none")
    not_green = sum(getattr(replayed, name) for name in names)
    undetermined = replayed.open_sure + replayed.open_possible + replayed.open_none
    return Amounts(green=green, not_green=not_green, undetermined=undetermined, unknown=unknown)


@given(REPLAYED, SUM, SUM, st.sampled_from(POLICIES))
def test_outcomes_add_up_to_what_was_not_green(replayed: Replayed, green: int, unknown: int, policy: Policy) -> None:
    told = result(amounts(replayed, green, unknown), replayed, policy)
    assert tuple(told.tallies) == OUTCOMES
    bought = sum(tally.amount for name, tally in told.tallies.items() if name != "returned")
    assert (bought, told.tallies["returned"].amount) == (told.was.not_green, told.was.undetermined)
    lines = sum(getattr(replayed, name) for name in SUMS if name.endswith("_lines"))
    assert sum(tally.lines for tally in told.tallies.values()) == lines


@given(REPLAYED, SUM, SUM, st.sampled_from(POLICIES))
def test_a_replay_moves_money_between_green_and_not_green_only(
    replayed: Replayed, green: int, unknown: int, policy: Policy
) -> None:
    told = result(amounts(replayed, green, unknown), replayed, policy)
    for after in (told.stopped, told.at_most):
        assert after.denominator == told.was.denominator
        assert (after.undetermined, after.unknown) == (told.was.undetermined, told.was.unknown)
    assert told.stopped.green - told.was.green == told.tallies["stopped"].amount
    assert told.at_most.green - told.stopped.green == sum(
        told.tallies[name].amount for name in ("questioned", "grounded")
    )


@given(REPLAYED)
def test_strict_stops_what_legal_stops_and_excuses(replayed: Replayed) -> None:
    strict, legal = (result(Amounts(), replayed, policy).tallies for policy in POLICIES)
    held = ("stopped", "questioned", "grounded")
    assert strict["grounded"].amount == 0
    assert sum(strict[name].amount for name in held) == sum(legal[name].amount for name in held)
    assert strict["stopped"].amount - legal["stopped"].amount == replayed.sure_grounded


@pytest.mark.parametrize(
    ("ground", "legal"),
    [(None, "stopped"), ("1", "stopped"), ("①", "stopped"), ("2", "grounded"), ("⑤", "grounded"), ("제3호", "grounded"),
     ("제1호, 제3호", "stopped"), ("12", "stopped"), ("23", "stopped"), ("기타", "stopped"), ("6", "stopped")],
)  # fmt: skip
def test_which_grounds_excuse(ground: str | None, legal: str) -> None:
    row = {"state": "not_green", "alternative": "sure", "kind": "goods", "furnished_material": None, "ground": ground}
    table = pa.Table.from_pylist([row], schema=pa.schema([
        ("state", pa.string()), ("alternative", pa.string()), ("kind", pa.string()), ("furnished_material", pa.bool_()),
        ("ground", pa.string())]))  # fmt: skip
    found = {policy: nw.from_native(table).lazy().select(outcome(policy)).collect("pyarrow") for policy in POLICIES}
    assert found["legal"]["outcome"].to_list() == [legal]
    assert found["strict"]["outcome"].to_list() == ["stopped"]


def test_the_worked_example_of_the_page_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs" / "measures" / "replay.md").read_text(encoding="utf-8")
    marked = re.search(r"<!-- example: replay (.*?) -->\n\n((?:\|.*\n)+)", page)
    assert marked is not None
    values = {name: int(value) for name, value in (pair.split("=") for pair in marked[1].split())}
    replayed = Replayed(**{name: value for name, value in values.items() if name != "green"})
    not_green = sum(value for name, value in values.items() if name != "green")
    for row in marked[2].splitlines()[2:]:
        policy, *shown = [cell.strip() for cell in row.split("|")[1:-1]]
        told = result(Amounts(green=values["green"], not_green=not_green), replayed, policy_named(policy))
        assert [str(percent(share.value)) for share in (told.was, told.stopped, told.at_most)] == shown


def policy_named(name: str) -> Policy:
    return next(policy for policy in POLICIES if policy == name)
