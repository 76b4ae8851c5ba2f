"""Saying that nothing more of a line is bought, with a reason, and taking it back."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.acting import attempted, filled
from chorok.site.config.forms import Worded
from chorok.site.config.language import say
from chorok.site.fulfilment import matching
from chorok.site.fulfilment.parts import left_of
from chorok.site.screening import selectors as requests
from chorok.site.screening.models import Line


class SettleForm(Worded):
    """Why nothing more is bought."""

    room = "site.fulfilment"
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


@needs(matching.DECIDE)
@require_http_methods(["GET", "POST"])
def settle(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Ask why, and say that nothing more of a line is bought."""
    line = _line(request, pk, number)
    form = SettleForm(request.POST or None)
    if filled(form, partial(matching.settle, request.actor, pk=pk, number=number)):
        messages.success(request, say("site.fulfilment.settle.done", line=number))
        return redirect("fulfilment:request", pk)
    context = {"form": form, "line": line, "left": left_of(line)}
    return render(request, "fulfilment/settle.html", context, status=400 if form.errors else 200)


@needs(matching.DECIDE)
@require_POST
def unsettle(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Take it back."""
    _line(request, pk, number)
    if attempted(request, partial(matching.unsettle, request.actor, pk=pk, number=number)):
        messages.success(request, say("site.fulfilment.settle.undone", line=number))
    return redirect("fulfilment:request", pk)


def _line(request: AskingRequest, pk: int, number: int) -> Line:
    one = requests.request(request.actor, pk)
    line = next((line for line in one.lines.all() if line.number == number), None)
    if line is None or not request.actor.may(matching.DECIDE, one.organisation):
        raise Http404
    return line
