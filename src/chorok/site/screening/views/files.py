"""A file of lines becomes a request: at once, or after what it leaves open is answered on a page."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say, say_error
from chorok.site.screening import filed
from chorok.site.screening.filed import Kept
from chorok.site.screening.forms import FileForm
from chorok.site.screening.once import once
from chorok.site.screening.questions import MendForm, WhichForm, field_name
from chorok.site.screening.views.ask import drafted
from chorok.site.screening.writing import ASK
from chorok.sources.requests import Fault, Read

SHOWN = 10
"""Rows that are named one by one."""


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def upload(request: AskingRequest) -> HttpResponse:
    """Take a file of lines."""
    form = FileForm(request.actor, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("organisation", "kind", "needed_by", "title")}
        kept = None
        try:
            kept = filed.keep(request.actor, form.cleaned_data["file"], **said)
            return _next(request, kept, filed.read(kept))
        except ChorokError as error:
            form.add_error("file", say_error(error))
            if kept:
                kept.forget()
    return render(request, "screening/ask_upload.html", {"form": form}, status=400 if form.errors else 200)


def _next(request: AskingRequest, kept: Kept, found: Read) -> HttpResponse:
    """Go on with a file: to what is open, else to the request that it becomes."""
    if found.questions or found.faults:
        return redirect("screening:file", token=kept.token)
    return _drafted(request, kept, found, {})


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def opened(request: AskingRequest, token: str) -> HttpResponse:
    """Ask what a file leaves open, and go on with the answers."""
    kept = filed.opened(request.actor, token)
    posted = request.POST if request.method == "POST" else None
    try:
        found = filed.read(kept)
        form = WhichForm(found.questions) if found.questions else MendForm(found)
        if posted and posted.get("stage") == form.stage:
            form = WhichForm(found.questions, posted) if found.questions else MendForm(found, posted)
            if done := _answered(request, kept, found, form):
                return done
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("screening:upload")
    context = {"form": form, "file": kept.file.name, "lines": len(found.lines), "left": _left(found)}
    return render(request, "screening/ask_file.html", context, status=400 if form.errors else 200)


def _answered(request: AskingRequest, kept: Kept, found: Read, form: WhichForm | MendForm) -> HttpResponse | None:
    """Take the answers of a form; None where they are none yet."""
    blank = request.POST.get("do") == "blank"
    if isinstance(form, MendForm) and (blank or form.is_valid()):
        return _drafted(request, kept, found, {} if blank else form.mended)
    if isinstance(form, WhichForm) and form.is_valid():
        said = kept.said
        kept.say(**{**said, "answers": form.answers(said["answers"])})
        return _next(request, kept, filed.read(kept))
    return None


def _drafted(request: AskingRequest, kept: Kept, found: Read, mended: Mapping[Fault, Any]) -> HttpResponse:
    made = filed.draft(request.actor, kept, found, mended)
    meant = ((column, field_name(name)) for name, column in found.columns.items())
    if columns := ", ".join(f"{column} → {name}" for column, name in meant if column != name):
        messages.info(request, say("site.screening.file.columns", columns=columns))
    if found.left:
        messages.info(request, say("site.screening.file.left", rows="; ".join(_left(found))))
    for table, why in found.unread:
        messages.warning(request, say("site.screening.file.table_unread", table=table, why=say_error(why)))
    empty = [fault for fault in found.faults if mended.get(fault) in (None, "")]
    if empty:
        rows = ", ".join(f"{one.row}({field_name(one.field)})" for one in empty[:SHOWN])
        messages.warning(request, say("site.screening.file.emptied", count=len(empty), rows=rows))
    return drafted(request, made)


def _left(found: Read) -> list[str]:
    """Say which rows were left aside, and why."""
    said = []
    for why, group in groupby(sorted(found.left, key=lambda row: row[1]), key=lambda row: row[1]):
        rows = [str(number) for number, _ in group]
        shown = ", ".join(rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")
        said.append(say(f"site.screening.file.why.{why}", count=len(rows), rows=shown))
    return said
