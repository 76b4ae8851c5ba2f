"""Findings that somebody has looked at and lets stand, with a reason: listed apart, and open again when they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chorok.core.checks.results import Result


@dataclass(frozen=True)
class Acknowledgement:
    """Who lets which finding stand, since when and why. `id` and `about` are the result's; `finding` is for readers."""

    id: str
    about: str
    check: str
    reason: str
    by: str
    on: date
    finding: str = ""


@dataclass(frozen=True)
class Settled:
    """A result with the acknowledgement that fits it, or the one (`before`) that fitted it with other numbers."""

    result: Result
    now: Acknowledgement | None = None
    before: Acknowledgement | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is a finding that nobody has acknowledged."""
        return self.result.kind == "finding" and self.now is None


def settle(results: Iterable[Result], known: Sequence[Acknowledgement]) -> list[Settled]:
    """Return results with their acknowledgements."""
    return [_settled(result, known) for result in results]


def stale(results: Iterable[Result], known: Sequence[Acknowledgement]) -> list[Acknowledgement]:
    """Return the acknowledgements that fit no finding any more, whatever its numbers."""
    there = {result.about for result in results if result.code}
    return [one for one in known if one.about not in there]


def _settled(result: Result, known: Sequence[Acknowledgement]) -> Settled:
    if not result.code:
        return Settled(result)
    same = [one for one in known if one.about == result.about]
    fitting = [one for one in same if one.id == result.id]
    if fitting:
        return Settled(result, now=fitting[-1])
    return Settled(result, before=same[-1] if same else None)
