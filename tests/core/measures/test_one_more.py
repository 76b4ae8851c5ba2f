"""What one more point takes: made, it brings at least one; a little less of it does not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from cards import AMOUNTS, FACTS, effort, facts, indicator, rules, scheme
from chorok.core.measures import one_more, scorecard
from chorok.core.measures.one_more import GREEN, GROUNDS, Step
from chorok.core.measures.scorecard import Effort, Facts
from chorok.core.measures.share import Amounts
from chorok.core.schemes import Scheme

F = Fraction


def asked(rule: Scheme, known: Facts, best: Any = None) -> dict[str, Step]:
    scored = scorecard.score(rule, known, best or {})
    return {step.lever: step for step in one_more.steps(rule, known, best or {}, scored)}


def test_green_money_by_hand() -> None:
    """One point of 100 is half a point of share: of 900 won 4.5, so 5."""
    rule = scheme(indicator("share", 100, (0, 0), (50, 100)))
    assert asked(rule, FACTS) == {GREEN: Step(GREEN, F(5), F(10, 9), F(500, 900))}


def test_green_money_moves_all_that_rests_on_it() -> None:
    """Share and growth rise together: half the weight each, but the same %p, so half the money of one alone."""
    alone = scheme(indicator("share", 50, (0, 0), (100, 100)), indicator("a", 50, (0, 0), (1, 100)))
    both = scheme(indicator("share", 50, (0, 0), (100, 100)), indicator("growth", 50, (-50, 0), (50, 100)))
    known = replace(FACTS, amounts=Amounts(green=30_000, not_green=70_000), efforts=effort("a", 0))
    assert asked(alone, known)[GREEN].change == 2_000
    assert asked(both, known)[GREEN].change == 1_000


def test_what_has_a_ground_is_not_bought_green() -> None:
    rule = scheme(indicator("share", 100, (0, 0), (100, 100)))
    known = replace(FACTS, amounts=Amounts(green=10, not_green=990, exempt=985))
    assert asked(rule, known)[GREEN] == Step(GREEN, None, F(1, 2))


def test_the_best_has_no_more_to_gain_and_the_others_a_way_to_it() -> None:
    rule = scheme(indicator("green_times_share", 100, scale="best"))
    other = replace(FACTS, amounts=Amounts(green=600, not_green=400))
    best = scorecard.best_of(rule, [FACTS, other])
    assert asked(rule, other, best)[GREEN] == Step(GREEN, None, F(0))
    change = asked(rule, FACTS, best)[GREEN].change
    assert change == next(g for g in range(500) if F((300 + g) ** 2, 900) >= F(100) + F(360, 100))


def test_grounds_and_counts_by_hand() -> None:
    rule = scheme(
        indicator("grounds_recorded", 50, (0, 0), (100, 100)),
        indicator("training", 25, (0, 0), (3, 100), unit="count"),
        indicator("delays", 25, (0, 100), (10, 0)),
    )
    known = replace(FACTS, efforts={**effort("training", 2), **effort("delays", 4)})
    found = asked(rule, known)
    assert found[GROUNDS].change == 10  # 2 % of the 500 won that were not bought green
    assert found["training"].change == 1
    assert found["delays"].change == F(-4, 10), "less is better there"
    assert GREEN not in found


def test_a_count_is_a_whole_number_also_between_the_places_of_a_band() -> None:
    rule = scheme(indicator("training", 100, (0, 0), (F(5, 2), 100), unit="count", beyond=True))
    assert asked(rule, replace(FACTS, efforts=effort("training", 1)))["training"] == Step("training", F(1), F(40))
    assert asked(rule, replace(FACTS, efforts=effort("training", 3)))["training"] == Step("training", F(1), F(40))


def test_an_effort_without_a_record_is_a_lever_only_where_it_counts_as_zero() -> None:
    share = indicator("share", 60, (0, 0), (50, 100))
    zero, drop = (indicator("training", 40, (0, 0), (10, 100), missing=rule) for rule in ("zero", "drop"))
    assert asked(scheme(share, zero), FACTS)["training"].change == F(1, 4)
    assert "training" not in asked(scheme(share, drop), FACTS)


def test_without_a_score_there_is_nothing_to_say() -> None:
    assert asked(scheme(indicator("a", 100, (0, 0), (1, 100))), FACTS) == {}


def moved(known: Facts, step: Step, change: Fraction) -> Facts:
    amounts = known.amounts
    if step.lever == GREEN:
        amounts = replace(amounts, green=amounts.green + int(change), not_green=amounts.not_green - int(change))
    elif step.lever == GROUNDS:
        amounts = replace(amounts, exempt=amounts.exempt + int(change))
    else:
        now = known.efforts.get(step.lever)
        value = (now.value if now else 0) + change
        return replace(known, efforts={**known.efforts, step.lever: Effort("X", 2019, step.lever, value, "")})
    return replace(known, amounts=amounts)


@given(rules(), facts())
def test_the_stated_change_brings_a_point_and_one_won_less_does_not(rule: Scheme, known: Facts) -> None:
    scored = scorecard.score(rule, known, {})
    for step in one_more.steps(rule, known, {}, scored):
        if step.change is None:
            assert step.gain < 1
            continue
        after = scorecard.score(rule, moved(known, step, step.change), {})
        assert after.score - scored.score == step.gain >= 1
        if step.lever in (GREEN, GROUNDS):
            assert 0 < step.change <= known.amounts.not_green
            less = scorecard.score(rule, moved(known, step, step.change - 1), {})
            assert less.score - scored.score < 1


@pytest.mark.parametrize("amount", [0, 1, 300])
def test_totals_stay_the_same_when_green_is_bought_instead(amount: int) -> None:
    found = one_more._with_green(FACTS, amount).amounts
    assert found.green + found.not_green == AMOUNTS.green + AMOUNTS.not_green
