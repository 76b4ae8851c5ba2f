"""Structured logs: one JSON object a line on standard error, and one line a request. They name people by id only."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("chorok.requests")

SECRETS = frozenset({"token", "key"})
"""Parts of a route whose value is a secret."""

QUIET = ("/health/", "/static/")
"""Paths whose successful requests are not worth a line."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, so that no value can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "from": record.name}
        said |= getattr(record, "facts", {}) or {"message": record.getMessage()}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class RequestLog:
    """Logs every request: what was asked, what was answered, how long it took, who asked."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say so."""
        began = time.perf_counter()
        response = self.answer(request)
        if response.status_code >= 400 or not request.path.startswith(QUIET):
            facts = {
                "method": request.method,
                "path": _path(request),
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
                "user": _user(request),
            }
            level = logging.ERROR if response.status_code >= 500 else logging.INFO
            log.log(level, "%(method)s %(path)s %(status)s", facts, extra={"facts": facts})
        return response


def _path(request: HttpRequest) -> str:
    """Return the path without the secrets that links in mails carry: who reads logs must not be able to use them."""
    given = request.resolver_match.kwargs if request.resolver_match else {}
    path = request.path
    for name in SECRETS & given.keys():
        path = path.replace(str(given[name]), "***")
    return path


def _user(request: HttpRequest) -> int | None:
    user = getattr(request, "_cached_user", None)  # who was looked up already: a log asks the database nothing
    return user.pk if user is not None else None


def settings(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: `form` is json or text."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "chorok.site.config.logs.JsonLines"},
            "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"level": level, "propagate": True, "handlers": []},
            "django.server": {"level": "WARNING", "propagate": True, "handlers": []},
            # Every refusal is in the line of its request already.
            "django.request": {"level": "ERROR", "propagate": True, "handlers": []},
        },
    }
