"""How screening is said, by whoever speaks: reasons, needs, amounts; `say` is the speaker's, in its language."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from chorok import wording
from chorok.core.money import round_half_away, written
from chorok.core.screening.decide import Said
from chorok.core.screening.grounds import grounds

Say = Callable[..., str]

_LISTED = {"evidence": "evidence_of", "sub_code": "sub_code", "or_ground": "ground_mark"}
"""Code -> the family by which the codes in its list are worded."""
_WORDED = {"role": "role", "ground": "ground_mark"}


def sentence(family: str, said: Said, say: Say) -> str:
    """Return a reason (`screen_reason`) or a need (`screen_need`) in words."""
    params = {key: _shown(key, value, said, say) for key, value in said.params.items()}
    return say(f"{family}.{said.code}", **params)


def _shown(key: str, value: Any, said: Said, say: Say) -> str:
    if key == "of":
        return joined(_LISTED[said.code], value, say)
    if key in _WORDED:
        return say(f"{_WORDED[key]}.{value}")
    if key in ("amount", "below", "left"):
        return written(value, said.params["currency"])
    return _plain(value, say)


def _plain(value: Any, say: Say) -> str:
    if value is None:
        return say("word.not_known")
    if isinstance(value, Fraction):
        return str(round_half_away(value, 0 if value.denominator == 1 else 1))
    return value.isoformat() if isinstance(value, date) else str(value)


def joined(family: str, codes: Iterable[object], say: Say) -> str:
    """Return a list of codes in words."""
    return ", ".join(say(f"{family}.{code}") for code in codes)


@functools.cache
def sub_code_words() -> Mapping[str, str]:
    """Return how people write the cases of grounds, in either language -> their code."""
    codes = [sub.code for one in grounds() for sub in one.sub_codes]
    return {wording.say(f"sub_code.{code}", language): code for language in wording.LANGUAGES for code in codes}
