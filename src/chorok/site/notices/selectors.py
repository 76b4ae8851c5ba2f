"""What a person was told, and how much of it waits."""

from __future__ import annotations

from django.db.models import QuerySet

from chorok import wording
from chorok.ledger.naming import Names, full_name
from chorok.site.accounts.rights import Actor
from chorok.site.config import ledger
from chorok.site.notices.models import Notice
from chorok.wording import Language


def own(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's notes, the newest first."""
    return Notice.objects.filter(user_id=actor.user_id or 0)


def waiting(user_id: int) -> int:
    """Return how many notes a person has not read."""
    return Notice.objects.filter(user_id=user_id, seen_at=None).count()


def sentence(notice: Notice, language: Language) -> str:
    """Return what a note says in a language, with the organisation's name of today."""
    return wording.say(notice.code, language, **{"organisation": _name(notice.organisation, language), **notice.params})


def _name(code: str, language: Language) -> str:
    if not code or not ledger.is_published():
        return code
    published = ledger.published()
    return full_name(published.tree, Names.of(published.registry, language), code)
