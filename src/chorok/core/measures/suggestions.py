"""Suggested targets: from the trend, from the best peer, from what the unmet potential allows, each with its reasoning.

Shares are percent here, as in targets. A suggestion is an argument for a number, never the number itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from chorok.core.measures.core_items import potential
from chorok.core.money import Share

Method = Literal["trend", "best_peer", "potential"]
METHODS: tuple[Method, ...] = ("trend", "best_peer", "potential")
FEWEST_YEARS = 3
"""Years with a share that a trend needs: two of them make one step, which is no trend."""
PEER_SPEND = Fraction(1, 10)
"""A peer counts for an item when it spends at least this part of what we spend on it: one green chair is no model."""


@dataclass(frozen=True)
class Suggestion:
    """A suggested share in percent, or None and why not. `params` fill the sentence `suggestion.<code>`."""

    method: Method
    value: Fraction | None
    code: str
    params: Mapping[str, Any]


def trend(shares: Mapping[int, Fraction], year: int) -> Suggestion:
    """Go on from the last share by the median yearly step, never past 0 or 100. `shares`: complete years, percent."""
    years = sorted(one for one in shares if one < year)
    if len(years) < FEWEST_YEARS:
        return Suggestion("trend", None, "trend_short", {"years": len(years), "needed": FEWEST_YEARS})
    steps = [(shares[later] - shares[earlier]) / (later - earlier) for earlier, later in pairwise(years)]
    step, last = median(steps), years[-1]
    value = min(Fraction(100), max(Fraction(0), shares[last] + step * (year - last)))
    params = {"step": step, "steps": len(steps), "last": last, "share": shares[last], "ahead": year - last}
    return Suggestion("trend", value, "trend" if step > 0 else "trend_falling", params)


def best_peer(own: Share | None, peers: Mapping[str, Share]) -> Suggestion:
    """Take the highest share among peers that spend enough to be compared."""
    found = best_of(own, peers)
    if own is None or own.value is None or found is None:
        return Suggestion("best_peer", None, "no_peer", {"peers": len(peers)})
    peer, share = found
    better = share > own.value
    params = {"peer": peer, "share": share * 100, "peers": len(peers)}
    return Suggestion("best_peer", share * 100 if better else None, "best_peer" if better else "is_best", params)


def best_of(own: Share | None, peers: Mapping[str, Share]) -> tuple[str, Fraction] | None:
    """Return the code and share (ratio of one) of the best peer that spends enough; None when there is none."""
    least = PEER_SPEND * (own.denominator if own else 0)
    shares = {code: share.value for code, share in peers.items() if share.denominator >= least}
    ranked = sorted((-value, code) for code, value in shares.items() if value is not None)
    return (ranked[0][1], -ranked[0][0]) if ranked else None


def from_potential(parts: Mapping[str, Share], references: Mapping[str, Fraction | None]) -> Suggestion:
    """Lift every part (item group, or organisation below) to its reference (ratio of one), the spend unchanged.

    A part without a reference is in the whole and stays as it is.
    """
    total = sum(parts.values(), Share(0, 0))
    if total.value is None:
        return Suggestion("potential", None, "no_share", {})
    gains = {code: potential(share, references.get(code)) for code, share in parts.items()}
    gained = sum(gains.values(), Fraction(0))
    if gained <= 0:
        return Suggestion("potential", None, "no_potential", {"parts": sum(code in references for code in parts)})
    first = min(gains, key=lambda code: (-gains[code], code))
    params = {
        "amount": gained,
        "parts": sum(gain > 0 for gain in gains.values()),
        "first": first,
        "first_amount": gains[first],
    }
    return Suggestion("potential", (total.green + gained) / total.denominator * 100, "potential", params)


def green_needed(aim: Fraction, share: Share) -> Fraction:
    """Return the green amount that is missing to an aim (percent) at an unchanged denominator; below 0: exceeded."""
    return share.denominator * aim / 100 - share.green
