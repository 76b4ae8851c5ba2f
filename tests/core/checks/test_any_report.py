"""No report, however odd, makes a check fall over."""

from __future__ import annotations

import dataclasses
import types
from datetime import date, time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from chorok.core.checks.report import Place, Printed, Report
from chorok.core.checks.rules import rules
from reported import every_result

NUMBERS = st.sampled_from(["0", "0.0", "12.5", "100", "250.25", "-3", "48"])
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "a", "Haneul City", "Baram", "Desks", "core items", "중점품목", "City Hall 3F"]),
    int: st.sampled_from([0, 1, 2018, 2019, 2020, 99999, -5]),
    bool: st.booleans(),
    date: st.dates(date(2018, 1, 1), date(2020, 12, 31)),
    time: st.times(),
    types.NoneType: st.none(),
    Printed: st.builds(Printed, NUMBERS, st.just(Place("1"))),
}


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type as reports have them: small tuples, dataclasses filled field by field."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return st.lists(any_of(arguments[0]), max_size=3).map(tuple)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of(*map(any_of, arguments))
    if hint in SIMPLE:
        return SIMPLE[hint]
    assert dataclasses.is_dataclass(hint)
    hints = get_type_hints(hint)
    return st.builds(hint, **{field.name: any_of(hints[field.name]) for field in dataclasses.fields(hint)})


@settings(max_examples=60)
@given(any_of(Report), any_of(Report))
def test_any_two_reports(one: Report, other: Report) -> None:
    results = every_result(one, other)
    assert {result.check for result in results} == rules().keys()
    for result in results:
        assert (result.kind in ("finding", "hint")) == bool(result.code)
