"""Targets against a ledger: shares as `figures.answer` gives them, peers, bounds that leave a target open."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import builders
from builders import CHAIR, CITY, EAST, EMPTY_CITY, GREEN, OTHER_CITY, OTHER_WEST, PIPE, PLAIN, WEST, keyed
from chorok.core.errors import BadInputError, UsageError
from chorok.core.measures.targets import PublishedRate, Target
from chorok.core.money import Share
from chorok.ledger import kept, targets
from chorok.ledger.published import Published
from chorok.ledger.shares import UNGROUPED, Shares, item_of, years
from chorok.ledger.store import Ledger

CHAIRS, PIPES = "90000001", "90000002"
SPENT = [  # organisation, year, class, green, amount; no certificate is for pipes: theirs is undetermined, not False
    (CITY, 2017, CHAIRS, True, 400),
    (CITY, 2017, CHAIRS, False, 600),
    (CITY, 2018, CHAIRS, True, 500),
    (CITY, 2018, CHAIRS, False, 500),
    (WEST, 2018, PIPES, False, 1000),
    (WEST, 2018, CHAIRS, False, 300),
    (EAST, 2018, CHAIRS, True, 200),
    (EAST, 2018, CHAIRS, False, 100),
    (CITY, 2019, CHAIRS, True, 900),
    (CITY, 2019, CHAIRS, False, 100),
    (WEST, 2019, PIPES, False, 1000),
    (OTHER_CITY, 2018, CHAIRS, True, 800),
    (OTHER_CITY, 2018, CHAIRS, False, 200),
    (OTHER_WEST, 2018, PIPES, False, 10),
]


def lines() -> list[dict[str, str]]:
    made = [
        keyed(
            n, day=f"{year}-03-02", org=org, product=GREEN if green else PLAIN, class_=class_, amount=amount, name="x"
        )
        for n, (org, year, class_, green, amount) in enumerate(SPENT, 1)
    ]
    open_ones = keyed(90, day="2019-04-01", org=CITY, class_=CHAIRS, amount=400, name="의자 외 2종")
    unknown = keyed(91, day="2019-04-01", org=CITY, amount=50, name="가나다라")
    return [*made, open_ones, unknown]


@pytest.fixture(scope="module")
def ledger(registered: Path, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = builders.copy(registered, tmp_path_factory.mktemp("목표") / "장부")
    builders.take(made, builders.write_csv(made.path.parent / "구매.csv", lines()))
    dollars = [keyed(92, day="2018-04-01", org=CITY, class_=CHAIRS, product=GREEN, amount=70, currency="USD", name="x")]
    builders.take(made, builders.write_csv(made.path.parent / "달러.csv", dollars), source="abroad")
    return made


@pytest.fixture
def shares(ledger: Ledger) -> Shares:
    return Shares(Published.at(ledger))


def plain(org: str, year: int, class_: str | None = None) -> tuple[int, int]:
    """Green and all, by hand: an organisation and all below it."""
    below = {CITY: {CITY, WEST, EAST}, OTHER_CITY: {OTHER_CITY, OTHER_WEST}}.get(org, {org})
    fitting = [one for one in SPENT if one[0] in below and one[1] == year and class_ in (None, one[2])]
    return sum(one[4] for one in fitting if one[3]), sum(one[4] for one in fitting)


def test_shares_are_those_of_the_subtree(shares: Shares) -> None:
    for scope in (CITY, OTHER_CITY, WEST, EAST, OTHER_WEST):
        for year in (2017, 2018):
            found = shares.of(scope, year)
            pair = (found.green, found.denominator) if found else (0, 0)
            assert pair == plain(scope, year), (scope, year)
        for item, class_ in ((CHAIR, CHAIRS), (PIPE, PIPES)):
            found = shares.of(scope, 2018, item)
            assert ((found.green, found.denominator) if found else (0, 0)) == plain(scope, 2018, class_)
    network = shares.of("T-NET", 2018)
    assert network is not None
    assert network.denominator == plain(CITY, 2018)[1] + plain(OTHER_CITY, 2018)[1]
    assert shares.of(CITY, 2019) == Share(900, 100, 1400, 50)
    assert shares.items(CITY, 2019)[UNGROUPED] == Share(0, 0, 0, 50)


def test_one_question_for_all_cities_and_narrow_ones_give_the_same(ledger: Ledger, shares: Shares) -> None:
    published = Published.at(ledger)
    together, narrow = Shares(published, together=True), Shares(published, period=years(2018, 2018), by_item=False)
    for scope in (CITY, OTHER_CITY, EMPTY_CITY, WEST, "T-NET"):
        for year in (2017, 2018, 2019):
            assert together.items(scope, year) == shares.items(scope, year)
        assert narrow.of(scope, 2018) == shares.of(scope, 2018)
        assert narrow.of(scope, 2017) is None


def test_what_has_no_figures_has_no_share(shares: Shares) -> None:
    assert shares.of(EMPTY_CITY, 2018) is shares.of("nobody", 2018) is shares.of(CITY, 2011) is None
    assert shares.years(EMPTY_CITY) == []
    assert shares.years(CITY) == [2017, 2018, 2019]


def test_another_currency_is_left_out_and_named(shares: Shares) -> None:
    shares.of(CITY, 2018)
    assert shares.currencies[CITY] == "KRW"
    assert shares.left_out == {CITY: {"USD"}}


def test_before_a_local_definition_there_is_no_share(ledger: Ledger) -> None:
    assert Shares(Published.at(ledger), definition="busan").of(CITY, 2018) is None


def test_peers_are_the_other_cities_or_the_other_districts(shares: Shares) -> None:
    assert set(shares.peers(CITY, 2018)) == {OTHER_CITY}
    assert set(shares.peers(WEST, 2018)) == {EAST}
    assert shares.peers(EAST, 2018)[WEST][PIPE] == Share(0, 0, 1000)
    assert shares.peers(CITY, 2017) == shares.peers("T-NET", 2018) == shares.peers("nobody", 2018) == {}


def test_parts_are_the_purchasers_own_lines_and_add_up(shares: Shares) -> None:
    parts = shares.parts(CITY, 2018, CHAIR)
    assert set(parts) >= {CITY, WEST, EAST}
    assert parts[CITY] == Share(500, 500)
    assert sum(parts.values(), Share(0, 0)) == shares.of(CITY, 2018, CHAIR)


def test_money_without_an_item_group_has_no_reference(shares: Shares) -> None:
    assert UNGROUPED in shares.items(CITY, 2019)
    assert UNGROUPED not in shares.references(CITY, 2019, "city")
    assert UNGROUPED not in shares.references(CITY, 2019, "best-peer")


def test_references(shares: Shares) -> None:
    whole = Fraction(*plain(CITY, 2018))
    assert shares.references(CITY, 2018, "city") == {CHAIR: whole, PIPE: whole}
    peer = shares.references(CITY, 2018, "best-peer")
    assert peer == {CHAIR: Fraction(4, 5), PIPE: whole}, "10 won of pipes are too little to compare with"
    assert shares.references(CITY, 2018, "60") == {CHAIR: Fraction(3, 5), PIPE: Fraction(3, 5)}
    for wrong in ("101", "-1", "best", "6e1", "1/2"):
        with pytest.raises(UsageError, match="reference_unknown"):
            shares.references(CITY, 2018, wrong)


def test_why_there_is_no_share(shares: Shares) -> None:
    assert [shares.why_none(CITY, year) for year in (2018, 2011)] == [None, "no_data"]
    assert Shares(shares.published, definition="busan").why_none(CITY, 2018) == "definition_not_known"


def test_names_and_codes_are_understood(ledger: Ledger, shares: Shares) -> None:
    assert {item_of(shares.published, text) for text in (CHAIR, "의자", "chairs")} == {CHAIR}
    with pytest.raises(UsageError, match="item_unknown"):
        item_of(shares.published, "책상")


def table(ledger: Ledger, *given: Target) -> list[targets.Row]:
    return targets.Table(targets.asked(Published.at(ledger), given), ledger, given).rows()


def test_a_row_has_base_aim_result_and_both_forms(ledger: Ledger) -> None:
    (row,) = table(ledger, Target(CITY, 2018, Fraction(10), "points", base_year=2017))
    result = Fraction(100 * plain(CITY, 2018)[0], plain(CITY, 2018)[1])
    assert (row.base, row.aim) == (40, 50)
    assert row.attainment.ratio == result / 50
    assert row.attainment.gap_closed == (result - 40) / 10
    assert (row.standing, row.attainment.met) == ("open", False), "1,000 of pipes are undetermined"


@pytest.mark.parametrize(("value", "standing"), [(36, "met"), (37, "open"), (95, "open"), (96, "missed")])
def test_undetermined_money_leaves_a_target_open(ledger: Ledger, value: int, standing: str) -> None:
    # 1,400 undetermined, 50 of no known group: 900 / 2,450 = 36.7 % to (900 + 1,400 + 50) / 2,450 = 95.9 %
    (row,) = table(ledger, Target(CITY, 2019, Fraction(value)))
    assert row.standing == standing


def test_a_year_that_is_not_over_is_never_met_or_missed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "today", date(2019, 12, 31))
    rows = table(ledger, Target(CITY, 2019, Fraction(1)), Target(CITY, 2020, Fraction(1)))
    assert [row.standing for row in rows] == ["running", "ahead"]
    monkeypatch.setattr(Ledger, "today", date(2020, 1, 1))
    assert table(ledger, Target(CITY, 2019, Fraction(1)))[0].standing == "met"


def test_the_next_target_stands_beside_and_what_is_published(ledger: Ledger, tmp_path: Path) -> None:
    mine = builders.copy(ledger.path, tmp_path / "내 장부")
    kept.add(mine, "published", PublishedRate(CITY, 2018, "26.9", source="보고서"))
    kept.add(mine, "published", PublishedRate(CITY, 2018, "27", source="고친 보고서"))
    given = (Target(CITY, 2018, Fraction(50), base_year=2017), Target(CITY, 2019, Fraction(45), "absolute"))
    first, second = table(mine, *given)
    assert (first.next_aim, second.next_aim) == (45, None)
    assert first.published_result is not None
    assert first.published_result.rate == "27"
    assert first.published_base is None
    assert [one.code for one in second.remarks] == ["below_earlier"]
    kept.add(mine, "published", PublishedRate(CITY, 2017, "~40"))
    with pytest.raises(BadInputError, match="published_rate_bad"):
        table(mine, *given)


def test_a_target_that_cannot_be_worked_with_names_its_place(ledger: Ledger, tmp_path: Path) -> None:
    mine = builders.copy(ledger.path, tmp_path / "내 장부")
    kept.add(mine, "targets", Target(CITY, 2018, Fraction(50)))
    kept.add(mine, "targets", Target(CITY, 2018, Fraction(10), "relative"))
    with pytest.raises(BadInputError) as found:
        targets.read(mine)
    assert (found.value.code, found.value.params["where"]) == ("target_base_missing", "targets.toml, targets 2")


def test_suggestions_start_from_the_last_complete_year(shares: Shares) -> None:
    advice = targets.suggest(shares, CITY, 2019, None, date(2020, 1, 1))
    trend, peer, potential = advice.suggestions
    assert advice.base_year == 2018
    assert trend.code == "trend_short"
    green, spend = plain(CITY, 2018)
    other = plain(OTHER_CITY, 2018)
    assert peer.value == Fraction(100 * other[0], other[1])
    # chairs come up to the other city's 80 %, pipes to the whole's own share: nobody spends enough on them
    chairs, pipes = plain(CITY, 2018, CHAIRS), plain(CITY, 2018, PIPES)
    lifted = Fraction(4, 5) * chairs[1] + Fraction(green, spend) * pipes[1]
    assert potential.value == lifted / spend * 100
    later = targets.suggest(shares, CITY, 2021, None, date(2019, 6, 1))
    assert later.base_year == 2018, "2019 is not over on that day"
    assert targets.suggest(shares, CITY, 2021, None, date(2020, 6, 1)).base_year == 2019


def test_an_items_potential_lies_with_those_who_buy_it(shares: Shares) -> None:
    advice = targets.suggest(shares, CITY, 2019, CHAIR, date(2020, 1, 1))
    potential = advice.suggestions[2]
    green, spend = plain(CITY, 2018, CHAIRS)
    assert potential.value == (green + Fraction(300 * green, spend)) / spend * 100, "only the west is below"
    assert potential.params["first"] == WEST


def test_without_a_complete_year_nothing_is_suggested(shares: Shares) -> None:
    advice = targets.suggest(shares, EMPTY_CITY, 2019, None, date(2020, 1, 1))
    assert (advice.base, advice.base_year) == (None, None)
    assert [one.value for one in advice.suggestions] == [None]
