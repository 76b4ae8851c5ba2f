"""Tests of many files: one walks them all, because pytest takes longer to count a test than to run such a one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def each(places: Iterable[Any]) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Hold a test of one place for all of them; the first that fails it is named."""

    def around(test: Callable[[Any], None]) -> Callable[[], None]:
        def walk() -> None:
            for place in places:
                try:
                    test(place)
                except Exception as error:
                    raise AssertionError(f"{place}: {error}") from error

        return walk

    return around
