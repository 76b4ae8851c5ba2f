"""A file on its way: sending it, looking at what was understood, taking it in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.config.language import say, say_error
from chorok.site.purchases import mappings, questions, receiving, selectors, services
from chorok.site.purchases.forms import FileForm, TableForm
from chorok.site.purchases.models import State, Upload

IMPORT = services.IMPORT


@csrf_exempt  # the token stands in the form, which `_new` reads: first it must be said where files go
@needs(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AskingRequest) -> HttpResponse:
    """Choose a file, or send it whole by a plain form."""
    handler = receiving.ToDisk(request)
    request.upload_handlers = [handler]
    return _new(request, handler)


@csrf_protect
def _new(request: AskingRequest, handler: receiving.ToDisk) -> HttpResponse:
    form = FileForm(request.actor, request.POST or None, request.FILES or None, initial=request.GET.dict())
    if request.method == "POST" and handler.refused:
        form.is_valid()
        form.errors.clear()
        form.add_error("file", say_error(handler.refused))
    elif request.method == "POST" and form.is_valid():
        try:
            upload = services.receive_whole(
                actor=request.actor,
                organisation=form.cleaned_data["organisation"],
                file=form.cleaned_data["file"],
            )
            return redirect("purchases:upload", key=upload.pk)
        except ChorokError as error:
            form.add_error("file", say_error(error))
    unfinished = selectors.uploads(request.actor).filter(state=State.RECEIVING, sent_by_id=request.actor.user_id)
    context = {"form": form, "unfinished": unfinished[:20], "piece": receiving.PIECE}
    return render(request, "purchases/new.html", context, status=400 if form.errors else 200)


@needs(IMPORT)
@require_POST
def begin(request: AskingRequest) -> HttpResponse:
    """Begin to receive a file in pieces."""
    try:
        upload = services.begin(
            actor=request.actor,
            organisation=request.POST.get("organisation", ""),
            name=request.POST.get("name", ""),
            size=int(request.POST.get("size", "0")),
        )
    except ValueError:
        return JsonResponse({"error": say("error.upload_empty", file=request.POST.get("name", ""))}, status=400)
    except ChorokError as error:
        return JsonResponse({"error": say_error(error)}, status=400)
    return JsonResponse(_progress(upload, 0), status=201)


@needs(IMPORT)
@require_http_methods(["GET", "PUT"])
def piece(request: AskingRequest, key: UUID) -> HttpResponse:
    """Take in the next piece, or say how many bytes are there."""
    upload = selectors.upload(request.actor, key)
    if request.method == "GET":
        return JsonResponse(_progress(upload, upload.received))
    try:
        offset = int(request.GET.get("offset", "-1"))
        there = services.receive(actor=request.actor, upload=upload, offset=offset, source=request)
    except ValueError:
        return JsonResponse({"error": "offset"}, status=400)
    except ChorokError as error:
        return JsonResponse({"error": say_error(error), **_progress(upload, upload.received)}, status=409)
    return JsonResponse(_progress(upload, there))


def _progress(upload: Upload, there: int) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "received": there,
        "size": upload.size,
        "state": upload.state,
        "bytes": reverse("purchases:bytes", args=[upload.pk]),
        "page": reverse("purchases:upload", args=[upload.pk]),
    }


@needs(selectors.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: AskingRequest, key: UUID) -> HttpResponse:
    """Show where a file stands; with POST say what it means, or take it in."""
    found = services.settle(selectors.upload(request.actor, key))
    if found.state == State.IMPORTED:
        return redirect("purchases:account", batch=found.batch)
    if found.state in (State.READING, State.IMPORTING) and found.job:
        return redirect("jobs:show", found.job)
    if request.method == "POST":
        return _said(request, found)
    return _show(request, found, _forms(found))


def _forms(found: Upload, data: Any = None) -> list[TableForm]:
    return [TableForm(table, data, prefix=f"t{number}") for number, table in enumerate(found.seen.get("tables", ()))]


def _naming(request: AskingRequest, found: Upload) -> str:
    """Return where it is said which organisations the names mean that are not known; nothing for who may not."""
    if not request.actor.may("organisations.change"):
        return ""
    unknown = [row[0] for row in found.seen.get("organisations", {}).get("unknown", ())]
    return f"{reverse('organisations:called')}?{urlencode({'name': unknown}, doseq=True)}"


def _show(request: AskingRequest, found: Upload, forms: list[TableForm], status: int = 200) -> HttpResponse:
    context = {
        "upload": found,
        "forms": forms,
        "seen": found.seen,
        "currency": _currency(found),
        "naming": _naming(request, found),
        "questions": questions.open_questions(found, {}) if found.state == State.READY else [],
    }
    return render(request, "purchases/upload.html", context, status=status)


def _currency(found: Upload) -> str:
    tables = (table["understanding"] for table in found.seen.get("tables", ()) if "understanding" in table)
    return next((str(one["currency"]) for one in tables), "KRW")


def _said(request: AskingRequest, found: Upload) -> HttpResponse:
    forms = _forms(found, request.POST)
    valid = not any(form.errors for form in forms)
    tables = {form.table["name"]: form.said(found) for form in forms} if valid else {}
    if not valid or any(form.errors for form in forms):
        return _show(request, found, forms, status=400)
    try:
        _save_mappings(request, found, forms)
        return _go_on(request, found, {name: said for name, said in tables.items() if said})
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("purchases:upload", key=found.pk)


def _save_mappings(request: AskingRequest, found: Upload, forms: list[TableForm]) -> None:
    """Save the mapping of each table that was given a name, unless it is what was saved under it before."""
    for form in forms:
        name = mappings.title_of(form.cleaned_data)
        profile = form.profile(found.organisation) if name else None
        if profile and (not form.table.get("saved") or form.has_changed()):
            mappings.save(
                actor=request.actor, organisation=found.organisation, name=name, source=found.source, profile=profile
            )
            messages.success(request, say("site.purchases.mapping.saved", name=name))


def _go_on(request: AskingRequest, found: Upload, tables: dict[str, Any]) -> HttpResponseRedirect:
    """Take the file in when nothing was changed; else look at it again first, so that nobody imports unseen."""
    password = request.POST.get("password", "")
    changed = tables != found.said.get("tables", {}) or password
    if request.POST.get("do") != "import" or changed:
        if request.POST.get("do") == "import":
            messages.info(request, say("site.purchases.looked_again"))
        job = services.say(actor=request.actor, upload=found, said={"tables": tables}, password=password)
        return redirect("jobs:show", job.pk)
    answers = {
        "overlap": request.POST.get("overlap") if request.POST.get("overlap") in ("replace", "add") else "ask",
        "unplaced": request.POST.get("unplaced") == "yes",
        "unit": request.POST.get("unit") == "yes",
    }
    return redirect("jobs:show", services.bring_in(actor=request.actor, upload=found, answers=answers).pk)


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def dismiss(request: AskingRequest, key: UUID) -> HttpResponse:
    """Ask, and throw a file away that was not imported."""
    found = services.settle(selectors.upload(request.actor, key))
    if request.method == "POST":
        try:
            services.dismiss(actor=request.actor, upload=found)
            messages.success(request, say("site.purchases.dismissed", file=found.name))
            return redirect("purchases:list")
        except ChorokError as error:
            messages.error(request, say_error(error))
            return redirect("purchases:upload", key=key)
    return render(request, "purchases/dismiss.html", {"upload": found})
