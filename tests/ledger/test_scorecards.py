"""Scorecards of a small ledger: what is known of each unit, reckoned again from the lines in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import builders
from builders import CITY, EAST, GREEN, MOVED, OTHER_CITY, OTHER_WEST, PLAIN, WEST, copy, keyed, take, write_csv
from chorok.core.errors import BadInputError, UsageError
from chorok.core.measures.scorecard import Effort
from chorok.core.measures.share import Amounts
from chorok.core.measures.targets import Target
from chorok.ledger import kept, scorecards
from chorok.ledger.published import Published
from chorok.ledger.scorecards import Asked, Card, Unit
from chorok.ledger.store import Ledger

F = Fraction
CHAIRS, PIPES = "90000001", "90000002"
LINES = [
    # organisation, department, day, product, class, amount; GREEN is green, PLAIN is not (chairs) or open (pipes)
    (WEST, "도로과", "2018-05-01", GREEN, CHAIRS, 500),
    (WEST, "도로과", "2018-05-01", PLAIN, CHAIRS, 500),
    (WEST, "도로과", "2019-05-01", GREEN, CHAIRS, 500),
    (WEST, "총무과", "2019-05-01", GREEN, PIPES, 100),
    (WEST, "총무과", "2019-05-02", PLAIN, CHAIRS, 400),
    (EAST, "", "2019-05-01", GREEN, CHAIRS, 200),
    (EAST, "", "2019-05-01", PLAIN, CHAIRS, 700),
    (EAST, "", "2019-05-01", PLAIN, PIPES, 100),
    (CITY, "", "2019-05-01", GREEN, CHAIRS, 40),
    (OTHER_CITY, "", "2019-05-01", PLAIN, CHAIRS, 30),
    (OTHER_WEST, "", "2018-05-01", GREEN, CHAIRS, 50),
    (MOVED, "", "2019-05-01", GREEN, CHAIRS, 7),
    (MOVED, "", "2019-08-01", GREEN, CHAIRS, 11),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("성과표")
    ledger = Ledger.create(folder / "ledger", "2020-11-02")
    builders.register(ledger)
    rows = [
        keyed(place, org=org, department=department, day=day, product=product, class_=class_, amount=amount)
        for place, (org, department, day, product, class_, amount) in enumerate(LINES)
    ]
    take(ledger, write_csv(folder / "lines.csv", rows))
    return ledger.path


@pytest.fixture
def mine(filled: Path, tmp_path: Path) -> Ledger:
    return copy(filled, tmp_path / "ledger")


def card_of(ledger: Ledger | Path, scheme: str = "award", **asked: Any) -> Card:
    opened = ledger if isinstance(ledger, Ledger) else Ledger.open(ledger)
    return scorecards.card(Published.at(opened), scorecards.scheme_of(scheme), Asked(**{"year": 2019, **asked}))


def units(card: Card) -> dict[str, Unit]:
    return {"/".join(one.key): one for one in card.units}


def summed(lines: Iterable[tuple]) -> Amounts:
    sums: dict[str, int] = defaultdict(int)
    for *_, product, class_, amount in lines:
        state = "green" if product == GREEN else "not_green" if class_ == CHAIRS else "undetermined"
        sums[state] += amount
        sums["lines"] += 1
        sums["amount"] += amount
    return Amounts(**sums)


def place_of(kind: str, line: tuple) -> str | None:
    org, department, day, *_ = line
    city = {WEST: CITY, EAST: CITY, OTHER_WEST: OTHER_CITY, MOVED: CITY if day < "2019-07" else OTHER_CITY}.get(
        org, org
    )
    named = f"{org}/{department}" if department else None
    district = org if org in (WEST, EAST, OTHER_WEST) else None
    return {"city": city, "district": district, "organisation": org, "department": named}[kind]


@pytest.mark.parametrize("kind", scorecards.KINDS)
def test_each_unit_has_the_sums_of_its_lines(filled: Path, kind: Any) -> None:
    expected: dict[str, list] = defaultdict(list)
    before: dict[str, list] = defaultdict(list)
    outside = 0
    for line in LINES:
        place, year = place_of(kind, line), line[2][:4]
        if place is None:
            outside += line[-1] if year == "2019" else 0
        else:
            (expected if year == "2019" else before)[place].append(line)
    card = card_of(filled, kind=kind)
    found = {name: one.facts for name, one in units(card).items() if one.facts}
    assert {name: one.amounts for name, one in found.items()} == {name: summed(of) for name, of in expected.items()}
    for name, facts in found.items():
        assert facts.before == (summed(before[name]) if before[name] else None)
    assert dict(card.outside) == ({"KRW": outside} if outside else {})


def test_members_without_purchases_in_the_year_have_no_data(filled: Path) -> None:
    for kind, empty in (("district", {OTHER_WEST}), ("city", {builders.EMPTY_CITY}), ("department", set())):
        card = card_of(filled, kind=kind)
        silent = {name for name, one in units(card).items() if one.facts is None}
        assert silent == empty
        assert {units(card)[name].scored.state for name in silent} <= {"no_data"}
        assert all(one.scored.rank is None for one in card.units if one.facts is None)
    scoped = card_of(filled, organisation=OTHER_CITY)
    assert set(units(scoped)) == {OTHER_WEST}


def test_potential_is_held_against_the_same_items_of_all(filled: Path) -> None:
    """Chairs: 758 green of 1888 eligible; pipes: 100 of 200. West bought 900 of chairs, 100 of pipes; East as well."""
    assert sum(line[-1] for line in LINES if line[2] > "2019" and line[4] == CHAIRS) == 1888
    expected = round(900 * F(758, 1888)) + 50
    found = units(card_of(filled, "bsc"))
    assert [found[one].facts.expected for one in (WEST, EAST)] == [expected, expected]
    by_key = {part.indicator.key: part.value.value for part in found[WEST].scored.parts}
    assert by_key["potential"] == F(600 * 100, expected)


def test_targets_are_the_units_own_or_those_of_the_nearest_above(mine: Ledger) -> None:
    targets = [
        Target(CITY, 2019, F(50)),
        Target(CITY, 2019, F(40), set_on=date(2019, 3, 1)),
        Target(CITY, 2019, F(99), set_on=date(2021, 1, 1)),  # after this ledger's today
        Target(EAST, 2019, F(10), "points", base_value=F(15)),
        Target(WEST, 2020, F(77)),
        Target(WEST, 2019, F(88), item=builders.CHAIR),
        Target(WEST, 2019, F(66), basis="all_goods"),
    ]
    for one in targets:
        kept.add(mine, "targets", one)
    found = units(card_of(mine, "joint"))
    assert [(found[one].facts.aim.percent, found[one].facts.aim.scope) for one in (WEST, EAST)] == [
        (40, CITY),
        (25, EAST),
    ]
    assert {name: (one.scored.score, one.scored.rank) for name, one in found.items()} == {
        WEST: (F(60 * 100, 40), 1),
        EAST: (F(20 * 100, 25), 2),
        OTHER_WEST: (None, None),
    }


def test_a_target_in_points_without_a_base_value_takes_the_ledgers_share(mine: Ledger) -> None:
    kept.add(mine, "targets", Target(WEST, 2019, F(20), "relative", base_year=2018))
    assert units(card_of(mine, "joint"))[WEST].facts.aim.percent == 60


def test_efforts_are_those_of_the_unit_and_year(mine: Ledger) -> None:
    for scope, year, value in ((WEST, 2019, 2), (WEST, 2018, 9), (CITY, 2019, 9), (f"{WEST}/도로과", 2019, 1)):
        kept.add(mine, "efforts", Effort(scope, year, "training", F(value), "list"))
    assert units(card_of(mine))[WEST].facts.efforts["training"].value == 2
    assert units(card_of(mine))[EAST].facts.efforts == {}
    departments = units(card_of(mine, kind="department"))
    assert departments[f"{WEST}/도로과"].facts.efforts["training"].value == 1
    assert departments[f"{WEST}/총무과"].facts.efforts == {}


def test_an_effort_of_nobody_is_an_error(mine: Ledger) -> None:
    kept.add(mine, "efforts", Effort("없음", 2019, "training", F(1), "list"))
    with pytest.raises(BadInputError) as caught:
        card_of(mine)
    assert (caught.value.code, caught.value.params["where"]) == ("effort_scope", "efforts.toml, efforts 1")


def test_the_order_of_the_award_is_green_times_share_with_floors(filled: Path) -> None:
    """All lie below 100 million won: none is ranked, each says so, and the points are still there."""
    found = units(card_of(filled, "chungnam"))
    assert {one.scored.state for one in found.values() if one.facts} == {"below_floor"}
    assert [found[one].scored.score for one in (WEST, EAST)] == [100, F(200 * 200, 600 * 600) * 100]
    assert [below.floor.measure for below in found[EAST].scored.below] == ["green"]


def test_amounts_of_two_currencies_are_not_compared(mine: Ledger, tmp_path: Path) -> None:
    abroad = [keyed(900, org=EAST, day="2019-05-01", product=GREEN, class_=CHAIRS, amount=10, currency="USD")]
    take(mine, write_csv(tmp_path / "abroad.csv", abroad), source="abroad")
    with pytest.raises(UsageError) as caught:
        card_of(mine, "chungnam")
    assert caught.value.code == "scheme_currencies"
    assert card_of(mine, "award").units, "shares can be compared"


def test_a_scheme_is_found_by_its_id_or_file(tmp_path: Path) -> None:
    assert scorecards.scheme_of("joint").id == "joint"
    for name, code in (("jiont", "scheme_unknown"), (str(tmp_path / "no.toml"), "kept_missing")):
        with pytest.raises((UsageError, BadInputError)) as caught:
            scorecards.scheme_of(name)
        assert caught.value.code == code
