"""Papers that belong to a line are handed out as files, never shown as pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say_error
from chorok.site.screening import papers
from chorok.site.screening.selectors import SEE


@needs(SEE)
@require_GET
def paper(request: AskingRequest, pk: int) -> HttpResponseBase:
    """Hand out a paper, whatever it is, as a file to be kept: a browser neither shows nor guesses what it holds."""
    try:
        found, place = papers.opened(request.actor, pk)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("screening:mine")
    answer = FileResponse(
        place.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
