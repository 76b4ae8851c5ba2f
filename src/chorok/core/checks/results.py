"""What a check says: results in codes, numbers as text, and the places they were read from. Words are elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chorok.core.checks.report import Place, Report

Severity = Literal["error", "warning", "hint"]
"""error: cannot be true as printed; warning: to be mended or explained; hint: worth a look, and not a finding."""

Kind = Literal["finding", "hint", "ok", "not_applicable"]


@dataclass(frozen=True)
class Word:
    """A word that is worded as `check_word.<code>`, among parameters that are text of the report or numbers."""

    code: str


Said: TypeAlias = "str | Word | tuple[Said, ...]"
"""A parameter of a sentence: text, a word, or a list of them."""

Given: TypeAlias = "Said | int | Sequence[Said]"
"""A parameter as checks give it: numbers become text, lists become tuples."""


@dataclass(frozen=True)
class Outcome:
    """What a check function yields: a finding with its code, or '' where what was looked at holds.

    `subject` says what was looked at, so that it can be found again when its numbers change.
    """

    code: str
    subject: tuple[Said, ...]
    places: tuple[Place, ...]
    params: tuple[tuple[str, Said], ...] = ()


def finding(code: str, subject: Sequence[Said | int], places: Iterable[Place], /, **params: Given) -> Outcome:
    """Return a finding; numbers in its parameters become text."""
    said = tuple((name, _said(value)) for name, value in params.items())
    return Outcome(code, tuple(_said(one) for one in subject), tuple(places), said)


def fine(subject: Sequence[Said | int], places: Iterable[Place]) -> Outcome:
    """Return that what was looked at holds."""
    return Outcome("", tuple(_said(one) for one in subject), tuple(places))


def _said(value: Given) -> Said:
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str | Word) else tuple(value)


def at(report: Report, place: Place) -> Place:
    """Return a place with its file in front ('busan.md:44'), for what speaks of several reports."""
    return Place(f"{report.name}:{place.where}", place.quote)


@dataclass(frozen=True)
class Result:
    """One result of one check on one report, or on several together (`report` and `organisation` are '')."""

    check: str
    version: int
    kind: Kind
    severity: Severity | None
    report: str
    organisation: str
    outcome: Outcome

    @property
    def code(self) -> str:
        """Code of the finding, worded as `finding.<code>` and `remedy.<code>`."""
        return self.outcome.code

    @property
    def about(self) -> str:
        """What stays when the numbers change: whose report, check, code and subject."""
        return _digest(self.organisation, self.check, self.code, repr(self.outcome.subject))

    @property
    def id(self) -> str:
        """Eight hexadecimal digits of all that and the numbers; the same in every language and on any line."""
        return _digest(self.about, repr(self.outcome.params))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]
