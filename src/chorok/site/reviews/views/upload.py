"""Taking in a review list that was filled in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say_error
from chorok.site.reviews import filling, rules
from chorok.site.reviews.forms import FileForm
from chorok.site.reviews.views.queue import tabs


@needs(rules.DECIDE)
@require_http_methods(["GET", "POST"])
def upload(request: AskingRequest) -> HttpResponse:
    """Ask for a filled list; then say what became of its rows."""
    form = FileForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    result = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        with tempfile.TemporaryDirectory() as work:
            file = Path(work) / Path(given.name).name
            with file.open("wb") as handle:
                for chunk in given.chunks():
                    handle.write(chunk)
            try:
                result = filling.take(request.actor, file=file, name=file.name)
            except ChorokError as error:
                form.add_error("file", say_error(error))
    status = 422 if form.is_bound and not result else 200
    return render(
        request, "reviews/upload.html", {"form": form, "result": result, "tabs": tabs(request, "upload")}, status=status
    )
