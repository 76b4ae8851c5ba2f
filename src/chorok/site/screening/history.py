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

    was: Mapping[str, Any] | None
    now: Mapping[str, Any] | None

    @property
    def line(self) -> Mapping[str, Any]:
        """The line as it is now, or was last."""
        return self.now or self.was or {}

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


def since(steps: Iterable[Step], version: int) -> tuple[Change, ...] | None:
    """Return what became of the lines after a version that somebody saw; None where it is not known what it said."""
    written = [step for step in steps if step.lines]
    seen = [step for step in written if step.version <= version]
    return _changes(seen[-1].lines, written[-1].lines) if seen else None


def _changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Compare lines with what they were: one that only got another number since one before it went is as it was."""
    key = "id" if all("id" in line for line in (*before, *after)) else "number"
    was, now = ({line[key]: line for line in lines} for lines in (before, after))
    changes = [Change(was.get(one), now.get(one)) for one in was.keys() | now.keys()]
    told = [one for one in changes if one.was is None or one.now is None or one.fields]
    return tuple(sorted(told, key=lambda one: (one.line["number"], one.now is None)))
