"""A draft and its lines: what each of them is, what it still owes, and handing it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chorok.core.errors import ChorokError, UsageError
from chorok.core.screening.decide import PASSING
from chorok.core.screening.workflow import AGREED, ENDED
from chorok.site.accounts.rights import Actor, AskingRequest, needs
from chorok.site.config.addresses import whole
from chorok.site.config.language import say
from chorok.site.screening import answers, asking, papers, saving, selectors, services
from chorok.site.screening import lines as lineworks
from chorok.site.screening.forms import HeaderForm, Lines, edited_lines, ground_help
from chorok.site.screening.models import Line, Paper, Request
from chorok.site.screening.once import once
from chorok.site.screening.views.ask import longer
from chorok.site.screening.views.shown import error_of
from chorok.site.screening.writing import ASK

PAGE = 25
"""Lines of one page: each is a form of its own."""


OWED = frozenset({"denied", "returned_to_split", "cannot_tell", "needs_statement"})
"""Outcomes that a request comes back with."""


@dataclass(frozen=True)
class Narrowed:
    """Which lines of a request a page shows."""

    show: str
    words: str
    page: Page[Line]
    open: int
    every: int

    @property
    def query(self) -> str:
        """The address's query, without the page."""
        return urlencode({"show": self.show, **({"q": self.words} if self.words else {})})


def own(actor: Actor, pk: int) -> Request:
    """Return a request that the actor may edit. Raises Http404."""
    one = selectors.request(actor, pk)
    if not actor.may(ASK, one.organisation):
        raise Http404
    return one


def narrowed(one: Request, given: Any) -> Narrowed:
    """Return the lines that an address asks for: of a long request those that are open, unless all are wanted."""
    every = list(one.lines.all())
    opened = [line for line in every if is_open(line)]
    show = given.get("show", "")
    if show not in ("open", "all"):
        show = "open" if opened and len(every) > PAGE else "all"
    words = given.get("q", "").strip()[:100]
    found = [line for line in (opened if show == "open" else every) if _says(line, words)]
    return Narrowed(show, words, Paginator(found, PAGE).get_page(given.get("page")), len(opened), len(every))


def is_open(line: Line) -> bool:
    """Tell whether something is still to be done about a line."""
    return line.outcome not in PASSING and not line.closed_how


def _says(line: Line, words: str) -> bool:
    text = f"{line.description} {line.specification} {line.product_id} {line.item_group}".casefold()
    return all(word in text for word in words.casefold().split())


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: AskingRequest, pk: int) -> HttpResponse:
    """Show a request to who asks, and save what they change."""
    one = own(request.actor, pk)
    prefetch_related_objects([one], "lines")  # read once: there may be thousands
    if one.state in ENDED:
        messages.info(request, say("site.screening.ask.ended"))
        return redirect("screening:request", pk=pk)
    if request.method != "POST":
        seen = narrowed(one, request.GET)
        return _page(request, one, HeaderForm(request.actor, one), _lines(request.actor, one, seen.page.object_list))
    if request.POST.get("do") == "more":
        header = HeaderForm(request.actor, one, request.POST)
        return _page(request, one, header, _lines(request.actor, one, (), longer(request.POST)))
    return _posted(request, one)


def _lines(actor: Actor, one: Request, rows: Any, data: Any = None, files: Any = None) -> Lines:
    rule = asking.rule(actor, one.organisation)
    frameworks = {str(found.pk): found for found in selectors.frameworks(actor, one.organisation)}
    given = {"policy": rule.policy, "frameworks": frameworks, "line": None}
    known = {line.pk: line for line in one.lines.all()}
    if data is not None:
        return edited_lines()(data, files, prefix="lines", form_kwargs=given, known=known)  # type: ignore[no-any-return]
    kind = edited_lines(extra=len(rows) + 1)
    return kind(prefix="lines", form_kwargs=given, rows=rows, known=known)  # type: ignore[no-any-return]


def _page(
    request: AskingRequest, one: Request, header: HeaderForm, lines: Lines, status: int = 200, typed: str = ""
) -> HttpResponse:
    seen = narrowed(one, request.GET)
    shown = {found.line.pk: found for found in answers.shown(request.actor, [form.line for form in lines if form.line])}
    rule = asking.rule(request.actor, one.organisation)
    gone: dict[int, list[Paper]] = {}
    for paper in Paper.every.filter(line__request=one).exclude(removed_at=None):
        gone.setdefault(paper.line_id, []).append(paper)
    context = {
        "one": one,
        "header": header,
        "lines": lines,
        "rows": [
            (form, shown.get(form.line.pk), gone.get(form.line.pk)) if form.line else (form, None, None)
            for form in lines
        ],
        "owed": sum(line.outcome in OWED and not line.closed_how for line in one.lines.all()),
        "said": next((step for step in reversed(one.steps.all()) if step.after == one.state and step.remark), None),
        "removed": request.session.get(_removed(one)),
        "seen": seen,
        "rule": rule,
        "typed": typed,
        "agreed": one.state in AGREED or one.state == "awaiting",
        "passing": seen.every - seen.open,
        "grounds": ground_help(rule.policy),
    }
    return render(request, "screening/look.html", context, status=status)


def _posted(request: AskingRequest, one: Request) -> HttpResponse:
    version = request.POST.get("version", "")
    header = HeaderForm(request.actor, one, request.POST)
    try:
        _same_version(one, version)
        lines = _lines(request.actor, one, (), request.POST, request.FILES)
        valid = all([header.is_valid(), lines.is_valid()])
    except ChorokError as error:
        return _moved(request, one, header, error)
    if not valid:
        messages.error(request, say("site.screening.ask.mend"))
        return _page(request, one, header, lines, status=400)
    try:
        return _done(request, one, header, lines)
    except ChorokError as error:
        messages.error(request, error_of(error))
        return _page(request, one, header, lines, status=409)


def _same_version(one: Request, version: str) -> None:
    if not version.isdecimal() or int(version) != one.version:
        raise UsageError("screening_moved_on", seen=version[:10] or "–", now=one.version)


def _moved(request: AskingRequest, one: Request, header: HeaderForm, error: ChorokError) -> HttpResponse:
    """Show what the request is now, and above it all that was typed here, so that nothing is lost."""
    messages.error(request, error_of(error))
    typed = "\n".join(_typed(request, one, header))
    fresh = HeaderForm(request.actor, one)
    lines = _lines(request.actor, one, narrowed(one, {}).page.object_list)
    return _page(request, one, fresh, lines, status=409, typed=typed)


def _typed(request: AskingRequest, one: Request, header: HeaderForm) -> Iterator[str]:
    """Yield what was typed and is not what the request says now; of lines that are gone, all that was sent of them."""
    yield from (f"{header[name].label}: {header[name].value()}" for name in header.changed_data)
    known = {str(line.pk) for line in one.lines.all()}
    sent = request.POST.copy()
    for name in [name for name in sent if name.endswith("-was") and sent[name] not in known]:
        sent[name] = ""
    for form in _lines(request.actor, one, (), sent).forms:
        called = (
            say("site.screening.ask.line", number=form.line.number) if form.line else say("site.screening.ask.new_line")
        )
        for name in form.changed_data:
            if name not in ("was", "paper"):
                yield f"{called} {form[name].label}: {form[name].value()}"


def _done(request: AskingRequest, one: Request, header: HeaderForm, lines: Lines) -> HttpResponse:
    """Save what changed, and do what was pressed."""
    verb, _, rest = request.POST.get("do", "save").partition(":")
    changed = header.has_changed() or any(form.has_changed() for form in lines.forms)
    if changed or (verb == "submit" and one.state != "draft"):
        gone = [form.line for form in lines.forms if form.line and form not in lines.wanted]
        noted = lineworks.noted(gone)
        one = saving.edit(request.actor, one, one.version, header, lines)
        if noted:
            request.session[_removed(one)] = noted
        elif changed and verb == "save":
            messages.success(request, say("site.screening.ask.saved"))
    try:
        return _pressed(request, one, verb, rest)
    except ChorokError as error:  # what was typed is saved by now
        messages.error(request, error_of(error))
        return _back(request, one)


def _removed(one: Request) -> str:
    """Return where a session keeps the lines that were last taken away from a request."""
    return f"screening.removed.{one.pk}"


def _pressed(request: AskingRequest, one: Request, verb: str, rest: str) -> HttpResponse:
    actor = request.actor
    if verb == "submit":
        services.submit(actor, pk=one.pk, version=one.version)
        return redirect("screening:request", pk=one.pk)
    if verb == "split":
        passed, _ = services.split(actor, pk=one.pk, version=one.version)
        messages.success(request, say("site.screening.ask.split", number=passed.number, lines=passed.lines.count()))
    elif verb == "swap":
        line, place = _alternative(one, rest)
        services.swap(actor, pk=one.pk, version=one.version, number=line.number, alternative=place)
        messages.success(request, say("site.screening.ask.swapped", line=line.number))
        return _back(request, one, line.number)
    elif verb == "double":
        line = _line(one, rest)
        lineworks.double(actor, one, one.version, line)
        messages.success(request, say("site.screening.ask.doubled", line=line.number))
        return _back(request, one, line.number + 1)
    elif verb == "put_back":
        rows = request.session.pop(_removed(one), [])
        lineworks.put_back(actor, one, one.version, rows)
        messages.success(request, say("site.screening.ask.put_back", lines=len(rows)))
    elif verb in ("drop", "restore"):
        paper = _paper(one, rest)
        act = papers.remove if verb == "drop" else papers.restore
        act(actor, one, one.version, paper)
        messages.success(request, say(f"site.screening.ask.paper_{verb}", name=paper.name))
        return _back(request, one, paper.line.number)
    elif verb == "unswap":
        line = _line(one, rest)
        saving.unswap(actor, one, one.version, line)
        messages.success(request, say("site.screening.ask.unswapped", line=line.number))
        return _back(request, one, line.number)
    return _back(request, one)


def _back(request: HttpRequest, one: Request, number: int | None = None) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(
        reverse("screening:edit", args=[one.pk])
        + (f"?{query}" if query else "")
        + (f"#line-{number}" if number else "")
    )


def _line(one: Request, pk: str) -> Line:
    found = one.lines.filter(pk=int(pk)).first() if pk.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _paper(one: Request, pk: str) -> Paper:
    found = Paper.every.select_related("line").filter(line__request=one, pk=whole(pk) or 0).first()
    if found is None:
        raise Http404
    return found


def _alternative(one: Request, rest: str) -> tuple[Line, int]:
    """Return a line and the alternative that was pressed, wherever it stands now. Raises UsageError when it is gone."""
    pk, _, wanted = rest.partition(":")
    line = _line(one, pk)
    keys = [answers.key_of(row) for row in line.alternatives]
    if wanted not in keys:
        raise UsageError("screening_alternative_gone", line=line.number)
    return line, keys.index(wanted)


@needs(ASK)
@require_POST
@once
def copy(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask for the same once more."""
    one = own(request.actor, pk)
    try:
        made = lineworks.copy(request.actor, one)
    except ChorokError as error:
        messages.error(request, error_of(error))
        return redirect("screening:request", pk=pk)
    messages.success(request, say("site.screening.ask.copied_request", number=one.number))
    return redirect("screening:edit", pk=made.pk)


@needs(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request: AskingRequest, pk: int) -> HttpResponse:
    """Ask, and take a request back."""
    one = own(request.actor, pk)
    if request.method == "POST":
        version = request.POST.get("version", "")
        reason = request.POST.get("reason", "").strip()[:2000]
        try:
            services.withdraw(request.actor, pk=pk, version=int(version) if version.isdecimal() else 0, reason=reason)
            messages.success(request, say("site.screening.ask.withdrawn", number=one.number))
        except ChorokError as error:
            messages.error(request, error_of(error))
        return redirect("screening:request", pk=pk)
    return render(request, "screening/look_withdraw.html", {"one": one})
