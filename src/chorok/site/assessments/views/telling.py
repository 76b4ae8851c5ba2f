"""What the pages of this app do alike: find what may be changed, try an act, say what came of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from chorok.core.errors import ChorokError, NeedsAnswerError
from chorok.site.accounts.rights import AskingRequest
from chorok.site.assessments import reading, selectors
from chorok.site.assessments.forms import BillForm
from chorok.site.assessments.models import Project, Run
from chorok.site.assessments.points import MAKE
from chorok.site.assessments.reading import Bill
from chorok.site.config.acting import attempted
from chorok.site.config.addresses import whole
from chorok.site.config.language import say, say_error


def changeable(request: AskingRequest, pk: int) -> Project:
    """Return a project that the actor may change: 404 out of reach, 403 where it may only be seen."""
    project = selectors.project(request.actor, pk)
    if not request.actor.may(MAKE, project.organisation):
        raise PermissionDenied(MAKE)
    return project


def version_of(request: AskingRequest) -> int:
    """Return the version that the person saw; one that is missing is that of nobody."""
    return whole(request.POST.get("version", "")) or 0


def done(request: AskingRequest, project: Project, said: str, act: Callable[[], object]) -> HttpResponseRedirect:
    """Try an act, say what came of it, and go back to the project."""
    if attempted(request, act):
        messages.success(request, say(said))
    return redirect("assessments:project", project.pk)


def read_bill(form: BillForm, act: Callable[[Bill], Project | Run]) -> tuple[Run, Bill] | None:
    """Read what a form sends and do something with it; what is wrong stands in the form, and None is returned."""
    sent = form.cleaned_data.get("file")
    try:
        bill = reading.of_file(sent, form.said) if sent else reading.of_text(form.cleaned_data["text"])
        made = act(bill)
    except NeedsAnswerError as error:
        form.ask()
        form.add_error("answers", say_error(error))
        return None
    except ChorokError as error:
        form.add_error("file" if sent else "text", say_error(error))
        return None
    return (made if isinstance(made, Run) else selectors.run(made)), bill


def tell_of(request: AskingRequest, bill: Bill) -> None:
    """Say what of a file was left aside or not read."""
    if bill.aside:
        messages.info(request, say("screening.aside", rows=bill.aside))
    for table, why in bill.unread:
        messages.warning(request, say("screening.table_unread", table=table, why=say_error(why)))
