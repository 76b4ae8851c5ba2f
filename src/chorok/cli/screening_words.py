"""What screening says in words: reasons, needs, grounds with their help, policies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chorok.cli.speech import named, say
from chorok.core.screening import policy as policies
from chorok.core.screening.decide import Said
from chorok.core.screening.grounds import NUMBERS, grounds
from chorok.core.screening.policy import Policy
from chorok.publications import screening_words
from chorok.sources.requests import EXTRA


def sentence(family: str, said: Said) -> str:
    """Return a reason or a need in words."""
    return screening_words.sentence(family, said, say)


def joined(family: str, codes: Iterable[object]) -> str:
    """Return a list of codes in words."""
    return screening_words.joined(family, codes, say)


def ground_help(policy: Policy) -> list[str]:
    """Return what each ground that a policy knows means, what it must show, and an example."""
    told = []
    for one in grounds():
        if one.number != 1 and one.number not in policy.accepts:
            continue
        cases = policy.sub_codes.get(str(one.number), tuple(sub.code for sub in one.sub_codes))
        told.append(
            say(
                "screening.ground_help",
                mark=say(f"ground_mark.{one.number}"),
                title=say(f"ground.{one.number}"),
                help=say(f"ground_help.{one.number}"),
                cases=joined("sub_code", cases) or "–",
                evidence=joined("evidence_of", one.evidence),
                example=say(f"ground_example.{one.number}"),
            )
        )
    return told


def policy_rows() -> list[dict[str, Any]]:
    """Return the policies that come with the program, for a table."""
    presets = [policies.preset(name) for name in policies.names()]
    return [
        {
            "policy": one.id,
            "title": named(one, "title_"),
            "grounds_accepted": joined("ground_mark", one.accepts) or "–",
            "grounds_refused": joined("ground_mark", [n for n in NUMBERS if n in one.refuses]) or "–",
            "since": one.in_force_from,
            "source": named(one, "source_"),
        }
        for one in presets
    ]


def field_name(field: str) -> str:
    """Return what a column of a request is called."""
    return say(f"request_field.{field}" if field in EXTRA else f"field.{field}")
