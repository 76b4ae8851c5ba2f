"""Bills of materials through the screening of the ledger: what was decided becomes what is kept of each material."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, cast

from chorok.core.money import Share
from chorok.core.screening import assessment, bills
from chorok.core.screening.assessment import Expected
from chorok.core.screening.facts import Certified, Facts, Standard
from chorok.core.screening.policy import Policy
from chorok.ledger import screening
from chorok.ledger.asked import Asked
from chorok.ledger.screening import Screened, Wish
from chorok.site.accounts.rights import Actor
from chorok.site.assessments.models import CONTRACTED, Material, Project, Run
from chorok.site.screening import adoptions
from chorok.site.screening.desk import desk
from chorok.site.screening.screened import plain
from chorok.sources.requests import measured

SHOWN = 5
"""Alternatives that are kept with a material; how many there are in all is kept too."""
_TEXTS = (
    "description", "specification", "product_id", "class_code", "detail_code", "item_hint", "supplier_no",
    "supplier_name", "unit",
)  # fmt: skip


def screen(
    actor: Actor, project: Project, run: Run, materials: Sequence[Material], changed: Sequence[Material] | None = None
) -> Sequence[Material]:
    """Screen a bill under what is in force today, and fill run and materials in, without saving them.

    `changed`: the only lines that are not as the run knows them; the others are left where nothing about them can have
    become another. Returns the lines that were screened. Raises BadInputError for a bill without lines, LedgerError.
    """
    rule = adoptions.in_force(actor.tree, project.organisation, actor.today)
    some = changed if changed and _each_by_itself(run, rule, actor) else materials
    later = project.contract_on if project.contract_on and project.contract_on > actor.today else None
    wish = Wish(rule.policy, actor.today, later, project.organisation, limit=SHOWN)
    found = desk(rule.definition).screen([_asked(one, project) for one in some], wish)
    for one, said in zip(some, found.lines, strict=True):
        _keep(one, said, project)
    _number(materials)
    _head(run, actor, project, found, rule)
    known = {id(one): said for one, said in zip(some, found.lines, strict=True)}
    run.sums = summed(found.wish.policy, materials, project, known)
    return some


def _each_by_itself(run: Run, rule: adoptions.InForce, actor: Actor) -> bool:
    """Tell whether a line can be screened alone: no rule sums lines, and the run rests on what holds now."""
    source = desk(rule.definition).source
    now = (actor.today, rule.policy.version, source.version, source.registry.version, desk(rule.definition).snapshot)
    then = (run.on, run.policy_version, run.definition, run.registry, run.snapshot)
    return now == then and not rule.policy.proportions and not rule.policy.small_amounts


def _head(run: Run, actor: Actor, project: Project, found: screening.Request, rule: adoptions.InForce) -> None:
    run.on, run.stage, run.adoption = actor.today, project.stage, rule.adoption
    run.policy_version, run.definition = rule.policy.version, found.lines[0].decision.definition
    run.registry, run.snapshot, run.currency = found.registry, found.snapshot, rule.policy.currency
    run.registry_day = None if found.registry_age is None else actor.today - timedelta(found.registry_age)


def _number(materials: Sequence[Material]) -> None:
    keys = bills.keys([one.words for one in materials])
    for number, (one, key) in enumerate(zip(materials, keys, strict=True), 1):
        one.number, one.key = number, key


def _asked(one: Material, project: Project) -> Asked:
    texts: dict[str, Any] = {name: getattr(one, name) or None for name in _TEXTS}
    return Asked(
        number=one.number or 0,
        **texts,
        kind=cast("Any", project.kind),
        furnished=one.furnished,
        quantity=one.quantity,
        measured=measured(one.unit or None, one.description or None),
        amount=one.amount,
        currency=one.currency,
        organisation=project.organisation,
        department=project.department or None,
        no_goods=one.no_goods,
    )


def _keep(one: Material, found: Screened, project: Project) -> None:
    facts, decision = found.facts, found.decision
    one.rule, one.outcome = decision.rule, decision.outcome
    one.reasons = [{"code": said.code, "params": plain(dict(said.params))} for said in decision.reasons]
    one.needs = [{"code": said.code, "params": plain(dict(said.params))} for said in decision.needs]
    one.obligation, one.standing = assessment.obligation(facts), assessment.standing(facts)
    one.alternative, one.item_group = facts.alternative, facts.item_group or ""
    one.certificates, one.certified_until = list(found.certificates), facts.certified_until
    one.alternatives = [plain(row) for row in found.alternatives]
    one.candidates = found.search.candidates if found.search else len(one.alternatives)
    cost = assessment.cost(core_of(one, project))
    one.cost_code, one.cost_difference = cost.code, cost.difference


_STANDARD: dict[str, Standard] = {"owed": "yes", "none": "no", "unknown": "unknown", "no_goods": "yes"}
_CERTIFIED: dict[str, Certified] = {"green": "yes", "open": "unknown"}


def core_of(one: Material, project: Project) -> assessment.Material:
    """Return a material that is kept as the sums see it."""
    best: dict[str, Any] = next((row for row in one.alternatives if row["alternative"] == "sure"), {})
    facts = Facts(
        day=date.min,  # nothing that is summed asks for it
        registry_age=0,
        standard=_STANDARD[one.obligation],
        certified=_CERTIFIED.get(one.standing, "no"),
        alternative=cast("Any", one.alternative),
        item_group=one.item_group or None,
        kind=cast("Any", project.kind),
        no_goods=one.no_goods,
        furnished=one.furnished,
        amount=one.amount,
        currency=one.currency,
    )
    return assessment.Material(
        facts,
        cast("Any", one.outcome),
        one.quantity,
        one.unit,
        best.get("price"),
        best.get("currency") or "KRW",
        best.get("unit") or "",
    )


def points_of(one: Material, project: Project) -> tuple[assessment.Point, ...]:
    """Return what is open about a material at the stage where its project is."""
    proven = one.proof_found == "valid"
    return assessment.points(core_of(one, project), contracted=project.stage in CONTRACTED, proven=proven)


def summed(
    policy: Policy, materials: Sequence[Material], project: Project, found: Mapping[int, Screened]
) -> dict[str, Any]:
    """Return what a bill comes to as JSON keeps it: integers, and fractions as text.

    `found`: what was screened now, by the identity of the material; all of it where the policy requires proportions.
    """
    seen = [
        assessment.Material(said.facts, said.decision.outcome, one.quantity)
        for one in materials
        if (said := found.get(id(one))) is not None
    ]
    expected = assessment.expected((core_of(one, project) for one in materials), policy.currency)
    costs = assessment.costs(assessment.Cost(cast("Any", one.cost_code), one.cost_difference) for one in materials)
    return {
        "lines": len(materials),
        "owed": sum(one.obligation == "owed" for one in materials),
        "asked": asdict(expected.asked),
        "reachable": asdict(expected.reachable),
        "unpriced": expected.unpriced,
        "foreign": expected.foreign,
        "cost": {"difference": costs.difference, "known": costs.known, "missing": costs.missing, "lines": costs.lines},
        "required": [
            {**vars(one), "at_least": str(one.at_least), "share": None if one.share is None else str(one.share)}
            for one in assessment.required(policy, seen)
        ],
    }


def expected_of(run: Run) -> Expected:
    """Return the expected share that a run came to."""
    sums = run.sums
    return Expected(Share(**sums["asked"]), Share(**sums["reachable"]), sums["unpriced"], sums["foreign"])


def required_of(run: Run) -> list[dict[str, Any]]:
    """Return how a bill stands to required proportions; shares and limits as ratios of one."""
    return [
        {
            **one,
            "at_least": Fraction(one["at_least"]) / 100,
            "share": None if one["share"] is None else Fraction(one["share"]),
        }
        for one in run.sums["required"]
    ]
