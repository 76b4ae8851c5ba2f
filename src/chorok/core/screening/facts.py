"""What is known of one line that is to be bought: all that a decision looks at, gathered by `ledger.screening`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Standard = Literal["yes", "no", "unknown"]
STANDARDS: tuple[Standard, ...] = get_args(Standard)
Certified = Literal["yes", "proof", "no", "unknown"]
CERTIFIED: tuple[Certified, ...] = get_args(Certified)
Alternative = Literal["sure", "possible", "none", "unknown"]
ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)
Proportioned = Literal["none", "met", "short", "unknown"]
PROPORTIONED: tuple[Proportioned, ...] = get_args(Proportioned)
Unit = Literal["one", "lump", "set"]
UNITS: tuple[Unit, ...] = get_args(Unit)


@dataclass(frozen=True)
class Framework:
    """A framework or unit-price contract that was screened once: up to a day, and up to what amount is left.

    `granted` is what it rests on: 'green', a product certified then, or 'statement', one that was co-signed.
    """

    reference: str
    until: date
    left: int
    granted: Literal["green", "statement"]


@dataclass(frozen=True)
class Facts:
    """One line on one day. Amounts are smallest units of `currency`.

    `standard`: whether the line's item group has a green standard on the day; unknown also where the group is.
    `certified`: whether the named product is certified under the definition on the day; 'no' also where the line names
    no product, 'proof' where a conformity proof waits for the officer. `parts` is the same for the parts of a set.
    `alternative`: see rules D7. `proportion`: how the request stands to a required proportion of the line's group.
    `recent`: what else the department bought or buys of the group within the policy's days; None: not known.
    `registry_age` is in days; None: the registry is empty.
    """

    day: date
    registry_age: int | None
    standard: Standard
    certified: Certified
    alternative: Alternative
    item_group: str | None = None
    kind: Literal["goods", "works", "service"] = "goods"
    no_goods: bool = False
    furnished: bool = False
    unit: Unit = "one"
    parts: Certified = "no"
    certified_until: date | None = None  # last day
    certificates: tuple[str, ...] = ()  # that hold on the day
    proof_entered: bool = False  # certified by a conformity proof that a person entered
    needed_by: date | None = None
    proportion: Proportioned = "none"
    amount: int | None = None
    currency: str = "KRW"
    recent: int | None = None
    framework: Framework | None = None
    emergency: bool = False  # and already bought
    ground: int | None = None  # 1..5 of article 6
    sub_code: str | None = None
    statement: bool = False
    evidence: bool = False
    difference: bool = False  # why a possible alternative does not do: attribute, both values
    registry_version: int = 0
    definition: str = "national"
    definition_known: bool = True  # on the day: a local one says nothing of days before its text

    @property
    def green(self) -> Certified:
        """Whether what is bought is certified; a set only if each part is."""
        return self.parts if self.unit == "set" else self.certified

    @property
    def contracted(self) -> bool:
        """Whether it is contractor-supplied material of works or services; government-furnished counts as goods."""
        return self.kind != "goods" and not self.furnished
