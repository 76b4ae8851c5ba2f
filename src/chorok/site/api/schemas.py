"""What answers are made of everywhere: exact shares with their bounds, sums, what a figure rests on, pages of lists."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import BaseModel

from chorok.core.measures.share import Amounts
from chorok.core.money import Share, percent, round_half_away
from chorok.ledger.figures import Answer

Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """A page of a list; `total` counts all of them."""

    total: int
    page: int
    size: int
    items: list[Item]


class RatioOut(Schema):
    """An exact ratio of one; `percent` is rounded once, half away from zero, to two decimals."""

    numerator: int
    denominator: int
    percent: str

    @classmethod
    def of(cls, value: Fraction | None) -> RatioOut | None:
        """Return a ratio of one; None where it is not defined."""
        return None if value is None else cls._made(value.numerator, value.denominator)

    @classmethod
    def parts(cls, part: int, whole: int) -> RatioOut | None:
        """Return a ratio with the amounts it is made of; None where the whole is not positive."""
        return cls._made(part, whole) if whole > 0 else None

    @classmethod
    def hundredth(cls, value: Fraction | None) -> RatioOut | None:
        """Return what is given in percent as a ratio of one."""
        return cls.of(None if value is None else value / 100)

    @classmethod
    def _made(cls, part: int, whole: int) -> RatioOut:
        return cls(numerator=part, denominator=whole, percent=str(percent(Fraction(part, whole))))


class PointsOut(Schema):
    """An exact difference of shares; `points` in %p with its sign, rounded once."""

    numerator: int
    denominator: int
    points: str

    @classmethod
    def of(cls, value: Fraction | None) -> PointsOut | None:
        """Return a difference of ratios of one."""
        if value is None:
            return None
        shown = f"{round_half_away(value * 100, 2):+}"
        return cls(numerator=value.numerator, denominator=value.denominator, points=shown)


class ShareOut(Schema):
    """A green share: `value` green / eligible; `low` and `high` if nothing, or all, of what is open turns out green."""

    value: RatioOut | None
    low: RatioOut | None
    high: RatioOut | None

    @classmethod
    def of(cls, share: Share) -> ShareOut:
        """Return a share with the amounts it is made of."""
        whole, open_ = share.denominator, share.undetermined + share.unknown
        return cls(
            value=RatioOut.parts(share.green, whole),
            low=RatioOut.parts(share.green, whole + share.unknown),
            high=RatioOut.parts(share.green + open_, whole + share.unknown),
        )


class SumsOut(Schema):
    """Sums in smallest units of the currency; `eligible` is the denominator on the basis, `unknown` stands beside."""

    lines: int
    amount: int
    eligible: int
    green: int
    not_green: int
    undetermined: int
    unknown: int
    not_eligible: int
    not_known: int

    @classmethod
    def of(cls, amounts: Amounts, basis: str) -> SumsOut:
        """Return sums on a basis."""
        share = amounts.share(basis)
        return cls(
            lines=amounts.lines,
            amount=amounts.amount,
            eligible=share.denominator,
            green=share.green,
            not_green=share.not_green,
            undetermined=share.undetermined,
            unknown=share.unknown,
            not_eligible=amounts.not_eligible,
            not_known=amounts.not_known,
        )


class GroundsOut(Schema):
    """What every figure rests on."""

    definition: str
    definition_hash: str
    basis: str
    organisation: str | None
    period: str | None
    snapshot: int
    as_of: str
    registry: int

    @classmethod
    def of(cls, answer: Answer, organisation: str | None, period: str | None) -> GroundsOut:
        """Return what an answer of the ledger rests on."""
        return cls(
            definition=answer.definition.id,
            definition_hash=answer.definition.hash(),
            basis=answer.question.basis,
            organisation=organisation,
            period=period,
            snapshot=answer.snapshot,
            as_of=answer.published_at,
            registry=answer.registry,
        )


class CodedOut(BaseModel):
    """Something that is said by a stable code, with its sentence in the caller's language."""

    code: str
    message: str
    params: dict[str, Any]
