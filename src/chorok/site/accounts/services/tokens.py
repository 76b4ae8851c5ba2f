"""Keys with which programs act for a person: made by the person, shown once, kept as a hash, never for ever."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from chorok.core.errors import BadInputError
from chorok.site.accounts.models import ApiToken
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.accounts.roles import GRANTS
from chorok.site.audit.services import record
from chorok.site.config import ledger

PREFIX = "chorok_"
SHOWN = 12
"""Letters of a token that stay visible: the prefix and five more of its forty-three."""

LONGEST = 365  # days
NEVER = frozenset({"tokens.own", "delegations.give", "accounts.manage"})
"""Rights that no token carries: a stolen one must not be able to make others or let people in."""

USED_EVERY = timedelta(minutes=1)


def may_carry(actor: Actor) -> list[str]:
    """Return the rights that a token of this person may carry."""
    return [right for right in GRANTS if right not in NEVER and actor.may(right)]


def make_token(actor: Actor, *, name: str, scopes: Iterable[str], days: int) -> tuple[ApiToken, str]:
    """Make a token that carries some of the person's rights for some days; return it and its text, shown once.

    Raises Http404 without the right, BadInputError for no name, no or foreign rights, and a time out of 1-365 days.
    """
    if not actor.may("tokens.own"):
        raise Http404
    wished = list(dict.fromkeys(scopes))
    if not name.strip():
        raise BadInputError("name_missing")
    if not wished or not set(wished) <= set(may_carry(actor)):
        raise BadInputError("scopes_bad")
    if not 1 <= days <= LONGEST:
        raise BadInputError("token_days", longest=LONGEST)
    raw = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        made = ApiToken.objects.create(
            user_id=actor.person,
            name=name.strip(),
            prefix=raw[:SHOWN],
            token_hash=_hash(raw),
            scopes=wished,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record(actor, "accounts.token_made", subject=("token", made.pk), scopes=wished, expires_at=str(made.expires_at))
    return made, raw


def revoke_token(actor: Actor, *, token: ApiToken) -> None:
    """End a token at once. Raises Http404 for another's."""
    if token.user_id != actor.user_id or not actor.may("tokens.own"):
        raise Http404
    if token.revoked_at:
        return
    with transaction.atomic():
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "accounts.token_revoked", subject=("token", token.pk))


def actor_of_token(raw: str) -> Actor | None:
    """Return whom a token acts for, with the rights it carries and no others; None when it does not hold."""
    now = timezone.now()
    token = ApiToken.objects.filter(
        token_hash=_hash(raw), revoked_at=None, expires_at__gt=now, user__is_active=True
    ).first()
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    carried = frozenset(token.scopes) - NEVER
    return actor_of(token.user_id, ledger.ledger().today, ledger.tree(), via="token", scopes=carried)


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
