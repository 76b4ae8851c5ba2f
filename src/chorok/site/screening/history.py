"""What happened to a request: who did what, how long it took, and what each version changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chorok.site.screening.durations import worked
from chorok.site.screening.models import Request, Step

COMPARED = (
    "what", "specification", "product_id", "quantity", "unit", "amount", "ground", "statement", "outcome",
)  # fmt: skip
"""What versions of a line are compared by, as `Step.lines` keeps it."""


@dataclass(frozen=True)
class Past:
    """A step, and how long the request had waited for it on working days."""

    step: Step
    took: timedelta


@dataclass(frozen=True)
class Change:
    """What became of a line from one version to the next: `was` None for a new one, `now` None for one taken away."""

    number: int
    was: Mapping[str, Any] | None
    now: Mapping[str, Any] | None

    @property
    def fields(self) -> tuple[tuple[str, Any, Any], ...]:
        """The fields that differ, with both values; none where the line is new or gone."""
        if self.was is None or self.now is None:
            return ()
        pairs = ((name, self.was.get(name), self.now.get(name)) for name in COMPARED)
        return tuple((name, was, now) for name, was, now in pairs if was != now)


@dataclass(frozen=True)
class Version:
    """A step that wrote the lines anew, and what it changed."""

    step: Step
    changes: tuple[Change, ...]


def past(request: Request) -> list[Past]:
    """Return the steps in order, each with the time since the one before."""
    steps = list(request.steps.all())
    before = [request.created_at, *(step.at for step in steps)]
    return [Past(step, worked(since, step.at)) for since, step in zip(before, steps, strict=False)]


def versions(steps: Iterable[Step]) -> list[Version]:
    """Return what each writing of the lines changed, the newest first; the first writing is not among them."""
    written = [step for step in steps if step.lines]
    pairs = itertools.pairwise(written)
    found = [Version(after, _changes(before.lines, after.lines)) for before, after in pairs]
    return [one for one in reversed(found) if one.changes]


def _changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    was = {line["number"]: line for line in before}
    now = {line["number"]: line for line in after}
    changes = (Change(number, was.get(number), now.get(number)) for number in sorted(was.keys() | now.keys()))
    return tuple(one for one in changes if one.was is None or one.now is None or one.fields)
