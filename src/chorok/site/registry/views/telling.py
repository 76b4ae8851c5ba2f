"""What a page says when something is refused."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from chorok.core.errors import ChorokError
from chorok.site.config.language import say_error


def refused(request: HttpRequest, error: ChorokError, route: str, *given: object) -> HttpResponseRedirect:
    """Say why, and go back."""
    messages.error(request, say_error(error))
    return HttpResponseRedirect(reverse(route, args=given))
