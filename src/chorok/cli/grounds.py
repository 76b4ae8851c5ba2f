"""What every figure names: snapshot, definition, basis, scope, registry, currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from chorok.cli.speech import language, note, say, tell
from chorok.core.money import written
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
    note_no_groups(answer)


def note_no_groups(answer: Answer) -> None:
    """Say when no purchase has an item group, so that there is no share at all, and what to do about it."""
    if any(one.amounts.share(answer.question.basis).denominator for one in answer.figures):
        return
    unknown: dict[str, int] = defaultdict(int)
    for one in answer.figures:
        unknown[one.currency] += one.amounts.unknown
    if any(unknown.values()):
        amounts = ", ".join(f"{written(amount, currency)} {currency}" for currency, amount in sorted(unknown.items()))
        note("grounds.no_groups", amount=amounts)


def tell_in(currency: str | None, code: str, /, *, aside: bool = False, **params: object) -> None:
    """Print a sentence, with the currency that it is about in front where there are several (None: there are not).

    `aside`: as a remark beside the result.
    """
    speak = note if aside else tell
    if currency is None:
        speak(code, **params)
    else:
        speak("grounds.in_currency", which=currency, text=say(code, **params))
