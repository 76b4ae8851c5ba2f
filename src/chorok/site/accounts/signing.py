"""Sign-ins and what else happens to an account leave an event: told by signals, since allauth does them."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest

from chorok.site.accounts.models import User
from chorok.site.audit.models import Via
from chorok.site.audit.services import append


def _note(action: str, user: User | None, **facts: object) -> None:
    with transaction.atomic():
        pk = user.pk if user else None
        append(Via.PAGE, f"accounts.{action}", actor_id=pk, subject=("user", pk or ""), facts=facts)


def _signed_in(user: User, **_: Any) -> None:
    _note("signed_in", user)


def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _note("signed_out", user)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Note a refused sign-in. The address is not kept, only whose account it was: events hold ids."""
    address = credentials.get("email") or credentials.get("username") or ""
    known = User.objects.filter(email__iexact=address).first()
    with transaction.atomic():
        append(Via.PAGE, "accounts.sign_in_failed", subject=("user", known.pk if known else ""), facts={})


def _password_changed(user: User, **_: Any) -> None:
    _note("password_changed", user)


def _password_reset(user: User, **_: Any) -> None:
    _note("password_reset", user)


def _second_factor_added(instance: Authenticator, created: bool, **_: Any) -> None:
    """Note a new second factor with the row itself: allauth tells of it only after the transaction."""
    if created:
        _note("second_factor_added", instance.user, kind=instance.type)


def _second_factor_removed(user: User, authenticator: Any, **_: Any) -> None:
    _note("second_factor_removed", user, kind=authenticator.type)


def _code_refused(user: User, **_: Any) -> None:
    with transaction.atomic():
        append(Via.PAGE, "accounts.code_refused", subject=("user", user.pk), facts={})


def listen() -> None:
    """Connect the events to what happens; once, when the app is ready."""
    auth.user_logged_in.connect(_signed_in, dispatch_uid="chorok")
    auth.user_logged_out.connect(_signed_out, dispatch_uid="chorok")
    auth.user_login_failed.connect(_failed, dispatch_uid="chorok")
    account.password_changed.connect(_password_changed, dispatch_uid="chorok")
    account.password_reset.connect(_password_reset, dispatch_uid="chorok")
    post_save.connect(_second_factor_added, Authenticator, dispatch_uid="chorok")
    mfa.authenticator_removed.connect(_second_factor_removed, dispatch_uid="chorok")
    mfa.authentication_failed.connect(_code_refused, dispatch_uid="chorok")
