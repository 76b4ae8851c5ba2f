"""Signing in, our way: by invitation only, with our words, in the person's language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import lazy

from chorok.site.accounts.rights import actor_of, requires_second_factor
from chorok.site.config import language, ledger

_said = lazy(language.say, str)
CODES = (
    "account_inactive",
    "email_password_mismatch",
    "enter_current_password",
    "incorrect_code",
    "incorrect_password",
    "invalid_password_reset",
    "too_many_login_attempts",
    "rate_limited",
    "cannot_delete_authenticator",
    "cannot_generate_recovery_codes",
)
_OURS = {code: _said(f"site.accounts.refused.{code}") for code in CODES}


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_OURS}  # noqa: RUF012

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that sign-up is closed."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Leave a subject as our catalogue says it."""
        return str(subject)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on in the language that the person once chose."""
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            language.keep(request, answer, user.language)
        return answer


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, with our words."""

    error_messages = {**DefaultMFAAdapter.error_messages, **_OURS}  # noqa: RUF012

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the second factor of whoever holds a role that requires one."""
        actor = actor_of(authenticator.user_id, ledger.ledger().today, ledger.tree())
        return not requires_second_factor(actor)
