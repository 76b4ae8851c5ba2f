"""People come in by invitation: a role offered to an address, taken up once with a link that ends after a week."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from chorok.core.errors import BadInputError, UsageError
from chorok.site.accounts.models import Invitation, Membership, User
from chorok.site.accounts.places import must_manage, settled
from chorok.site.accounts.rights import Actor, actor_of
from chorok.site.accounts.roles import Role
from chorok.site.accounts.services.memberships import must_be_dates, place
from chorok.site.audit.services import record
from chorok.site.config import ledger

LASTS = timedelta(days=7)


def invite(
    actor: Actor,
    *,
    email: str,
    role: str,
    organisation: str = "",
    supplier_no: str = "",
    valid_until: date | None = None,
) -> tuple[Invitation, str]:
    """Offer a role to an address; return the invitation and its token, which is not kept.

    An address that has an account already may be invited too: its owner takes the role up by signing in, and
    whoever invites does not learn of it. Raises Http404 out of reach, BadInputError when it is offered already.
    """
    kept, organisation, supplier_no = settled(actor, role, organisation, supplier_no)
    address = email.strip().lower()
    offer = Invitation(email=address, role=kept, organisation=organisation, supplier_no=supplier_no)
    offer.valid_until = valid_until
    must_manage(actor, offer)
    must_be_dates(actor.today, valid_until)
    if User.objects.filter(pk=actor.user_id or 0, email=address).exists():
        raise UsageError("own_roles")
    with transaction.atomic():
        same = Invitation.objects.filter(email=address, role=kept, organisation=organisation, supplier_no=supplier_no)
        if same.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()).exists():
            raise BadInputError("invited_already", email=address)
        same.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())  # it had run out
        offer.invited_by_id = actor.user_id
        raw = _renew(offer)
        _told(actor, offer, "accounts.invited")
    return offer, raw


def resend(actor: Actor, *, invitation: Invitation) -> str:
    """Return a new token for an open invitation; the old link ends, a new week begins."""
    _must_be_open(actor, invitation)
    with transaction.atomic():
        raw = _renew(invitation)
        _told(actor, invitation, "accounts.invited_again")
    return raw


def revoke(actor: Actor, *, invitation: Invitation) -> None:
    """Take an open invitation back."""
    _must_be_open(actor, invitation)
    with transaction.atomic():
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        _told(actor, invitation, "accounts.invitation_revoked")


def invited(raw: str) -> Invitation | None:
    """Return the open invitation of a token; None when it is unknown, used, taken back or has run out."""
    return Invitation.objects.filter(
        token_hash=_hash(raw), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()


def accept(*, raw: str, name: str = "", password: str = "", user: User | None = None) -> User:
    """Take an invitation up: as a new person with a name and password, or as the account that has the address.

    Raises BadInputError when the invitation does not hold (any more) or is for somebody else.
    """
    with transaction.atomic():
        offer = Invitation.objects.select_for_update().filter(token_hash=_hash(raw)).first()
        if offer is None or offer.accepted_at or offer.revoked_at or offer.expires_at <= timezone.now():
            raise BadInputError("invitation_gone")
        known = User.objects.filter(email__iexact=offer.email).first()
        if (user and user.email.lower() != offer.email.lower()) or (known and known != user):
            raise BadInputError("invitation_not_yours")
        taker = known or User.objects.create_user(offer.email, password, name=name.strip())
        offer.accepted_at = timezone.now()
        offer.save(update_fields=["accepted_at"])
        actor = actor_of(taker.pk, ledger.ledger().today, ledger.tree())
        _told(actor, offer, "accounts.invitation_accepted")
        place(actor, _membership(actor, taker, offer))
    return taker


def first_administrator(email: str, name: str, password: str | None = None, *, organisation: str | None = None) -> User:
    """Make the first person of an installation, or give one more administrator to it from the command line.

    Without an organisation: the one that has none above it. Without a password the person sets one by
    "forgotten password". Raises UsageError when there is no such one organisation.
    """
    tree, today = ledger.tree(), ledger.ledger().today
    tops = [code for code in tree.codes() if not tree.parents(code, today)]
    if organisation is None and len(tops) != 1:
        raise UsageError("top_not_clear", organisations=", ".join(tops) or "-")
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, password, name=name)
        actor = actor_of(None, today, tree, via="command")
        place(
            actor,
            Membership(
                user=user, role=Role.ADMINISTRATOR, organisation=organisation or tops[0], valid_from=actor.today
            ),
        )
    return user


def _membership(actor: Actor, taker: User, offer: Invitation) -> Membership:
    return Membership(
        user=taker,
        role=offer.role,
        organisation=offer.organisation,
        supplier_no=offer.supplier_no,
        valid_from=actor.today,
        valid_until=offer.valid_until,
    )


def _must_be_open(actor: Actor, invitation: Invitation) -> None:
    must_manage(actor, invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise BadInputError("invitation_gone")


def _renew(offer: Invitation) -> str:
    raw = secrets.token_urlsafe(32)
    offer.token_hash, offer.expires_at = _hash(raw), timezone.now() + LASTS
    offer.save()
    return raw


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()


def _told(actor: Actor, offer: Invitation, action: str) -> None:
    record(actor, action, subject=("invitation", offer.pk), organisation=offer.organisation, role=offer.role)
