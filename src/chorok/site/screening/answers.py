"""A screened line in words: the verdict, why, what to do, and the alternatives with all that is needed to buy them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from chorok import wording
from chorok.core.matching.text import certificate_nos
from chorok.core.money import written
from chorok.core.screening.decide import Said
from chorok.ledger.catalogue import state
from chorok.publications.screening_words import sentence
from chorok.site.accounts.rights import Actor
from chorok.site.config import language
from chorok.site.config.language import say
from chorok.site.registry import selectors as registry
from chorok.site.screening.models import Line

Kind = Literal["green", "passes", "alternatives", "possible", "none", "cannot_tell"]
_KINDS: Mapping[str, Kind] = {"pass_green": "green", "cannot_tell": "cannot_tell", "returned_to_split": "cannot_tell"}
_BY_RULE: Mapping[str, Kind] = {"D7": "possible", "D8": "alternatives", "D9": "none"}
TONES: Mapping[Kind, str] = {
    "green": "good", "passes": "good", "alternatives": "bad", "possible": "warn", "none": "warn", "cannot_tell": "warn",
}  # fmt: skip
ENDED = frozenset({"expired", "revoked", "not_yet"})
"""What a certificate says that does not hold today."""
SAYING = frozenset({"or_ground", "sub_code", "ground_5", "evidence", "statement", "difference"})
"""Needs that a person meets by writing."""


@dataclass(frozen=True)
class Alternative:
    """A green product that may be bought instead."""

    place: int  # among those kept with the line
    row: Mapping[str, Any]
    price: str
    near: bool
    seat: str

    @property
    def minimum(self) -> str:
        """The smallest order, where there is one."""
        least = self.row.get("minimum")
        return f"{Decimal(str(least)).normalize():,f}" if least is not None and Decimal(str(least)) > 0 else ""

    @property
    def key(self) -> str:
        """What it is told from the others by."""
        return key_of(self.row)

    @property
    def name(self) -> str:
        """What people call it."""
        named = (self.row.get(one) for one in ("product_name", "model", "product_id", "certificate_no"))
        return next((str(one) for one in named if one), "–")


@dataclass(frozen=True)
class Shown:
    """A line as pages show it."""

    line: Line
    kind: Kind
    tone: str
    reasons: Sequence[str]
    needs: Sequence[str]
    warnings: Sequence[str]
    alternatives: Sequence[Alternative]
    search: Mapping[str, Any] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """In a few words, what it is."""
        return say(f"site.screening.ask.kind.{self.kind}")

    @property
    def rest(self) -> int:
        """How many alternatives stand below the first three."""
        return len(self.alternatives) - 3

    @property
    def more(self) -> int:
        """How many alternatives there are beside those shown."""
        return max(int(self.search.get("candidates") or 0) - len(self.alternatives), 0)

    @property
    def lasting(self) -> date | None:
        """Until when its certificate holds, where it is green."""
        return self.line.certified_until if self.kind == "green" else None

    @property
    def wants_words(self) -> bool:
        """Tell whether a person owes a ground, a statement, evidence or a difference, or has given one."""
        given = (self.line.ground, self.line.statement, self.line.evidence, self.line.difference)
        return any(given) or any(one["code"] in SAYING for one in self.line.needs)


def key_of(row: Mapping[str, Any]) -> str:
    """Return what an alternative is told from others by."""
    return f"{row.get('product_id') or ''}/{row.get('certificate_no') or ''}/{row.get('model') or ''}"


def shown(actor: Actor, lines: Sequence[Line]) -> list[Shown]:
    """Return lines as pages show them, in the request's language."""
    known = registry.known()
    near = registry.homes(actor)
    return [_shown(actor, known, near, line) for line in lines]


def _shown(actor: Actor, known: registry.Known, near: frozenset[str], line: Line) -> Shown:
    kind = kind_of(line)
    return Shown(
        line,
        kind,
        TONES[kind],
        [told("screen_reason", one) for one in line.reasons],
        [told("screen_need", one) for one in line.needs],
        _doubts(actor, known, line),
        [_alternative(known, near, place, row) for place, row in enumerate(line.alternatives)],
        line.search or {},
    )


def kind_of(line: Line) -> Kind:
    """Return in which of six ways a line is answered."""
    if line.outcome in _KINDS:
        return _KINDS[line.outcome]
    return _BY_RULE.get(line.rule, "passes")


def told(family: str, one: Mapping[str, Any]) -> str:
    """Return a kept reason or need in words; what only an officer can do by command is said as a purchaser hears it."""
    own = f"site.screening.{family}.{one['code']}"
    if wording.knows(own, language.current()):
        return say(own)
    return sentence(family, Said(one["code"], one["params"]), say)


def _alternative(known: registry.Known, near: frozenset[str], place: int, row: Mapping[str, Any]) -> Alternative:
    currency = row.get("currency") or "KRW"
    price = "" if row.get("price") is None else f"{written(row['price'], currency)} {currency}"
    listed = known.catalogue.having("product", row["product_id"]) if row.get("product_id") else []
    seat = next((str(one["seat"]) for one in listed if one.get("seat")), "")
    return Alternative(place, row, price, bool(seat) and registry.lies_in(seat, near), seat)


def _doubts(actor: Actor, known: registry.Known, line: Line) -> list[str]:
    """Say of each certificate number that a line names what is wrong with it."""
    said = []
    for number in certificate_nos(f"{line.description} {line.specification}"):
        rows = known.catalogue.having("certificate", number)
        mine = [row for row in rows if not line.product_id or row["product_id"] in (None, line.product_id)]
        if not rows:
            said.append(say("site.screening.ask.doubt.unknown", number=number))
        elif not mine:
            other = " ".join(str(rows[0][name]) for name in ("product_name", "model", "product_id") if rows[0][name])
            said.append(say("site.screening.ask.doubt.other", number=number, other=other))
        elif all(state(dict(row), actor.today) in ENDED for row in mine):
            ends = max((row["valid_until"] for row in mine if row["valid_until"]), default=None)
            until = ends.isoformat() if ends else say("word.not_known")
            said.append(say("site.screening.ask.doubt.ended", number=number, until=until))
    return said
