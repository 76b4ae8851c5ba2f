"""Every combination of facts has exactly one outcome under every policy, and it is the one of the table below."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from chorok.core.screening import policy as policies
from chorok.core.screening.decide import OPEN, ORDER, PASSING, RULES, Decision, decide
from chorok.core.screening.facts import ALTERNATIVES, CERTIFIED, PROPORTIONED, STANDARDS, Facts, Framework
from chorok.core.screening.policy import Override, Policy, Proportion, SmallAmount

DAY = date(2020, 11, 2)
STRICT, LEGAL, SEOUL = (
    replace(
        policies.preset(name),
        small_amounts=(SmallAmount(1000),),
        proportions=(Proportion("G", Fraction(30)),),
    )
    for name in ("strict", "legal", "seoul")
)
POLICIES = {"strict": STRICT, "legal": LEGAL, "seoul": SEOUL}

TABLE = """
rule,goods,unit,registry,standard,green,contracted,proportion,small,framework,emergency,alternative,ground,outcome
D1,no,*,*,*,*,*,*,*,*,*,*,*,pass_no_goods
D13,yes,lump,*,*,*,*,*,*,*,*,*,*,returned_to_split
D2,yes,*,old,*,*,*,*,*,*,*,*,*,cannot_tell
D2,yes,*,*,unknown,*,*,*,*,*,*,*,*,cannot_tell
D2,yes,*,*,*,unknown,*,*,*,*,*,*,*,cannot_tell
D2,yes,*,*,*,*,*,*,*,*,*,unknown,*,cannot_tell
D3,yes,*,*,no,*,*,*,*,*,*,*,*,pass_outside
D4,yes,*,*,*,yes,*,*,*,*,*,*,*,pass_green
D4,yes,*,*,*,proof,*,*,*,*,*,*,*,needs_cosign
D5,yes,*,*,*,*,yes,*,*,*,*,*,*,contract_clause
D6,yes,*,*,*,*,*,met,*,*,*,*,*,within_proportion
D6,yes,*,*,*,*,*,unknown,*,*,*,*,*,cannot_tell
D10,yes,*,*,*,*,*,*,yes,*,*,*,*,pass_with_note
D11,yes,*,*,*,*,*,*,*,statement,*,*,*,inherited
D12,yes,*,*,*,*,*,*,*,*,yes,*,*,record_afterwards
D7,yes,*,*,*,*,*,*,*,*,*,possible,*,asked
D8,yes,*,*,*,*,*,*,*,*,*,sure,none,denied
D8,yes,*,*,*,*,*,*,*,*,*,sure,1,denied
D8,yes,*,*,*,*,*,*,*,*,*,sure,2345,denied_or_asked
D9,yes,*,*,*,*,*,*,*,*,*,none,*,asked
"""
"""What rules section 6 says, read by the test itself: the first row that fits counts."""
ROWS = list(csv.DictReader(io.StringIO(TABLE.strip())))

CASES: dict[str, tuple[Any, ...]] = {
    "no_goods": (False, True),
    "unit": ("one", "lump", "set"),
    "registry_age": (0, 201),
    "standard": STANDARDS,
    "certified": CERTIFIED,
    "contracted": (False, True),
    "proportion": PROPORTIONED,
    "recent": (0, 995),
    "framework": (None, "statement"),
    "emergency": (False, True),
    "alternative": ALTERNATIVES,
    "ground": (None, 1, 2, 5),
}
"""Some 150,000 combinations. What is left out here (an empty registry, grounds ③ and ④, frameworks that are over) is
of one kind with something that is in, and tested by itself below."""
PAPERS = ((False, False, False), (True, False, False), (True, True, True))


def facts_of(case: dict[str, Any], papers: tuple[bool, bool, bool] = PAPERS[0], sub: str | None = None) -> Facts:
    until = {"over": date(2020, 11, 1)}.get(case["framework"], DAY)
    granted: Any = "green" if case["framework"] == "green" else "statement"
    return Facts(
        day=DAY,
        registry_age=case["registry_age"],
        standard=case["standard"],
        certified=case["certified"] if case["unit"] != "set" else "yes",
        parts=case["certified"] if case["unit"] == "set" else "yes",
        alternative=case["alternative"],
        item_group="G",
        kind="works" if case["contracted"] else "goods",
        no_goods=case["no_goods"],
        unit=case["unit"],
        proportion=case["proportion"],
        amount=10,
        recent=case["recent"],
        framework=Framework("F-1", until, 100, granted) if case["framework"] else None,
        emergency=case["emergency"],
        ground=case["ground"],
        sub_code=sub,
        statement=papers[0],
        evidence=papers[1],
        difference=papers[2],
        registry_version=7,
        definition="national@x",
    )


def situation(case: dict[str, Any]) -> dict[str, str]:
    """The case in the words of the table."""
    said = {
        "goods": "no" if case["no_goods"] else "yes",
        "registry": {0: "usable", 201: "old"}[case["registry_age"]],
        "green": case["certified"],
        "contracted": "yes" if case["contracted"] else "no",
        "small": "yes" if case["recent"] == 0 else "no",
        "framework": case["framework"] or "none",
        "emergency": "yes" if case["emergency"] else "no",
        "ground": str(case["ground"] or "none"),
    }
    return {**said, **{name: case[name] for name in ("unit", "standard", "proportion", "alternative")}}


def expected(case: dict[str, Any]) -> dict[str, str]:
    said = situation(case)
    return next(
        row
        for row in ROWS
        if all(row[name] == "*" or said[name] == row[name] or (name == "ground" and said[name] in row[name])
               for name in said)
    )  # fmt: skip


def every_case() -> Iterator[dict[str, Any]]:
    return (dict(zip(CASES, values, strict=True)) for values in itertools.product(*CASES.values()))


def holds(policy: Policy, decision: Decision, facts: Facts, row: dict[str, str]) -> str | None:
    """Return what is wrong with a decision, None when nothing is."""
    asked = {"needs_statement", "needs_cosign"}
    wanted = {"asked": asked, "denied_or_asked": {"denied"} if policy.id == "strict" else asked}
    if decision.rule != row["rule"] or decision.outcome not in wanted.get(row["outcome"], {row["outcome"]}):
        return f"{row['rule']} {row['outcome']} is {decision.rule} {decision.outcome}"
    if decision.blocking == (decision.outcome in PASSING) or decision.blocking != (decision.outcome in OPEN):
        return "blocking"
    if decision.outcome in asked and (decision.cosigner is None or "cosign" not in {n.code for n in decision.needs}):
        return "nobody co-signs"
    return None if (decision.policy, decision.registry) == (policy.version, 7) and decision.reasons else "versions"


@pytest.mark.parametrize("name", POLICIES)
def test_every_combination_has_the_outcome_of_the_table(name: str) -> None:
    policy, seen, wrong = POLICIES[name], set(), []
    for case in every_case():
        facts, row = facts_of(case), expected(case)
        decision = decide(policy, facts)
        seen.add((decision.rule, decision.outcome))
        if (fault := holds(policy, decision, facts, row)) is not None:
            wrong.append((fault, case))
        unknown = "unknown" in (facts.standard, facts.green, facts.alternative) or case["registry_age"] != 0
        if unknown and not facts.no_goods and facts.unit != "lump" and decision.outcome != "cannot_tell":
            wrong.append(("passed or denied on an unknown", case))
        if decision.outcome == "denied" and facts.alternative != "sure":
            wrong.append(("denied without a sure alternative", case))
    assert wrong[:3] == []
    assert {rule for rule, _ in seen} == set(RULES) == {row["rule"] for row in ROWS}
    assert {row["outcome"] for row in ROWS} - {"asked", "denied_or_asked"} <= {outcome for _, outcome in seen}


def test_exactly_one_outcome_is_the_first_that_fits() -> None:
    for case in itertools.islice(every_case(), 0, None, 97):
        facts = facts_of(case)
        fitting = [rule for rule, ask in ORDER if ask(LEGAL, facts) is not None]
        assert decide(LEGAL, facts).rule == fitting[0]


PLAIN: dict[str, Any] = {
    "no_goods": False,
    "unit": "one",
    "registry_age": 0,
    "standard": "yes",
    "certified": "no",
    "contracted": False,
    "proportion": "none",
    "recent": None,
    "framework": None,
    "emergency": False,
    "alternative": "sure",
    "ground": None,
}


@pytest.mark.parametrize("papers", PAPERS)
@pytest.mark.parametrize("ground", [2, 3, 4, 5])
def test_strict_refuses_what_the_others_ask_to_be_shown(ground: int, papers: tuple[bool, bool, bool]) -> None:
    sub = {4: "other_law", 5: "emergency_relief"}.get(ground)
    facts = facts_of({**PLAIN, "ground": ground}, papers, sub)
    denied = decide(STRICT, facts)
    assert (denied.outcome, denied.reasons[-1].code) == ("denied", "ground_refused")
    for policy in (LEGAL, SEOUL):
        found = decide(policy, facts)
        assert (found.rule, found.blocking) == ("D8", True)
        assert found.outcome == ("needs_cosign" if papers[:2] == (True, True) else "needs_statement")
        assert ("evidence" in {need.code for need in found.needs}) == (not papers[1])


def test_a_ground_with_cases_needs_one_that_the_policy_knows() -> None:
    whole = {"papers": (True, True, True)}
    five = {**PLAIN, "ground": 5}
    assert decide(SEOUL, facts_of(five, sub="urgent", **whole)).outcome == "needs_statement"
    assert decide(SEOUL, facts_of(five, sub="price_beyond_budget", **whole)).outcome == "needs_cosign"
    assert decide(LEGAL, facts_of(five, sub="urgent", **whole)).outcome == "needs_cosign"
    assert decide(LEGAL, facts_of(five, **whole)).outcome == "needs_statement"


def test_a_possible_alternative_asks_for_the_difference_alone() -> None:
    case = {**PLAIN, "alternative": "possible"}
    open_, shown = decide(STRICT, facts_of(case)), decide(STRICT, facts_of(case, (False, False, True)))
    assert [need.code for need in open_.needs] == ["difference", "cosign"]
    assert (open_.outcome, shown.outcome) == ("needs_statement", "needs_cosign")


def test_a_certificate_that_ends_too_early_is_warned_of_and_passes() -> None:
    facts = replace(facts_of({**PLAIN, "certified": "yes"}), certified_until=date(2020, 12, 1))
    assert [one.code for one in decide(LEGAL, replace(facts, needed_by=date(2020, 12, 1))).reasons] == ["certified"]
    late = decide(LEGAL, replace(facts, needed_by=date(2020, 12, 2)))
    assert [one.code for one in late.reasons] == ["certified", "ends_before_needed"]
    assert late.outcome == "pass_green"


def test_an_emergency_is_recorded_and_never_approved() -> None:
    for alternative, ground, policy in itertools.product(("sure", "possible", "none"), (None, 1, 5), POLICIES.values()):
        case = {**PLAIN, "emergency": True, "alternative": alternative, "ground": ground}
        found = decide(policy, facts_of(case, (True, True, True)))
        assert (found.rule, found.outcome, found.blocking) == ("D12", "record_afterwards", True)
        assert ("ground_5" in {need.code for need in found.needs}) == (ground != 5)


def test_splitting_does_not_help() -> None:
    whole = decide(LEGAL, replace(facts_of({**PLAIN, "recent": 0}), amount=999))
    split = decide(LEGAL, replace(facts_of({**PLAIN, "recent": 501}), amount=499))
    edge = decide(LEGAL, replace(facts_of({**PLAIN, "recent": 500}), amount=499))
    assert (whole.outcome, edge.outcome, split.outcome) == ("pass_with_note", "pass_with_note", "denied")
    assert "split_sum" in {one.code for one in split.reasons}
    foreign = decide(LEGAL, replace(facts_of({**PLAIN, "recent": 0}), amount=5, currency="USD"))
    assert foreign.outcome == "denied"


@pytest.mark.parametrize(
    ("until", "left", "granted", "outcome", "reason"),
    [
        (DAY, 10, "statement", "inherited", "framework"),
        (DAY, 9, "statement", "denied", "framework_over"),
        (date(2020, 11, 1), 10, "statement", "denied", "framework_over"),
        (DAY, 10, "green", "denied", "framework_certificate_gone"),
    ],
)
def test_a_call_off_inherits_what_still_holds(until: date, left: int, granted: Any, outcome: str, reason: str) -> None:
    facts = replace(facts_of(PLAIN), framework=Framework("F-1", until, left, granted))
    found = decide(STRICT, facts)
    assert found.outcome == outcome
    assert reason in {one.code for one in found.reasons}


def test_government_furnished_material_counts_as_goods() -> None:
    works = facts_of({**PLAIN, "contracted": True})
    assert decide(STRICT, works).outcome == "contract_clause"
    assert decide(STRICT, replace(works, furnished=True)).outcome == "denied"
    assert [need.code for need in decide(SEOUL, works).needs] == ["contract_condition", "inspection_note"]


def test_seoul_notes_small_green_purchases_instead_of_proving_them() -> None:
    green = facts_of({**PLAIN, "certified": "yes"})
    small, large = (decide(SEOUL, replace(green, amount=amount)) for amount in (999_999, 1_000_000))
    assert [need.code for need in small.needs] == ["contract_condition", "inspection_note"]
    assert [need.code for need in large.needs] == ["contract_condition", "inspection_proof"]
    assert decide(SEOUL, replace(facts_of(PLAIN), amount=999_999)).blocking, "it exempts from proof, not from screening"


def test_an_empty_registry_tells_nothing() -> None:
    for certified, alternative in itertools.product(CERTIFIED, ALTERNATIVES):
        case = {**PLAIN, "registry_age": None, "certified": certified, "alternative": alternative}
        found = decide(STRICT, facts_of(case))
        assert (found.rule, found.outcome, found.reasons[0].code) == ("D2", "cannot_tell", "registry_empty")


def test_a_registry_may_be_as_old_as_the_policy_says() -> None:
    at, over = (decide(STRICT, replace(facts_of(PLAIN), registry_age=days)) for days in (200, 201))
    assert (at.outcome, over.outcome) == ("denied", "cannot_tell")


def test_an_override_is_offered_only_where_the_policy_has_one() -> None:
    facts = facts_of(PLAIN)
    assert "or_override" not in {need.code for need in decide(STRICT, facts).needs}
    with_one = replace(STRICT, override=Override("deputy_head"))
    assert "or_override" in {need.code for need in decide(with_one, facts).needs}
