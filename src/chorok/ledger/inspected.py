"""A certificate number read at a delivery, looked up in the registry that is held open for screening."""

from __future__ import annotations

from typing import Any

from chorok.core.matching.judgement import Certificate, Judge
from chorok.core.matching.text import normalise_certificate_no
from chorok.core.screening.inspection import Checked, Delivered, Listed, check
from chorok.ledger import listed


def look_up(certificates: listed.Listed, judge: Judge, number: str, delivered: Delivered) -> Checked:
    """Return what the registry says of a certificate number and a delivery (rules 1.5); '제 123호' is '123'."""
    rows = certificates.by_number.holding(normalise_certificate_no(number)).tolist()
    return check(judge, [_listed(row) for row in certificates.read(rows, NAMES)], delivered)


NAMES = (*Certificate._fields, "product_id", "detail_code", "product_name", "model")


def _listed(row: dict[str, Any]) -> Listed:
    certificate = Certificate(**{name: row[name] for name in Certificate._fields})
    name = row["product_name"] or row["model"] or ""
    return Listed(certificate, row["product_id"] or "", row["detail_code"] or "", name)
