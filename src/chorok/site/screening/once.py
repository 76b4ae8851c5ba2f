"""A form that is sent twice is carried out once: whoever sends it again is led to where the first one led."""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

UNDER_WAY = 60
"""Seconds that the second waits for the first."""
KNOWN = 12 * 60 * 60
"""Seconds, as long as a session: a page that was left and is come back to sends the same."""

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Carry out once what a page sends; each showing of it has a token of its own, which tells equal forms apart."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or "csrfmiddlewaretoken" not in request.POST:
            return view(request, *args, **kwargs)
        key = _key(request)
        if not cache.add(key, "", UNDER_WAY) and (led := _led(key)):
            return redirect(led)
        try:
            answer = view(request, *args, **kwargs)
        except BaseException:
            cache.delete(key)
            raise
        if isinstance(answer, HttpResponseRedirect):
            cache.set(key, answer.url, KNOWN)
        else:
            cache.delete(key)
        return answer

    return guarded


def _led(key: str) -> str | None:
    """Return where the first one led, when it is done; None where it came to nothing."""
    until = time.monotonic() + UNDER_WAY
    while (found := cache.get(key)) == "" and time.monotonic() < until:
        time.sleep(0.1)
    return found or None


def _key(request: HttpRequest) -> str:
    found = hashlib.sha256(f"{request.user.pk} {request.get_full_path()}".encode())
    for name, values in request.POST.lists():
        found.update(repr((name, values)).encode())
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            found.update(f"{name} {file.name}".encode())
            for block in file.chunks():
                found.update(block)
            file.seek(0)
    return f"once:{found.hexdigest()}"
