"""How targets, remarks on them and suggestions are said, by whoever speaks: `say` is the speaker's, in its language."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from chorok.core.measures.suggestions import Suggestion
from chorok.core.measures.targets import Remark, Target
from chorok.core.money import Share, round_half_away, written
from chorok.ledger.naming import Names
from chorok.ledger.shares import in_percent

Say = Callable[..., str]


def number(value: Fraction | None, digits: int = 2) -> str | None:
    """Return a number in percent or points as it is shown, rounded once."""
    return None if value is None else str(round_half_away(value, digits))


def bounded(share: Share | None) -> str | None:
    """Return a share in percent, with its bounds where they differ from it."""
    value = number(in_percent(share))
    if share is None or value is None or share.low is None or share.high is None:
        return value
    low, high = (number(bound * 100) for bound in (share.low, share.high))
    return value if low == value == high else f"{value} ({low}–{high})"


def as_set(target: Target, say: Say) -> str:
    """Return the value of a target in the form in which it was set."""
    base = target.base_year or (number(target.base_value) if target.base_value is not None else "–")
    value = round_half_away(target.value, _digits(target.value))
    shown = str(value) if target.mode == "absolute" else f"{value:+}"
    return say(f"target_mode.{target.mode}", value=shown, base=base)


def _digits(value: Fraction) -> int:
    return next((digits for digits in range(3) if (value * 10**digits).denominator == 1), 2)


def said(remark: Remark, say: Say) -> str:
    """Return a remark on a target as a sentence."""
    shown = {name: number(value) if isinstance(value, Fraction) else value for name, value in remark.params.items()}
    return say(f"target_remark.{remark.code}", **shown)


def because(one: Suggestion, currency: str, names: Names, say: Say, unit: str = "") -> str:
    """Return the reasoning of a suggestion; amounts (in `unit`, else the currency) and codes are put as people do."""
    shown = {name: number(value) if isinstance(value, Fraction) else value for name, value in one.params.items()}
    for name in ("amount", "first_amount"):
        if name in one.params:
            shown[name] = f"{written(whole(one.params[name]), currency)} {unit or currency}"
    if "peer" in shown:
        shown["peer"] = names.show("organisation", shown["peer"])
    if "first" in shown:
        dimension = "item" if shown["first"] in names.by_dimension["item"] else "organisation"
        shown["first"] = names.show(dimension, shown["first"])
    return say(f"suggestion.{one.code}", **shown)


def whole(amount: Fraction) -> int:
    """Return an amount in whole smallest currency units."""
    return int(round_half_away(amount, 0))
