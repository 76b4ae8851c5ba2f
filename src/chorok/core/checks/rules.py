"""The rules behind the checks as data: id, version, severity of each finding, source, parameters (checks.toml)."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Literal

from chorok.core.checks.results import Severity
from chorok.core.records import make

Theme = Literal["figures", "targets", "items", "claims", "events", "programme", "law", "lines", "network"]

Source = Literal["arithmetic", "calendar", "house", "act_2_2", "act_8", "act_9", "act_8_9", "decree_8", "decree_11_2"]
"""Where a rule comes from, worded as `check_source.<code>`; house: good practice, no law asks for it."""


@dataclass(frozen=True)
class Change:
    """What a version of a rule changed."""

    version: int
    on: date
    what: str


@dataclass(frozen=True)
class Rule:
    """One check as data. `findings`: code -> severity, all that it can find. Whoever changes it raises `version`."""

    id: str
    version: int
    theme: Theme
    rule: str
    source: Source
    since: date
    findings: Mapping[str, Severity]
    numbers: Mapping[str, int] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    change_log: tuple[Change, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """All rules, and who answers for them. `checker` is empty while no second person has checked them."""

    author: str
    checker: str
    next_review: date
    checks: tuple[Rule, ...]


@functools.cache
def book() -> RuleBook:
    """Return the rules that come with the program. Raises BadInputError for an unknown, missing or wrong key."""
    return parse(resources.files(__package__).joinpath("checks.toml").read_text(encoding="utf-8"))


def parse(text: str) -> RuleBook:
    """Return the rules of a TOML text. Raises BadInputError for an unknown, missing or wrong key."""
    return make(RuleBook, tomllib.loads(text), "checks.toml")


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Return the rules by id, in the order of the file."""
    return {rule.id: rule for rule in book().checks}
