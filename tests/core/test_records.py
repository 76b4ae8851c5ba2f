"""Records that people write: what a class says, read and written; all else is an error that names the place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorok.core import records
from chorok.core.errors import BadInputError


@dataclass(frozen=True)
class Part:
    name: str


@dataclass(frozen=True)
class Thing:
    name: str
    size: int
    rate: Fraction | None = None
    on: date | None = None
    mode: Literal["up", "down"] = "up"
    open: bool = False
    words: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=dict)


def test_every_kind_of_value_is_read() -> None:
    data = {
        "name": "의자", "size": 3, "rate": "55.5", "on": date(2019, 9, 24), "mode": "down", "open": True,
        "words": ["a", "b"], "parts": [{"name": "다리"}], "weights": {"share": 40, "growth": "0.5"},
    }  # fmt: skip
    made = records.make(Thing, data, "here")
    assert made == Thing(
        "의자", 3, Fraction(111, 2), date(2019, 9, 24), "down", True, ("a", "b"), (Part("다리"),),
        {"share": Fraction(40), "growth": Fraction(1, 2)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ({"name": "a", "size": 1, "sise": 2}, "record_key_unknown", {"key": "sise", "known": "size"}),
        ({"name": "a"}, "record_key_missing", {"key": "size"}),
        ({"name": "a", "size": "1"}, "record_value_bad", {"key": "size"}),
        ({"name": "a", "size": True}, "record_value_bad", {"key": "size"}),
        ({"name": "a", "size": 1, "rate": 55.5}, "record_value_bad", {"key": "rate"}),
        ({"name": "a", "size": 1, "rate": "viel"}, "record_value_bad", {"key": "rate"}),
        ({"name": "a", "size": 1, "mode": "left"}, "record_value_bad", {"wanted": "up, down"}),
        ({"name": "a", "size": 1, "words": "b"}, "record_value_bad", {"key": "words"}),
        ({"name": "a", "size": 1, "parts": [{"nam": "b"}]}, "record_key_unknown", {"where": "here, parts[1]"}),
    ],
)
def test_what_does_not_fit_is_named(data: dict[str, Any], code: str, said: dict[str, str]) -> None:
    with pytest.raises(BadInputError) as caught:
        records.make(Thing, data, "here")
    assert caught.value.code == code
    assert said.items() <= caught.value.params.items()


hundredths = st.integers(-(10**6), 10**6).map(lambda number: Fraction(number, 100))


@given(st.text(), st.integers(), st.none() | hundredths, st.none() | st.dates(), st.lists(st.text()).map(tuple))
def test_what_is_written_is_read_again(
    name: str, size: int, rate: Fraction | None, on: date | None, words: tuple[str, ...]
) -> None:
    weights = {word: Fraction(place) for place, word in enumerate(words)}
    thing = Thing(name, size, rate, on, words=words, parts=tuple(map(Part, words)), weights=weights)
    text = records.written(thing, "things")
    (data,) = tomllib.loads(text, parse_float=str)["things"]
    assert records.make(Thing, data, "here") == thing
    assert rate is None or "/" not in text.partition("rate = ")[2].partition("\n")[0]
