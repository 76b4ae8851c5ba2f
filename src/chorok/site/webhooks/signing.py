"""The secret that a message is signed with, and the signature.

The secret is derived from the site's key and a random salt: who reads the database alone cannot sign.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from chorok.site.webhooks.models import Hook

BOTH = timedelta(hours=24)
"""So long a message is signed with the old secret too after a new one was made."""


def new_salt() -> str:
    """Return a salt for a new secret."""
    return secrets.token_hex(32)


def secret(salt: str) -> str:
    """Return the secret of a salt, as it is shown once."""
    made = salted_hmac("chorok.site.webhooks", salt, algorithm="sha256").digest()
    return "whsec_" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def signature(hook: Hook, body: str, now: datetime) -> str:
    """Return the header `Chorok-Signature` of a message that is sent at a time."""
    at = int(now.timestamp())
    old = [hook.old_salt] if hook.old_until and now < hook.old_until else []
    signed = [signed_with(secret(salt), at, body) for salt in (hook.salt, *old)]
    return ",".join([f"t={at}", *(f"v1={one}" for one in signed)])


def signed_with(secret_: str, at: int, body: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of the time, a dot and the body."""
    return hmac.new(secret_.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
