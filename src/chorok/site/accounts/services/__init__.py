"""The verbs on people: each checks first who asks, then changes in one transaction and leaves one event."""

from __future__ import annotations

from chorok.site.accounts.services.delegations import give_delegation, revoke_delegation
from chorok.site.accounts.services.invitations import accept, first_administrator, invite, invited, resend, revoke
from chorok.site.accounts.services.memberships import end_membership, grant, restore_membership
from chorok.site.accounts.services.people import (
    change_profile,
    deactivate,
    erase,
    keep_language,
    note_reading,
    reactivate,
    reset_second_factor,
)
from chorok.site.accounts.services.tokens import actor_of_token, make_token, revoke_token

__all__ = [
    "accept",
    "actor_of_token",
    "change_profile",
    "deactivate",
    "end_membership",
    "erase",
    "first_administrator",
    "give_delegation",
    "grant",
    "invite",
    "invited",
    "keep_language",
    "make_token",
    "note_reading",
    "reactivate",
    "resend",
    "reset_second_factor",
    "restore_membership",
    "revoke",
    "revoke_delegation",
    "revoke_token",
]
