"""Materials, figures and points as a page shows them: codes in words, with how they look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chorok.core.money import percent, written
from chorok.core.screening.assessment import Expected
from chorok.core.screening.decide import Said
from chorok.publications.screening_words import sentence
from chorok.site.assessments.models import Material, Project, Run
from chorok.site.assessments.screened import expected_of, required_of
from chorok.site.config import ledger as site
from chorok.site.config.language import say

TONES = {
    "pass_green": "good",
    "contract_clause": "info",
    "within_proportion": "good",
    "denied": "bad",
    "cannot_tell": "warn",
    "returned_to_split": "warn",
    "needs_statement": "warn",
    "needs_cosign": "info",
}
"""How outcomes look; others are plain."""
OWED_TONES = {"owed": "info", "unknown": "warn"}
PROOF_TONES = {"valid": "good"}


def named(dimension: str, code: str) -> str:
    """Return the name of an organisation or item group; its code before anything is published."""
    return (site.names().show(dimension, code) if site.is_published() else None) or code


def sentences(family: str, said: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return kept reasons or needs in words."""
    return [sentence(family, Said(one["code"], one["params"]), say) for one in said]


def material(one: Material) -> dict[str, Any]:
    """Return a material with its words."""
    return {
        "one": one,
        "name": one.description or one.words or one.item_hint,
        "item": named("item", one.item_group) if one.item_group else "",
        "owed_tone": OWED_TONES.get(one.obligation, "plain"),
        "tone": TONES.get(one.outcome, "plain"),
        "why": sentences("screen_reason", one.reasons),
        "needs": sentences("screen_need", one.needs),
        "best": one.alternatives[0] if one.alternatives else None,
        "others": one.alternatives[1:],
        "more": max(one.candidates - len(one.alternatives), 0),
        "proof_tone": PROOF_TONES.get(one.proof_found, "bad"),
        "proof_owed": one.contracted and one.obligation == "owed",
    }


def share(expected: Expected) -> str:
    """Return the expected share from as it stands to every sure swap; in words where it is not defined."""
    low, high = percent(expected.asked.value, 1), percent(expected.reachable.value, 1)
    if low is None or high is None:
        return say("word.not_defined")
    return f"{low}%" if low == high else say("site.assessments.from_to", low=low, high=high)


def bounds(expected: Expected) -> str:
    """Return between what the share lies when all that is open may turn out either way."""
    low, high = percent(expected.low, 1), percent(expected.high, 1)
    if low is None or high is None:
        return ""
    return say("site.assessments.bounds", low=low, high=high)


def figures(run: Run) -> dict[str, Any]:
    """Return what a run came to in words."""
    expected, sums, currency = expected_of(run), run.sums, run.currency
    cost = sums["cost"]
    return {
        "share": share(expected),
        "bounds": bounds(expected),
        "eligible": written(expected.asked.denominator, currency),
        "green": written(expected.asked.green, currency),
        "swapped": written(expected.reachable.green - expected.asked.green, currency),
        "undetermined": written(expected.undetermined, currency),
        "expected": expected,
        "lines": sums["lines"],
        "owed": sums["owed"],
        "cost": signed(cost["difference"], currency) if cost["known"] else say("site.assessments.cost_none"),
        "cost_sub": say("site.assessments.cost_of", known=cost["known"], missing=cost["missing"]),
        "required": [{**one, "item": named("item", one["item_group"])} for one in required_of(run)],
    }


def signed(amount: int, currency: str) -> str:
    """Return a difference of amounts with its sign."""
    return f"{'+' if amount > 0 else ''}{written(amount, currency)}"


def row(project: Project, run: Run) -> dict[str, Any]:
    """Return a project of a list."""
    return {
        "one": project,
        "place": named("organisation", project.organisation),
        "share": share(expected_of(run)),
        "lines": run.sums["lines"],
        "open": project.open_points,  # type: ignore[attr-defined]
        "run": run,
    }
