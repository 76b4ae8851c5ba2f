"""What is done to a person as a whole, and what a person changes about themselves."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from chorok import wording
from chorok.core.errors import BadInputError, UsageError
from chorok.site.accounts.models import ApiToken, Delegation, Invitation, Membership, User
from chorok.site.accounts.places import holds_elsewhere, managed
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.services.memberships import keep_an_administrator, must_be_another
from chorok.site.audit.services import record


def deactivate(actor: Actor, *, user: User) -> None:
    """Shut a person out at once; `reactivate` undoes it. Raises UsageError for oneself or the last administrator."""
    _must_command(actor, user)
    with transaction.atomic():
        keep_an_administrator(actor, Q(user=user))
        User.objects.filter(pk=user.pk).update(is_active=False)
        record(actor, "accounts.deactivated", subject=("user", user.pk))
    end_sessions(user)


def reactivate(actor: Actor, *, user: User) -> None:
    """Let a deactivated person in again, with the roles they still hold."""
    _must_command(actor, user)
    if user.erased_at:
        raise UsageError("person_erased")
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        record(actor, "accounts.reactivated", subject=("user", user.pk))


def erase(actor: Actor, *, user: User) -> None:
    """Take a person's name, address, password, keys and second factor away for good, and end their roles.

    The id stays, and with it what the audit says they did (rules section 5).
    """
    _must_command(actor, user)
    with transaction.atomic():
        keep_an_administrator(actor, Q(user=user))
        Invitation.objects.filter(email__iexact=user.email).delete()
        Membership.objects.filter(user=user, valid_from__gte=actor.today).delete()
        Membership.objects.filter(user=user).filter(Q(valid_until=None) | Q(valid_until__gt=actor.today)).update(
            valid_until=actor.today
        )
        Delegation.objects.filter(delegate=user, revoked_at=None).update(revoked_at=timezone.now())
        ApiToken.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        _blank(user)
        record(actor, "accounts.erased", subject=("user", user.pk))
    end_sessions(user)


def reset_second_factor(actor: Actor, *, user: User) -> None:
    """Take away a person's second factor: they lost the device and the recovery codes."""
    _must_command(actor, user)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        record(actor, "accounts.second_factor_reset", subject=("user", user.pk))
    end_sessions(user)


def change_profile(actor: Actor, *, name: str, language: str = "") -> None:
    """Change one's own name and language. Raises BadInputError for an empty name."""
    if not name.strip():
        raise BadInputError("name_missing")
    with transaction.atomic():
        chosen = language if language in wording.LANGUAGES else ""
        User.objects.filter(pk=actor.person).update(name=name.strip(), language=chosen)
        record(actor, "accounts.profile_changed", subject=("user", actor.user_id))


def note_reading(actor: Actor, *, user: User) -> None:
    """Record that an administrator read what is kept about a person (rules section 5)."""
    with transaction.atomic():
        record(actor, "accounts.person_read", subject=("user", user.pk))


def keep_language(user_id: int, chosen: str) -> None:
    """Keep the language that a person chose, for their next sign-in elsewhere: a wish, no change to be audited."""
    User.objects.filter(pk=user_id).exclude(language=chosen).update(language=chosen)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if str(session.get_decoded().get("_auth_user_id")) == str(user.pk):
            session.delete()


def _must_command(actor: Actor, user: User) -> None:
    """Raise unless the whole person is within the actor's reach: whoever works elsewhere too is not one's own alone."""
    if not Membership.objects.filter(managed(actor), user=user).exists():
        raise Http404
    must_be_another(actor, user.pk)
    if holds_elsewhere(actor, user):
        raise UsageError("roles_elsewhere")


def _blank(user: User) -> None:
    user.email, user.name, user.language = f"erased-{user.pk}@invalid", "", ""
    user.is_active, user.erased_at = False, timezone.now()
    user.set_unusable_password()
    user.save()
