"""The forms of signing in, with the words of our catalogue."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from chorok.site.accounts.forms import Worded


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    """Address and password."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one."""

    helped = ("password1",)


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """The address of a forgotten password."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password after a forgotten one."""

    helped = ("password1",)


class AuthenticateForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    """A code of the second factor, on the way in."""

    helped = ("code",)


class CodeAgainForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    """A code of the second factor, before an act."""

    helped = ("code",)


class ActivateForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new second factor."""
