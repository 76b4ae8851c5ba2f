"""How organisations, and what figures rest on, are said on these pages."""

from __future__ import annotations

from chorok import wording
from chorok.ledger.figures import Answer
from chorok.ledger.naming import full_name
from chorok.ledger.shares import Shares
from chorok.site.config import ledger as site
from chorok.site.config.language import current, say
from chorok.site.config.written import moment, unit_of


def named(code: str) -> str:
    """Return the name of an organisation, with its city in front."""
    return full_name(site.published().tree, site.names(), code)


def grounds(found: Shares | Answer, scope: str = "") -> str:
    """Return what figures rest on: definition, basis, snapshot, registry, currency."""
    answer = found.answer if isinstance(found, Shares) else found
    assert answer is not None
    question = answer.question
    return say(
        "share.basis",
        snapshot=answer.snapshot,
        published=moment(answer.published_at),
        definition=answer.definition.title_ko if current() == "ko" else answer.definition.title_en,
        basis=say(f"basis_of.{question.basis}"),
        scope=scope or (named(question.organisation) if question.organisation else say("site.goals.own_scope")),
        tree=say(f"tree.{question.tree}"),
        registry=answer.registry,
        currency=", ".join(sorted({unit_of(figure.currency) for figure in answer.figures})) or "–",
    )


def page_say(code: str, /, **params: object) -> str:
    """Return a sentence of the commands, or as pages word it (`site.<code>`) where they do so differently."""
    own = f"site.{code}"
    return say(own if wording.knows(own, current()) else code, **params)
