"""What a person says a product is, checked against the registry before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc

from chorok.core import definitions
from chorok.core.errors import BadInputError
from chorok.site.reviews import selectors
from chorok.site.reviews.models import Outcome, Review

MOST_REASON = 2000


@dataclass(frozen=True)
class Verdict:
    """An outcome with what it rests on: a certificate, or a conformity proof with its first day and its document."""

    outcome: str
    reason: str
    item_group: str = ""
    certificate_no: str = ""
    basis: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    document: str = ""

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Verdict:
        """Return a row of a decisions file (`sources.decided`); what a proof rests on stands in its reason."""
        return cls(
            row["outcome"], row["reason"], row["item_group"] or "", row["certificate_no"] or "", row["basis"] or "",
            row["valid_from"], row["valid_until"], row["reason"] if row["valid_from"] else "",
        )  # fmt: skip

    @property
    def is_proof(self) -> bool:
        """True for a product that meets the criteria without a certificate (rules 1.5)."""
        return self.outcome == Outcome.GREEN and not self.certificate_no


def checked(said: Verdict) -> Verdict:
    """Return a verdict as it is kept, without what its outcome does not ask for. Raises BadInputError."""
    if said.outcome not in Outcome.values:
        raise BadInputError("review_outcome", outcome=said.outcome)
    if not said.reason.strip():
        raise BadInputError("review_reason")
    kept = Verdict(said.outcome, said.reason.strip()[:MOST_REASON])
    if said.outcome in (Outcome.OUT_OF_SCOPE, Outcome.PUT_BACK):
        return kept
    group = said.item_group or _group_of(said.certificate_no)
    if not group or not pc.any(pc.equal(selectors.registry().item_groups()["code"], group)).as_py():
        raise BadInputError("review_item_group", item=group)
    if said.outcome == Outcome.NOT_GREEN:
        return Verdict(kept.outcome, kept.reason, group)
    if said.certificate_no:
        _must_be_certificate(said.certificate_no)
        return Verdict(kept.outcome, kept.reason, group, said.certificate_no)
    _must_be_proof(said)
    return Verdict(
        kept.outcome, kept.reason, group, "", said.basis, said.valid_from, said.valid_until, said.document.strip()
    )


def _group_of(certificate_no: str) -> str:
    if not certificate_no:
        return ""
    certificates = selectors.registry().certificates()
    found = certificates.filter(pc.equal(certificates["certificate_no"], certificate_no))["item_group"].to_pylist()
    return next((group for group in found if group), "")


def _must_be_certificate(number: str) -> None:
    if not pc.any(pc.equal(selectors.registry().certificates()["certificate_no"], number)).as_py():
        raise BadInputError("review_certificate", certificate=number)


def _must_be_proof(said: Verdict) -> None:
    if said.valid_from is None or not said.document.strip():
        raise BadInputError("review_proof")
    if said.valid_until is not None and said.valid_until < said.valid_from:
        raise BadInputError("review_proof_days", since=said.valid_from, until=said.valid_until)
    if said.basis and said.basis not in bases():
        raise BadInputError("review_basis", basis=said.basis)


def bases() -> list[str]:
    """Return the bases on which a product can be green under any definition, in order."""
    return sorted({basis for name in definitions.names() for basis in definitions.load(name).basis_names()})


def of_review(one: Review) -> Verdict:
    """Return what a review says."""
    return Verdict(
        one.outcome, one.reason, one.item_group, one.certificate_no, one.basis, one.valid_from, one.valid_until,
        one.document,
    )  # fmt: skip
