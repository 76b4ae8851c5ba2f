"""The language of a request: the one a person chose, else the browser's. All sentences come from `chorok.wording`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from chorok import wording
from chorok.core.errors import ChorokError
from chorok.wording import Language

COOKIE = "language"
COOKIE_AGE = 365 * 24 * 60 * 60


def current() -> Language:
    """Return the language of the request that is being answered."""
    return "en" if (translation.get_language() or "ko").startswith("en") else "ko"


def say(code: str, /, **params: object) -> str:
    """Return the sentence of a code in the request's language."""
    return wording.say(code, current(), **params)


def say_error(error: ChorokError) -> str:
    """Return the sentence of an error in the request's language.

    Where the mending differs on a page from that on the command line, it is worded as `site.error.<code>`.
    """
    code = f"site.error.{error.code}"
    return say(code, **error.params) if wording.knows(code, current()) else wording.say_error(error, current())


def wished(request: HttpRequest) -> Language:
    """Return the language a request asks for: its cookie, else the first that its browser prefers and we speak."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen in wording.LANGUAGES:
        return chosen
    return "en" if translation.get_language_from_request(request).startswith("en") else "ko"


def keep(request: HttpRequest, response: HttpResponse, chosen: str) -> None:
    """Keep a chosen language in the browser for a year; one that is not spoken here is passed over."""
    if chosen in wording.LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure())


class LanguageMiddleware:
    """Speaks the wished language while a request is answered."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the wished language."""
        spoken = wished(request)
        with translation.override(spoken):
            request.LANGUAGE_CODE = spoken
            response = self.answer(request)
        response.headers.setdefault("Content-Language", spoken)
        return response
