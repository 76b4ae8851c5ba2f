"""The documents of a request as files."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from chorok.core.errors import ChorokError
from chorok.publications import screening_files as files
from chorok.publications.screening_documents import Document
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.audit.services import record
from chorok.site.config.language import current, say
from chorok.site.screening import documents, selectors
from chorok.site.screening.views import shown
from chorok.site.screening.views.request import page
from chorok.wording import Language

KINDS: dict[str, tuple[Callable[[Document, Language], bytes], str]] = {
    "pdf": (files.pdf, "application/pdf"),
    "hwpx": (files.hwpx, "application/hwp+zip"),
}


@needs(selectors.SEE)
@require_GET
def sheet(request: AskingRequest, pk: int, ending: str) -> HttpResponse:
    """Send the review sheet."""
    return _send(request, pk, ending, "sheet", documents.sheet)


@needs(selectors.SEE)
@require_GET
def statement(request: AskingRequest, pk: int, ending: str) -> HttpResponse:
    """Send the statement of reasons; where no line states any there is none."""
    return _send(request, pk, ending, "statement", documents.statement)


def _send(
    request: AskingRequest, pk: int, ending: str, name: str, make: Callable[..., Document | None]
) -> HttpResponse:
    if ending not in KINDS:
        raise Http404
    one = selectors.request(request.actor, pk)
    document = make(one, current())
    if document is None:
        raise Http404
    write, kind = KINDS[ending]
    try:
        made = write(document, current())
    except ChorokError as error:  # no typeface for Hangul: an operator mends it, the page still shows
        return page(request, pk, 503, shown.error_of(error))
    with transaction.atomic():
        record(
            request.actor, "screening.exported", subject=("screening", one.pk), organisation=one.organisation,
            document=name, form=ending, version=one.version,
        )  # fmt: skip
    called = f"{say(f'screen_paper.title.{name}')} {one.number}.{ending}"
    return HttpResponse(
        made, content_type=kind, headers={"Content-Disposition": content_disposition_header(True, called) or ""}
    )
