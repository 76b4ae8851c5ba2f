"""Schemes of scorecards: the presets hold, and a file that does not is told what is wrong and where."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

import pytest

from chorok.core import schemes
from chorok.core.errors import BadInputError


def data(name: str) -> dict[str, Any]:
    text = resources.files(schemes).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=str)


@pytest.mark.parametrize("name", schemes.names())
def test_every_preset_loads_and_names_its_source_in_both_languages(name: str) -> None:
    found = schemes.preset(name)
    assert found.id == name
    assert sum(one.weight for one in found.indicators) == 100
    for one in (found, *found.indicators):
        assert one.title_ko != one.title_en
    assert found.source_ko != found.source_en
    assert found.change_log


def test_the_presets_are_those_of_the_models() -> None:
    assert set(schemes.names()) == {"award", "bsc", "chungnam", "joint"}
    floors = {floor.measure: (floor.at_least, floor.currency) for floor in schemes.preset("chungnam").floors}
    assert floors == {"green": (100_000_000, "KRW"), "share": (15, None)}
    (joint,) = schemes.preset("joint").indicators
    assert (joint.measure, joint.beyond) == ("attainment", True)


def test_a_scheme_is_in_force_when_the_year_ends() -> None:
    scheme = schemes.preset("joint")
    assert (scheme.covers(2018), scheme.covers(2019)) == (False, True)
    ended = schemes.made({**data("joint"), "in_force_until": date(2020, 12, 31)}, "x")
    assert (ended.covers(2019), ended.covers(2020)) == (True, False)


def first(change: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def make(scheme: dict[str, Any]) -> None:
        one = scheme["indicators"][0]
        for key, value in change.items():
            if value is None:
                one.pop(key)
            else:
                one[key] = value

    return make


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (first({"weight": 49}), "scheme_weights"),
        (first({"weight": "50.5"}), "scheme_weights"),
        (lambda scheme: scheme["indicators"].append({**scheme["indicators"][1], "weight": -20, "measure": "green"}),
         "scheme_weights"),
        (first({"weight": 0, "band": [[0, 0], [1, 1]]}), "scheme_weights"),
        (first({"effort": "training"}), "scheme_key"),
        (first({"measure": None}), "scheme_key"),
        (first({"measure": "shares"}), "scheme_measure"),
        (first({"measure": "growth"}), "scheme_twice"),
        (first({"band": [[0, 0]]}), "scheme_band"),
        (first({"band": []}), "scheme_band"),
        (first({"band": [[0, 0], [0, 100]]}), "scheme_band"),
        (first({"band": [[0, 0], [100, 101]]}), "scheme_band"),
        (first({"band": [[0, 100], [100, 0]]}), "scheme_band"),
        (first({"band": [[0, 0], [100]]}), "scheme_band"),
        (first({"scale": "best"}), "scheme_best"),
        (first({"waight": 50}), "record_key_unknown"),
        (first({"scale": "steps"}), "record_value_bad"),
        (lambda scheme: scheme.update(floors=[{"measure": "green", "at_least": 1}]), "scheme_floor"),
        (lambda scheme: scheme.update(floors=[{"measure": "share", "at_least": 1, "currency": "KRW"}]), "scheme_floor"),
        (lambda scheme: scheme.update(floors=[{"measure": "nonsense", "at_least": 1}]), "scheme_measure"),
        (lambda scheme: scheme.pop("author"), "record_key_missing"),
    ],
)  # fmt: skip
def test_a_scheme_that_does_not_hold_says_where(change: Callable[[dict[str, Any]], Any], code: str) -> None:
    scheme = copy.deepcopy(data("award"))
    change(scheme)
    with pytest.raises(BadInputError) as caught:
        schemes.made(scheme, "ours.toml")
    assert caught.value.code == code
    assert str(caught.value.params["where"]).startswith("ours.toml")


def test_weights_may_be_negative_nowhere() -> None:
    scheme = copy.deepcopy(data("award"))
    scheme["indicators"][0]["weight"], scheme["indicators"][1]["weight"] = -10, 80
    with pytest.raises(BadInputError) as caught:
        schemes.made(scheme, "ours.toml")
    assert caught.value.code == "scheme_weight"


def test_an_effort_may_fall_and_a_measure_scaled_by_the_best_needs_no_band() -> None:
    scheme = copy.deepcopy(data("award"))
    scheme["indicators"][2]["band"] = [[0, 100], [30, 0]]
    scheme["indicators"][0] |= {"scale": "best"}
    scheme["indicators"][0].pop("band")
    found = schemes.made(scheme, "ours.toml")
    assert found.indicators[2].band[1] == (Fraction(30), Fraction(0))
