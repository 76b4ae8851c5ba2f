"""Errors in one shape: a stable code, a sentence in the caller's language, the code's parameters, a reference."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from ninja.errors import HttpError, ValidationError

from chorok.core.errors import BadInputError, ChorokError, LedgerError, NeedsAnswerError, UsageError
from chorok.site.audit.services import record
from chorok.site.config.language import say, say_error

log = logging.getLogger(__name__)

CODES: dict[str, int] = {
    "parameter_unknown": 400,
    "parameter_twice": 400,
    "parameter_bad": 400,
    "json_bad": 400,
    "request_bad": 400,
    "key_bad": 400,
    "not_signed_in": 401,
    "token_bad": 401,
    "no_right": 403,
    "csrf": 403,
    "second_factor": 403,
    "not_found": 404,
    "method": 405,
    "too_large": 413,
    "length_missing": 411,
    "media_type": 415,
    "body_bad": 422,
    "key_reused": 422,
    "too_many": 429,
    "unexpected": 500,
}
"""The codes of this door with their status, worded as `site.api.error.<code>`; all others are those of the program."""

STATUS: dict[str, int] = {
    "upload_busy": 409,
    "upload_offset": 409,
    "upload_complete": 409,
    "upload_not_now": 409,
    "upload_questions_open": 409,
    "job_not_queued": 409,
    "import_not_there": 409,
    "upload_too_large": 413,
    "nothing_published": 409,
    "screening_state": 409,
    "screening_moved_on": 409,
    "screening_twice": 409,
    "screening_not_adopted": 409,
    "framework_known": 409,
}
"""Statuses of the program's own codes where the kind of the error does not say it."""


class RefusedError(Exception):
    """What this door refuses; `headers` go with the answer."""

    def __init__(self, code: str, /, headers: Mapping[str, str] | None = None, **params: Any) -> None:
        super().__init__(code, params)
        self.code, self.params, self.headers = code, params, dict(headers or {})


def answer(request: HttpRequest, error: Exception) -> JsonResponse:
    """Return the answer to any error."""
    refused = error if isinstance(error, (RefusedError, ChorokError)) else _refused(request, error)
    if isinstance(refused, ChorokError):
        return shaped(_status(refused), refused.code, say_error(refused), refused.params)
    said = say(f"site.api.error.{refused.code}", **_filled(refused.params))
    return shaped(CODES[refused.code], refused.code, said, refused.params, refused.headers)


def shaped(
    status: int, code: str, message: str, params: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """Return an error in its shape."""
    reference = secrets.token_hex(6) if "reference" not in params else str(params["reference"])
    plain = {name: _plain(value) for name, value in params.items() if name != "reference"}
    body = {"error": {"code": code, "message": message, "params": plain, "reference": reference}}
    log.info("refused %s %s", code, reference, extra={"facts": {"refused": code, "reference": reference}})
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value if isinstance(value, (int, str, bool)) or value is None else str(value)


def _filled(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ", ".join(map(str, one)) if isinstance(one, (list, tuple)) else one for name, one in params.items()}


def _status(error: ChorokError) -> int:
    kinds = ((UsageError, 400), (BadInputError, 422), (NeedsAnswerError, 409), (LedgerError, 503))
    return STATUS.get(error.code) or next((status for kind, status in kinds if isinstance(error, kind)), 500)


def _refused(request: HttpRequest, error: Exception) -> RefusedError:
    """Return how this door says an error of Django, of ninja or of nobody."""
    if isinstance(error, PermissionDenied):
        _note(request, str(error))
        return RefusedError("no_right", right=str(error))
    if isinstance(error, ValidationError):
        return _invalid(error)
    if isinstance(error, RequestDataTooBig):
        return RefusedError("too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    code = next((code for kind, code in KINDS if isinstance(error, kind)), None)
    if code is not None:
        return RefusedError(code)
    reference = secrets.token_hex(6)
    log.error("api %s %s failed, reference %s", request.method, request.path, reference, exc_info=error)
    return RefusedError("unexpected", reference=reference)


KINDS: tuple[tuple[type[Exception], str], ...] = (
    (Http404, "not_found"),
    (HttpError, "json_bad"),  # ninja's: the body cannot be read
    (SuspiciousOperation, "request_bad"),
    (RawPostDataException, "request_bad"),
    (UnreadablePostError, "request_bad"),
)


def _invalid(error: ValidationError) -> RefusedError:
    """Return what does not fit: the first parameter of the address, else every place of the body."""
    found = error.errors
    outside = next((one for one in found if one["loc"][0] in ("query", "path", "header")), None)
    if outside is not None:
        return RefusedError("parameter_bad", name=str(outside["loc"][-1]), why=str(outside["type"]))
    places = [{"at": ".".join(str(part) for part in one["loc"][2:]), "why": str(one["type"])} for one in found[:20]]
    return RefusedError("body_bad", places=places, count=len(found))


def _note(request: HttpRequest, right: str) -> None:
    """Leave an event of who was refused what, as pages do."""
    actor = getattr(request, "actor", None)
    if actor is not None and actor.user_id is not None:
        asked = request.resolver_match.view_name if request.resolver_match else ""
        with transaction.atomic():
            record(actor, "accounts.denied", subject=("route", asked), right=right)
