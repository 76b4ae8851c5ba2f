"""The decision on one line: the rules D1 to D13, asked in the order of ORDER; the first that fits decides.

Pure: the same facts under the same policy give the same decision. Reasons and needs are codes with parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from chorok.core.screening.facts import Facts
from chorok.core.screening.grounds import ground
from chorok.core.screening.policy import Policy, Role

Passing = Literal[
    "pass_no_goods",
    "pass_outside",
    "pass_green",
    "contract_clause",
    "within_proportion",
    "pass_with_note",
    "inherited",
]
Open = Literal[
    "denied", "returned_to_split", "cannot_tell", "needs_statement", "record_afterwards", "needs_cosign"
]  # the worst first
Outcome = Passing | Open
PASSING: tuple[Passing, ...] = get_args(Passing)
OPEN: tuple[Open, ...] = get_args(Open)


@dataclass(frozen=True)
class Said:
    """A reason, or something that is needed: a code and what it speaks of."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What becomes of one line, by which rule, and on what it rests.

    An outcome of OPEN blocks: nothing is bought before it is closed. `needs` is what the purchaser or an office still
    owes; passing lines may owe something too (a clause, a proof at inspection). `cosigner` signs, where one must.
    """

    rule: str
    outcome: Outcome
    reasons: tuple[Said, ...]
    needs: tuple[Said, ...]
    cosigner: Role | None
    policy: str
    registry: int
    definition: str

    @property
    def blocking(self) -> bool:
        """Whether the line is open."""
        return self.outcome in OPEN


@dataclass(frozen=True)
class _Found:
    outcome: Outcome
    reasons: tuple[Said, ...] = ()
    needs: tuple[Said, ...] = ()
    signed: bool = False  # needs a co-sign


def decide(policy: Policy, facts: Facts) -> Decision:
    """Return the decision on a line. Every combination of facts has exactly one, since D9 fits all that is left."""
    rule, found = next((name, found) for name, rule in ORDER if (found := rule(policy, facts)) is not None)
    role = policy.cosigner(facts.amount, facts.currency) if found.signed else None
    needs = (*found.needs, Said("cosign", {"role": role})) if role else found.needs
    return Decision(
        rule,
        found.outcome,
        found.reasons,
        needs,
        role,
        policy.version,
        facts.registry_version,
        facts.definition,
    )


def _no_goods(_: Policy, facts: Facts) -> _Found | None:
    return _Found("pass_no_goods", (Said("no_goods"),)) if facts.no_goods else None


def _not_one_product(_: Policy, facts: Facts) -> _Found | None:
    return _Found("returned_to_split", (Said("lump"),), (Said("split"),)) if facts.unit == "lump" else None


def _not_known(policy: Policy, facts: Facts) -> _Found | None:
    reasons: list[Said] = []
    needs: list[Said] = []
    if facts.registry_age is None:
        reasons.append(Said("registry_empty"))
        needs.append(Said("fill_registry"))
    elif facts.registry_age > policy.registry_days:
        reasons.append(Said("registry_old", {"days": facts.registry_age, "limit": policy.registry_days}))
        needs.append(Said("refresh_registry"))
    if not facts.definition_known:
        reasons.append(Said("definition_not_known", {"definition": facts.definition.partition("@")[0]}))
        needs.append(Said("use_definition"))
    elif facts.standard == "unknown":
        reasons.append(Said("item_unknown"))
        needs.append(Said("add_item"))
    elif facts.green == "unknown":
        reasons.append(Said("parts_unknown" if facts.unit == "set" else "product_unknown"))
        needs.append(Said("add_parts" if facts.unit == "set" else "add_product"))
    if facts.alternative == "unknown" and not reasons:
        reasons.append(Said("alternatives_unknown"))
        needs.append(Said("add_item"))
    return _Found("cannot_tell", tuple(reasons), tuple(needs)) if reasons else None


def _no_standard(_: Policy, facts: Facts) -> _Found | None:
    return _Found("pass_outside", (Said("no_standard"),)) if facts.standard == "no" else None


def _certified(policy: Policy, facts: Facts) -> _Found | None:
    if facts.green == "proof":
        review = Said("officer_proof", {"role": "green_purchase_officer"})
        return _Found("needs_cosign", (Said("proof_given"),), (review,), signed=True)
    if facts.green != "yes":
        return None
    ends, needed = facts.certified_until, facts.needed_by
    holding = ", ".join(facts.certificates) or None
    reasons = [Said("certified", {"certificates": holding, "until": ends})]
    if facts.proof_entered:
        reasons.append(Said("proof_entered"))
    if ends is not None and needed is not None and ends < needed:
        reasons.append(Said("ends_before_needed", {"until": ends, "needed_by": needed}))
    return _Found("pass_green", tuple(reasons), _on_green(policy, facts))


def _on_green(policy: Policy, facts: Facts) -> tuple[Said, ...]:
    """What is owed where a green product is bought or asked for; a small one is noted instead of proved (Seoul)."""
    small = (
        policy.note_below is not None
        and facts.amount is not None
        and facts.currency == policy.currency
        and facts.amount < policy.note_below
    )
    named = ("inspection_note" if step == "inspection_proof" and small else step for step in policy.on_green)
    return tuple(Said(step) for step in named)


def _contracted(policy: Policy, facts: Facts) -> _Found | None:
    if not facts.contracted:
        return None
    owed = _on_green(policy, facts)
    codes = {one.code for one in owed}
    clause = () if "contract_condition" in codes else (Said("contract_condition"),)
    proof = () if codes & {"inspection_proof", "inspection_note"} else (Said("inspection_proof"),)
    return _Found("contract_clause", (Said("contractor_supplied"),), (*clause, *proof, *owed))


def _proportioned(policy: Policy, facts: Facts) -> _Found | None:
    required = {"required": policy.proportion(facts.item_group)}
    if facts.proportion == "met":
        return _Found("within_proportion", (Said("proportion_met", required),))
    if facts.proportion == "unknown":
        return _Found("cannot_tell", (Said("proportion_unknown", required),), (Said("add_quantity"),))
    return None


def _small(policy: Policy, facts: Facts) -> _Found | None:
    below, total = policy.threshold(facts.item_group), _total(policy, facts)
    if below is None or total is None or total >= below:
        return None
    params = {"amount": total, "currency": facts.currency, "below": below, "days": policy.small_days}
    return _Found("pass_with_note", (Said("small", params),), (Said("note"),))


def _total(policy: Policy, facts: Facts) -> int | None:
    """What the department buys of the group within the days, this line included: splitting does not help."""
    if facts.amount is None or facts.recent is None or facts.amount < 0 or facts.currency != policy.currency:
        return None
    return facts.amount + max(facts.recent, 0)


def _called_off(_: Policy, facts: Facts) -> _Found | None:
    one = facts.framework
    if one is None or one.granted != "statement" or _over(facts):
        return None
    params = {"reference": one.reference, "until": one.until, "left": one.left, "currency": facts.currency}
    return _Found("inherited", (Said("framework", params),))


def _over(facts: Facts) -> bool:
    one = facts.framework
    return one is not None and (one.until < facts.day or facts.amount is None or facts.amount > one.left)


def _bought_already(policy: Policy, facts: Facts) -> _Found | None:
    if not facts.emergency:
        return None
    needs = [Said("record_within", {"days": policy.emergency_days})]
    needs += [] if facts.ground == 5 else [Said("ground_5")]
    needs += _lacking(facts, 5)
    return _Found("record_afterwards", (Said("emergency"),), tuple(needs), signed=True)


def _lacking(facts: Facts, number: int) -> list[Said]:
    """What of statement and evidence is not there yet."""
    needs = [] if facts.statement else [Said("statement")]
    return needs + ([] if facts.evidence else [Said("evidence", {"of": ground(number).evidence})])


def _possible(policy: Policy, facts: Facts) -> _Found | None:
    if facts.alternative != "possible":
        return None
    reasons = (Said("possible_exists"), *_beside(policy, facts))
    return _asked(policy, reasons, [] if facts.difference else [Said("difference")])


def _asked(policy: Policy, reasons: tuple[Said, ...], lacking: list[Said]) -> _Found:
    """Ask for what lacks; when nothing does, the co-sign is all that is waited for. Never an approval by itself."""
    checks = [Said(step) for step in policy.checks]
    return _Found("needs_statement" if lacking else "needs_cosign", reasons, (*lacking, *checks), signed=True)


def _beside(policy: Policy, facts: Facts) -> tuple[Said, ...]:
    """Why a rule that might have let the line pass did not."""
    said = []
    if facts.proportion == "short":
        said.append(Said("proportion_short", {"required": policy.proportion(facts.item_group)}))
    below, total = policy.threshold(facts.item_group), _total(policy, facts)
    if below is not None and total is not None and facts.amount is not None and facts.amount < below <= total:
        said.append(Said("split_sum", {"amount": total, "currency": facts.currency, "days": policy.small_days}))
    if facts.framework is not None:
        code = "framework_over" if _over(facts) else "framework_certificate_gone"
        said.append(Said(code, {"reference": facts.framework.reference}))
    return tuple(said)


def _sure(policy: Policy, facts: Facts) -> _Found | None:
    if facts.alternative != "sure":
        return None
    reasons = (Said("green_exists"), *_beside(policy, facts))
    number = facts.ground
    if number is None or number not in policy.accepts:
        return _denied(policy, number, reasons)
    lacking = [] if _sub_code_holds(policy, facts) else [Said("sub_code", {"of": _sub_codes(policy, number)})]
    return _asked(policy, (*reasons, Said("ground_given", {"ground": number})), lacking + _lacking(facts, number))


def _denied(policy: Policy, number: int | None, reasons: tuple[Said, ...]) -> _Found:
    why = () if number is None else (Said("ground_refused" if number > 1 else "ground_contradicted", _number(number)),)
    needs = [Said("buy_green")]
    if number is None and policy.accepts:
        needs.append(Said("or_ground", {"of": policy.accepts}))
    if policy.override:
        needs.append(Said("or_override", {"role": policy.override.role}))
    return _Found("denied", (*reasons, *why), tuple(needs))


def _number(number: int) -> dict[str, int]:
    return {"ground": number}


def _sub_codes(policy: Policy, number: int) -> tuple[str, ...]:
    """The cases of a ground that the policy accepts; none where the ground has none."""
    return policy.sub_codes.get(str(number), tuple(one.code for one in ground(number).sub_codes))


def _sub_code_holds(policy: Policy, facts: Facts) -> bool:
    accepted = _sub_codes(policy, facts.ground or 0) if facts.ground else ()
    return not accepted or facts.sub_code in accepted


def _none(policy: Policy, facts: Facts) -> _Found:
    reasons = (Said("nothing_found"), *_beside(policy, facts))
    return _asked(policy, reasons, [] if facts.statement else [Said("statement")])


ORDER: tuple[tuple[str, Callable[[Policy, Facts], _Found | None]], ...] = (
    ("D1", _no_goods),
    ("D13", _not_one_product),
    ("D2", _not_known),
    ("D3", _no_standard),
    ("D4", _certified),
    ("D5", _contracted),
    ("D6", _proportioned),
    ("D10", _small),
    ("D11", _called_off),
    ("D12", _bought_already),
    ("D7", _possible),
    ("D8", _sure),
    ("D9", _none),
)
"""The rules in the order in which they are asked. D7 to D9 divide all ordinary lines among them, so what takes a line
out of the ordinary (D10 to D12) is asked before them, and whether it is one product at all (D13) before what it is."""
RULES = tuple(name for name, _ in ORDER)
