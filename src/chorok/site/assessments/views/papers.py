"""What comes of an assessment: the clause as text and document, and a purchase request."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from chorok import wording
from chorok.core.errors import ChorokError
from chorok.publications import screening_files
from chorok.publications.screening_documents import Clause, Material
from chorok.site.accounts.rights import AskingRequest, needs
from chorok.site.assessments import selectors, services
from chorok.site.assessments.clauses import clause as clause_of
from chorok.site.assessments.models import Project
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.views.telling import changeable, version_of
from chorok.site.config.language import current, say, say_error
from chorok.site.screening.writing import ASK
from chorok.wording import Language

FORMS = {"pdf": "application/pdf", "hwpx": "application/hwp+zip"}


def _clause(project: Project, language: Language) -> Clause:
    run = selectors.run(project)
    return clause_of(project, run, run.materials.filter(obligation="owed"), language)


@needs(selectors.SEE)
@require_GET
def clause(request: AskingRequest, pk: int) -> HttpResponse:
    """Show the clause in both languages, to be copied."""
    project = selectors.project(request.actor, pk)
    first = current()
    languages = sorted(wording.LANGUAGES, key=lambda one: one != first)
    texts = []
    for language in languages:
        made = _clause(project, language)
        condition, design = screening_files.clause_texts(made, language)
        parts = [
            wording.say("screen_paper.section.materials", language),
            *_numbered(tuple(_named(one, language) for one in made.materials)), "",
            wording.say("screen_paper.section.condition", language), *_numbered(condition), "",
            wording.say("screen_paper.section.design", language), *_numbered(design),
        ]  # fmt: skip
        texts.append({"language": language, "text": "\n".join(parts), "rows": min(len(parts) * 2, 30)})
        materials = len(made.materials)
    return render(request, "assessments/clause.html", {"project": project, "texts": texts, "materials": materials})


def _named(one: Material, language: Language) -> str:
    """Return a material with the certificates that count, as the document's table has it."""
    bases = ", ".join(wording.say(f"basis.{basis}", language) for basis in one.bases)
    return f"{one.name} ({one.item}): {bases}" if one.item else f"{one.name}: {bases}"


def _numbered(sentences: tuple[str, ...]) -> list[str]:
    return [f"{number}. {one}" for number, one in enumerate(sentences, 1)]


@needs(selectors.SEE)
@require_GET
def download(request: AskingRequest, pk: int, form: str) -> HttpResponse:
    """Hand out the clause as PDF or HWPX, in the language that the address asks for."""
    project = selectors.project(request.actor, pk)
    language = request.GET.get("language") or current()
    if form not in FORMS or language not in wording.LANGUAGES:
        raise Http404
    made = _clause(project, language)
    if not made.materials:
        raise Http404
    try:
        content = (screening_files.pdf if form == "pdf" else screening_files.hwpx)(made, language)
    except ChorokError as error:
        messages.error(request, say_error(error))
        return redirect("assessments:clause", pk)
    name = wording.say("site.assessments.clause_file", language, name=project.name)
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.{form}") or "attachment"}
    return HttpResponse(content, content_type=FORMS[form], headers=headers)


@needs(MAKE)
@require_http_methods(["GET", "POST"])
def request_of(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask, and draft a purchase request of the government-furnished materials."""
    project = changeable(request, pk)
    if not request.actor.may(ASK, project.organisation):
        raise Http404
    if request.method == "POST":
        try:
            made = services.request(request.actor, pk=pk, version=version_of(request))
        except ChorokError as error:
            messages.error(request, say_error(error))
            return redirect("assessments:project", pk)
        messages.success(request, say("site.assessments.requested", number=made.number))
        return redirect("screening:request", made.pk)
    run = selectors.run(project)
    context = {
        "project": project,
        "lines": run.materials.filter(furnished=True, no_goods=False),
        "requests": selectors.requests(request.actor, project),
    }
    return render(request, "assessments/request.html", context)
