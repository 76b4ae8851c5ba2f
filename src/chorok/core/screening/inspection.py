"""The certificate number that comes with a delivery, checked against the registry (rules 1.5). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from chorok.core.matching.judgement import Certificate, Judge, Span, spans

Finding = Literal["valid", "expired", "not_yet", "revoked", "not_certain", "not_counted", "other_product", "unknown"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)
"""Worded `certificate_finding.<finding>`; only `valid` passes."""


@dataclass(frozen=True)
class Listed:
    """A row of the registry with the number. `detail_code` is its 10-digit detailed item; '' where not known."""

    certificate: Certificate
    product_id: str = ""
    detail_code: str = ""
    name: str = ""


@dataclass(frozen=True)
class Delivered:
    """What was delivered, as far as it is known: by identification number, else item group, else detailed item."""

    on: date
    product_id: str = ""
    item_group: str = ""
    detail_code: str = ""


@dataclass(frozen=True)
class Checked:
    """What the registry says of a number. `of`: the row it rests on; None where there is none."""

    finding: Finding
    of: Listed | None = None

    @property
    def passed(self) -> bool:
        """Whether the delivery is proved."""
        return self.finding == "valid"


def check(judge: Judge, rows: Sequence[Listed], delivered: Delivered) -> Checked:
    """Return what the rows with a certificate's number say of a delivery on its day.

    A row of the product delivered, or of its item group where no identification number is known, decides; of several
    the one that says most for it.
    """
    if not rows:
        return Checked("unknown")
    fitting = [row for row in rows if _fits(row, delivered)]
    if not fitting:
        return Checked("other_product", rows[0])
    return min((Checked(_on(judge, row, delivered.on), row) for row in fitting), key=lambda one: _ORDER[one.finding])


_ORDER: dict[Finding, int] = {finding: number for number, finding in enumerate(FINDINGS)}


def _fits(row: Listed, delivered: Delivered) -> bool:
    if delivered.product_id and row.product_id:
        return row.product_id == delivered.product_id
    if delivered.item_group and row.certificate.item_group:
        return row.certificate.item_group == delivered.item_group
    return bool(delivered.detail_code) and row.detail_code == delivered.detail_code


def _on(judge: Judge, row: Listed, day: date) -> Finding:
    found = spans([row.certificate], None)
    counted = {
        one for one in found for basis, since, until in judge.periods if basis == one.basis and since <= day < until
    }
    if not counted:
        return "not_counted"
    if any(one.certain and _covers(one, day) for one in counted):
        return "valid"
    one = row.certificate
    if one.revoked_on is not None and one.revoked_on <= day:
        return "revoked"
    if any(_covers(one, day) for one in counted):
        return "not_certain"
    return "not_yet" if one.valid_from is not None and day < one.valid_from else "expired"


def _covers(one: Span, day: date) -> bool:
    return one.valid_from <= day < one.valid_until
