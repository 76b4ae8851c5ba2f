"""Events and findings in words of the request's language."""

from __future__ import annotations

from collections.abc import Mapping

from chorok import wording
from chorok.site.audit.verifying import MARKS
from chorok.site.config import language
from chorok.site.config.language import say

ACTION = "site.action."


def action_said(action: str) -> str:
    """Return an action in words (`site.action.<action>`); one that has none yet stands for itself."""
    mark = next((mark for mark in MARKS if action.endswith(mark)), "")
    code = f"{ACTION}{action.removesuffix(mark)}"
    said = say(code) if wording.knows(code, language.current()) else action.removesuffix(mark)
    return f"{said} – {say(f'site.audit.mark{mark}')}" if mark else said


def subject_said(kind: str) -> str:
    """Return what an event is about in words (`site.audit.subject.<kind>`); one that has none stands for itself."""
    code = f"site.audit.subject.{kind}"
    return say(code) if wording.knows(code, language.current()) else kind


def person_said(user_id: int | None, via: str, people: Mapping[int, str]) -> str:
    """Return a name; who is no longer known is shown by id, and what nobody did by its way."""
    if user_id is None:
        return say("site.audit.nobody") if via == "page" else say(f"site.audit.via.{via}")
    return people.get(user_id) or say("site.audit.gone", id=user_id)


def actions_called(text: str) -> list[str]:
    """Return the actions with a text in their words, as somebody reads them in the list of events."""
    wanted = text.strip().casefold()
    said = wording.catalogue(language.current())
    return [
        code.removeprefix(ACTION)
        for code, words in said.items()
        if code.startswith(ACTION) and wanted in words.casefold()
    ]


def finding_said(code: str, params: Mapping[str, object]) -> str:
    """Return what a verification found, in words."""
    return say(f"audit.finding.{code}", **{**params, **_action(params)})


def _action(params: Mapping[str, object]) -> dict[str, str]:
    action = str(params.get("action", ""))
    code = f"action.{action}"
    return {"action": say(code) if wording.knows(code, language.current()) else action} if action else {}
