"""Single materials: marking who supplies them, mending, splitting and taking out a line, a contractor's proof."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chorok.core.errors import ChorokError
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.assessments import reading, selectors, services, shown
from chorok.site.assessments.forms import LineForm, ProofForm, SplitForm
from chorok.site.assessments.models import Material, Project
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.templatetags.assessments import counted
from chorok.site.assessments.views.telling import changeable, done, version_of
from chorok.site.config.addresses import whole
from chorok.site.config.language import say, say_error


def _line(project: Project, number: int) -> Material:
    found = selectors.run(project).materials.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@needs(MAKE)
@require_POST
def mark(request: AskingRequest, pk: int) -> HttpResponse:
    """Mark chosen materials, or all, as government-furnished or contractor-supplied."""
    project = changeable(request, pk)
    furnished = request.POST.get("mark", "").startswith("furnished")
    lines = selectors.run(project).materials.exclude(furnished=furnished)
    if not request.POST.get("mark", "").endswith("_all"):
        lines = lines.filter(number__in=[number for text in request.POST.getlist("line") if (number := whole(text))])
    numbers = list(lines.values_list("number", flat=True))
    if numbers and request.POST.get("mark", "").endswith("_all") and request.POST.get("sure") != "1":
        return _ask_all(request, project, len(numbers))
    if not numbers:
        messages.info(request, say("site.assessments.mark_none"))
        return redirect("assessments:project", pk)
    changes = {number: {"furnished": furnished} for number in numbers}
    said = "site.assessments.marked_furnished" if furnished else "site.assessments.marked_contracted"
    return done(
        request,
        project,
        said,
        lambda: services.mend(request.actor, pk=pk, version=version_of(request), changes=changes),
    )


def _ask_all(request: AskingRequest, project: Project, count: int) -> HttpResponse:
    """Ask before all are marked: which of them were marked before is not kept."""
    mark = "furnished_all" if request.POST["mark"].startswith("furnished") else "contracted_all"
    context = {
        "project": project,
        "version": version_of(request),
        "mark": mark,
        "count": count,
        "doing": f"site.assessments.mark_all_{mark.removesuffix('_all')}",
    }
    return render(request, "assessments/mark.html", context)


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def one(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Change what is known of one material."""
    project = changeable(request, pk)
    line = _line(project, number)
    initial = {name: getattr(line, name) for name in LineForm.base_fields}
    initial["quantity"] = counted(line.quantity).replace(",", "") if line.quantity is not None else None
    form = LineForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changes = {number: form.cleaned_data}
            services.mend(request.actor, pk=pk, version=version_of(request), changes=changes)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, say("site.assessments.mended"))
            return redirect("assessments:project", pk)
    version = version_of(request) if request.method == "POST" else project.version
    context = {"form": form, "project": project, "version": version, "row": shown.material(line), "line": line}
    return render(request, "assessments/line.html", context, status=400 if form.errors else 200)


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def split(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Put several materials in the place of a lump sum."""
    project = changeable(request, pk)
    line = _line(project, number)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parts = reading.of_text(form.cleaned_data["parts"])
            services.split(request.actor, pk=pk, version=version_of(request), number=number, parts=parts)
        except ChorokError as error:
            form.add_error("parts", say_error(error))
        else:
            messages.success(request, say("site.assessments.split_done", into=len(parts.lines)))
            return redirect("assessments:project", pk)
    version = version_of(request) if request.method == "POST" else project.version
    context = {
        "form": form,
        "project": project,
        "version": version,
        "doing": "site.assessments.split",
        "about": line.words,
    }
    return render(request, "assessments/form.html", context, status=400 if form.errors else 200)


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def remove(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Ask, and take a line out of the bill."""
    project = changeable(request, pk)
    line = _line(project, number)
    if request.method == "POST":
        return done(
            request,
            project,
            "site.assessments.removed",
            lambda: services.remove(request.actor, pk=pk, version=version_of(request), number=number),
        )
    return render(request, "assessments/remove.html", {"project": project, "line": line})


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def proof(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Keep the certificate that a contractor showed, checked against the registry."""
    project = changeable(request, pk)
    line = _line(project, number)
    initial = {"certificate": line.proof_number, "on": line.proof_on or request.actor.today}
    form = ProofForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.prove(request.actor, pk=pk, version=version_of(request), number=number, **form.cleaned_data)
        except ChorokError as error:
            form.add_error(None, say_error(error))
        else:
            told = messages.success if kept.proof_found == "valid" else messages.warning
            told(request, say(f"site.assessments.proof_told.{kept.proof_found}", number=kept.proof_number))
            return redirect("assessments:project", pk)
    version = version_of(request) if request.method == "POST" else project.version
    context = {"form": form, "project": project, "version": version, "row": shown.material(line), "line": line}
    return render(request, "assessments/proof.html", context, status=400 if form.errors else 200)


@needs(MAKE)
@require_POST
def unproof(request: AskingRequest, pk: int, number: int) -> HttpResponse:
    """Take a proof back."""
    project = changeable(request, pk)
    return done(
        request,
        project,
        "site.assessments.unproved",
        lambda: services.unprove(request.actor, pk=pk, version=version_of(request), number=number),
    )
