"""What those who sign may press: one button, one verb."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from chorok.core.errors import UsageError
from chorok.core.screening.request import Closing
from chorok.core.screening.workflow import Office, Stage
from chorok.site.accounts.rights import Actor
from chorok.site.screening import signing
from chorok.site.screening.models import Request

Verb = Literal[
    "check", "cosigned", "refused", "justified", "not_justified", "overridden", "send_back", "forward"
]  # fmt: skip
VERBS: tuple[Verb, ...] = get_args(Verb)
FOR_GOOD: frozenset[Verb] = frozenset({"justified", "not_justified", "overridden"})
"""What nothing takes back, so that it is asked first."""


@dataclass(frozen=True)
class Pressed:
    """A button that somebody pressed: what they saw, and what they want. `version` is that of the page."""

    version: int
    verb: Verb
    office: Office
    stage: Stage = "cosign"
    numbers: Collection[int] = ()
    reason: str = ""
    sure: bool = False


def take(actor: Actor, pk: int, wish: Pressed) -> Request:
    """Do what was pressed. Raises UsageError as the verbs of `signing`, screening_sure where it was not asked first."""
    if wish.verb in FOR_GOOD and not wish.sure:
        raise UsageError("screening_sure")
    seen, said = {"pk": pk, "version": wish.version}, wish.reason.strip()
    if wish.verb == "check":
        return signing.check(actor, **seen, stage=wish.stage, numbers=wish.numbers, remark=said)
    if wish.verb == "send_back":
        return signing.send_back(actor, **seen, reason=said, office=wish.office)
    if wish.verb == "forward":
        return signing.forward(actor, **seen, office=wish.office, remark=said)
    how: Closing = wish.verb
    return signing.close(actor, **seen, how=how, numbers=wish.numbers, reason=said, office=wish.office)
