"""`tell`: a note to people, on the site and by mail where the office has set it up."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mass_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chorok import wording
from chorok.core.organisations import Tree
from chorok.site.accounts.models import Membership, User
from chorok.site.accounts.rights import Actor
from chorok.site.accounts.roles import GRANTS
from chorok.site.notices.models import Notice
from chorok.site.notices.selectors import sentence

log = logging.getLogger(__name__)
NO_MAIL = "django.core.mail.backends.console.EmailBackend"
"""The backend that stands for 'mail is not set up'."""


def tell(code: str, *, to: Iterable[int], url: str, organisation: str = "", **params: str | int) -> list[Notice]:
    """Tell people something: `code` is a sentence of the catalogue, `params` and `organisation` fill its blanks.

    `url` is a path of the site. Call it in the transaction of what it tells of, so that nobody hears of what was
    rolled back. `to`: ids of people; `holders` finds them.
    """
    notices = [
        Notice(user_id=user_id, code=code, organisation=organisation, params=params, url=url) for user_id in set(to)
    ]
    made = Notice.objects.bulk_create(notices)
    if made and settings.EMAIL_BACKEND != NO_MAIL:
        transaction.on_commit(lambda: _mail(made))
    return made


def holders(right: str, places: Iterable[str], on: date, tree: Tree, *, but: Iterable[int] = ()) -> set[int]:
    """Return the ids of people who have a right by a role at one of the places themselves, or failing that above."""
    for place in places:
        for at in (place, *tree.ancestors(place, on)):
            if found := _at(right, at, on) - set(but):
                return found
    return set()


def _at(right: str, organisation: str, on: date) -> set[int]:
    valid = Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gt=on))
    found = Membership.objects.filter(valid, role__in=GRANTS[right], organisation=organisation, user__is_active=True)
    return set(found.values_list("user_id", flat=True))


def _mail(notices: list[Notice]) -> None:
    """Send each note in both languages, since nobody's language is known here. A mail that fails is logged."""
    addresses = dict(User.objects.filter(pk__in=[one.user_id for one in notices]).values_list("pk", "email"))
    mails = []
    for one in notices:
        said = [sentence(one, language) for language in wording.LANGUAGES]
        body = "\n\n".join([*said, urljoin(settings.SITE_URL, one.url) if settings.SITE_URL else one.url])
        mails.append((said[0], body, settings.DEFAULT_FROM_EMAIL, [addresses[one.user_id]]))
    try:
        send_mass_mail(mails)
    except OSError:  # smtplib's errors are of this kind
        log.exception("%d notices could not be mailed; they wait on the site", len(mails))


def mark_seen(actor: Actor, notice: Notice | None = None) -> int:
    """Mark one of the actor's own notes as read, or all of them; return how many were not yet."""
    waiting = Notice.objects.filter(user_id=actor.user_id or 0, seen_at=None)
    if notice is not None:
        waiting = waiting.filter(pk=notice.pk)
    return waiting.update(seen_at=timezone.now())
