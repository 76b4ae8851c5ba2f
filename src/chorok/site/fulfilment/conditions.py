"""The contract condition for what a request buys green."""

from __future__ import annotations

from chorok.publications.screening_documents import Basis, Clause, Heading, Material
from chorok.publications.screening_files import clause_texts
from chorok.site.config import ledger as site
from chorok.site.config.language import current
from chorok.site.screening import adoptions
from chorok.site.screening.models import Request

PROVED = ("pass_green", "contract_clause")
"""Outcomes of lines whose certificate is to be shown at the delivery."""


def clause(request: Request) -> Clause | None:
    """Return the condition as a document; None where nothing is bought green, or nothing is published."""
    named = [line for line in request.lines.all() if line.outcome in PROVED]
    if not named or not site.is_published():
        return None
    rule, day, names = adoptions.of_request(request), request.screened_on, site.names()
    definition = site.published().definition(rule.definition)
    bases = tuple(basis for basis in definition.basis_names() if definition.counts(basis, day))
    materials = tuple(
        Material(
            line.description or line.product_id,
            names.show("item", line.item_group or None) or "",
            bases,
            line.quantity,
            line.unit,
            line.furnished,
        )
        for line in named
    )
    language = current()
    heading = Heading(
        request.title,
        names.show("organisation", request.organisation) or request.organisation,
        request.number,
        request.department,
        kind=request.kind,  # type: ignore[arg-type]
        e_approval=request.document_no,
    )
    basis = Basis(
        getattr(rule.policy, f"title_{language}"),
        request.policy_version,
        getattr(definition, f"title_{language}"),
        request.definition,
        request.registry,
        None,
        day,
        bool(site.ledger().synthetic),
    )
    return Clause(heading, basis, materials, rule.policy.note_below, rule.policy.currency)


def condition(request: Request) -> tuple[str, ...]:
    """Return the sentences of the condition in the language of the page; empty for nothing."""
    found = clause(request)
    return clause_texts(found, current())[0] if found else ()
