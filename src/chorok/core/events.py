"""What a city did for green purchasing and when: an ordinance, a plan, screening introduced. Shown beside the share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Kind = Literal["ordinance", "plan", "screening", "training", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class PolicyEvent:
    """One event at an organisation; it is shown at all organisations below it too.

    `what` is said beside its kind, in the words of whoever noted it. That it stands beside a change of the share does
    not say that it caused it.
    """

    scope: str
    on: date
    kind: Kind
    what: str = ""
    source: str = ""
