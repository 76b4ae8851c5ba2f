"""What every figure names: snapshot, definition, basis, scope, registry, currency."""

from __future__ import annotations

from collections.abc import Collection

from chorok.cli.speech import language, say, tell
from chorok.ledger.figures import Answer


def tell_grounds(answer: Answer, currencies: Collection[str], scope: str | None = None) -> None:
    """Print what figures rest on. `scope` is named where they are of more than the question's one organisation."""
    question = answer.question
    title = answer.definition.title_ko if language() == "ko" else answer.definition.title_en
    tell(
        "share.basis",
        snapshot=answer.snapshot,
        published=answer.published_at,
        definition=title,
        basis=say(f"basis_of.{question.basis}"),
        scope=scope or question.organisation or say("word.all"),
        tree=say(f"tree.{question.tree}"),
        registry=answer.registry,
        currency=", ".join(sorted(currencies)) or "–",
    )
