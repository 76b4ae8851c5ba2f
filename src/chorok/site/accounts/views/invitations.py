"""Inviting people, and coming in by an invitation."""

from __future__ import annotations

import logging
from functools import partial
from smtplib import SMTPException

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chorok.site.accounts import places, selectors, services
from chorok.site.accounts.forms import AcceptForm, InviteForm
from chorok.site.accounts.models import Invitation, User
from chorok.site.accounts.rights import AskingRequest, needs, public
from chorok.site.accounts.views.acting import done, fresh
from chorok.site.config.acting import attempted, filled
from chorok.site.config.language import say

log = logging.getLogger("chorok.site.accounts")
SENDING = "django.core.mail.backends.smtp.EmailBackend"
LINK = "invitation_link"


@needs("accounts.manage")
@require_http_methods(["GET", "POST"])
@fresh
def invitations(request: AskingRequest) -> HttpResponse:
    """List the open invitations, and invite."""
    form = InviteForm(request.actor, request.POST or None)
    if request.method == "POST":
        made = filled(form, partial(services.invite, request.actor))
        if made:
            _send(request, *made[0])
            return redirect("accounts:invitations")
    rows = [(one, places.shown(request.actor, one)) for one in selectors.invitations(request.actor)]
    link = request.session.pop(LINK, None) if request.method == "GET" else None
    context = {"form": form, "rows": rows, "link": link}
    return render(request, "accounts/invitations.html", context, status=422 if form.errors else 200)


@needs("accounts.manage")
@require_POST
@fresh
def resend(request: AskingRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    offer = selectors.invitation(request.actor, pk)
    again = attempted(request, partial(services.resend, request.actor, invitation=offer))
    if again:
        _send(request, offer, *again)
    return redirect("accounts:invitations")


@needs("accounts.manage")
@require_POST
def revoke(request: AskingRequest, pk: int) -> HttpResponse:
    """Take an invitation back; to invite again undoes it."""
    offer = selectors.invitation(request.actor, pk)
    if attempted(request, partial(services.revoke, request.actor, invitation=offer)):
        done(request, "invitation_revoked", email=offer.email)
    return redirect("accounts:invitations")


@public
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@require_http_methods(["GET", "POST"])
def accept(request: AskingRequest, token: str) -> HttpResponse:
    """Take up an invitation: a new person gives a name and a password, a known one signs in first."""
    offer = services.invited(token)
    if offer is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    known = User.objects.filter(email__iexact=offer.email).first()
    if known is not None:
        return _accept_as(request, offer, token, known)
    form = AcceptForm(offer.email, request.POST or None)
    taken = filled(form, partial(_come_in, token))
    if taken:
        (user,) = taken
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_authentication(request, user, "password")
        done(request, "welcome", name=user.name)
        return redirect("home")
    return _accepting(request, offer, form=form)


def _come_in(token: str, *, name: str, new_password: str, **_: object) -> User:
    return services.accept(raw=token, name=name, password=new_password)


def _accept_as(request: AskingRequest, offer: Invitation, token: str, known: User) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if request.user.pk != known.pk:
        return _accepting(request, offer, stranger=True)
    if request.method == "POST":
        if attempted(request, partial(services.accept, raw=token, user=known)):
            done(request, "role_taken")
        return redirect("home")
    return _accepting(request, offer)


def _accepting(request: AskingRequest, offer: Invitation, **more: object) -> HttpResponse:
    context = {"offer": offer, "place": places.shown(request.actor, offer), **more}
    return render(request, "accounts/accept.html", context)


def _send(request: HttpRequest, offer: Invitation, raw: str) -> None:
    """Send the link by mail; where no mail server is set up, or it refuses, show it once to whoever invites."""
    link = request.build_absolute_uri(reverse("accounts:accept", args=[raw]))
    body = say("site.accounts.mail.invitation", link=link)
    try:
        send_mail(say("site.accounts.mail.invitation_subject"), body, None, [offer.email])
    except (OSError, SMTPException):
        log.exception("invitation %s could not be sent", offer.pk)
        messages.warning(request, say("site.accounts.not_sent", email=offer.email))
        request.session[LINK] = link
        return
    done(request, "invited", email=offer.email)
    if settings.EMAIL_BACKEND != SENDING:
        request.session[LINK] = link
