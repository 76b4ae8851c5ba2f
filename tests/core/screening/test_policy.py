"""Policies: the presets hold, a city's own file tunes what may be tuned, and one that does not hold is told why."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

import pytest

from chorok.core import screening
from chorok.core.errors import BadInputError
from chorok.core.screening import policy as policies
from chorok.core.screening.grounds import NUMBERS, ground, grounds, number_of
from chorok.core.screening.policy import SmallAmount, Tier, made

OWN: dict[str, Any] = {
    "extends": "strict",
    "id": "ours",
    "title_ko": "우리 방침",
    "title_en": "Ours",
    "source_ko": "내부 결재",
    "source_en": "Internal order",
    "author": "A",
    "checker": "B",
    "next_review": date(2021, 1, 1),
    "in_force_from": date(2020, 1, 1),
    "change_log": [{"on": date(2020, 1, 1), "what": "First", "by": "A"}],
}


def own(**more: Any) -> dict[str, Any]:
    return {**OWN, **more}


def test_the_presets_are_those_of_the_rules() -> None:
    assert policies.names() == ("legal", "seoul", "strict")
    found = {name: policies.preset(name) for name in policies.names()}
    assert {name: one.refuses for name, one in found.items()} == {"strict": (2, 3, 4, 5), "legal": (), "seoul": ()}
    for name, one in found.items():
        assert one.id == name
        assert one.title_ko != one.title_en
        assert one.source_ko != one.source_en
        assert one.override is None, "an override is off as shipped"
        assert (one.registry_days, one.small_days, one.quantity_more, one.small_amounts) == (200, 30, 10, ())
    assert found["seoul"].note_below == 1_000_000
    assert found["seoul"].sub_codes == {"5": ("emergency_relief", "price_beyond_budget")}


def test_a_city_tunes_a_preset_by_named_parameters() -> None:
    tuned = made(
        own(
            registry_days=100,
            small_amounts=[{"below": 500_000}, {"below": 100_000, "item_group": "G"}],
            tiers=[{"role": "environment_team_leader", "up_to": 10}, {"role": "environment_division_head"}],
            override={"role": "deputy_head", "least_reason": 20},
            proportions=[{"item_group": "A", "at_least": "40"}],
        ),
        "ours.toml",
    )
    strict = policies.preset("strict")
    assert (tuned.registry_days, tuned.accepts, tuned.emergency_days) == (100, strict.accepts, strict.emergency_days)
    assert [tuned.threshold(group) for group in (None, "X", "G")] == [500_000, 500_000, 100_000]
    assert tuned.proportion("A") == Fraction(40)
    assert tuned.version.startswith("ours@")
    assert len({tuned.version, strict.version, replace(tuned, registry_days=99).version}) == 3
    roles = [tuned.cosigner(amount, "KRW") for amount in (10, 11, None)]
    assert roles == ["environment_team_leader", "environment_division_head", "environment_division_head"]
    assert tuned.cosigner(1, "USD") == "environment_division_head"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(regstry_days=3), "record_key_unknown"),
        (lambda d: d.update(registry_days="many"), "record_value_bad"),
        (lambda d: d.update(extends="lax"), "policy_extends"),
        (lambda d: d.update(accepts=[4]), "policy_not_tunable"),
        (lambda d: d.update(checks=[]), "policy_not_tunable"),
        (lambda d: d.update(registry_days=0), "policy_days"),
        (lambda d: d.update(tiers=[]), "policy_tiers"),
        (lambda d: d.update(tiers=[{"role": "deputy_head", "up_to": 5}]), "policy_tiers"),
        (lambda d: d.update(tiers=[{"role": "king"}]), "record_value_bad"),
        (lambda d: d.update(proportions=[{"item_group": "A", "at_least": "101"}]), "policy_proportion"),
        (lambda d: d.pop("source_ko"), "record_key_missing"),
        (lambda d: d.pop("change_log"), "record_key_missing"),
    ],
)
def test_a_file_that_does_not_hold_is_told_why(change: Callable[[dict[str, Any]], None], code: str) -> None:
    data = own()
    change(data)
    with pytest.raises(BadInputError) as error:
        made(data, "ours.toml")
    assert error.value.code == code
    assert "ours.toml" in str(error.value.params["where"])


def test_a_whole_policy_may_be_written_but_not_accept_ground_1() -> None:
    text = resources.files(screening).joinpath("policies", "legal.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    assert made(data, "legal.toml") == policies.preset("legal")
    with pytest.raises(BadInputError, match="policy_accepts"):
        made({**data, "accepts": [1, 2]}, "x.toml")
    with pytest.raises(BadInputError, match="policy_sub_code"):
        made({**data, "sub_codes": {"5": ["whim"]}}, "x.toml")


def test_a_policy_holds_from_its_day_until_before_its_end() -> None:
    dated = replace(policies.preset("strict"), in_force_from=date(2020, 1, 1), in_force_until=date(2021, 1, 1))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [dated.holds(day) for day in days] == [False, True, True, False]
    assert replace(dated, in_force_from=None, in_force_until=None).holds(date.min)


def test_tiers_and_thresholds_of_no_kind_are_none() -> None:
    bare = replace(policies.preset("strict"), tiers=(Tier("deputy_head"),), small_amounts=(SmallAmount(9, "G"),))
    assert (bare.threshold("X"), bare.threshold(None), bare.threshold("G")) == (None, None, 9)
    assert bare.cosigner(10**15, "KRW") == "deputy_head"


def test_the_grounds_are_the_five_of_the_act_each_with_evidence() -> None:
    assert tuple(one.number for one in grounds()) == NUMBERS
    assert all(one.evidence for one in grounds())
    assert {sub.code for sub in ground(4).sub_codes} == {"disabled_persons", "other_law"}


@pytest.mark.parametrize(
    ("written", "number"),
    [("②", 2), ("5 urgent", 5), ("ground 3", 3), ("12", None), ("6", None), ("", None), (None, None), ("긴급", None)],
)
def test_a_ground_is_read_by_its_first_number(written: str | None, number: int | None) -> None:
    assert number_of(written) == number
