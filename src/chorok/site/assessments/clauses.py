"""The clause for design and purchase guidelines: what of a project's materials must be green, as a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from chorok.core import definitions
from chorok.core.definitions import Definition
from chorok.core.screening import policy as policies
from chorok.core.screening.policy import Policy
from chorok.ledger.naming import Names
from chorok.publications.screening_documents import Basis, Clause, Heading, Kind
from chorok.publications.screening_documents import Material as Named
from chorok.site.assessments.models import Material, Project, Run
from chorok.site.config import ledger as site
from chorok.site.screening import adoptions
from chorok.wording import Language


def definition_of(run: Run) -> Definition:
    """Return the definition that a run was screened under, as it is now."""
    name = run.definition.partition("@")[0]
    return site.published().definition(name) if site.is_published() else definitions.load(name)


def policy_of(run: Run) -> Policy:
    """Return the policy that a run was screened under."""
    return adoptions.of(run.adoption).policy if run.adoption else policies.preset(adoptions.UNADOPTED)


def _names(language: Language) -> Names:
    return Names.of(site.published().registry, language) if site.is_published() else Names({})


def clause(project: Project, run: Run, materials: Iterable[Material], language: Language) -> Clause:
    """Return the clause for the materials for which a green product is owed, in one language."""
    policy, definition, names = policy_of(run), definition_of(run), _names(language)
    bases = tuple(name for name in definition.basis_names() if definition.known_on(run.on))
    counted = tuple(name for name in bases if definition.counts(name, run.on))
    named = tuple(
        Named(
            one.description or one.words,
            names.show("item", one.item_group) or "",
            counted,
            one.quantity,
            one.unit,
            one.furnished,
        )
        for one in materials
        if one.obligation == "owed"
    )
    heading = Heading(
        project.name,
        names.show("organisation", project.organisation) or project.organisation,
        number=project.reference,
        department=project.department,
        kind=cast("Kind", project.kind),
    )
    basis = Basis(
        getattr(policy, f"title_{language}"),
        run.policy_version,
        getattr(definition, f"title_{language}"),
        run.definition,
        run.registry,
        run.registry_day,
        run.on,
        bool(site.ledger().synthetic),
    )
    return Clause(heading, basis, named, policy.note_below, policy.currency)
